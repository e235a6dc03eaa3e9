"""A module fits in a head and a function on a screen. What does not is split by idea, or named here with a reason."""

import ast

from tests.house.tree import python_modules, shown

MODULE_LINES = 400
FUNCTION_LINES = 50

# path: why it is longer
LONGER_MODULES = {"src/ossicle/__init__.py": "the public names, one a line"}
# "path name": why it is longer
LONGER_FUNCTIONS: dict[str, str] = {}


def module_lines() -> dict[str, int]:
    return {shown(path): len(path.read_text().splitlines()) for path in python_modules("src", "tools")}


def function_lines() -> dict[str, int]:
    return {
        f"{shown(path)} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in python_modules("src", "tests", "tools")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_modules_are_short() -> None:
    long = {name: lines for name, lines in module_lines().items() if lines > MODULE_LINES}
    assert long.keys() - LONGER_MODULES.keys() == set(), long


def test_functions_are_short() -> None:
    long = {name: lines for name, lines in function_lines().items() if lines > FUNCTION_LINES}
    assert long.keys() - LONGER_FUNCTIONS.keys() == set(), long


def test_exceptions_are_still_needed() -> None:
    modules, functions = module_lines(), function_lines()
    stale = [name for name in LONGER_MODULES if modules.get(name, 0) <= MODULE_LINES]
    stale += [name for name in LONGER_FUNCTIONS if functions.get(name, 0) <= FUNCTION_LINES]
    assert stale == []
