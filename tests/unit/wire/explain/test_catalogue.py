import re
from pathlib import Path

from ossicle.wire.explain import CATALOGUE, CAUSES, UNKNOWN, Group
from tests.support.own_signer import BUGS, BUGS_V1

ROOT = Path(__file__).resolve().parents[4]
SOURCE = ROOT / "src" / "ossicle" / "wire" / "explain"
ID = re.compile(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"')


def ids_in(folder: Path, pattern: str) -> set[str]:
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob(pattern))
    return set(ID.findall(text)) & CAUSES.keys()


def test_there_are_many_and_each_has_its_own_id() -> None:
    assert len(CATALOGUE) >= 60
    assert len({cause.id for cause in CATALOGUE}) == len(CATALOGUE)
    assert len({cause.title for cause in CATALOGUE}) == len(CATALOGUE)
    assert {cause.group for cause in CATALOGUE} == set(Group)


def test_every_cause_can_be_found() -> None:
    used = ids_in(SOURCE / "mistakes", "*.py") | ids_in(SOURCE, "*.py")
    assert used == CAUSES.keys() - {UNKNOWN.id}


def test_every_cause_has_a_test_of_its_own() -> None:
    tested = ids_in(Path(__file__).parent, "**/test_*.py") | {*BUGS.values(), *BUGS_V1.values()}
    assert tested >= CAUSES.keys() - {UNKNOWN.id}


def test_words_travel_in_a_header() -> None:
    for cause in CAUSES.values():
        for text in (cause.words, cause.fix):
            assert text.isascii(), cause.id
            assert text.isprintable(), cause.id
            assert text.endswith((".", ")")) or "{" in text, cause.id
