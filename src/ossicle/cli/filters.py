"""Which names `--include` and `--exclude` leave.

The rules are tried in the order they were given, and the last one that matches decides. What none matches is taken, unless the first rule
is an `--include`: then only what is included is.

A pattern without `/` is about the last part of a name, at any depth; one with `/` is about the whole name below the source. `*`, `?`
and `[abc]`, `[!abc]` stay within a part, `**` does not, and `**/` may also be nothing. One that ends in `/` is about everything below that
folder.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import click

from ossicle.cli.groups import Command

_RULES: Final = "ossicle.filters"


@dataclass(frozen=True)
class Filters:
    """Rules in their order: whether one includes, and its pattern."""

    rules: tuple[tuple[bool, str], ...] = ()

    def take(self, name: str) -> bool:
        """Whether a name is left; its parts are separated by `/`."""
        is_taken = not (self.rules and self.rules[0][0])
        last = name.rstrip("/").rpartition("/")[2]
        for includes, pattern, is_whole in self._compiled:
            if pattern.fullmatch(name if is_whole else last):
                is_taken = includes
        return is_taken

    @cached_property
    def _compiled(self) -> Sequence[tuple[bool, re.Pattern[str], bool]]:
        return [(includes, _compile(pattern), "/" in pattern) for includes, pattern in self.rules]


def _compile(pattern: str) -> re.Pattern[str]:
    """Return a pattern of a shell as a regular expression; a set that was never closed is itself."""
    pattern = f"{pattern}**" if pattern.endswith("/") else pattern
    parts: list[str] = []
    at = 1 if pattern.startswith("/") else 0
    while at < len(pattern):
        mark = pattern[at]
        if pattern.startswith("**/", at):
            parts.append("(?:.*/)?")
            at += 3
            continue
        if pattern.startswith("**", at):
            parts.append(".*")
            at += 2
            continue
        closing = pattern.find("]", at + 2 + pattern.startswith("[!", at)) if mark == "[" else -1
        if closing > 0:
            parts.append(_set(pattern[at + 1 : closing]))
            at = closing + 1
            continue
        parts.append({"*": "[^/]*", "?": "[^/]"}.get(mark, re.escape(mark)))
        at += 1
    return re.compile("".join(parts), re.DOTALL)


def _set(marks: str) -> str:
    """Return `abc`, `a-z` or `!a-z` as a set that never holds the separator; a range that is none holds nothing."""
    is_negated = marks.startswith("!")
    marks = marks[1:] if is_negated else marks
    found: list[str] = []
    while marks:
        if len(marks) >= 3 and marks[1] == "-":
            if marks[0] <= marks[2]:
                found.append(f"{re.escape(marks[0])}-{re.escape(marks[2])}")
            marks = marks[3:]
        else:
            found.append(re.escape(marks[0]))
            marks = marks[1:]
    if not found:
        return "[^/]" if is_negated else "(?!)"
    return f"(?!/)[{'^' if is_negated else ''}{''.join(found)}]"


class FilteredCommand(click.Command):
    """Keeps the order in which `--include` and `--exclude` were given, which is lost where each has its own values."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See `click.Command`."""
        given, _, order = self.make_parser(ctx).parse_args(list(args))
        left = {name: list(given.get(name) or ()) for name in ("include", "exclude")}
        ctx.meta[_RULES] = tuple(
            (option.name == "include", left[option.name].pop(0)) for option in order if option.name in left
        )
        return super().parse_args(ctx, args)


def filter_options(command: Command) -> Command:
    """Give a `FilteredCommand` its `filters`."""
    from functools import wraps

    @wraps(command)
    def call(*, include: Any, exclude: Any, **given: Any) -> Any:
        return command(**given, filters=Filters(click.get_current_context().meta[_RULES]))

    decorated: Callable[..., Any] = call
    decorated = click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave these out.")(decorated)
    return click.option(
        "--include",
        multiple=True,
        metavar="PATTERN",
        help="Take these, such as '*.jpg'. Repeatable, as --exclude: the last one that matches decides.",
    )(decorated)
