"""Both ports in memory, for tests that need their promises and no disk."""

from ossicle.stores.memory.blobs import MemoryBlobStore
from ossicle.stores.memory.metadata import MemoryMetadataStore

__all__ = ["MemoryBlobStore", "MemoryMetadataStore"]
