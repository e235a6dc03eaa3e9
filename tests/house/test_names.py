"""Names say what a thing is for; the words below say that nobody thought about it."""

import ast
import re

from tests.house.tree import SOURCE, python_modules, shown

REFUSED_MODULES = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
REFUSED_CLASS_ENDINGS = ("Manager", "Helper", "Helpers", "Util", "Utils")


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    refused = [
        shown(path)
        for path in python_modules()
        if REFUSED_MODULES & {part.removesuffix(".py").strip("_") for part in path.relative_to(path.parents[2]).parts}
    ]
    assert refused == []


def test_no_class_is_a_manager_or_a_helper() -> None:
    refused = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in python_modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and node.name.endswith(REFUSED_CLASS_ENDINGS)
    ]
    assert refused == []


def test_the_words_of_another_protocol_stay_with_its_store() -> None:
    """OSS has names of its own; those of S3 belong where S3 is spoken."""
    speaks_s3 = SOURCE / "stores" / "s3"
    refused = [
        f"{shown(path)}:{number}"
        for path in python_modules("src")
        if not path.is_relative_to(speaks_s3) and path != speaks_s3.with_suffix(".py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"amz", line, re.IGNORECASE)
    ]
    assert refused == []
