"""Domains that are bound to a bucket."""

from typing import Annotated, ClassVar, Final

from ossicle.wire.binding import Body, Parameter, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record
from ossicle.wire.setting import MALFORMED_EC, Setting


@record
class CertificateConfiguration:
    """A certificate for the domain, by its id or itself. `force` replaces another one, `delete_certificate` removes it."""

    cert_id: Annotated[str | None, Tag("CertId")] = None
    certificate: Annotated[str | None, Tag("Certificate")] = None
    private_key: Annotated[str | None, Tag("PrivateKey")] = None
    previous_cert_id: Annotated[str | None, Tag("PreviousCertId")] = None
    force: Annotated[bool | None, Tag("Force")] = None
    delete_certificate: Annotated[bool | None, Tag("DeleteCertificate")] = None


@record
class Cname:
    """A domain that is to be bound."""

    domain: Annotated[str | None, Tag("Domain")] = None
    certificate_configuration: Annotated[CertificateConfiguration | None, Tag("CertificateConfiguration")] = None
    is_wild_card: Annotated[bool | None, Tag("IsWildCard")] = None


@record
class BucketCnameConfiguration:
    """The domain that a request is about."""

    cname: Annotated[Cname | None, Tag("Cname")] = None


@record
class CnameToken:
    """What a record of the domain has to say, so that its owner is known."""

    bucket: Annotated[str | None, Tag("Bucket")] = None
    cname: Annotated[str | None, Tag("Cname")] = None
    token: Annotated[str | None, Tag("Token")] = None
    expire_time: Annotated[str | None, Tag("ExpireTime")] = None


@record
class CnameCertificate:
    """The certificate of a domain."""

    type: Annotated[str | None, Tag("Type")] = None
    cert_id: Annotated[str | None, Tag("CertId")] = None
    status: Annotated[str | None, Tag("Status")] = None
    creation_date: Annotated[str | None, Tag("CreationDate")] = None
    fingerprint: Annotated[str | None, Tag("Fingerprint")] = None
    valid_start_date: Annotated[str | None, Tag("ValidStartDate")] = None
    valid_end_date: Annotated[str | None, Tag("ValidEndDate")] = None


@record
class CnameInfo:
    """A domain that is bound, and since when."""

    domain: Annotated[str | None, Tag("Domain")] = None
    last_modified: Annotated[str | None, Tag("LastModified")] = None
    status: Annotated[str | None, Tag("Status")] = None
    is_wild_card: Annotated[bool | None, Tag("IsWildCard")] = None
    certificate: Annotated[CnameCertificate | None, Tag("Certificate")] = None


@record
class BoundCnames:
    """The domains of a bucket as they are kept."""

    cnames: Annotated[tuple[CnameInfo, ...], Tag("Cname")] = ()


@record
class PutCnameRequest(RequestBase):
    """Bind a domain. Kept and told; which domains lead to buckets is said when the server is started."""

    bucket: str
    bucket_cname_configuration: Annotated[BucketCnameConfiguration | None, Body("BucketCnameConfiguration")] = None


@record
class PutCnameResult(ResultBase):
    """Nothing but the request id."""


@record
class DeleteCnameRequest(RequestBase):
    """Unbind a domain, if it is bound."""

    bucket: str
    bucket_cname_configuration: Annotated[BucketCnameConfiguration | None, Body("BucketCnameConfiguration")] = None


@record
class DeleteCnameResult(ResultBase):
    """Nothing but the request id."""


@record
class CreateCnameTokenRequest(RequestBase):
    """Ask what the domain has to say before it is bound. Here it need not."""

    bucket: str
    bucket_cname_configuration: Annotated[BucketCnameConfiguration | None, Body("BucketCnameConfiguration")] = None


@record
class CreateCnameTokenResult(ResultBase):
    """The token."""

    cname_token: Annotated[CnameToken | None, Body("CnameToken")] = None


@record
class GetCnameTokenRequest(RequestBase):
    """Ask for the token again."""

    bucket: str
    cname: Annotated[str, Parameter("cname")]
    wildcard: Annotated[bool | None, Parameter("wildcard")] = None


@record
class GetCnameTokenResult(ResultBase):
    """The token."""

    cname_token: Annotated[CnameToken | None, Body("CnameToken")] = None


@record
class ListCnameRequest(RequestBase):
    """Ask for the domains of a bucket."""

    bucket: str


@record
class ListCnameResult(ResultBase):
    """The domains, and the account whose bucket it is."""

    XML_ROOT: ClassVar[str] = "ListCnameResult"
    bucket: Annotated[str | None, Tag("Bucket")] = None
    owner: Annotated[str | None, Tag("Owner")] = None
    cnames: Annotated[tuple[CnameInfo, ...], Tag("Cname")] = ()


PUT_CNAME: Final = Operation(
    name="PutCname",
    method="POST",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=PutCnameRequest,
    result=PutCnameResult,
    selectors=(
        "cname",
        "comp=add",
    ),
    document_bytes_max=64 * 1024,
    malformed_ec=MALFORMED_EC,
    source=DOCS + "putcname",
)
DELETE_CNAME: Final = Operation(
    name="DeleteCname",
    method="POST",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=DeleteCnameRequest,
    result=DeleteCnameResult,
    selectors=(
        "cname",
        "comp=delete",
    ),
    document_bytes_max=64 * 1024,
    malformed_ec=MALFORMED_EC,
    source=DOCS + "deletecname",
)
CREATE_CNAME_TOKEN: Final = Operation(
    name="CreateCnameToken",
    method="POST",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=CreateCnameTokenRequest,
    result=CreateCnameTokenResult,
    selectors=(
        "cname",
        "comp=token",
    ),
    document_bytes_max=64 * 1024,
    malformed_ec=MALFORMED_EC,
    source=DOCS + "createcnametoken",
)
GET_CNAME_TOKEN: Final = Operation(
    name="GetCnameToken",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetCnameTokenRequest,
    result=GetCnameTokenResult,
    selectors=(
        "cname",
        "comp=token",
    ),
    source=DOCS + "getcnametoken",
)
LIST_CNAME: Final = Operation(
    name="ListCname",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=ListCnameRequest,
    result=ListCnameResult,
    selectors=("cname",),
    source=DOCS + "listcname",
)

CNAMES: Final = Setting(kind="cname", root="BoundCnames", document=BoundCnames)


OPERATIONS: Final = (PUT_CNAME, DELETE_CNAME, CREATE_CNAME_TOKEN, GET_CNAME_TOKEN, LIST_CNAME)
