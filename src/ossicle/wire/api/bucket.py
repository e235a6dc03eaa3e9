"""Operations on a bucket itself, and the listing of its objects."""

from datetime import datetime
from typing import Annotated, ClassVar, Final

from ossicle.wire.api.service import Owner
from ossicle.wire.binding import Body, Header, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import BucketAcl, DataRedundancyType, ObjectType, StorageClass, Versioning
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record


@record
class CreateBucketConfiguration:
    """Properties that a bucket keeps for good."""

    storage_class: Annotated[StorageClass | str | None, Tag("StorageClass")] = None
    data_redundancy_type: Annotated[DataRedundancyType | str | None, Tag("DataRedundancyType")] = None
    location_constraint: Annotated[str | None, Tag("LocationConstraint")] = None


@record
class PutBucketRequest(RequestBase):
    """Make a bucket, or set the ACL of one's own."""

    bucket: str
    acl: Annotated[BucketAcl | str | None, Header("x-oss-acl")] = None
    create_bucket_configuration: Annotated[CreateBucketConfiguration | None, Body("CreateBucketConfiguration")] = None


@record
class PutBucketResult(ResultBase):
    """`location` is `/BUCKET`."""

    location: Annotated[str | None, Header("Location")] = None


@record
class DeleteBucketRequest(RequestBase):
    """Remove an empty bucket."""

    bucket: str


@record
class DeleteBucketResult(ResultBase):
    """Nothing but the request id."""


@record
class HeadBucketRequest(RequestBase):
    """Ask whether a bucket is there."""

    bucket: str


@record
class HeadBucketResult(ResultBase):
    """`region` is the bucket's, with the `oss-` prefix."""

    region: Annotated[str | None, Header("x-oss-bucket-region")] = None


@record
class GetBucketInfoRequest(RequestBase):
    """Ask for all that is known of a bucket."""

    bucket: str


@record
class SSERule:
    """Encryption at rest that the bucket asks for; `None` as text where it asks for none."""

    sse_algorithm: Annotated[str | None, Tag("SSEAlgorithm")] = None
    kms_master_key_id: Annotated[str | None, Tag("KMSMasterKeyID")] = None
    kms_data_encryption: Annotated[str | None, Tag("KMSDataEncryption")] = None


@record
class BucketPolicy:
    """Where the bucket's access log goes."""

    log_bucket: Annotated[str | None, Tag("LogBucket")] = None
    log_prefix: Annotated[str | None, Tag("LogPrefix")] = None


@record
class BucketInfo:
    """All that is known of a bucket."""

    access_monitor: Annotated[str | None, Tag("AccessMonitor")] = None
    block_public_access: Annotated[bool | None, Tag("BlockPublicAccess")] = None
    comment: Annotated[str | None, Tag("Comment")] = None
    creation_date: Annotated[datetime | None, Tag("CreationDate")] = None
    cross_region_replication: Annotated[str | None, Tag("CrossRegionReplication")] = None
    data_redundancy_type: Annotated[DataRedundancyType | str | None, Tag("DataRedundancyType")] = None
    extranet_endpoint: Annotated[str | None, Tag("ExtranetEndpoint")] = None
    intranet_endpoint: Annotated[str | None, Tag("IntranetEndpoint")] = None
    location: Annotated[str | None, Tag("Location")] = None
    name: Annotated[str | None, Tag("Name")] = None
    resource_group_id: Annotated[str | None, Tag("ResourceGroupId")] = None
    storage_class: Annotated[StorageClass | str | None, Tag("StorageClass")] = None
    transfer_acceleration: Annotated[str | None, Tag("TransferAcceleration")] = None
    owner: Annotated[Owner | None, Tag("Owner")] = None
    acl: Annotated[BucketAcl | str | None, Tag("AccessControlList/Grant")] = None
    sse_rule: Annotated[SSERule | None, Tag("ServerSideEncryptionRule")] = None
    bucket_policy: Annotated[BucketPolicy | None, Tag("BucketPolicy")] = None
    versioning: Annotated[Versioning | str | None, Tag("Versioning")] = None


@record
class GetBucketInfoResult(ResultBase):
    """The bucket."""

    XML_ROOT: ClassVar[str] = "BucketInfo"
    bucket_info: Annotated[BucketInfo | None, Tag("Bucket")] = None


@record
class GetBucketLocationRequest(RequestBase):
    """Ask for a bucket's region."""

    bucket: str


@record
class GetBucketLocationResult(ResultBase):
    """`location` is the region with the `oss-` prefix."""

    XML_ROOT: ClassVar[str] = "LocationConstraint"
    location: Annotated[str | None, Tag(".")] = None


@record
class ListObjectsRequest(RequestBase):
    """List keys that begin with `prefix` and follow `marker`, grouped by `delimiter`; `max_keys` is 1 to 1000, 100 by default."""

    bucket: str
    delimiter: Annotated[str | None, Parameter("delimiter")] = None
    encoding_type: Annotated[str | None, Parameter("encoding-type")] = None
    marker: Annotated[str | None, Parameter("marker")] = None
    max_keys: Annotated[int | None, Parameter("max-keys")] = None
    prefix: Annotated[str | None, Parameter("prefix")] = None


@record
class ListObjectsV2Request(RequestBase):
    """Ask for a page of keys in byte order, grouped by `delimiter`; `max_keys` is 1 to 1000, 100 by default."""

    bucket: str
    prefix: Annotated[str | None, Parameter("prefix")] = None
    delimiter: Annotated[str | None, Parameter("delimiter")] = None
    start_after: Annotated[str | None, Parameter("start-after")] = None
    continuation_token: Annotated[str | None, Parameter("continuation-token")] = None
    max_keys: Annotated[int | None, Parameter("max-keys")] = None
    fetch_owner: Annotated[bool | None, Parameter("fetch-owner")] = None
    encoding_type: Annotated[str | None, Parameter("encoding-type")] = None


@record
class ObjectProperties:
    """An object in a listing."""

    key: Annotated[str | None, Tag("Key", is_url_encoded=True)] = None
    last_modified: Annotated[datetime | None, Tag("LastModified")] = None
    etag: Annotated[str | None, Tag("ETag")] = None
    object_type: Annotated[ObjectType | str | None, Tag("Type")] = None
    size: Annotated[int | None, Tag("Size")] = None
    storage_class: Annotated[StorageClass | str | None, Tag("StorageClass")] = None
    owner: Annotated[Owner | None, Tag("Owner")] = None
    restore_info: Annotated[str | None, Tag("RestoreInfo")] = None


@record
class CommonPrefix:
    """Keys that share a prefix up to the delimiter."""

    prefix: Annotated[str | None, Tag("Prefix", is_url_encoded=True)] = None


@record
class ListObjectsResult(ResultBase):
    """One page; `next_marker` when there are more."""

    XML_ROOT: ClassVar[str] = "ListBucketResult"
    name: Annotated[str | None, Tag("Name")] = None
    prefix: Annotated[str | None, Tag("Prefix", is_url_encoded=True)] = None
    marker: Annotated[str | None, Tag("Marker", is_url_encoded=True)] = None
    max_keys: Annotated[int | None, Tag("MaxKeys")] = None
    delimiter: Annotated[str | None, Tag("Delimiter", is_url_encoded=True)] = None
    encoding_type: Annotated[str | None, Tag("EncodingType")] = None
    is_truncated: Annotated[bool | None, Tag("IsTruncated")] = None
    next_marker: Annotated[str | None, Tag("NextMarker", is_url_encoded=True)] = None
    contents: Annotated[tuple[ObjectProperties, ...], Tag("Contents")] = ()
    common_prefixes: Annotated[tuple[CommonPrefix, ...], Tag("CommonPrefixes")] = ()


@record
class ListObjectsV2Result(ResultBase):
    """One page; `next_continuation_token` when there are more."""

    XML_ROOT: ClassVar[str] = "ListBucketResult"
    name: Annotated[str | None, Tag("Name")] = None
    prefix: Annotated[str | None, Tag("Prefix", is_url_encoded=True)] = None
    start_after: Annotated[str | None, Tag("StartAfter", is_url_encoded=True)] = None
    continuation_token: Annotated[str | None, Tag("ContinuationToken", is_url_encoded=True)] = None
    max_keys: Annotated[int | None, Tag("MaxKeys")] = None
    delimiter: Annotated[str | None, Tag("Delimiter", is_url_encoded=True)] = None
    encoding_type: Annotated[str | None, Tag("EncodingType")] = None
    is_truncated: Annotated[bool | None, Tag("IsTruncated")] = None
    next_continuation_token: Annotated[str | None, Tag("NextContinuationToken", is_url_encoded=True)] = None
    key_count: Annotated[int | None, Tag("KeyCount")] = None
    contents: Annotated[tuple[ObjectProperties, ...], Tag("Contents")] = ()
    common_prefixes: Annotated[tuple[CommonPrefix, ...], Tag("CommonPrefixes")] = ()


PUT_BUCKET: Final = Operation(
    name="PutBucket",
    method="PUT",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=PutBucketRequest,
    result=PutBucketResult,
    document_bytes_max=64 * 1024,
    creates_bucket=True,
    source=DOCS + "putbucket",
)
DELETE_BUCKET: Final = Operation(
    name="DeleteBucket",
    method="DELETE",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=DeleteBucketRequest,
    result=DeleteBucketResult,
    success_status=204,
    source=DOCS + "deletebucket",
)
HEAD_BUCKET: Final = Operation(
    name="HeadBucket",
    method="HEAD",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=HeadBucketRequest,
    result=HeadBucketResult,
    source=DOCS + "getbucketlocation",
)
GET_BUCKET_INFO: Final = Operation(
    name="GetBucketInfo",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketInfoRequest,
    result=GetBucketInfoResult,
    selectors=("bucketInfo",),
    source=DOCS + "getbucketinfo",
)
GET_BUCKET_LOCATION: Final = Operation(
    name="GetBucketLocation",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketLocationRequest,
    result=GetBucketLocationResult,
    selectors=("location",),
    source=DOCS + "getbucketlocation",
)
LIST_OBJECTS: Final = Operation(
    name="ListObjects",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=ListObjectsRequest,
    result=ListObjectsResult,
    source=DOCS + "listobjects",
)
LIST_OBJECTS_V2: Final = Operation(
    name="ListObjectsV2",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=ListObjectsV2Request,
    result=ListObjectsV2Result,
    selectors=("list-type=2",),
    source=DOCS + "listobjectsv2",
)

OPERATIONS: Final = (
    PUT_BUCKET,
    DELETE_BUCKET,
    HEAD_BUCKET,
    GET_BUCKET_INFO,
    GET_BUCKET_LOCATION,
    LIST_OBJECTS,
    LIST_OBJECTS_V2,
)
