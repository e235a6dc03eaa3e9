"""The ACL of a bucket: who besides its owner may read and write its objects."""

from typing import Annotated, ClassVar, Final

from ossicle.wire.api.service import Owner
from ossicle.wire.binding import Header, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import BucketAcl
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record


@record
class PutBucketAclRequest(RequestBase):
    """Set the ACL of one's bucket; a bucket that is not there is made with it."""

    bucket: str
    acl: Annotated[BucketAcl | str | None, Header("x-oss-acl")] = None


@record
class PutBucketAclResult(ResultBase):
    """`location` is `/BUCKET`."""

    location: Annotated[str | None, Header("Location")] = None


@record
class GetBucketAclRequest(RequestBase):
    """Ask for the ACL of one's bucket."""

    bucket: str


@record
class GetBucketAclResult(ResultBase):
    """The ACL, and whose the bucket is."""

    XML_ROOT: ClassVar[str] = "AccessControlPolicy"
    owner: Annotated[Owner | None, Tag("Owner")] = None
    acl: Annotated[BucketAcl | str | None, Tag("AccessControlList/Grant")] = None


PUT_BUCKET_ACL: Final = Operation(
    name="PutBucketAcl",
    method="PUT",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=PutBucketAclRequest,
    result=PutBucketAclResult,
    selectors=("acl",),
    creates_bucket=True,
    source=DOCS + "putbucketacl",
)
GET_BUCKET_ACL: Final = Operation(
    name="GetBucketAcl",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketAclRequest,
    result=GetBucketAclResult,
    selectors=("acl",),
    source=DOCS + "getbucketacl",
)

OPERATIONS: Final = (PUT_BUCKET_ACL, GET_BUCKET_ACL)
