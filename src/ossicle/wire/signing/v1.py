"""Signature V1: HMAC-SHA1 over method, three headers, the `x-oss-*` headers and the resource with its sub-resources.

Of a query only the sub-resources are signed: whoever has a V1 URL may change any other parameter of it.

Source: https://help.aliyun.com/zh/oss/developer-reference/include-signatures-in-the-authorization-header and
https://help.aliyun.com/zh/oss/developer-reference/add-signatures-to-urls
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable
from typing import Final

from ossicle.wire.errors import InvalidArgument
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.signing.dated import (
    DatedClaim,
    UrlParameters,
    header_date,
    header_token,
    leading_lines,
    parse_expires,
)
from ossicle.wire.signing.version import Version
from ossicle.wire.text import decode, encode

SCHEME: Final = "OSS"
PARAMETERS: Final = UrlParameters(
    access_key_id="OSSAccessKeyId",
    expires="Expires",
    signature="Signature",
    tokens=("security-token",),
    refusals={"Expires": ("0002-00000067", "0002-00000068")},
)
"""What signs a URL, by the names that travel."""
_PREFIX: Final = "x-oss-"
_SETTLED: Final = frozenset(
    {
        # What the answer shall say
        "response-content-type", "response-content-language", "response-expires", "response-cache-control",
        "response-content-disposition", "response-content-encoding",
        # Objects
        "acl", "append", "position", "seal", "uploads", "uploadId", "partNumber", "delete", "restore", "cleanRestoredObject",
        "symlink", "tagging", "objectMeta", "objectInfo", "versionId", "sequential", "callback", "callback-var", "asyncFetch",
        "link", "group", "img", "style", "styleName",
        # Buckets
        "location", "bucketInfo", "stat", "cors", "logging", "website", "referer", "lifecycle", "policy", "policyStatus",
        "encryption", "versioning", "versions", "requestPayment", "qos", "qosInfo", "inventory", "inventoryId",
        "continuation-token", "worm", "wormId", "wormExtend", "replication", "replicationLocation", "replicationProgress", "rtc",
        "transferAcceleration", "cname", "comp", "metaQuery", "resourceGroup", "httpsConfig", "accessPoint",
        "accessPointPolicy", "publicAccessBlock", "resourcePool", "userDefinedLogFieldsConfig", "overwriteConfig",
        "dataRedundancyTransition", "redundancyTransition", "bucketArchiveDirectRead", "requesterQosInfo", "qosRequester",
        "resourcePoolInfo", "resourcePoolBuckets",
        # The service
        "regionList", "cloudboxes",
        # Live streams
        "live", "status", "vod", "startTime", "endTime",
        "security-token",
    }
)  # fmt: skip
# OSS: names that some official SDKs sign and others leave out, the whole family of x-oss-* among them (unverified which of the two
# the real service expects). The official Python SDK V2 leaves out x-oss-*, `accessmonitor` and `regions`; it alone signs the others.
_UNSETTLED: Final = frozenset(
    {
        "accessmonitor", "regions", "MetaQuery", "dataPipeline", "legalHold", "metadataConfiguration",
        "metadataInventoryTable", "metadataJournalTable", "objectWorm", "quota", "retention",
    }
)  # fmt: skip
SUB_RESOURCES: Final = _SETTLED | _UNSETTLED
"""The query parameters that are signed, besides all that begin with `x-oss-`. Letter case counts."""


def is_sub_resource(name: str) -> bool:
    """Whether a parameter is part of the signed resource."""
    return name in SUB_RESOURCES or name.startswith(_PREFIX)


def parse_header(headers: Headers, text: str) -> DatedClaim:
    """Return what `Authorization: OSS <text>` claims.

    Raises:
        InvalidArgument: it is not `AccessKeyId:Signature`.
        AccessDenied: there is no valid date.
    """
    access_key_id, colon, made = text.strip(" ").partition(":")
    if not (access_key_id and colon and made) or ":" in made:
        raise InvalidArgument("The Authorization header is malformed. Expected: OSS AccessKeyId:Signature")
    signed_at, date_lines = header_date(headers)
    return DatedClaim(
        version=Version.V1,
        access_key_id=access_key_id,
        signed_at=signed_at,
        expires_at=None,
        date_lines=date_lines,
        signature=made,
        security_token=header_token(headers),
    )


def parse_query(query: Query, headers: Headers) -> DatedClaim:
    """Return what `OSSAccessKeyId`, `Expires` and `Signature` claim.

    Raises:
        AccessDenied: one is missing or empty, or `Expires` is no number.
        InvalidArgument: one stands there twice.
        InvalidRequest: the security token came as a header.
    """
    access_key_id, expires, made = PARAMETERS.read(query)
    return DatedClaim(
        version=Version.V1,
        access_key_id=access_key_id,
        signed_at=None,
        expires_at=parse_expires(expires),
        date_lines=(expires,),
        signature=made,
        security_token=PARAMETERS.token(query, headers),
    )


def canonical_resource(
    resource: Resource, pairs: Iterable[tuple[str, str]], left_out: frozenset[str] = frozenset()
) -> str:
    """Return `/`, `/bucket/` or `/bucket/key`, with the sub-resources among the decoded parameters; nothing is encoded."""
    path = "/" if resource.bucket is None else f"/{resource.bucket}/{decode(resource.key or b'')}"
    signed = sorted(pair for pair in pairs if is_sub_resource(pair[0]) and pair[0] not in left_out)
    return path + ("?" + "&".join([f"{name}={value}" if value else name for name, value in signed]) if signed else "")


def string_to_sign(method: str, headers: Headers, date_line: str, resource: str) -> str:
    """Return the text that is signed; `resource` is the canonical one."""
    return leading_lines(method, headers, date_line) + resource


def strings_to_sign(request: Request, resource: Resource, claim: DatedClaim) -> list[str]:
    """Return the texts that a claim may be the signature of: what most signers build, then what only some do."""
    pairs = request.query.pairs
    readings = [canonical_resource(resource, pairs, names) for names in _left_out(request.query, claim)]
    return [
        string_to_sign(request.method, request.headers, date_line, reading)
        for reading in readings
        for date_line in claim.date_lines
    ]


def _left_out(query: Query, claim: DatedClaim) -> list[frozenset[str]]:
    if claim.expires_at is not None:
        # A URL is used by somebody else, who could add what it leaves out.
        return [frozenset()]
    prefixed = frozenset(name for name in query.names() if name.startswith(_PREFIX))
    unsettled = _UNSETTLED.intersection(query.names())
    # Most often there are none of either.
    return list(dict.fromkeys((frozenset(), prefixed, unsettled, prefixed | unsettled)))


def signature(secret: str, text: str) -> str:
    """Return base64 of HMAC-SHA1 under an access key's secret: of a string to sign, or of the policy of a form."""
    return b64encode(hmac.digest(encode(secret), encode(text), "sha1")).decode("ascii")
