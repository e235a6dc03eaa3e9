"""What is no document, or another one, is refused by every operation of buckets and of the service that takes a document."""

from dataclasses import MISSING, fields

import pytest

from ossicle.wire.api import OPERATIONS, unserved
from ossicle.wire.binding import Body, Parameter
from ossicle.wire.operation import AnyOperation, Level
from tests.support.inprocess import InProcessServer


def root_of(operation: AnyOperation) -> str | None:
    """The element of the document that a request takes, if it takes one."""
    for field in fields(operation.request):
        for mark in getattr(field.type, "__metadata__", ()):
            if isinstance(mark, Body):
                return mark.root
    return None


def target_of(operation: AnyOperation) -> str:
    """Where the operation is asked for, with some text for every parameter that it needs."""
    needed = [
        mark.name
        for field in fields(operation.request)
        if field.default is MISSING and field.default_factory is MISSING
        for mark in getattr(field.type, "__metadata__", ())
        if isinstance(mark, Parameter)
    ]
    names = [f"{name}=x" for name in needed if name not in operation.selectors]
    query = "&".join([f"{each}=x" if each in needed else each for each in operation.selectors] + names)
    return f"{'/' if operation.level is Level.SERVICE else '/bucket/'}?{query}"


TAKING = [
    operation
    for operation in OPERATIONS
    if operation not in unserved.OPERATIONS and operation.level is not Level.OBJECT and root_of(operation) is not None
]
by_name = pytest.mark.parametrize("operation", TAKING, ids=lambda operation: str(operation.name))


def wrong(root: str) -> dict[str, bytes]:
    inside = b"<" + root.encode() + b">"
    return {
        "JSON": b"{}",
        "text": b"text",
        "another root": b"<Other></Other>",
        "no end": inside,
        "no UTF-8": inside + b"\xff" + inside.replace(b"<", b"</"),
        "two": (inside + inside.replace(b"<", b"</")) * 2,
        "an entity": b'<!DOCTYPE x [<!ENTITY a "b">]>' + inside + b"&a;" + inside.replace(b"<", b"</"),
        "endless depth": b"<a>" * 5000,
    }


@by_name
async def test_what_is_no_document_is_refused(server: InProcessServer, operation: AnyOperation) -> None:
    before = await server.call("GET", "/bucket/?bucketInfo")
    for what, body in wrong(root_of(operation) or "").items():
        answer = await server.call(operation.method, target_of(operation), body=body)
        assert answer.refusal[:2] == (400, "MalformedXML"), what
        if operation.malformed_ec is not None:
            assert answer.refusal[2] == operation.malformed_ec, what
    assert (await server.call("GET", "/bucket/?bucketInfo")).body == before.body


@by_name
async def test_a_document_beyond_the_bound_is_refused(server: InProcessServer, operation: AnyOperation) -> None:
    body = b"<" + b"a" * operation.document_bytes_max + b">"
    answer = await server.call(operation.method, target_of(operation), body=body)
    assert answer.status == 400
    assert answer.error.code == "InlineDataTooLarge"
