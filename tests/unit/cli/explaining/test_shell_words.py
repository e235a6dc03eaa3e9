"""Lines for shells: what bash, and cmd with a program of Microsoft's C runtime, make of them."""

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.cli.explaining.shell_words import split_line
from ossicle.cli.explaining.unreadable import Unreadable
from tests.support.tools import need

WORDS = st.lists(st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=12), max_size=5)


@given(WORDS)
def test_what_is_quoted_comes_back(words: list[str]) -> None:
    found = split_line(f"x {shlex.join(words)}")
    assert (found.words, found.rest, found.has_variables) == (("x", *words), "", False)


def ansi_quoted(word: str) -> str:
    """As bash's `printf %q` writes what can't be seen."""
    return "$'" + "".join(f"\\x{byte:02x}" for byte in word.encode()) + "'"


@given(WORDS)
def test_what_bash_escapes_comes_back(words: list[str]) -> None:
    assert split_line(" ".join(["x", *map(ansi_quoted, words)])).words == ("x", *words)


def for_cmd(word: str) -> str:
    """As browsers copy a word for cmd: quoted for the program, then a caret before everything that may mean something to cmd."""
    quoted = subprocess.list2cmdline([f" {word}"]).replace('" ', '"', 1)
    return "".join(mark if mark.isalnum() or mark in " _-:=+~/.,?;()*'`\\" else f"^{mark}" for mark in quoted)


@given(
    st.lists(st.text(st.characters(exclude_characters="\0\r\n\t", exclude_categories=["Cs"]), max_size=12), max_size=5)
)
def test_what_is_escaped_for_cmd_comes_back(words: list[str]) -> None:
    line = " ^\n  ".join(["curl", for_cmd("first"), *map(for_cmd, words)])
    assert split_line(line).words == ("curl", "first", *words)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (r'curl ^"http://h/a%^2F?b=1^&c=2^"', ["curl", "http://h/a%2F?b=1&c=2"]),
        ('curl "http://h/?a=1&b=2" ^\n -H "K: v^w"', ["curl", "http://h/?a=1&b=2", "-H", "K: v^w"]),
        (r'curl ^"a\^"b^" ^"c\\^"', ["curl", 'a"b', "c\\"]),
        ("curl a ^\nb", ["curl", "a", "b"]),
        ('curl ^"a b^"c\td', ["curl", "a bc", "d"]),
        (r"curl ^" + '"a^"' + r" C:\dir\f \\", ["curl", "a", r"C:\dir\f", "\\\\"]),
    ],
)
def test_lines_for_cmd(line: str, words: list[str]) -> None:
    assert split_line(line).words == tuple(words)


def test_in_cmd_an_unquoted_mark_ends_the_command() -> None:
    found = split_line('curl http://h/?a=1&b=2 -H ^"K: v^"')
    assert (found.words, found.rest) == (("curl", "http://h/?a=1"), '&b=2 -H ^"K: v^"')


# -- bash itself says what is right

LINES = [
    r"""a 'b c' "d e" f\ g""",
    r"""a"b"'c'\d "" ''""",
    r"""a "b\"c\\d\e\$f" 'g\h'""",
    r"""$'\x41\u00e9\101\n\'\"\\\?\q' $'' x$'y'z""",
    r"""$'\xc3\xa9' $'\U0001F600' $'a
b'""",
    "a \\\n b \\\nc",
    "a\\\nb",
    '"a\\\nb"',
    "a 'b\nc'",
    "a # b",
    "a#b c",
    "a < /dev/null b",
    "a 2> /dev/null b",
    "a b2",
    "a 2>&1 b",
    "a 2b=c",
    "a\tb",
    "  a  ",
    r"a \' \" \\ \& \;",
    "a=b?c*d",
    "'&' '|' \"&;|\"",
]


@pytest.mark.parametrize("line", LINES)
def test_lines_as_bash_reads_them(line: str) -> None:
    script = f'show() {{ printf "%s\\0" "$@"; }}\nshow {line}\n'
    shown = subprocess.run(
        [need("bash", "bash"), "-f", "-c", script], capture_output=True, check=True, timeout=30
    ).stdout
    assert split_line(f"show {line}").words[1:] == tuple(word.decode() for word in shown.split(b"\0")[:-1])


@pytest.mark.parametrize(
    ("line", "words", "rest"),
    [
        ("curl http://h/?a=1&b=2", ["curl", "http://h/?a=1"], "&b=2"),
        ("curl a; rm b", ["curl", "a"], "; rm b"),
        ("curl a | jq .", ["curl", "a"], "| jq ."),
        ("curl a\n-H b", ["curl", "a"], "\n-H b"),
        ("\ncurl a\r\n", ["curl", "a"], ""),
    ],
)
def test_what_ends_a_command(line: str, words: list[str], rest: str) -> None:
    found = split_line(line)
    assert (list(found.words), found.rest) == (words, rest)


@pytest.mark.parametrize("line", ["a $B", "a ${B}", "a $(b)", "a `b`", 'a "$B"', 'a "`b`"'])
def test_variables_are_told(line: str) -> None:
    assert split_line(line).has_variables


@pytest.mark.parametrize("line", ["a '$B'", r"a \$B", "a $'b'", "a b$", 'a "$"'])
def test_what_is_no_variable(line: str) -> None:
    assert not split_line(line).has_variables


@pytest.mark.parametrize("line", ["a 'b", 'a "b', "a $'b", 'curl ^"a'])
def test_an_open_quote_is_refused(line: str) -> None:
    with pytest.raises(Unreadable, match=r"^a quote is never closed$"):
        split_line(line)
