"""Symbolic links: objects that name another one of their bucket, and are read as that one."""

from datetime import datetime
from typing import Annotated, Final

from ossicle.wire.binding import Header, HeaderPrefix, Parameter, RequestBase, ResultBase
from ossicle.wire.names import ObjectAcl, StorageClass
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record


@record
class PutSymlinkRequest(RequestBase):
    """Make an object a link to `target`: a key of the same bucket, which need not be there.

    The target is percent-decoded when it is followed: a key with `%` in it is given encoded.
    """

    bucket: str
    key: str
    target: Annotated[str, Header("x-oss-symlink-target")]
    acl: Annotated[ObjectAcl | str | None, Header("x-oss-object-acl")] = None
    storage_class: Annotated[StorageClass | str | None, Header("x-oss-storage-class")] = None
    metadata: Annotated[dict[str, str] | None, HeaderPrefix("x-oss-meta-")] = None
    tagging: Annotated[str | None, Header("x-oss-tagging")] = None
    forbid_overwrite: Annotated[bool | None, Header("x-oss-forbid-overwrite")] = None


@record
class PutSymlinkResult(ResultBase):
    """The link that was made."""

    etag: Annotated[str | None, Header("ETag")] = None
    version_id: Annotated[str | None, Header("x-oss-version-id")] = None


@record
class GetSymlinkRequest(RequestBase):
    """Ask what a link names."""

    bucket: str
    key: str
    version_id: Annotated[str | None, Parameter("versionId")] = None


@record
class GetSymlinkResult(ResultBase):
    """The link itself. `target` is as it was put: not decoded."""

    target: Annotated[str | None, Header("x-oss-symlink-target")] = None
    etag: Annotated[str | None, Header("ETag")] = None
    last_modified: Annotated[datetime | None, Header("Last-Modified")] = None
    metadata: Annotated[dict[str, str] | None, HeaderPrefix("x-oss-meta-")] = None
    version_id: Annotated[str | None, Header("x-oss-version-id")] = None


PUT_SYMLINK: Final = Operation(
    name="PutSymlink",
    method="PUT",
    level=Level.OBJECT,
    access=Access.WRITE,
    request=PutSymlinkRequest,
    result=PutSymlinkResult,
    selectors=("symlink",),
    source=DOCS + "putsymlink",
)
GET_SYMLINK: Final = Operation(
    name="GetSymlink",
    method="GET",
    level=Level.OBJECT,
    access=Access.READ,
    request=GetSymlinkRequest,
    result=GetSymlinkResult,
    selectors=("symlink",),
    source=DOCS + "getsymlink",
)

OPERATIONS: Final = (PUT_SYMLINK, GET_SYMLINK)
