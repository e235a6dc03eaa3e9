"""Judges the head of a request for what the parser lets through: pure, and before anything else looks at it.

Two readers that disagree on where a request ends, or on whom it is for, are a way past the signature check. So what
may be read in two ways is refused here, however harmless one of the readings is.
Source: RFC 9110 section 7.2, RFC 9112 sections 2.2, 3.2 and 6.1 to 6.3.
"""

import re
from collections.abc import Sequence

from ossicle.wire.records import record

_ABSOLUTE_FORM = re.compile(rb"https?://([^/?]*)(/.*|\?.*)?", re.IGNORECASE)
_VISIBLE_ASCII = re.compile(rb"[\x21-\x7e]+")
_TARGET_BYTES = 65_535  # httptools.parse_url takes no more, whatever EdgeLimits.head_bytes says
_NEEDS_LENGTH = (b"PUT", b"POST")


class Refused(Exception):
    """A request that never reaches the application, or is taken from it: an OSS error code, its status, its message.

    The codes are those that clients do not retry, unless sending the request again can help: never `BadRequest`.
    """

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message


@record
class Framing:
    """Where a request goes and where its body ends.

    `target` is in origin form. `content_length` is None where the body is chunked.
    """

    target: bytes
    content_length: int | None


def judge_head(
    method: bytes, target: bytes, headers: Sequence[tuple[bytes, bytes]], http_version: str, head_bytes: int
) -> Framing:
    """Framing of a head whose header names are lower case.

    Raises:
        Refused: InvalidArgument for a target or a Host that is missing, doubled or malformed, for a head over
            `head_bytes`; NotImplemented (400) for a transfer coding other than chunked; MissingContentLength (411).
    """
    size = len(target)
    hosts: list[bytes] = []
    codings: list[bytes] = []
    content_length: int | None = None
    for name, value in headers:
        size += len(name) + len(value) + 4
        if name == b"host":
            hosts.append(value)
        elif name == b"content-length":
            content_length = int(value)
        elif name == b"transfer-encoding":
            codings.append(value)
    if size > head_bytes:
        raise head_too_large(head_bytes)
    _judge_version(http_version)
    _judge_host(hosts, http_version)
    chunked = _judge_codings(codings, http_version)
    if content_length is None and not chunked and method in _NEEDS_LENGTH:
        raise Refused("MissingContentLength", 411, "You must provide the Content-Length HTTP header.")
    host = hosts[0] if hosts else b""
    return Framing(target=_origin_form(method, target, host), content_length=None if chunked else content_length or 0)


def head_too_large(head_bytes: int) -> Refused:
    """The refusal of a head, or of a chunked body's framing, that is longer than it may be."""
    return _invalid(f"The request line, headers or chunk framing are longer than {head_bytes} bytes.")


def too_many_requests() -> Refused:
    """The refusal of a request that would queue behind too many of its own connection."""
    return Refused("ActiveRequestLimitExceeded", 503, "Max active request limit is exceeded.")


def too_slow() -> Refused:
    """The refusal of a client that stopped in the middle of a request."""
    return Refused(
        "RequestTimeout",
        400,
        "Your socket connection to the server was not read from or written to within the timeout period. "
        "Idle connections will be closed.",
    )


def host_of(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """The one Host, as far as a head was read; empty where there is none or more than one."""
    hosts = [value for name, value in headers if name == b"host"]
    return hosts[0] if len(hosts) == 1 else b""


def _judge_version(http_version: str) -> None:
    # The parser takes 0.9 and 2.0 as well. 505 would be retried by SDKs, and cannot help.
    if http_version not in ("1.1", "1.0"):
        raise _invalid("The HTTP version must be 1.1 or 1.0.")


def _judge_host(hosts: list[bytes], http_version: str) -> None:
    if len(hosts) > 1:
        raise _invalid("The request has more than one Host header.")
    if http_version == "1.1" and not (hosts and hosts[0]):
        raise _invalid("The request has no Host header.")


def _judge_codings(codings: list[bytes], http_version: str) -> bool:
    if not codings:
        return False
    if len(codings) > 1 or codings[0].lower() != b"chunked":
        raise Refused(
            "NotImplemented",
            400,
            "A header you provided implies functionality that is not implemented: "
            "the only Transfer-Encoding understood is chunked.",
        )
    if http_version != "1.1":
        raise _invalid("HTTP/1.0 has no Transfer-Encoding.")
    return True


def _origin_form(method: bytes, target: bytes, host: bytes) -> bytes:
    if method == b"CONNECT":
        raise Refused("MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
    if len(target) > _TARGET_BYTES:
        raise _invalid(f"The request target is longer than {_TARGET_BYTES} bytes.")
    if not _VISIBLE_ASCII.fullmatch(target):
        raise _invalid("The request target must be percent-encoded ASCII.")
    # Parsers cut a fragment off: the object would land under a key other than the one that was asked for.
    if b"#" in target:
        raise _invalid("The request target must not hold a fragment; '#' in a key is written %23.")
    if target.startswith(b"/"):
        return target
    absolute = _ABSOLUTE_FORM.fullmatch(target)
    if absolute is None:
        raise _invalid("The request target must be a path.")
    # A server has to accept this form (RFC 9112 3.2.2). The authority wins over Host there: we want them to agree.
    if absolute[1].lower() != host.lower():
        raise _invalid("The request target and the Host header name different hosts.")
    rest = absolute[2] or b"/"
    return rest if rest.startswith(b"/") else b"/" + rest


def _invalid(message: str) -> Refused:
    return Refused("InvalidArgument", 400, message)
