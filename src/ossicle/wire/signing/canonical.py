"""The texts that V4 hashes and signs, built from a request.

Text here is what `wire.text.decode` makes of bytes, so that a header in Latin-1 keeps its bytes until they are hashed.

Source: https://help.aliyun.com/zh/oss/developer-reference/recommend-to-use-signature-version-4
"""

import hmac
from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Final

from ossicle.wire.http import Headers, Query, Resource
from ossicle.wire.signing.scope import ALGORITHM, Scope
from ossicle.wire.text import decode, encode, percent_encode, percent_encode_path

UNSIGNED_PAYLOAD: Final = "UNSIGNED-PAYLOAD"
SIGNATURE_PARAMETER: Final = "x-oss-signature"
"""The only query parameter that is not signed."""
_PREFIX: Final = b"x-oss-"
_NAMES: Final = frozenset((b"content-type", b"content-md5"))


def is_signed_by_default(name: bytes) -> bool:
    """Whether the header of this lower-case name is signed whenever it is there."""
    return name.startswith(_PREFIX) or name in _NAMES


def additional_names(listed: Iterable[str]) -> tuple[bytes, ...]:
    """Return the additional headers of a list: lower case, sorted, each once, without those that are signed anyway."""
    names = {encode(name.lower()) for name in listed}
    return tuple(sorted(name for name in names if not is_signed_by_default(name)))


def canonical_uri(resource: Resource) -> str:
    """Return `/`, `/bucket/` or `/bucket/key`, whatever the address style; nothing in a key is normalised."""
    if resource.bucket is None:
        return "/"
    return "/" + percent_encode_path(encode(resource.bucket) + b"/" + (resource.key or b""))


def canonical_query(pairs: Iterable[tuple[str, str]]) -> str:
    """Return decoded parameters encoded anew and sorted; one with an empty value is its name alone.

    This is the form every signer agrees on when nothing outside `A-Z a-z 0-9 - . _ ~` is left raw in the URL.
    """
    return join_parameters(encode_parameters(pair for pair in pairs if pair[0] != SIGNATURE_PARAMETER))


def encode_parameters(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return decoded parameters encoded as they are signed."""
    return [(percent_encode(encode(name)), percent_encode(encode(value))) for name, value in pairs]


def canonical_query_as_received(query: Query) -> str:
    """Return the parameters sorted but otherwise as they were sent, with `+` as `%20`."""
    # OSS: the official C# SDK signs its wire text, which leaves `! * ( )` raw, while Node's sends the same marks raw and signs
    # them encoded. Which of the two the real service takes is unknown (unverified), so both are.
    signed = [sent for sent, (name, _) in zip(query.segments, query.pairs, strict=True) if name != SIGNATURE_PARAMETER]
    if b"+" in query.raw:
        signed = [(name.replace("+", "%20"), value.replace("+", "%20")) for name, value in signed]
    return join_parameters(signed)


def join_parameters(pairs: list[tuple[str, str]]) -> str:
    """Return encoded parameters sorted, as they are signed."""
    pairs.sort()
    return "&".join([f"{name}={value}" if value else name for name, value in pairs if name or value])


def canonical_headers(headers: Headers, additional: Collection[bytes], *, with_empty: bool = True) -> str:
    """Return one `name:value` line, each with its LF, for every header that is signed.

    Repeated fields are joined with a comma. Without `with_empty` the default-signed ones that have no value are left out.
    """
    signed = [
        (name, value)
        for name, value in headers.items()
        # `is_signed_by_default`, but without a call for each of the headers that nobody signed
        if ((name[:6] == _PREFIX or name in _NAMES) and (value or with_empty)) or name in additional
    ]
    if not signed:
        return ""
    signed.sort()
    return decode(b"".join([b"%b:%b\n" % field for field in signed]))


def canonical_request(
    *, method: str, uri: str, query: str, headers: str, additional: Collection[bytes], payload: str
) -> str:
    """Join the six elements. `payload` is the hash of the body as the request tells it, or `UNSIGNED-PAYLOAD`."""
    listed = decode(b";".join(additional)) if additional else ""
    return f"{method.upper()}\n{uri}\n{query}\n{headers}\n{listed}\n{payload}"


def payload_hash(headers: Headers) -> str:
    """Return the text that stands for the body: `x-oss-content-sha256` as it is, else `UNSIGNED-PAYLOAD`."""
    # OSS: that a header-signed request without the header, or with an empty one, goes on with the literal is unverified.
    return headers.text(b"x-oss-content-sha256") or UNSIGNED_PAYLOAD


def string_to_sign(*, datetime_text: str, scope: Scope, canonical: str) -> str:
    """Return the four lines that are signed; `datetime_text` is that of `x-oss-date`."""
    return f"{ALGORITHM}\n{datetime_text}\n{scope.text}\n{sha256(encode(canonical)).hexdigest()}"


def signature(key: bytes, text: str) -> str:
    """Return the signature of a string to sign under a signing key: 64 lower-case hex digits."""
    return hmac.digest(key, encode(text), "sha256").hex()
