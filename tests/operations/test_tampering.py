"""Whoever changes one byte of a signed request is refused, by the whole edge: method, path, query, each header, the signature itself."""

from collections.abc import Iterator, Sequence

import pytest

from ossicle.wire.http import Query
from ossicle.wire.signing import Version, sign_headers_dated
from ossicle.wire.text import encode, percent_decode
from tests.support.elements import texts
from tests.support.inprocess import HOST, OWNER, Header, InProcessServer, addressed

BODY, PATH = b"hello", "/bucket/a%20b/k"
HEADERS = [
    ("Content-Type", "text/plain"),
    ("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="),
    ("x-oss-meta-a", "one two"),
    ("x-oss-storage-class", "IA"),
]
UNSIGNED = {Version.V1: (), Version.V2: (), Version.V4: ("Date",)}
"""A V4 signature covers `x-oss-date`, and no Date beside it."""


def signed(server: InProcessServer, version: Version) -> tuple[str, list[Header]]:
    """Return the target and the headers of an upload that is let in."""
    if version is Version.V4:
        target = f"{PATH}?a=b%20%2Fc"
        return target, [*HEADERS, *server.signed("PUT", target, headers=HEADERS).items()]
    added = sign_headers_dated(
        version=version,
        method="PUT",
        resource=addressed(HOST, PATH.encode()),
        query=[("response-content-type", "text/x")],  # which is one of those that are signed
        headers=HEADERS,
        credentials=OWNER.credentials,
        now=server.clock.now,
    )
    return f"{PATH}?response-content-type=text%2Fx", [*HEADERS, *added.items()]


def one_byte_off(text: str) -> Iterator[str]:
    """Each byte made its neighbour, a letter of the other case, something that has a meaning in URLs or lists, or none."""
    for at, letter in enumerate(text):
        others = {letter.swapcase(), chr(ord(letter) ^ 1), "%&=+/, "[at % 7], ""} - {letter}
        for other in sorted(others):
            yield text[:at] + other + text[at + 1 :]


def meaning(target: str) -> tuple[bytes, list[tuple[str, str]]]:
    path, _, query = target.partition("?")
    return percent_decode(encode(path)), list(Query(encode(query)).items())


def changes(version: Version, target: str, headers: Sequence[Header]) -> Iterator[tuple[str, str, list[Header]]]:
    for method in ("GET", "HEAD", "POST", "DELETE", "PUt"):
        yield method, target, [*headers]
    for other in one_byte_off(target):
        if other.startswith("/") and meaning(other) != meaning(target):
            yield "PUT", other, [*headers]
    for at, (name, value) in enumerate(headers):
        for other in one_byte_off(value) if name not in UNSIGNED[version] else ():
            if other.strip() != value:
                yield "PUT", target, [*headers[:at], (name, other), *headers[at + 1 :]]


@pytest.mark.parametrize("version", list(Version), ids=lambda version: version.value)
async def test_no_byte_of_a_signed_request_can_be_changed(server: InProcessServer, version: Version) -> None:
    target, headers = signed(server, version)
    passed, count = [], 0
    for method, other, changed in changes(version, target, headers):
        count += 1
        answer = await server.send(method, other, headers=changed, body=BODY)
        if not 400 <= answer.status < 500:
            passed.append((answer.status, method, other, changed))
    assert passed == []
    assert count > 500
    assert texts(await server.call("GET", "/bucket/"), "Contents/Key") == []
    assert (await server.send("PUT", target, headers=headers, body=BODY)).status == 200
