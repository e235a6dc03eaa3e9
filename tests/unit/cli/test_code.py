"""The printed programs: what a compiler reads back is what was signed, whatever stands in it. They run in tests/integration/test_presign_code.py."""

import ast
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ossicle.cli.code import LANGUAGES, literals, program_text
from ossicle.cli.code.programs import Language
from ossicle.client.presign import PresignResult

PIECES = ["'", '"', "\\", "$", "%", "`", "?", "??/", "</script>", "<!--", "]]>", "{0}", "${x}", "\\u0022", "\\n", "\\"]
PIECES += ["ü", "中", "😀", "\u2028", "\x7f", "\x85", "\t", "7", "a", "URL", '"NAME"', "EXPIRATION", "\n", "\r"]
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXT = st.lists(st.sampled_from(PIECES) | st.text(CHARACTERS, max_size=3), max_size=12).map("".join)
HEADER_VALUE = TEXT.map(lambda text: re.sub(r"[\x00-\x1f\x7f]", "", text))
LITERALS = [literals.code_points, literals.utf16, literals.script, literals.utf8]


def read_bytes(literal: str) -> str:
    """What a C++ compiler makes of a literal: bytes, which are UTF-8."""
    without_trigraph_marks = re.sub(r"(\\.)", lambda found: "?" if found[1] == "\\?" else found[1], literal)
    value: bytes = ast.literal_eval("b" + without_trigraph_marks)
    return value.decode()


READERS: list[tuple[Callable[[str], str], Callable[[str], str]]] = [
    (literals.code_points, ast.literal_eval),
    # Within the escapes that are used, literals of Java, C# and JavaScript are those of JSON.
    (literals.utf16, json.loads),
    (literals.script, json.loads),
    (literals.utf8, read_bytes),
]


@pytest.mark.parametrize(("write", "read"), READERS)
@given(text=TEXT)
@example(text="".join(PIECES))
def test_a_literal_means_what_was_written(write: Callable[[str], str], read: Callable[[str], str], text: str) -> None:
    assert read(write(text)) == text


@pytest.mark.parametrize("write", LITERALS)
@given(text=TEXT)
@example(text="".join(PIECES))
def test_a_literal_is_printable_ascii_in_one_line_between_quotes(write: Callable[[str], str], text: str) -> None:
    literal = write(text)
    assert literal.isascii()
    assert literal.isprintable()
    assert re.fullmatch(r'"(?:[^"\\]|\\.)*"', literal)


@given(text=TEXT)
def test_a_script_is_not_ended_by_a_literal(text: str) -> None:
    assert "<" not in literals.script(text)


@given(text=st.text("?/=<>()!'-\\"))
def test_no_trigraph_stands_in_cpp(text: str) -> None:
    assert "??" not in literals.utf8(text)


def test_java_sees_no_line_end_in_a_literal() -> None:
    r"""It reads `\u` escapes before anything else."""
    assert literals.utf16("a\nb\rc") == r'"a\nb\rc"'


# -- programs


URL = "http://h/k%20?x-oss-signature=1&a=%2F"


def result(headers: dict[str, str] | None = None, url: str = URL) -> PresignResult:
    expiration = datetime(2030, 1, 1, tzinfo=UTC)
    return PresignResult(method="PUT", url=url, expiration=expiration, signed_headers=headers or {})


def constants(source: str) -> dict[str, object]:
    """What the constants of a Python program are."""
    assigned = [item for item in ast.parse(source).body if isinstance(item, ast.Assign)]
    return {ast.unparse(item.targets[0]): ast.literal_eval(item.value) for item in assigned}


@given(value=HEADER_VALUE, other=HEADER_VALUE, file=TEXT)
def test_a_programs_constants_are_what_was_signed(value: str, other: str, file: str) -> None:
    found = constants(program_text(result({"x-oss-meta-a": value, "Content-Type": other}), "python", file))
    as_sent = {"x-oss-meta-a": value.encode().decode("latin-1"), "Content-Type": other.encode().decode("latin-1")}
    assert found == {"URL": URL, "HEADERS": as_sent, "FILE": file}


def test_a_program_without_headers_and_without_a_file() -> None:
    assert constants(program_text(result(), "python", None)) == {"URL": URL, "HEADERS": {}, "FILE": ""}


@pytest.mark.parametrize(("language", "chosen"), LANGUAGES.items())
def test_what_every_program_holds(language: str, chosen: Language) -> None:
    source = program_text(result({"x-oss-meta-a": "b", "x-oss-meta-c": '"'}), language, None)
    assert source.isascii()
    assert f"URL = {chosen.literal(URL)}".lower() in source.lower()
    assert "Good until 2030-01-01T00:00:00Z." in source
    header_lines = [line.strip() for line in source.splitlines() if '"x-oss-meta-' in line]
    assert [re.sub(r"^(new\[\] )?\{ ?| ?\},$|,$", "", line) for line in header_lines] in (
        ['"x-oss-meta-a": "b"', '"x-oss-meta-c": "\\""'],
        ['"x-oss-meta-a", "b"', '"x-oss-meta-c", "\\""'],
    )
    assert not re.search(r'presigned: |"URL"|"NAME"|"VALUE"|"FILE"|EXPIRATION', source)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_length_is_the_files(language: str) -> None:
    assert program_text(result({"content-length": "5"}), language, None) == program_text(result(), language, None)


class Scripts(HTMLParser):
    """The scripts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        if self.lasttag == "script" and data.strip():
            self.found.append(data)


@given(value=HEADER_VALUE)
@example(value="</script><script>alert(1)</script>")
@example(value="<!--<script>")
def test_a_page_keeps_its_one_script(value: str) -> None:
    page = Scripts()
    page.feed(program_text(result({"x-oss-meta-a": value}), "browser", None))
    page.close()
    assert len(page.found) == 1
    assert literals.script(value.encode().decode("latin-1")) in page.found[0]
    assert "addEventListener" in page.found[0]


@pytest.mark.parametrize("language", ["csharp", "android"])
def test_a_header_that_the_platform_can_not_send_is_refused(language: str) -> None:
    with pytest.raises(click.BadParameter, match="use ASCII"):
        program_text(result({"x-oss-meta-a": "ü"}), language, None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_header_that_is_no_text_is_refused(language: str) -> None:
    with pytest.raises(click.BadParameter, match="not UTF-8"):
        program_text(result({"x-oss-meta-a": "a\udcff"}), language, None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["a/../b", "a/.", ".."])
def test_a_key_that_the_library_would_change_is_refused(language: str, path: str) -> None:
    asked = result(url=f"http://h/{path}?x-oss-signature=1")
    if language in ("go", "java", "cpp", "android"):
        assert f"/{path}?" in program_text(asked, language, None)
    else:
        with pytest.raises(click.BadParameter, match="out of a key"):
            program_text(asked, language, None)


def test_a_page_is_given_its_file_by_hand() -> None:
    with pytest.raises(click.BadParameter, match="--file does not go with --code browser"):
        program_text(result(), "browser", "a.txt")


@pytest.mark.parametrize("language", [name for name, chosen in LANGUAGES.items() if chosen.takes_file])
def test_a_file_name_that_is_no_text_is_refused(language: str) -> None:
    with pytest.raises(click.BadParameter, match="not UTF-8"):
        program_text(result(), language, "a\udcff")
