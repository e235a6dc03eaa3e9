"""Uploading through a URL that somebody else signed: a plain PUT, without credentials."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from ossicle.client.bodies import SentBody
from ossicle.client.endpoint import Address, host_and_port
from ossicle.client.exchange import Outgoing, check_headers, compare_crc64, framed, is_success
from ossicle.client.failures import ParameterError
from ossicle.client.streams import read_document
from ossicle.client.transport import Transport
from ossicle.wire.error_document import parse_error
from ossicle.wire.errors import OssError
from ossicle.wire.http import Headers
from ossicle.wire.signing import SET_BY_PRESIGN, SET_BY_PRESIGN_DATED
from ossicle.wire.text import encode

_URL: Final = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/]+)(?P<target>/[!-~]*)")

_OF_THE_SIGNATURE: Final = SET_BY_PRESIGN | SET_BY_PRESIGN_DATED
_SIGNATURES: Final = frozenset(("x-oss-signature", "Signature"))


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadResult:
    """What the server stored; `etag` is quoted, `hash_crc64` decimal."""

    status_code: int
    size: int
    etag: str | None
    hash_crc64: str | None
    version_id: str | None
    request_id: str


def parse_url(url: str) -> tuple[Address, str]:
    """Return where a presigned URL leads, and its target exactly as it is written.

    Raises:
        ParameterError: it is no http or https URL. The message does not repeat it.
    """
    found = _URL.fullmatch(url.strip().partition("#")[0])
    place = None if found is None else host_and_port(found["scheme"], found["authority"])
    if found is None or place is None:
        raise ParameterError("this is no URL: http://HOST/... or https://HOST/..., percent-encoded and without spaces")
    (host, port), target = place, found["target"]
    address = Address(
        scheme=found["scheme"], host=host, port=port, authority=found["authority"], path=target.partition("?")[0]
    )
    return address, target


def upload(url: str, body: SentBody, *, headers: Mapping[str, str], transport: Transport) -> UploadResult:
    """Send `body` to a presigned URL with exactly these headers and none that OSS would count besides.

    Raises:
        OssError: the server refused; the class is that of the code.
        ClientError: there was no proper answer, or bytes changed on their way.
    """
    address, target = parse_url(url)
    check_headers(headers.items())
    fields = framed("PUT", address, headers.items(), body.length)
    outgoing = Outgoing(
        method="PUT",
        address=address,
        target=target,
        headers=tuple((encode(name), encode(value)) for name, value in fields),
    )
    answer = transport.send(outgoing, body)
    document = read_document(answer)
    if not is_success(answer.status):
        raise parse_error(answer.status, answer.headers, document)
    return _result(answer.status, answer.headers, body)


def _result(status: int, headers: Headers, body: SentBody) -> UploadResult:
    request_id, stored = headers.text(b"x-oss-request-id") or "", headers.text(b"x-oss-hash-crc64ecma")
    compare_crc64(body.crc64, stored, request_id)
    return UploadResult(
        status_code=status,
        size=body.sent_bytes,
        etag=headers.text(b"etag"),
        hash_crc64=stored,
        version_id=headers.text(b"x-oss-version-id"),
        request_id=request_id,
    )


def explain_mismatch(error: OssError, url: str, sent: Mapping[str, str]) -> str:
    """Return what the sender can do about a `SignatureDoesNotMatch`, from what the server says it received.

    The server shows the text that it computed, not the one that was signed, so the difference itself can't be shown.
    """
    parameters = _parameters(parse_url(url)[1].partition("?")[2])
    lines = error.details.get("CanonicalRequest", "").split("\n")
    if len(lines) < 3:
        # V1 and V2 sign a text without a canonical request, whose query may be less than was sent.
        lines = error.details.get("StringToSign", "").split("\n")
        received = _received_by_older(lines)
        changed = _changed_method(lines)
    else:
        received = _received_headers(lines)
        changed = _changed_line(lines, parameters)
    on_the_way = [*changed, *_changed_headers(received, sent)]
    if on_the_way:
        return f"something between here and the server changed the request: {'; '.join(on_the_way)}"
    signed_for = _signed_for(parameters)
    counted = ", ".join(f"{name}: {value}" for name, value in received.items())
    if not counted:
        return (
            "no header that counts was sent, but the URL may have been signed with some: "
            f"pass each one that came with it as -H 'Name: value'. {signed_for}"
        )
    return (
        f"the server counted these headers: {counted}. Each must be one that the URL was signed with, to the byte, and none of "
        f"those may be missing. {signed_for}"
    )


def _changed_line(lines: Sequence[str], parameters: set[tuple[str, str]]) -> list[str]:
    """Return how method and query arrived otherwise. No value is told: some are secret for as long as the URL works."""
    names = sorted({name for name, _ in parameters ^ _parameters(lines[2])})
    changed = _changed_method(lines)
    return [*changed, f"these query parameters did not arrive as sent: {', '.join(names)}"] if names else changed


def _changed_method(lines: Sequence[str]) -> list[str]:
    return [f"the method PUT arrived as {lines[0]}"] if lines[0] not in ("", "PUT") else []


def _changed_headers(received: Mapping[str, str], sent: Mapping[str, str]) -> list[str]:
    sent_lower = {name.lower(): value.strip() for name, value in sent.items()}
    changed = [
        f"{name} was sent as {value!r} and arrived as {received[name]!r}"
        for name, value in sent_lower.items()
        if received.get(name, value) != value
    ]
    return [*changed, *(f"{name} was added" for name in received if name not in sent_lower and name != "host")]


def _signed_for(parameters: set[tuple[str, str]]) -> str:
    """Return what else has to be as it was signed: the method, and parameters besides those that make the signature."""
    names = sorted({name for name, _ in parameters if name not in _OF_THE_SIGNATURE})
    return "The URL must have been signed for PUT" + (f" and with its parameters {', '.join(names)}" if names else "")


def _parameters(query: str) -> set[tuple[str, str]]:
    return {pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] not in _SIGNATURES}


def _received_headers(lines: Sequence[str]) -> dict[str, str]:
    """Return the header lines: the fourth element on, up to the empty line before the additional names."""
    pairs = (line.partition(":") for line in lines[3:-3])
    return {name: value for name, separator, value in pairs if separator}


def _received_by_older(lines: Sequence[str]) -> dict[str, str]:
    """Return the same of V1 and V2: digest and type have lines of their own, and the last line is the resource."""
    named = dict(zip(("content-md5", "content-type"), lines[1:3], strict=False))
    found = {name: value for name, value in named.items() if value}
    pairs = (line.partition(":") for line in lines[4:-1] if line.startswith("x-oss-"))
    return found | {name: value for name, _, value in pairs}
