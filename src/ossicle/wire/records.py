"""How a value is declared: a class whose instances are made once and never changed."""

from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from operator import attrgetter
from typing import Final, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(Field, field))
def record(kind: type[T]) -> type[T]:
    """Make a slotted dataclass of keyword fields, compared by value. Nobody may assign to them.

    The type checker sees to that. `dataclass(frozen=True)` does so while the program runs, and makes an instance three times as
    dear: a field is then set by a call. A small request makes a dozen values of some hundred fields.

    Text, equality and hash are the same functions for all: `dataclass` compiles its own for each class, which is a sixth of the
    time that it takes to import the client.
    """
    made = dataclass(slots=True, kw_only=True, repr=False, eq=False)(kind)
    for name, method in _METHODS.items():
        if name not in vars(kind):
            setattr(made, name, method)
    return made


def _repr(self: object) -> str:
    shown = (f"{item.name}={getattr(self, item.name)!r}" for item in fields(self) if item.repr)  # type: ignore[arg-type]  # a dataclass
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _eq(self: object, other: object) -> bool:
    return _values(self) == _values(other) if type(other) is type(self) else NotImplemented


def _hash(self: object) -> int:
    return hash(_values(self))


def _values(value: object) -> object:
    """Return that by which it is compared."""
    kind = type(value)
    getter = _getters.get(kind)
    if getter is None:
        names = [item.name for item in fields(kind) if item.compare]  # type: ignore[arg-type]  # a dataclass
        getter = _getters[kind] = attrgetter(*names) if names else type
    return getter(value)


_getters: Final[dict[type, Callable[[object], object]]] = {}
_METHODS: Final = {"__repr__": _repr, "__eq__": _eq, "__hash__": _hash}
