"""Operations on the tags of an object."""

from typing import Annotated, ClassVar, Final

from ossicle.wire.binding import Body, Header, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag as Element
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record


@record
class Tag:
    """One tag: a key of 1 to 128 bytes and a value of up to 256."""

    key: Annotated[str | None, Element("Key")] = None
    value: Annotated[str | None, Element("Value")] = None


@record
class TagSet:
    """Up to ten tags with different keys."""

    tags: Annotated[tuple[Tag, ...], Element("Tag")] = ()


@record
class Tagging:
    """The document that holds the tags."""

    tag_set: Annotated[TagSet | None, Element("TagSet")] = None


@record
class PutObjectTaggingRequest(RequestBase):
    """Give an object these tags and no others. Its time of change stays."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None
    tagging: Annotated[Tagging | None, Body("Tagging")] = None


@record
class PutObjectTaggingResult(ResultBase):
    """The version that has the tags, in a bucket with versions."""

    version_id: Annotated[str | None, Header("x-oss-version-id")] = None


@record
class GetObjectTaggingRequest(RequestBase):
    """Ask for the tags of an object."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None


@record
class GetObjectTaggingResult(ResultBase):
    """The tags; none is an empty set."""

    XML_ROOT: ClassVar[str] = "Tagging"
    tag_set: Annotated[TagSet | None, Element("TagSet")] = None
    version_id: Annotated[str | None, Header("x-oss-version-id")] = None


@record
class DeleteObjectTaggingRequest(RequestBase):
    """Remove the tags of an object, if it has any."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None


@record
class DeleteObjectTaggingResult(ResultBase):
    """The version that had them, in a bucket with versions."""

    version_id: Annotated[str | None, Header("x-oss-version-id")] = None


# OSS: whether an ACL lets others tag an object or read its tags is unverified; here it is the owner's business.
PUT_OBJECT_TAGGING: Final = Operation(
    name="PutObjectTagging",
    method="PUT",
    level=Level.OBJECT,
    access=Access.MANAGE,
    request=PutObjectTaggingRequest,
    result=PutObjectTaggingResult,
    selectors=("tagging",),
    document_bytes_max=64 * 1024,
    malformed_ec="0016-00000608",
    source=DOCS + "putobjecttagging",
)
GET_OBJECT_TAGGING: Final = Operation(
    name="GetObjectTagging",
    method="GET",
    level=Level.OBJECT,
    access=Access.MANAGE,
    request=GetObjectTaggingRequest,
    result=GetObjectTaggingResult,
    selectors=("tagging",),
    source=DOCS + "getobjecttagging",
)
DELETE_OBJECT_TAGGING: Final = Operation(
    name="DeleteObjectTagging",
    method="DELETE",
    level=Level.OBJECT,
    access=Access.MANAGE,
    request=DeleteObjectTaggingRequest,
    result=DeleteObjectTaggingResult,
    selectors=("tagging",),
    success_status=204,
    source=DOCS + "deleteobjecttagging",
)

OPERATIONS: Final = (PUT_OBJECT_TAGGING, GET_OBJECT_TAGGING, DELETE_OBJECT_TAGGING)
