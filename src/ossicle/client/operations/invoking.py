"""What the methods of the clients stand on: one call that carries out any operation."""

from abc import ABC, abstractmethod
from typing import TypeVar

from ossicle.wire.operation import Operation

In = TypeVar("In")
Out = TypeVar("Out")


class Invoker(ABC):
    """Carries out operations."""

    @abstractmethod
    def invoke(self, operation: Operation[In, Out], request: In) -> Out:
        """Carry out an operation by its value in `ossicle.wire.api`; the methods of the client are this by name."""


class AsyncInvoker(ABC):
    """Carries out operations, awaited."""

    @abstractmethod
    async def invoke(self, operation: Operation[In, Out], request: In) -> Out:
        """Carry out an operation by its value in `ossicle.wire.api`; the methods of the client are this by name."""
