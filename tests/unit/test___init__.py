"""The public names of the package, and that importing it costs next to nothing."""

import ast
import inspect
import os
import subprocess
import sys
from dataclasses import is_dataclass
from importlib import import_module

import pytest

import ossicle
from ossicle.wire import api


def typed_names() -> set[str]:
    """The names that a type checker sees: those imported under TYPE_CHECKING."""
    tree = ast.parse(inspect.getsource(ossicle))
    guarded = next(node for node in tree.body if isinstance(node, ast.If) and isinstance(node.test, ast.Name))
    return {
        alias.asname or alias.name
        for node in ast.walk(guarded)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_what_is_listed_is_what_a_type_checker_sees() -> None:
    assert set(ossicle.__all__) == typed_names() | {"__version__"}
    assert list(ossicle.__all__) == sorted(ossicle.__all__, key=lambda name: (not name.isupper(), name))
    assert dir(ossicle) == sorted(ossicle.__all__)


@pytest.mark.parametrize("name", ossicle.__all__)
def test_every_listed_name_is_there(name: str) -> None:
    assert getattr(ossicle, name) is not None


def test_a_name_that_is_not_listed_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'PutObjectRequests'"):
        ossicle.PutObjectRequests  # type: ignore[attr-defined]  # noqa: B018 -- the look-up is the test


def test_every_request_result_and_document_is_public() -> None:
    families = (
        "bucket", "bucket_acl", "bucket_cors", "bucket_request_payment", "multipart", "object_acl", "object_basic",
        "object_restore", "object_tagging", "service",
    )  # fmt: skip
    named = {
        name
        for family in families
        for name, value in vars(import_module(f"{api.__name__}.{family}")).items()
        if is_dataclass(value) and isinstance(value, type) and value.__module__ == f"{api.__name__}.{family}"
    }
    assert named - set(ossicle.__all__) == {"ObjectHeaders"}


# Coverage, where it watches a process, imports things of its own.
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
PRESIGN = """
provider = ossicle.credentials.StaticCredentialsProvider("id", "secret")
client = ossicle.Client(ossicle.Config(region="cn-hangzhou", credentials_provider=provider))
assert client.presign(ossicle.PutObjectRequest(bucket="demo", key="hello.txt")).url
"""
NETWORK = ["httpcore", "anyio", "asyncio", "socket", "ssl", "http.client", "urllib.request"]
LIGHT = "import sys, ossicle\n{use}\nprint([name for name in {heavy!r} if name in sys.modules])"


@pytest.mark.parametrize(
    ("use", "heavy"),
    [
        ("", ["ossicle.wire", "ossicle.client", "httpcore", "asyncio", "ssl"]),
        ("ossicle.Client, ossicle.PutObjectRequest, ossicle.credentials", ["httpcore", "asyncio", "ssl", "uvicorn"]),
        (PRESIGN, NETWORK),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(use: str, heavy: list[str]) -> None:
    script = LIGHT.format(use=use, heavy=heavy)
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=UNMEASURED)
    assert loaded.stdout == "[]\n"
