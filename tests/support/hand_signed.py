"""Signatures as a program writes them that makes its signer by hand, with the mistakes that are made there."""

from ossicle.wire.http import Headers, Resource
from ossicle.wire.signing import (
    ALGORITHM,
    Scope,
    Version,
    canonical_headers,
    canonical_query,
    canonical_request,
    signature,
    signature_v1,
    signature_v2,
    signing_key,
    string_to_sign,
    v1,
    v2,
)
from ossicle.wire.text import encode, percent_encode, render_http_date
from tests.support.mistakes import BUCKET, KEY, NOW, REGION, Sent

PATH = f"/{BUCKET}/notes.txt"


def hand_signed(
    version: Version = Version.V4,
    *,
    path_text: str = PATH,
    query: str = "",
    query_text: str | None = None,
    key: bytes | None = None,
    secret: str = KEY.access_key_secret,
    scope: Scope | None = None,
    other_hash: bool = False,
) -> Sent:
    """Return a PUT of `notes.txt`, signed in its headers: each argument is a place to be wrong in.

    `path_text` and `query_text` are what is signed, whatever is sent; `key` signs in place of the derived one.
    """
    if version is Version.V4:
        return _v4(path_text, query, query_text, key, secret, scope)
    headers = {"Date": render_http_date(NOW)}
    if version is Version.V1:
        text = v1.string_to_sign("PUT", Headers(()), headers["Date"], path_text)
        made = (signature_v2 if other_hash else signature_v1)(secret, text)
        headers["Authorization"] = f"OSS {KEY.access_key_id}:{made}"
    else:
        resource = path_text if path_text != PATH else v2.canonical_resource(_resource(), ())
        text = v2.string_to_sign("PUT", Headers(()), headers["Date"], resource)
        made = (signature_v1 if other_hash else signature_v2)(secret, text)
        headers["Authorization"] = f"OSS2 AccessKeyId:{KEY.access_key_id},Signature:{made}"
    return Sent(path=PATH, query=query, headers=headers)


def _resource() -> Resource:
    return Resource(bucket=BUCKET, key=b"notes.txt")


def _v4(
    path_text: str, query: str, query_text: str | None, key: bytes | None, secret: str, scope: Scope | None
) -> Sent:
    moment = NOW.strftime("%Y%m%dT%H%M%SZ")
    told = Scope(date=moment[:8], region=REGION)
    signed_scope = scope or told
    headers = {"x-oss-date": moment, "x-oss-content-sha256": "UNSIGNED-PAYLOAD"}
    pairs = [tuple(part.partition("=")[::2]) for part in query.split("&") if part]
    form = canonical_request(
        method="PUT",
        uri=path_text,
        query=canonical_query([(name, value) for name, value in pairs]) if query_text is None else query_text,
        headers=canonical_headers(Headers((encode(n), encode(v)) for n, v in headers.items()), ()),
        additional=(),
        payload="UNSIGNED-PAYLOAD",
    )
    text = string_to_sign(datetime_text=moment, scope=signed_scope, canonical=form)
    made = signature(key or signing_key(secret, signed_scope), text)
    headers["Authorization"] = f"{ALGORITHM} Credential={KEY.access_key_id}/{told.text},Signature={made}"
    sent = "&".join(f"{percent_encode(encode(name))}={percent_encode(encode(value))}" for name, value in pairs)
    return Sent(path=PATH, query=sent, headers=headers)
