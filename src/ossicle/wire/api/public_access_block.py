"""Public access block: public ACLs are refused, and those that are there count for nothing."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.operation import Level
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class PublicAccessBlockConfiguration:
    """Whether public access is blocked; nothing said is no."""

    block_public_access: Annotated[bool | None, Tag("BlockPublicAccess")] = None


@record
class PutBucketPublicAccessBlockRequest(RequestBase):
    """Block public access to the bucket, or no more."""

    bucket: str
    public_access_block_configuration: Annotated[
        PublicAccessBlockConfiguration | None, Body("PublicAccessBlockConfiguration")
    ] = None


@record
class PutBucketPublicAccessBlockResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketPublicAccessBlockRequest(RequestBase):
    """Ask whether public access to the bucket is blocked."""

    bucket: str


@record
class GetBucketPublicAccessBlockResult(ResultBase):
    """Whether it is; no where nothing was said. What the account blocks is not told here."""

    public_access_block_configuration: Annotated[
        PublicAccessBlockConfiguration | None, Body("PublicAccessBlockConfiguration")
    ] = None


@record
class DeleteBucketPublicAccessBlockRequest(RequestBase):
    """Block public access to the bucket no more."""

    bucket: str


@record
class DeleteBucketPublicAccessBlockResult(ResultBase):
    """Nothing but the request id."""


@record
class PutPublicAccessBlockRequest(RequestBase):
    """Block public access to all buckets of the account, or no more."""

    public_access_block_configuration: Annotated[
        PublicAccessBlockConfiguration | None, Body("PublicAccessBlockConfiguration")
    ] = None


@record
class PutPublicAccessBlockResult(ResultBase):
    """Nothing but the request id."""


@record
class GetPublicAccessBlockRequest(RequestBase):
    """Ask whether public access to all buckets of the account is blocked."""


@record
class GetPublicAccessBlockResult(ResultBase):
    """Whether it is; no where nothing was said."""

    public_access_block_configuration: Annotated[
        PublicAccessBlockConfiguration | None, Body("PublicAccessBlockConfiguration")
    ] = None


@record
class DeletePublicAccessBlockRequest(RequestBase):
    """Block public access to all buckets of the account no more; a bucket's own block stays."""


@record
class DeletePublicAccessBlockResult(ResultBase):
    """Nothing but the request id."""


PUBLIC_ACCESS_BLOCK: Final = Setting(
    kind="publicAccessBlock", root="PublicAccessBlockConfiguration", document=PublicAccessBlockConfiguration
)
PUT_BUCKET_PUBLIC_ACCESS_BLOCK: Final = setting_operation(
    "PUT",
    "BucketPublicAccessBlock",
    "publicAccessBlock",
    PutBucketPublicAccessBlockRequest,
    PutBucketPublicAccessBlockResult,
)
GET_BUCKET_PUBLIC_ACCESS_BLOCK: Final = setting_operation(
    "GET",
    "BucketPublicAccessBlock",
    "publicAccessBlock",
    GetBucketPublicAccessBlockRequest,
    GetBucketPublicAccessBlockResult,
)
DELETE_BUCKET_PUBLIC_ACCESS_BLOCK: Final = setting_operation(
    "DELETE",
    "BucketPublicAccessBlock",
    "publicAccessBlock",
    DeleteBucketPublicAccessBlockRequest,
    DeleteBucketPublicAccessBlockResult,
)
PUT_PUBLIC_ACCESS_BLOCK: Final = setting_operation(
    "PUT",
    "PublicAccessBlock",
    "publicAccessBlock",
    PutPublicAccessBlockRequest,
    PutPublicAccessBlockResult,
    level=Level.SERVICE,
)
GET_PUBLIC_ACCESS_BLOCK: Final = setting_operation(
    "GET",
    "PublicAccessBlock",
    "publicAccessBlock",
    GetPublicAccessBlockRequest,
    GetPublicAccessBlockResult,
    level=Level.SERVICE,
)
DELETE_PUBLIC_ACCESS_BLOCK: Final = setting_operation(
    "DELETE",
    "PublicAccessBlock",
    "publicAccessBlock",
    DeletePublicAccessBlockRequest,
    DeletePublicAccessBlockResult,
    level=Level.SERVICE,
)

OPERATIONS: Final = (
    PUT_BUCKET_PUBLIC_ACCESS_BLOCK,
    GET_BUCKET_PUBLIC_ACCESS_BLOCK,
    DELETE_BUCKET_PUBLIC_ACCESS_BLOCK,
    PUT_PUBLIC_ACCESS_BLOCK,
    GET_PUBLIC_ACCESS_BLOCK,
    DELETE_PUBLIC_ACCESS_BLOCK,
)
