"""The tables of the store in memory: dictionaries, which are copied and never changed while somebody reads them."""

from dataclasses import dataclass, field, fields

from ossicle.model.objects import Bucket, MultipartUpload, ObjectVersion, Part, Segment
from ossicle.wire.names import AccountId, BlobId


@dataclass(frozen=True, slots=True, kw_only=True)
class Incarnation:
    """What is known of one opening of the store."""

    is_fenced: bool = False
    is_swept: bool = False


@dataclass(slots=True, kw_only=True)
class Tables:
    """All rows, by their keys."""

    incarnations: dict[int, Incarnation] = field(default_factory=dict)
    buckets: dict[int, Bucket] = field(default_factory=dict)
    configs: dict[tuple[int, str], bytes] = field(default_factory=dict)
    account_configs: dict[tuple[AccountId, str], bytes] = field(default_factory=dict)
    ram_entities: dict[tuple[AccountId, str, str], bytes] = field(default_factory=dict)
    ram_keys: dict[str, tuple[AccountId, str]] = field(default_factory=dict)
    counting: dict[int, None] = field(default_factory=dict)
    blobs: dict[BlobId, int] = field(default_factory=dict)
    versions: dict[int, tuple[int, ObjectVersion]] = field(default_factory=dict)
    contents: dict[int, bytes | tuple[Segment, ...]] = field(default_factory=dict)
    heads: dict[tuple[int, bytes], int] = field(default_factory=dict)
    uploads: dict[int, tuple[int, MultipartUpload]] = field(default_factory=dict)
    parts: dict[tuple[int, int], tuple[Part, tuple[Segment, ...]]] = field(default_factory=dict)
    condemned: dict[BlobId, None] = field(default_factory=dict)

    def copy(self) -> "Tables":
        """Return tables of their own with the same rows in them."""
        return Tables(**{table.name: getattr(self, table.name).copy() for table in fields(self)})
