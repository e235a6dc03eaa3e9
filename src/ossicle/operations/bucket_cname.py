"""Operations on the domains of a bucket. They are kept and told; that a domain leads to a bucket is said with `--cname`."""

import hashlib
import re
from datetime import timedelta
from typing import Final

from ossicle.operations.context import Context
from ossicle.operations.registry import handles
from ossicle.wire.api.bucket_cname import (
    CNAMES,
    CREATE_CNAME_TOKEN,
    DELETE_CNAME,
    GET_CNAME_TOKEN,
    LIST_CNAME,
    PUT_CNAME,
    BoundCnames,
    BucketCnameConfiguration,
    Cname,
    CnameCertificate,
    CnameInfo,
    CnameToken,
    CreateCnameTokenRequest,
    CreateCnameTokenResult,
    DeleteCnameRequest,
    DeleteCnameResult,
    GetCnameTokenRequest,
    GetCnameTokenResult,
    ListCnameRequest,
    ListCnameResult,
    PutCnameRequest,
    PutCnameResult,
)
from ossicle.wire.errors import InvalidArgument, MalformedXML
from ossicle.wire.text import render_http_date, render_iso_millis

_DOMAIN: Final = re.compile(r"(?=.{3,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")
_ENABLED: Final = "Enabled"
_NO_CNAMES: Final = BoundCnames()
_TOKEN_LIFETIME: Final = timedelta(hours=72)


@handles(PUT_CNAME)
async def put_cname(context: Context, request: PutCnameRequest) -> PutCnameResult:
    """Bind a domain, or change its certificate."""
    cname = _judge(request.bucket_cname_configuration)
    # OSS: binds a domain only when its DNS has the token. Here nobody asks the DNS, since no request is led by it.
    bound = CnameInfo(
        domain=cname.domain,
        last_modified=render_iso_millis(context.clock().replace(microsecond=0)),
        status=_ENABLED,
        is_wild_card=cname.is_wild_card,
        certificate=_certificate(cname),
    )

    def bind(found: BoundCnames | None) -> BoundCnames:
        others = tuple(each for each in (found or _NO_CNAMES).cnames if each.domain != cname.domain)
        return BoundCnames(cnames=(*others, bound))

    await context.services.buckets.change_setting(context.bucket, CNAMES, bind)
    return PutCnameResult()


def _certificate(cname: Cname) -> CnameCertificate | None:
    """Return what is told of a certificate. The certificate itself and its key are not kept."""
    wanted = cname.certificate_configuration
    if wanted is None or wanted.delete_certificate or not wanted.cert_id:
        return None
    return CnameCertificate(type="CAS", cert_id=wanted.cert_id, status=_ENABLED)


@handles(DELETE_CNAME)
async def delete_cname(context: Context, request: DeleteCnameRequest) -> DeleteCnameResult:
    """Unbind a domain."""
    cname = _judge(request.bucket_cname_configuration)

    def unbind(found: BoundCnames | None) -> BoundCnames | None:
        left = tuple(each for each in (found or _NO_CNAMES).cnames if each.domain != cname.domain)
        return BoundCnames(cnames=left) if left else None

    await context.services.buckets.change_setting(context.bucket, CNAMES, unbind)
    return DeleteCnameResult()


@handles(CREATE_CNAME_TOKEN)
async def create_cname_token(context: Context, request: CreateCnameTokenRequest) -> CreateCnameTokenResult:
    """Tell what the DNS of a domain would have to say."""
    return CreateCnameTokenResult(cname_token=_token(context, _judge(request.bucket_cname_configuration).domain or ""))


@handles(GET_CNAME_TOKEN)
async def get_cname_token(context: Context, request: GetCnameTokenRequest) -> GetCnameTokenResult:
    """Tell the token of a domain again."""
    return GetCnameTokenResult(cname_token=_token(context, _judge_domain(request.cname)))


@handles(LIST_CNAME)
async def list_cname(context: Context, _: ListCnameRequest) -> ListCnameResult:
    """Tell the domains of the bucket."""
    found = await context.services.buckets.setting(context.bucket, CNAMES) or _NO_CNAMES
    return ListCnameResult(bucket=context.bucket.name, owner=context.bucket.owner, cnames=found.cnames)


def _token(context: Context, domain: str) -> CnameToken:
    # No secret, for a DNS publishes it, and the same whenever it is asked for.
    seed = f"{context.bucket.id}/{context.bucket.name}/{domain}".encode()
    return CnameToken(
        bucket=context.bucket.name,
        cname=domain,
        token=hashlib.md5(seed, usedforsecurity=False).hexdigest(),
        expire_time=render_http_date(context.clock() + _TOKEN_LIFETIME),
    )


def _judge(configuration: BucketCnameConfiguration | None) -> Cname:
    if configuration is None or configuration.cname is None or configuration.cname.domain is None:
        raise MalformedXML(ec=PUT_CNAME.malformed_ec)
    _judge_domain(configuration.cname.domain)
    return configuration.cname


def _judge_domain(domain: str) -> str:
    # OSS: the code for what is no domain is unverified.
    if _DOMAIN.fullmatch(domain.lower()) is None:
        raise InvalidArgument(argument_name="Domain", argument_value=domain)
    return domain
