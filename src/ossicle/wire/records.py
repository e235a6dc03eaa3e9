"""How a value is declared: a class whose instances are made once and never changed."""

from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields
from inspect import Parameter, Signature
from operator import attrgetter
from typing import Any, Final, TypeAlias, TypeVar, dataclass_transform

T = TypeVar("T")
AnyField: TypeAlias = "Field[Any]"  # type: ignore[explicit-any]  # of whatever type


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(Field, field))
def record(kind: type[T]) -> type[T]:
    """Make a slotted dataclass of keyword fields, compared by value. Nobody may assign to them.

    The type checker sees to that. `dataclass(frozen=True)` does so while the program runs, and makes an instance three times as
    dear: a field is then set by a call. A small request makes a dozen values of some hundred fields.

    Text, equality and hash are the same functions for all, and `__init__` is compiled when the first instance is made: `dataclass` would
    compile four functions for each class, which was half of the time that it took to import the client.
    """
    made = dataclass(slots=True, kw_only=True, init=False, repr=False, eq=False)(kind)
    for name, method in _METHODS.items():
        if name not in vars(kind):
            setattr(made, name, method)
    return made


def _init(self: object, **values: object) -> None:
    """Make the first instance of a class, and let it make the others by itself."""
    kind = type(self)
    if kind.__init__ is _init:
        type.__setattr__(kind, "__init__", _compiled(kind))
    kind.__init__(self, **values)


def _compiled(kind: type) -> Callable[..., None]:  # type: ignore[explicit-any]  # as many arguments as fields
    """Return what `dataclass` makes of the same fields."""
    likes = {
        item.name: field(default=item.default, default_factory=item.default_factory, init=item.init)
        for item in fields(kind)
    }
    namespace: dict[str, object] = {"__annotations__": dict.fromkeys(likes, object), **likes}
    if hasattr(kind, "__post_init__"):
        namespace["__post_init__"] = kind.__post_init__
    twin: type = dataclass(kw_only=True, repr=False, eq=False)(type(kind.__name__, (), namespace))
    made: Callable[..., None] = vars(twin)["__init__"]  # type: ignore[explicit-any]  # as above
    return made


class _Signature:
    """What `help` shows of a class before its first instance is made, and after."""

    def __get__(self, _: object, kind: type) -> Signature:
        return Signature(
            [
                Parameter(item.name, Parameter.KEYWORD_ONLY, default=_default(item), annotation=item.type)
                for item in fields(kind)
                if item.init
            ],
            return_annotation=None,
        )


def _default(item: AnyField) -> object:
    if item.default is not MISSING:
        return item.default
    return Parameter.empty if item.default_factory is MISSING else item.default_factory()


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
_METHODS: Final = {
    "__init__": _init,
    "__signature__": _Signature(),
    "__repr__": _repr,
    "__eq__": _eq,
    "__hash__": _hash,
}
