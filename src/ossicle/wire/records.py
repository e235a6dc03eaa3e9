"""How a value is declared: a class whose instances are made once and never changed."""

from dataclasses import Field, dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(Field, field))
def record(kind: type[T]) -> type[T]:
    """Make a slotted dataclass of keyword fields, compared by value. Nobody may assign to them.

    The type checker sees to that. `dataclass(frozen=True)` does so while the program runs, and makes an instance three times as
    dear: a field is then set by a call. A small request makes a dozen values of some hundred fields.
    """
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(kind)
