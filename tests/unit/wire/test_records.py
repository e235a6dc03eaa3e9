"""A record is a value: equal by its fields, made by their names, and closed to assignment as far as the type checker sees."""

from dataclasses import field, fields, replace
from inspect import signature
from pathlib import Path
from typing import Any

import mypy.api
import pytest

from ossicle.wire.records import record


@record
class Place:
    """Where something is."""

    name: str
    floor: int = 0


def test_records_of_equal_fields_are_one_value() -> None:
    assert Place(name="a") == Place(name="a", floor=0)
    assert len({Place(name="a"), Place(name="a"), Place(name="b")}) == 2
    assert replace(Place(name="a"), floor=3) == Place(name="a", floor=3)
    assert [item.name for item in fields(Place)] == ["name", "floor"]


def test_records_of_two_classes_are_never_equal() -> None:
    @record
    class Position:
        name: str
        floor: int = 0

    @record
    class Nothing:
        pass

    place: object = Place(name="a")
    assert place != Position(name="a")
    assert place != "a"
    assert Nothing() == Nothing()


def test_a_record_shows_its_fields_but_for_those_that_are_secret_or_shown_otherwise() -> None:
    @record
    class Key:
        name: str
        secret: str = field(repr=False)
        at: float = field(compare=False)

        def __repr__(self) -> str:
            return "a key"

    @record
    class Door(Key):
        pass

    assert repr(Key(name="a", secret="b", at=1)) == "a key"
    assert Key(name="a", secret="b", at=1) == Key(name="a", secret="b", at=2)
    assert repr(Door(name="a", secret="b", at=1)).endswith("Door(name='a', at=1)")
    assert repr(Place(name="a")) == "Place(name='a', floor=0)"


def test_a_record_is_made_by_the_names_of_its_fields_and_has_no_others() -> None:
    with pytest.raises(TypeError):
        Place("a")  # type: ignore[call-arg]  # on purpose
    with pytest.raises(AttributeError):
        Place(name="a").street = "b"  # type: ignore[attr-defined]  # on purpose


def test_the_type_checker_refuses_an_assignment(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("from ossicle.wire.http import Resource\n\nresource = Resource()\nresource.bucket = 'b'\n")
    output, _, _ = mypy.api.run(["--cache-dir", str(tmp_path / "cache"), str(program)])
    assert 'program.py:4: error: Property "bucket" defined in "Resource" is read-only' in output


def test_a_record_tells_its_fields_before_the_first_is_made() -> None:
    @record
    class Room:
        name: str
        doors: list[str] = field(default_factory=list)
        number: int = field(init=False, default=3)

    for _ in range(2):
        assert str(signature(Room)) == "(*, name: str, doors: list[str] = []) -> None"
        assert Room(name="a").doors == []
    assert Room(name="a").doors is not Room(name="a").doors
    wrongs: list[dict[str, Any]] = [{}, {"name": "a", "number": 1}, {"name": "a", "windows": 1}]
    for wrong in wrongs:
        with pytest.raises(TypeError):
            Room(**wrong)


def test_each_class_is_made_by_its_own_fields() -> None:
    @record
    class Base:
        a: int

    @record
    class Derived(Base):
        b: int = 2

        def __post_init__(self) -> None:
            object.__setattr__(self, "b", self.b + 1)

    class Plain(Derived):
        __slots__ = ()

    assert Base(a=1).a == 1
    for kind in (Derived, Plain):
        assert (kind(a=1).b, kind(a=1, b=5).b) == (3, 6)
    with pytest.raises(TypeError):
        Base(a=1, b=2)  # type: ignore[call-arg]  # what is tested
