"""Every store of each port, opened the way the application opens it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from ossicle.ports import BlobStore, MetadataStore
from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.stores.memory import MemoryBlobStore, MemoryMetadataStore
from ossicle.stores.sqlite import SqliteMetadataStore
from tests.support.stored import noon

Reopen = Callable[[], Awaitable[MetadataStore]]


class MetadataHolder:
    """One set of rows and the store that has it open."""

    def __init__(self, kind: str, directory: Path) -> None:
        self._kind = kind
        self._directory = directory
        self._memory: MemoryMetadataStore | None = None
        self._opened: list[MetadataStore] = []

    async def open(self) -> MetadataStore:
        """Open the rows for the first time, or again after a clean end."""
        if self._opened:
            await self._opened[-1].close()
        store = await self._open()
        self._opened.append(store)
        return store

    async def _open(self) -> MetadataStore:
        if self._kind == "sqlite":
            return await SqliteMetadataStore.open(self._directory, noon, durable=False)
        self._memory = MemoryMetadataStore() if self._memory is None else self._memory.reopened()
        return self._memory

    async def close(self) -> None:
        for store in self._opened:
            await store.close()


@pytest.fixture(params=["memory", "sqlite"])
async def holder(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MetadataHolder]:
    holder = MetadataHolder(request.param, tmp_path / "data")
    yield holder
    await holder.close()


@pytest.fixture
async def metadata(holder: MetadataHolder) -> MetadataStore:
    return await holder.open()


@pytest.fixture
def reopen(holder: MetadataHolder) -> Reopen:
    """Close the store and open the same rows again."""
    return holder.open


@pytest.fixture(params=["memory", "filesystem"])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BlobStore]:
    store: BlobStore
    if request.param == "memory":
        store = MemoryBlobStore()
    else:
        store = await FilesystemBlobStore.open_root(tmp_path / "data", threads=2)
    yield store
    await store.close()
