"""Options that several commands share: a command asks for a group and gets one value for all of them."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import wraps
from typing import Any

Command = Callable[..., Any]


def group_of_options(
    name: str, group: type, options: Sequence[Callable[[Command], Command]]
) -> Callable[[Command], Command]:
    """Return a decorator that gives a command `options`, packed as the argument `name` into `group`, field by field."""
    own = [item.name for item in fields(group)]

    def decorate(command: Command) -> Command:
        @wraps(command)
        def call(**given: Any) -> Any:
            given[name] = group(**{option: given.pop(option) for option in own})
            return command(**given)

        decorated: Command = call
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate
