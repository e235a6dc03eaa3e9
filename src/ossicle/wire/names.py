"""Names that cross every room: typed strings, the rules a bucket name and an object key obey, and the closed lists of OSS.

A value of one of the new types has been judged by the rules here; nothing behind the edge judges it again.
"""

import re
from enum import StrEnum
from typing import Final, NewType

from ossicle.wire.errors import InvalidBucketName, InvalidObjectName

AccountId = NewType("AccountId", str)
"""Sixteen digits: the UID of an account, which is also what OSS shows as owner."""
BucketName = NewType("BucketName", str)
ObjectKey = NewType("ObjectKey", str)
"""One to 1,023 bytes of UTF-8. Order by code point is the byte order that listings need."""
UploadId = NewType("UploadId", str)
VersionId = NewType("VersionId", str)
BlobId = NewType("BlobId", str)
"""`INCARNATION-RANDOM` in hex: the process that staged the blob, then 128 random bits."""
ETag = NewType("ETag", str)
"""Without quotes. Upper-case hex MD5 for an object that came in one piece."""

NULL_VERSION: Final = VersionId("null")
KEY_BYTES_MAX: Final = 1023
_BUCKET_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")


class BucketAcl(StrEnum):
    """Who, besides the owner, may use a bucket."""

    PRIVATE = "private"
    PUBLIC_READ = "public-read"
    PUBLIC_READ_WRITE = "public-read-write"


class ObjectAcl(StrEnum):
    """Who may use one object; `default` asks the bucket."""

    DEFAULT = "default"
    PRIVATE = "private"
    PUBLIC_READ = "public-read"
    PUBLIC_READ_WRITE = "public-read-write"


class StorageClass(StrEnum):
    """How OSS would keep the bytes. Ossicle stores and returns the class and keeps all bytes alike."""

    STANDARD = "Standard"
    IA = "IA"
    ARCHIVE = "Archive"
    COLD_ARCHIVE = "ColdArchive"
    DEEP_COLD_ARCHIVE = "DeepColdArchive"


class DataRedundancyType(StrEnum):
    """One zone or several; kept and returned, without effect here."""

    LRS = "LRS"
    ZRS = "ZRS"


class ObjectType(StrEnum):
    """How an object came to be; shown in listings and as `x-oss-object-type`.

    A delete marker is the version that says that there is no object any more; OSS shows it by an element of its own, never as a type.
    """

    NORMAL = "Normal"
    MULTIPART = "Multipart"
    APPENDABLE = "Appendable"
    SYMLINK = "Symlink"
    DELETE_MARKER = "DeleteMarker"


class Payer(StrEnum):
    """Who pays for requests to a bucket."""

    BUCKET_OWNER = "BucketOwner"
    REQUESTER = "Requester"


class AccessMonitorStatusType(StrEnum):
    """Whether OSS notes when the objects of a bucket are read."""

    ENABLED = "Enabled"
    DISABLED = "Disabled"


class Versioning(StrEnum):
    """State of a bucket's versioning once it was set."""

    ENABLED = "Enabled"
    SUSPENDED = "Suspended"


class BucketWormStateType(StrEnum):
    """State of a bucket's retention policy."""

    IN_PROGRESS = "InProgress"
    LOCKED = "Locked"


class InventoryFormatType(StrEnum):
    """What the lists of an inventory are written in."""

    CSV = "CSV"


class InventoryFrequencyType(StrEnum):
    """How often an inventory lists its bucket."""

    DAILY = "Daily"
    WEEKLY = "Weekly"


class IncludedObjectVersions(StrEnum):
    """Whether an inventory lists all versions, or objects only."""

    ALL = "All"
    CURRENT = "Current"


class ObjectRetentionModeType(StrEnum):
    """Whether nobody can shorten a retention, or the owner can who says so."""

    GOVERNANCE = "GOVERNANCE"
    COMPLIANCE = "COMPLIANCE"


class ObjectLegalHoldStatusType(StrEnum):
    """Whether a version is held."""

    ON = "ON"
    OFF = "OFF"


def is_bucket_name(text: str) -> bool:
    """Whether `text` is 3 to 63 of `a-z 0-9 -`, beginning and ending with a letter or digit."""
    return _BUCKET_NAME.fullmatch(text) is not None


def parse_bucket_name(text: str) -> BucketName:
    """Return `text` as a bucket name.

    Raises:
        InvalidBucketName: it is not one.
    """
    if not is_bucket_name(text):
        raise InvalidBucketName(bucket_name=text)
    return BucketName(text)


def parse_object_key(raw: bytes) -> ObjectKey:
    """Return the decoded bytes of a path as a key; a leading slash is kept.

    Raises:
        InvalidObjectName: empty, longer than 1,023 bytes, or not UTF-8.
    """
    if not raw:
        raise InvalidObjectName("The Object name can not be empty.", object_name="")
    if len(raw) > KEY_BYTES_MAX:
        raise InvalidObjectName("The Length of Object name must be less than 1024.")
    try:
        return ObjectKey(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidObjectName("The specified object is not valid.") from error
