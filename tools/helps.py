"""What commands say of themselves, and those that they are groups of."""

from collections.abc import Iterator
from copy import copy
from typing import Final

import click

from ossicle.cli.program import COMMANDS, program

_WIDTH: Final = 110


def helps() -> Iterator[tuple[str, str]]:
    """Yield the help of every command, each with its heading; the program's own has none."""
    widths = {"terminal_width": _WIDTH, "max_content_width": _WIDTH}
    top = click.Context(program, info_name="ossicle", **{**program.context_settings, **widths})
    yield "", program.get_help(top)
    for name in COMMANDS:
        command = program.get_command(top, name)
        if command is None:
            raise LookupError(name)
        context = click.Context(command, parent=top, info_name=name)
        yield f"## ossicle {name}\n\n", command.get_help(context)
        if isinstance(command, click.Group):
            yield from _parts(command, context)


def _parts(group: click.Group, parent: click.Context) -> Iterator[tuple[str, str]]:
    """Yield the help of each command of a group without the options that all of them have, and these at the end."""
    parts = sorted(group.commands.items())
    options = ({each.name for each in part.params if isinstance(each, click.Option)} for _, part in parts)
    shared = set.intersection(*options)
    for verb, part in parts:
        own = copy(part)
        own.params = [option for option in part.params if option.name not in shared]
        yield (
            f"### ossicle {parent.info_name} {verb}\n\n",
            own.get_help(click.Context(own, parent=parent, info_name=verb)),
        )
    common = click.Command("COMMAND", params=[option for option in parts[0][1].params if option.name in shared])
    yield (
        f"### Options of every ossicle {parent.info_name} command\n\n",
        common.get_help(click.Context(common, parent=parent, info_name="COMMAND")),
    )
