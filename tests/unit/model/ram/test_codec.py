"""Entities come back from the store as they were."""

from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import UTC, datetime
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.model.ram import Entity, Group, ManagedPolicy, Role, User, parse, render

KINDS = [User, Group, Role, ManagedPolicy]
MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis wants it so


def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """Return values of a type: of a record by the types of its fields."""
    if kind is datetime:
        return MOMENTS
    if get_origin(kind) is tuple:
        return st.lists(any_of(get_args(kind)[0]), max_size=3).map(tuple)
    if is_dataclass(kind):
        make: Callable[..., object] = kind  # type: ignore[assignment]  # a class, not an instance
        return st.builds(make, **{name: any_of(hint) for name, hint in get_type_hints(kind).items() if name != "KIND"})
    return st.from_type(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_an_entity_survives(kind: type[Entity]) -> None:
    @given(any_of(kind))
    def survives(entity: Entity) -> None:
        assert parse(kind, render(entity)) == entity

    survives()


def test_a_field_that_came_later_has_its_default() -> None:
    raw = b'{"name":"g","comments":"","created_at":"2026-03-14T12:00:00+00:00"}'
    assert parse(Group, raw).attachments == ()


@pytest.mark.parametrize("raw", [b"", b"{}", b'{"name":"g"}', b'{"name":"g","comments":"","created_at":"x"}', b"[]"])
def test_what_was_not_stored_here_is_refused(raw: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        parse(Group, raw)
