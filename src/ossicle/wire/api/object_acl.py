"""The ACL of an object, which beats that of its bucket."""

from typing import Annotated, ClassVar, Final

from ossicle.wire.api.service import Owner
from ossicle.wire.binding import Header, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.names import ObjectAcl
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record


@record
class PutObjectAclRequest(RequestBase):
    """Set the ACL of an object; `default` leaves it to the bucket's. The time of change stays."""

    bucket: str
    key: str
    acl: Annotated[ObjectAcl | str | None, Header("x-oss-object-acl")] = None
    version_id: Annotated[str | None, Parameter("versionId")] = None


@record
class PutObjectAclResult(ResultBase):
    """The version that has the ACL, in a bucket with versions."""

    version_id: Annotated[str | None, Header("x-oss-version-id")] = None


@record
class GetObjectAclRequest(RequestBase):
    """Ask for the ACL of an object."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None


@record
class GetObjectAclResult(ResultBase):
    """The ACL, and whose the object is: the owner's of the bucket, whoever wrote it."""

    XML_ROOT: ClassVar[str] = "AccessControlPolicy"
    owner: Annotated[Owner | None, Tag("Owner")] = None
    acl: Annotated[ObjectAcl | str | None, Tag("AccessControlList/Grant")] = None
    version_id: Annotated[str | None, Header("x-oss-version-id")] = None


PUT_OBJECT_ACL: Final = Operation(
    name="PutObjectAcl",
    method="PUT",
    level=Level.OBJECT,
    access=Access.WRITE_ACL,
    request=PutObjectAclRequest,
    result=PutObjectAclResult,
    selectors=("acl",),
    source=DOCS + "putobjectacl",
)
GET_OBJECT_ACL: Final = Operation(
    name="GetObjectAcl",
    method="GET",
    level=Level.OBJECT,
    access=Access.READ_ACL,
    request=GetObjectAclRequest,
    result=GetObjectAclResult,
    selectors=("acl",),
    source=DOCS + "getobjectacl",
)

OPERATIONS: Final = (PUT_OBJECT_ACL, GET_OBJECT_ACL)
