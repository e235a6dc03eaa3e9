"""Default encryption of a bucket: what new objects say of theirs that did not ask for any."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class ApplyServerSideEncryptionByDefault:
    """`AES256`, `KMS` or `SM4`; with KMS the id of a key, and `SM4` for the data."""

    sse_algorithm: Annotated[str | None, Tag("SSEAlgorithm")] = None
    kms_master_key_id: Annotated[str | None, Tag("KMSMasterKeyID")] = None
    kms_data_encryption: Annotated[str | None, Tag("KMSDataEncryption")] = None


@record
class ServerSideEncryptionRule:
    """What is said of objects that are written from now on, as of those whose upload asks for it."""

    apply_server_side_encryption_by_default: Annotated[
        ApplyServerSideEncryptionByDefault | None, Tag("ApplyServerSideEncryptionByDefault")
    ] = None


@record
class PutBucketEncryptionRequest(RequestBase):
    """Say how new objects are encrypted."""

    bucket: str
    server_side_encryption_rule: Annotated[ServerSideEncryptionRule | None, Body("ServerSideEncryptionRule")] = None


@record
class PutBucketEncryptionResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketEncryptionRequest(RequestBase):
    """Ask how new objects are encrypted."""

    bucket: str


@record
class GetBucketEncryptionResult(ResultBase):
    """The rule; a bucket without has no such document."""

    server_side_encryption_rule: Annotated[ServerSideEncryptionRule | None, Body("ServerSideEncryptionRule")] = None


@record
class DeleteBucketEncryptionRequest(RequestBase):
    """Say nothing any more of new objects' encryption."""

    bucket: str


@record
class DeleteBucketEncryptionResult(ResultBase):
    """Nothing but the request id."""


ENCRYPTION: Final = Setting(kind="encryption", root="ServerSideEncryptionRule", document=ServerSideEncryptionRule)
PUT_BUCKET_ENCRYPTION: Final = setting_operation(
    "PUT", "BucketEncryption", "encryption", PutBucketEncryptionRequest, PutBucketEncryptionResult
)
GET_BUCKET_ENCRYPTION: Final = setting_operation(
    "GET", "BucketEncryption", "encryption", GetBucketEncryptionRequest, GetBucketEncryptionResult
)
DELETE_BUCKET_ENCRYPTION: Final = setting_operation(
    "DELETE", "BucketEncryption", "encryption", DeleteBucketEncryptionRequest, DeleteBucketEncryptionResult
)

OPERATIONS: Final = (PUT_BUCKET_ENCRYPTION, GET_BUCKET_ENCRYPTION, DELETE_BUCKET_ENCRYPTION)
