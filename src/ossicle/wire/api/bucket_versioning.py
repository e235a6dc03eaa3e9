"""Versioning of a bucket, and the listing of all versions in it."""

from datetime import datetime
from typing import Annotated, ClassVar, Final

from ossicle.wire.api.bucket import CommonPrefix
from ossicle.wire.api.service import Owner
from ossicle.wire.binding import Body, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import ObjectType, StorageClass, Versioning
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record


@record
class VersioningConfiguration:
    """Whether writes make versions from now on."""

    status: Annotated[Versioning | str | None, Tag("Status")] = None


@record
class PutBucketVersioningRequest(RequestBase):
    """Enable or suspend versions; there is no way back to a bucket that never had any."""

    bucket: str
    versioning_configuration: Annotated[VersioningConfiguration | None, Body("VersioningConfiguration")] = None


@record
class PutBucketVersioningResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketVersioningRequest(RequestBase):
    """Ask whether writes make versions."""

    bucket: str


@record
class GetBucketVersioningResult(ResultBase):
    """`version_status` is None for a bucket that never had versions."""

    XML_ROOT: ClassVar[str] = "VersioningConfiguration"
    version_status: Annotated[Versioning | str | None, Tag("Status")] = None


@record
class ListObjectVersionsRequest(RequestBase):
    """Ask for a page of versions and delete markers, by key and then from the newest on; `max_keys` is 1 to 1000, 100 by default.

    They begin with `prefix`, are grouped by `delimiter`, and follow the version of `key_marker` that `version_id_marker` names, or
    without that all versions of it.
    """

    bucket: str
    delimiter: Annotated[str | None, Parameter("delimiter")] = None
    key_marker: Annotated[str | None, Parameter("key-marker")] = None
    version_id_marker: Annotated[str | None, Parameter("version-id-marker")] = None
    max_keys: Annotated[int | None, Parameter("max-keys")] = None
    prefix: Annotated[str | None, Parameter("prefix")] = None
    encoding_type: Annotated[str | None, Parameter("encoding-type")] = None


@record
class ObjectVersionProperties:
    """A version in a listing."""

    key: Annotated[str | None, Tag("Key", is_url_encoded=True)] = None
    version_id: Annotated[str | None, Tag("VersionId")] = None
    is_latest: Annotated[bool | None, Tag("IsLatest")] = None
    last_modified: Annotated[datetime | None, Tag("LastModified")] = None
    etag: Annotated[str | None, Tag("ETag")] = None
    object_type: Annotated[ObjectType | str | None, Tag("Type")] = None
    size: Annotated[int | None, Tag("Size")] = None
    storage_class: Annotated[StorageClass | str | None, Tag("StorageClass")] = None
    owner: Annotated[Owner | None, Tag("Owner")] = None


@record
class DeleteMarkerProperties:
    """A delete marker in a listing."""

    key: Annotated[str | None, Tag("Key", is_url_encoded=True)] = None
    version_id: Annotated[str | None, Tag("VersionId")] = None
    is_latest: Annotated[bool | None, Tag("IsLatest")] = None
    last_modified: Annotated[datetime | None, Tag("LastModified")] = None
    owner: Annotated[Owner | None, Tag("Owner")] = None


@record
class ListObjectVersionsResult(ResultBase):
    """One page, versions and delete markers apart; both `next` markers when there are more."""

    XML_ROOT: ClassVar[str] = "ListVersionsResult"
    name: Annotated[str | None, Tag("Name")] = None
    prefix: Annotated[str | None, Tag("Prefix", is_url_encoded=True)] = None
    key_marker: Annotated[str | None, Tag("KeyMarker", is_url_encoded=True)] = None
    version_id_marker: Annotated[str | None, Tag("VersionIdMarker")] = None
    max_keys: Annotated[int | None, Tag("MaxKeys")] = None
    delimiter: Annotated[str | None, Tag("Delimiter", is_url_encoded=True)] = None
    encoding_type: Annotated[str | None, Tag("EncodingType")] = None
    is_truncated: Annotated[bool | None, Tag("IsTruncated")] = None
    next_key_marker: Annotated[str | None, Tag("NextKeyMarker", is_url_encoded=True)] = None
    next_version_id_marker: Annotated[str | None, Tag("NextVersionIdMarker")] = None
    version: Annotated[tuple[ObjectVersionProperties, ...], Tag("Version")] = ()
    delete_marker: Annotated[tuple[DeleteMarkerProperties, ...], Tag("DeleteMarker")] = ()
    common_prefixes: Annotated[tuple[CommonPrefix, ...], Tag("CommonPrefixes")] = ()


PUT_BUCKET_VERSIONING: Final = Operation(
    name="PutBucketVersioning",
    method="PUT",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=PutBucketVersioningRequest,
    result=PutBucketVersioningResult,
    selectors=("versioning",),
    document_bytes_max=64 * 1024,
    malformed_ec="0015-00000231",
    source=DOCS + "putbucketversioning",
)
GET_BUCKET_VERSIONING: Final = Operation(
    name="GetBucketVersioning",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketVersioningRequest,
    result=GetBucketVersioningResult,
    selectors=("versioning",),
    source=DOCS + "getbucketversioning",
)
LIST_OBJECT_VERSIONS: Final = Operation(
    name="ListObjectVersions",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=ListObjectVersionsRequest,
    result=ListObjectVersionsResult,
    selectors=("versions",),
    source=DOCS + "listobjectversions",
)

OPERATIONS: Final = (PUT_BUCKET_VERSIONING, GET_BUCKET_VERSIONING, LIST_OBJECT_VERSIONS)
