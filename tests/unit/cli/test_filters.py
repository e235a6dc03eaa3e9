"""Which names are left: the last rule that matches decides."""

import fnmatch
import re

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from ossicle.cli.filters import FilteredCommand, Filters, filter_options

Rules = tuple[tuple[bool, str], ...]


def including(*patterns: str) -> Filters:
    return Filters(tuple((True, pattern) for pattern in patterns))


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        ("*.txt", ["a.txt", "dir/a.txt", ".txt"], ["a.txt.gz", "txt"]),
        ("?.txt", ["a.txt", "d/b.txt"], ["ab.txt", ".txt"]),
        ("[ab].txt", ["a.txt"], ["c.txt", "[ab].txt"]),
        ("[!ab].txt", ["c.txt"], ["a.txt"]),
        ("[a-c]", ["b", "x/c"], ["d", "-"]),
        ("[]]", ["]"], ["[", "[]]"]),
        ("[z-a]x", [], ["ax", "zx"]),
        ("[ab", ["[ab"], ["a"]),
        ("dir/*", ["dir/a"], ["dir/b/a", "x/dir/a", "dir"]),
        ("dir/**", ["dir/a", "dir/b/a"], ["x/dir/a"]),
        ("**/tmp/*", ["tmp/a", "x/y/tmp/a"], ["xtmp/a"]),
        ("/a", ["a"], ["dir/a"]),
        ("x/", ["x/a", "x/y/b", "x/"], ["x", "y/x/a", "xx/a"]),
        ("**/x/", ["x/a", "y/x/a/b"], ["y/xx/a", "y/x"]),
        ("a+b(c)", ["a+b(c)"], ["aab(c)"]),
        ("*", ["a", "x/y", "line\nend"], []),
    ],
)
def test_a_pattern(pattern: str, taken: list[str], left: list[str]) -> None:
    filters = including(pattern)
    assert [name for name in taken + left if filters.take(name)] == taken


@pytest.mark.parametrize(
    ("rules", "taken"),
    [
        ((), ["a.txt", "b.jpg", "c.png"]),
        (((True, "*.jpg"),), ["b.jpg"]),
        (((False, "*.jpg"),), ["a.txt", "c.png"]),
        (((False, "*"), (True, "*.txt")), ["a.txt"]),
        (((True, "*"), (False, "*.txt")), ["b.jpg", "c.png"]),
        (((True, "*.txt"), (False, "*")), []),
    ],
)
def test_the_order_of_rules(rules: Rules, taken: list[str]) -> None:
    filters = Filters(rules)
    assert [name for name in ("a.txt", "b.jpg", "c.png") if filters.take(name)] == taken


NAMES = st.lists(st.text("ab.-]!", min_size=1, max_size=4), min_size=1, max_size=3).map("/".join)
PATTERNS = st.text("ab.*?[]!-", min_size=1, max_size=6)
RULES = st.lists(st.tuples(st.booleans(), PATTERNS), max_size=5).map(tuple)


@given(RULES, NAMES)
def test_the_last_rule_that_matches_decides(rules: Rules, name: str) -> None:
    """Against a model: rules about last parts mean what Python's own `fnmatch` says, read from the end."""
    last = name.rpartition("/")[2]
    expected = next(
        (includes for includes, pattern in reversed(rules) if re.match(fnmatch.translate(pattern), last)),
        not (rules and rules[0][0]),
    )
    assert Filters(rules).take(name) is expected


@given(RULES, NAMES)
def test_everything_excluded_at_the_end_is_nothing(rules: Rules, name: str) -> None:
    assert Filters((*rules, (True, "*"))).take(name)
    assert not Filters((*rules, (False, "*"))).take(name)


@given(st.text(max_size=8), NAMES)
def test_any_text_is_a_pattern(pattern: str, name: str) -> None:
    including(pattern).take(name)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["a", "b*", "--exclude", "-x"])), max_size=6))
def test_the_command_line_keeps_the_order(rules: list[tuple[bool, str]]) -> None:
    seen: list[Rules] = []

    @click.command(cls=FilteredCommand)
    @click.argument("rest", nargs=-1)
    @filter_options
    def command(*, rest: tuple[str, ...], filters: Filters) -> None:
        seen.append(filters.rules)

    arguments = [f"--{'include' if includes else 'exclude'}={pattern}" for includes, pattern in rules]
    assert CliRunner().invoke(command, ["x", *arguments, "y"]).exit_code == 0
    assert seen == [tuple(rules)]
