"""Everything that exists is documented, and what is documented exists."""

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import fields

import click
import pytest

from ossicle.app.settings import ServerSettings, environment_name, options
from ossicle.cli.program import COMMANDS, program
from ossicle.operations import HANDLERS
from ossicle.wire.api import OPERATIONS, SETTINGS
from ossicle.wire.errors import REGISTRY
from tests.docs.pages import PAGES, ROOT, shown, text_of
from tests.support.server import ServerProcess
from tools.generate_docs import known_differences


def test_every_operation_has_one_row() -> None:
    text = text_of("operations.md")
    for operation in OPERATIONS:
        start = f"\n| [{operation.name}]({operation.source}) | "
        assert text.count(start) == 1, operation.name
        state = text.partition(start)[2].partition("\n")[0].split(" | ")[1]
        assert state == (f"[served](#{operation.name.lower()})" if operation.name in HANDLERS else "501")
    assert text.count("\n| [") - text.count("\n| [differences]") == len(OPERATIONS)


DIFFERENCE = "| operations | OSS | Ossicle | evidence |\n|---|---|---|---|\n"


def test_a_difference_stands_at_its_operations() -> None:
    (row,) = known_differences(f"\n## On purpose\n\n{DIFFERENCE}| PutObject, GetObject | a \\| b | c | documented |\n")
    assert row.operations == {"PutObject", "GetObject"}
    assert row.cells == ("a | b", "c", "documented")
    assert not row.is_of_all


@pytest.mark.parametrize(
    "row", ["| PutObjects | a | b | documented |", "| PutObject | a | b | guessed |", "| PutObject | a | b |"]
)
def test_a_difference_without_operation_or_evidence_is_a_mistake(row: str) -> None:
    with pytest.raises(ValueError, match=r"differences\.md"):
        list(known_differences(f"\n## On purpose\n\n{DIFFERENCE}{row}\n"))


def test_every_operation_that_is_served_is_known() -> None:
    assert HANDLERS
    assert set(HANDLERS) <= {operation.name for operation in OPERATIONS}


def test_every_setting_of_buckets_has_one_row() -> None:
    rows = re.findall(r"^\| [^|]+ \| `(\w+)`", text_of("bucket-settings.md"), re.MULTILINE)
    assert sorted(rows) == sorted(setting.kind for setting in SETTINGS)


def test_every_error_has_one_row() -> None:
    text = text_of("errors.md")
    for code, kind in REGISTRY.items():
        section = text.partition(f"\n## {kind.status}\n")[2].partition("\n## ")[0]
        assert section.count(f"\n| `{code}` | ") == 1, code
        assert kind.message in section
    assert text.count("\n| `") == len(REGISTRY)


def test_every_setting_has_one_row() -> None:
    text = text_of("settings.md")
    for option in options():
        flag = "--" + option.name.replace("_", "-")
        assert text.count(f"\n| `{option.name}` | `{flag}` | `{environment_name(option)}` | ") == 1
    for item in fields(ServerSettings):
        if item not in options():
            assert f"\n| `OSSICLE_{item.name.upper()}` | " in text


def options_of(command: click.Command) -> list[click.Parameter]:
    """The options of a command, and of those that it is a group of."""
    parts = command.commands.values() if isinstance(command, click.Group) else ()
    return [*command.params, *(option for part in parts for option in part.params)]


def test_every_command_and_option_is_explained() -> None:
    text = text_of("cli-reference.md")
    top = click.Context(program)
    for name in COMMANDS:
        section = text.partition(f"\n## ossicle {name}\n")[2].partition("\n## ")[0]
        command = program.get_command(top, name)
        assert command is not None
        assert command.help
        for option in options_of(command):
            if isinstance(option, click.Option) and not option.hidden:
                assert option.help, f"{name} {option.opts}"
                for flag in option.opts:
                    assert re.search(rf"(?<![\w-]){re.escape(flag)}(?![\w-])", section), f"{name} {flag}"


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("documented") / "data") as running:
        yield running


def test_the_metrics_of_a_server_are_those_of_the_page(server: ServerProcess) -> None:
    urllib.request.urlopen(f"{server.endpoint}/_ossicle/healthz", timeout=10).close()
    with urllib.request.urlopen(f"{server.endpoint}/_ossicle/metrics", timeout=10) as answer:
        exposed = answer.read().decode()
    told = set(re.findall(r"^# TYPE (\S+) ", exposed, re.MULTILINE))
    told = {name for name in told if not name.endswith("_created")}
    assert told
    assert told == set(re.findall(r"^\| `([a-z_]+)` \|", text_of("metrics.md"), re.MULTILINE))


# -- and back


def everything_said() -> dict[str, str]:
    return {shown(page): page.read_text(encoding="utf-8") for page in PAGES}


def test_every_variable_that_is_named_exists() -> None:
    known = {environment_name(option) for option in options()} | {"OSSICLE_CONFIG"}
    keys = {f"OSSICLE_{item.name.upper()}" for item in fields(ServerSettings) if item not in options()}
    known |= keys | {f"{name}_FILE" for name in keys}
    commands = [program.get_command(click.Context(program), name) for name in COMMANDS]
    known |= {str(option.envvar) for command in commands if command for option in options_of(command) if option.envvar}
    named = {
        (page, name) for page, text in everything_said().items() for name in re.findall(r"\bOSSICLE_[A-Z_]+\b", text)
    }
    assert named
    assert {(page, name) for page, name in named if name not in known} == set()


def test_every_flag_of_ours_that_is_named_exists() -> None:
    """Flags in a command that begins with `ossicle`, up to the end of its line, its comment or the next command."""
    top = click.Context(program)
    wrong = []
    for page, text in everything_said().items():
        for command, rest in re.findall(r"\bossicle (\w+)((?:\\\n|[^\n`|;&#])*)", text):
            if command not in COMMANDS:
                continue
            ours = program.get_command(top, command)
            assert ours is not None
            known = {flag for option in options_of(ours) for flag in (*option.opts, *option.secondary_opts)} | {
                "--help",
                "-h",
            }
            flags = re.findall(r"(?<![\w-])--?[a-z][a-z-]*", rest)
            wrong += [f"{page}: ossicle {command} {flag}" for flag in flags if flag not in known]
    assert wrong == []


def test_every_page_is_in_the_index() -> None:
    index = text_of("README.md")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"]({page})" not in index} == set()
