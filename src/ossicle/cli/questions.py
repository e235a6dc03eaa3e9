"""Questions to whoever sits at the terminal, before what can't be undone."""

import sys

import click

from ossicle.cli.failures import Refused
from ossicle.cli.output import printable


def confirm(question: str, *, is_sure: bool) -> None:
    """Return if the answer is yes; where nobody sits at a terminal nobody is asked.

    Raises:
        Refused: it is no.
    """
    if not is_sure and sys.stdin.isatty() and not click.confirm(printable(question), err=True):
        raise Refused("nothing was done")
