"""Multipart uploads as a client makes them, against a server in this process."""

import hashlib
from collections.abc import Sequence

from tests.support.inprocess import OWNER, Account, Answer, InProcessServer

PART_BYTES = 102_400
"""The least that a part which is not the last may have."""


def part_bytes(number: int, size: int = PART_BYTES) -> bytes:
    """Bytes that are those of this part and no other."""
    seed = hashlib.sha256(str(number).encode()).digest()
    return (seed * (size // len(seed) + 1))[:size]


def etag_of(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest().upper()


def multipart_etag(bodies: Sequence[bytes]) -> str:
    """The formula, from the bytes: MD5 of the joined texts, and how many there are."""
    joined = "".join(map(etag_of, bodies)).encode()
    return f"{etag_of(joined)}-{len(bodies)}"


def completion(*parts: tuple[int, str]) -> bytes:
    """The document that asks for these parts."""
    listed = "".join(f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>" for number, etag in parts)
    return f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()


async def initiate(server: InProcessServer, path: str, *headers: tuple[str, str], by: Account | None = OWNER) -> str:
    answer = await server.call("POST", f"{path}?uploads", by=by, headers=headers)
    assert answer.status == 200, answer.body
    found = answer.xml.find("UploadId")
    assert found is not None
    return found.text


async def put_part(
    server: InProcessServer, path: str, upload_id: str, number: int, body: bytes, *, by: Account | None = OWNER
) -> Answer:
    return await server.call("PUT", f"{path}?partNumber={number}&uploadId={upload_id}", by=by, body=body)


async def complete(
    server: InProcessServer,
    path: str,
    upload_id: str,
    *parts: tuple[int, str],
    headers: Sequence[tuple[str, str]] = (),
    by: Account | None = OWNER,
) -> Answer:
    return await server.call("POST", f"{path}?uploadId={upload_id}", by=by, headers=headers, body=completion(*parts))


async def begun(server: InProcessServer, path: str, *bodies: bytes) -> tuple[str, list[tuple[int, str]]]:
    """Begin an upload with these parts, numbered from 1; return its id and what its completion would list."""
    upload_id = await initiate(server, path)
    for number, body in enumerate(bodies, 1):
        answer = await put_part(server, path, upload_id, number, body)
        assert answer.status == 200, answer.body
    return upload_id, [(number, etag_of(body)) for number, body in enumerate(bodies, 1)]
