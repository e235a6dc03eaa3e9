"""`tests/unit` mirrors `src/ossicle` file by file, so that one knows where the tests of a module are."""

from pathlib import Path

from tests.house.tree import ROOT, SOURCE, python_modules, shown

UNIT_TESTS = ROOT / "tests" / "unit"
MIRRORED_ROOMS = {
    "app",
    "cli",
    "client",
    "console",
    "edge",
    "model",
    "operations",
    "ports",
    "services",
    "stores",
    "wire",
}
# These are about a package as a whole; they lie beside the tests of its modules.
OF_A_PACKAGE = {"test_gaps.py", "test_properties.py", "test_vectors.py"}


def module_of(test: Path) -> Path:
    """The module, or the package, that a unit test is named for."""
    place = SOURCE / test.parent.relative_to(UNIT_TESTS)
    if test.name in OF_A_PACKAGE:
        return place / "__init__.py"
    return place / test.name.removeprefix("test_")


def test_every_unit_test_has_its_module() -> None:
    unit_tests = [path for path in python_modules("tests/unit") if path.name.startswith("test_")]
    orphans = [
        f"{shown(test)}: no {shown(module_of(test))}"
        for test in unit_tests
        if not module_of(test).is_file() and not (module_of(test).with_suffix("") / "__init__.py").is_file()
    ]
    assert orphans == []


def test_the_rooms_are_the_ones_that_the_architecture_names() -> None:
    rooms = {path.relative_to(SOURCE).parts[0] for path in python_modules("src/ossicle") if path.parent != SOURCE}
    assert rooms - {"testing"} == MIRRORED_ROOMS


def test_every_room_opens_with_its_rules() -> None:
    without = [room for room in sorted(MIRRORED_ROOMS) if "Rules of the room:" not in _opening(room)]
    assert without == []


def _opening(room: str) -> str:
    return (SOURCE / room / "__init__.py").read_text()
