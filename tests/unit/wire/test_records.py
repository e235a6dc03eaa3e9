"""A record is a value: equal by its fields, made by their names, and closed to assignment as far as the type checker sees."""

from dataclasses import field, fields, replace
from pathlib import Path

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
