"""What an inventory writes down: a line of CSV for each object, and the manifest that names the files with them.

Source: https://help.aliyun.com/zh/oss/user-guide/bucket-inventory
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from ossicle.model.objects import ListedObject, ListedVersion, ObjectVersion, VersionMarker
from ossicle.ports import Corrupt, Reading
from ossicle.wire.api.bucket_inventory import InventoryConfiguration, InventoryFilter, InventoryOSSBucketDestination
from ossicle.wire.digest import Digest
from ossicle.wire.names import NULL_VERSION, BucketName, IncludedObjectVersions, ObjectType
from ossicle.wire.records import record
from ossicle.wire.text import encode, percent_encode

SCHEME: Final = "acs:oss:::"
"""What the name of a bucket stands behind in the configuration of an inventory."""
_PAGE: Final = 1000
_SECOND: Final = "%Y-%m-%dT%H-%M-%SZ"
_MINUTE: Final = "%Y-%m-%dT%H-%MZ"
_FIXED: Final = ("Bucket", "Key")
_OF_VERSIONS: Final = ("VersionId", "IsLatest", "IsDeleteMarker")
_VERSION: Final = "2019-09-01"
_NOWHERE: Final = InventoryOSSBucketDestination()

Listed = ListedObject | ListedVersion

_OF_LISTED: Final[Mapping[str, Callable[[Listed], str]]] = {
    "Size": lambda listed: str(listed.size),
    "StorageClass": lambda listed: listed.storage_class,
    "LastModifiedDate": lambda listed: listed.last_modified.strftime(_SECOND),
    "ETag": lambda listed: listed.etag,
    "IsMultipartUploaded": lambda listed: _yes_or_no(listed.type is ObjectType.MULTIPART),
    "ObjectType": lambda listed: listed.type,
    # No object changes its class by a rule's doing at a time that is kept.
    "TransitionTime": lambda _: "",
}
_OF_ROWS: Final[Mapping[str, Callable[[ObjectVersion], str]]] = {
    "EncryptionStatus": lambda version: _yes_or_no(version.traits.encryption is not None),
    "ObjectAcl": lambda version: version.acl,
    "TaggingCount": lambda version: str(len(version.traits.tags)),
    "Crc64": lambda version: str(version.crc64),
}
FIELDS: Final = (*_OF_LISTED, *_OF_ROWS)
"""What may be told of an object besides its key."""
_OF_MARKERS: Final = frozenset({"LastModifiedDate"})
"""What there is to tell of a delete marker."""


@record
class DataFile:
    """One file of lines, as it was stored; `md5` is upper-case hex."""

    key: str
    size: int
    md5: str


@record
class Page:
    """The lines of some objects, and where the next ones begin; `after` is None at the end."""

    lines: Sequence[str]
    after: str | VersionMarker | None


class Lists:
    """How one inventory lists its bucket."""

    def __init__(self, configuration: InventoryConfiguration, bucket_id: int, bucket: BucketName) -> None:
        self._filter = configuration.filter or InventoryFilter()
        self._bucket_id = bucket_id
        self._bucket = bucket
        self._has_versions = configuration.included_object_versions is IncludedObjectVersions.ALL
        chosen = configuration.optional_fields
        self._fields = () if chosen is None else chosen.fields
        self._needs_rows = not _OF_ROWS.keys().isdisjoint(self._fields)
        classes = (self._filter.storage_class or "All").split(",")
        self._classes = None if "All" in classes else frozenset(classes)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return (*_FIXED, *(_OF_VERSIONS if self._has_versions else ()), *self._fields)

    def page(self, rows: Reading, after: str | VersionMarker | None) -> Page:
        """Return the lines of some objects behind a place; None is before all. All of a page is of one snapshot."""
        prefix = self._filter.prefix or ""
        if self._has_versions:
            marker = after if isinstance(after, VersionMarker) else None
            versions = rows.list_versions(self._bucket_id, prefix=prefix, delimiter="", after=marker, limit=_PAGE)
            return Page(lines=self._lines(rows, versions.versions), after=versions.next_marker)
        start = after if isinstance(after, str) else ""
        objects = rows.list_objects(self._bucket_id, prefix=prefix, delimiter="", after=start, limit=_PAGE)
        return Page(lines=self._lines(rows, objects.objects), after=objects.next_marker)

    def _lines(self, rows: Reading, listed: Sequence[Listed]) -> Sequence[str]:
        return [self._line(rows, each) for each in listed if self._fits(each)]

    def _fits(self, listed: Listed) -> bool:
        wanted, modified = self._filter, int(listed.last_modified.timestamp())
        return (
            (self._classes is None or listed.storage_class in self._classes)
            and (wanted.lower_size_bound or 0) <= listed.size
            and (wanted.upper_size_bound is None or listed.size <= wanted.upper_size_bound)
            and (wanted.last_modify_begin_time_stamp or 0) <= modified
            and (wanted.last_modify_end_time_stamp is None or modified <= wanted.last_modify_end_time_stamp)
        )

    def _line(self, rows: Reading, listed: Listed) -> str:
        told = [percent_encode(encode(listed.key))]
        is_marker = listed.type is ObjectType.DELETE_MARKER
        if isinstance(listed, ListedVersion):
            # OSS: where there never were versions the id is empty.
            version_id = "" if listed.version_id == NULL_VERSION and listed.rank == 0 else listed.version_id
            told += [version_id, _yes_or_no(listed.is_latest), _yes_or_no(is_marker)]
        row = self._row(rows, listed) if self._needs_rows and not is_marker else None
        for field in self._fields:
            if is_marker and field not in _OF_MARKERS:
                told.append("")
            elif field in _OF_LISTED:
                told.append(_OF_LISTED[field](listed))
            else:
                told.append("" if row is None else _OF_ROWS[field](row))
        # No value has a quote or a line's end in it: keys are encoded, all else is made here.
        return f"{self._bucket}," + ",".join(f'"{value}"' for value in told) + "\n"

    def _row(self, rows: Reading, listed: Listed) -> ObjectVersion:
        if isinstance(listed, ListedVersion):
            row = rows.version(self._bucket_id, listed.key, listed.version_id)
        else:
            row = rows.current_version(self._bucket_id, listed.key)
        if row is None:
            raise Corrupt(f"{listed.key} is listed and not there")
        return row


def target_of(configuration: InventoryConfiguration) -> InventoryOSSBucketDestination:
    """Return where an inventory's lists go."""
    destination = configuration.destination
    return (None if destination is None else destination.oss_bucket_destination) or _NOWHERE


def bucket_of(target: InventoryOSSBucketDestination) -> BucketName:
    """Return the name of the bucket where lists go."""
    return BucketName((target.bucket or "").removeprefix(SCHEME))


def folder_of(configuration: InventoryConfiguration, bucket: BucketName) -> str:
    """Return the folder of an inventory, with the slash at its end."""
    prefix = target_of(configuration).prefix or ""
    # OSS: that a prefix is a folder whether it ends with a slash or not is unverified.
    return f"{prefix.rstrip('/')}/{bucket}/{configuration.id}/" if prefix else f"{bucket}/{configuration.id}/"


def moment_folder(folder: str, moment: datetime) -> str:
    """Return the folder of one list, with the slash at its end."""
    return f"{folder}{moment.strftime(_MINUTE)}/"


def manifest(
    columns: Sequence[str], files: Sequence[DataFile], *, source: BucketName, target: BucketName, moment: datetime
) -> bytes:
    """Return the manifest of one list: JSON that names its files and their columns."""
    return json.dumps(
        {
            "creationTimestamp": str(int(moment.timestamp())),
            "destinationBucket": target,
            "fileFormat": "CSV",
            "fileSchema": ", ".join(columns),
            "files": [{"MD5checksum": each.md5, "key": each.key, "size": each.size} for each in files],
            "sourceBucket": source,
            "version": _VERSION,
        }
    ).encode("ascii")


def checksum(content: bytes) -> bytes:
    """Return the MD5 of a manifest, as upper-case hex."""
    digest = Digest()
    digest.update(content)
    return digest.md5.hex().upper().encode("ascii")


def _yes_or_no(value: bool) -> str:
    return "true" if value else "false"
