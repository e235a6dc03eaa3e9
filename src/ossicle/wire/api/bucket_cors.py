"""Operations on a bucket's CORS rules: which pages of other origins may use it from a browser."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record
from ossicle.wire.setting import Setting


@record
class CORSRule:
    """One rule. Origins and header names may hold one `*`; methods are GET, PUT, DELETE, POST and HEAD."""

    allowed_origins: Annotated[tuple[str, ...], Tag("AllowedOrigin")]
    allowed_methods: Annotated[tuple[str, ...], Tag("AllowedMethod")]
    allowed_headers: Annotated[tuple[str, ...], Tag("AllowedHeader")] = ()
    expose_headers: Annotated[tuple[str, ...], Tag("ExposeHeader")] = ()
    max_age_seconds: Annotated[int | None, Tag("MaxAgeSeconds")] = None


@record
class CORSConfiguration:
    """One to ten rules; the first that fits decides. `response_vary` adds `Vary: Origin`."""

    cors_rules: Annotated[tuple[CORSRule, ...], Tag("CORSRule")]
    response_vary: Annotated[bool | None, Tag("ResponseVary")] = None


@record
class PutBucketCorsRequest(RequestBase):
    """Replace the rules of a bucket."""

    bucket: str
    cors_configuration: Annotated[CORSConfiguration | None, Body("CORSConfiguration")] = None


@record
class PutBucketCorsResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketCorsRequest(RequestBase):
    """Ask for the rules of a bucket."""

    bucket: str


@record
class GetBucketCorsResult(ResultBase):
    """The rules."""

    cors_configuration: Annotated[CORSConfiguration | None, Body("CORSConfiguration")] = None


@record
class DeleteBucketCorsRequest(RequestBase):
    """Remove the rules of a bucket."""

    bucket: str


@record
class DeleteBucketCorsResult(ResultBase):
    """Nothing but the request id."""


CORS: Final = Setting(kind="cors", root="CORSConfiguration", document=CORSConfiguration)
PUT_BUCKET_CORS: Final = Operation(
    name="PutBucketCors",
    method="PUT",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=PutBucketCorsRequest,
    result=PutBucketCorsResult,
    selectors=("cors",),
    document_bytes_max=16 * 1024,
    source=DOCS + "putbucketcors",
)
GET_BUCKET_CORS: Final = Operation(
    name="GetBucketCors",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketCorsRequest,
    result=GetBucketCorsResult,
    selectors=("cors",),
    source=DOCS + "getbucketcors",
)
DELETE_BUCKET_CORS: Final = Operation(
    name="DeleteBucketCors",
    method="DELETE",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=DeleteBucketCorsRequest,
    result=DeleteBucketCorsResult,
    selectors=("cors",),
    success_status=204,
    source=DOCS + "deletebucketcors",
)

OPERATIONS: Final = (PUT_BUCKET_CORS, GET_BUCKET_CORS, DELETE_BUCKET_CORS)
