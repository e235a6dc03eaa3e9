"""The server with one thing left out, as a program: `python -m bench.floor_server empty|hash serve ...`.

All the rest is `ossicle serve` itself, its protocol, its settings and its number of processes included.
"""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Final, Self
from unittest import mock

from ossicle.app import wiring
from ossicle.cli import main
from ossicle.ports import StagedBlob
from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.wire.digest import Digest
from ossicle.wire.names import BlobId

BODY: Final = bytes(4096)


class EmptyEdge:
    """An application that does nothing for its answer: 4 KiB, whatever was asked."""

    def __init__(self, settings: object, services: object) -> None: ...

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"%d" % len(BODY))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": BODY})


class _Hashed:
    """Feeds bytes to the digest on a thread, and forgets them."""

    def __init__(self, digest: Digest) -> None:
        self._digest = digest

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def write(self, batch: Sequence[bytes]) -> None:
        await asyncio.to_thread(self._feed, batch)

    async def seal(self) -> None: ...

    def _feed(self, batch: Sequence[bytes]) -> None:
        for chunk in batch:
            self._digest.update(chunk)


class HashingBlobStore(FilesystemBlobStore):
    """Keeps no bytes."""

    def stage(self, blob: BlobId, digest: Digest) -> AbstractAsyncContextManager[StagedBlob]:
        return _Hashed(digest)


_INSTEAD: Final[dict[str, tuple[str, type]]] = {
    "empty": ("Edge", EmptyEdge),
    "hash": ("FilesystemBlobStore", HashingBlobStore),
}

if __name__ == "__main__":
    what, instead = _INSTEAD[sys.argv[1]]
    with mock.patch.object(wiring, what, instead):
        main(sys.argv[2:])
