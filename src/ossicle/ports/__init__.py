"""The ports behind the services: rows (`MetadataStore`), bytes (`BlobStore`), and lines that wait to become objects (`log_spool`).

Rules of the room:

1. Protocols only. A store implements them and knows no rule of OSS; a service knows the rules and no store.
2. Absence is `None`. A store raises only `StoreUnavailable`, `Conflict` or `Corrupt`.
3. What `transact` has returned and `seal` has returned is on disk.
4. A blob is immutable, has a random id and is named by rows; a key never becomes a path.
"""

from ossicle.ports.blobs import BlobReader, BlobStore, StagedBlob
from ossicle.ports.failures import Conflict, Corrupt, StoreError, StoreUnavailable
from ossicle.ports.metadata import MetadataStore, Reading, Transaction

__all__ = [
    "BlobReader",
    "BlobStore",
    "Conflict",
    "Corrupt",
    "MetadataStore",
    "Reading",
    "StagedBlob",
    "StoreError",
    "StoreUnavailable",
    "Transaction",
]
