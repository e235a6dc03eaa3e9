"""A record is a value: equal by its fields, made by their names, and closed to assignment as far as the type checker sees."""

from dataclasses import fields, replace
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
