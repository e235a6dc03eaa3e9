"""Which operations are served, by name: filled by `@handles` as the modules of this room are imported."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from ossicle.operations.context import Context
from ossicle.wire.binding import ResultBase
from ossicle.wire.operation import Operation

In = TypeVar("In")
Out = TypeVar("Out", bound=ResultBase)

Handler = Callable[[Context, Any], Awaitable[ResultBase]]
HANDLERS: Final[dict[str, Handler]] = {}


def handles(
    operation: Operation[In, Out],
) -> Callable[[Callable[[Context, In], Awaitable[Out]]], Callable[[Context, In], Awaitable[Out]]]:
    """Make a function the handler of `operation`; its input and output types must be the operation's."""

    def register(handler: Callable[[Context, In], Awaitable[Out]]) -> Callable[[Context, In], Awaitable[Out]]:
        if operation.name in HANDLERS:
            raise TypeError(f"{operation.name} has two handlers")
        HANDLERS[operation.name] = handler
        return handler

    return register
