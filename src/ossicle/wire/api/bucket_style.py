"""Styles of a bucket: names for ways to process images."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record
from ossicle.wire.setting import MALFORMED_EC, Setting


@record
class StyleContent:
    """What a style does, as `x-oss-process` would say it."""

    content: Annotated[str | None, Tag("Content")] = None


@record
class StyleInfo:
    """A style: its name, what it does, and when that was said, as HTTP writes dates."""

    name: Annotated[str | None, Tag("Name")] = None
    content: Annotated[str | None, Tag("Content")] = None
    create_time: Annotated[str | None, Tag("CreateTime")] = None
    last_modify_time: Annotated[str | None, Tag("LastModifyTime")] = None
    category: Annotated[str | None, Tag("Category")] = None


@record
class StyleList:
    """The styles by name."""

    styles: Annotated[tuple[StyleInfo, ...], Tag("Style")] = ()


@record
class PutStyleRequest(RequestBase):
    """Say what a style does."""

    bucket: str
    style_name: Annotated[str, Parameter("styleName")]
    category: Annotated[str | None, Parameter("category")] = None
    style: Annotated[StyleContent | None, Body("Style")] = None


@record
class PutStyleResult(ResultBase):
    """Nothing but the request id."""


@record
class GetStyleRequest(RequestBase):
    """Ask what a style does."""

    bucket: str
    style_name: Annotated[str, Parameter("styleName")]


@record
class GetStyleResult(ResultBase):
    """The style."""

    style: Annotated[StyleInfo | None, Body("Style")] = None


@record
class DeleteStyleRequest(RequestBase):
    """Forget a style, if there is one of the name."""

    bucket: str
    style_name: Annotated[str, Parameter("styleName")]


@record
class DeleteStyleResult(ResultBase):
    """Nothing but the request id."""


@record
class ListStyleRequest(RequestBase):
    """Ask for all styles."""

    bucket: str


@record
class ListStyleResult(ResultBase):
    """The styles."""

    style_list: Annotated[StyleList | None, Body("StyleList")] = None


PUT_STYLE: Final = Operation(
    name="PutStyle",
    method="PUT",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=PutStyleRequest,
    result=PutStyleResult,
    selectors=(
        "style",
        "styleName",
    ),
    document_bytes_max=64 * 1024,
    malformed_ec=MALFORMED_EC,
    source=DOCS + "putstyle",
)
GET_STYLE: Final = Operation(
    name="GetStyle",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetStyleRequest,
    result=GetStyleResult,
    selectors=(
        "style",
        "styleName",
    ),
    source=DOCS + "getstyle",
)
DELETE_STYLE: Final = Operation(
    name="DeleteStyle",
    method="DELETE",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=DeleteStyleRequest,
    result=DeleteStyleResult,
    selectors=(
        "style",
        "styleName",
    ),
    success_status=204,
    source=DOCS + "deletestyle",
)
LIST_STYLE: Final = Operation(
    name="ListStyle",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=ListStyleRequest,
    result=ListStyleResult,
    selectors=("style",),
    source=DOCS + "liststyle",
)

STYLES: Final = Setting(kind="style", root="StyleList", document=StyleList)


OPERATIONS: Final = (PUT_STYLE, GET_STYLE, DELETE_STYLE, LIST_STYLE)
