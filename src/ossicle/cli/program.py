"""The program `ossicle`: which commands there are."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from typing import Any, Final

import click

from ossicle._version import __version__
from ossicle.cli.failures import DONE, FAILED, INTERRUPTED, Interrupted, tell
from ossicle.cli.output import show_any_character

COMMANDS: Final = (
    "serve",
    "demo",
    "presign",
    "explain",
    "doctor",
    "upload",
    "mb",
    "rb",
    "ls",
    "cp",
    "rm",
    "stat",
    "bucket",
    "lifecycle",
    "user",
    "key",
    "group",
    "policy",
    "role",
    "cat",
    "du",
    "config",
    "completion",
)
"""Each is a module of this package with a function of its name; it is imported when the command runs or is explained."""


class LazyGroup(click.Group):
    """Knows its commands by name and loads one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"ossicle.cli.{cmd_name}"), cmd_name)
        return found


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 120})
@click.version_option(__version__, prog_name="ossicle", message="%(prog)s %(version)s")
def program() -> None:
    """Object storage with upload links: a server that speaks the Alibaba Cloud OSS protocol, and its tools.

    Exit status: 0 done, 1 refused or failed, 2 not understood, 130 ended by Ctrl-C.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    show_any_character()
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit status."""
    if asked := os.environ.get("_OSSICLE_COMPLETE"):
        from ossicle.cli.completion import answer

        return answer(program, asked)
    try:
        outcome: Any = program(args=list(arguments), prog_name="ossicle", standalone_mode=False)
        sys.stdout.flush()
    except (click.Abort, KeyboardInterrupt):
        tell(Interrupted("interrupted"), as_json=_wants_json(arguments))
        return INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        return FAILED
    except Exception as error:
        return tell(error, as_json=_wants_json(arguments))
    return outcome if isinstance(outcome, int) else DONE


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether JSON was asked for, also by a command that was not understood."""
    return (
        "--json" in arguments
        or "--output-format=json" in arguments
        or ("--output-format", "json") in pairwise(arguments)
    )


def _forget_stdout() -> None:
    """Let the interpreter end without complaint after the reader of a pipe has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
