"""An error as the document and headers in which it travels, both ways.

Source: https://help.aliyun.com/zh/oss/developer-reference/error-responses
"""

import base64
import binascii
import re
from typing import Final

from ossicle.wire.errors import MalformedXML, OssError
from ossicle.wire.http import Headers
from ossicle.wire.text import encode
from ossicle.wire.xml import DECLARATION, escape, parse_xml

DOCUMENT_BYTES_MAX: Final = 1024 * 1024
_TROUBLESHOOT: Final = "https://api.aliyun.com/troubleshoot?q="
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_COMMON: Final = frozenset({"Code", "Message", "RequestId", "HostId", "EC", "RecommendDoc"})


def render_error(error: OssError, *, request_id: str, host_id: str) -> bytes:
    """Return the XML document. Code and Message come first: some clients read no more than the first 4 KiB.

    What XML 1.0 can't hold becomes U+FFFD: a strict parser that refused the document would lose the reason as well.
    """
    parts = [("Code", error.code), ("Message", error.message), ("RequestId", request_id), ("HostId", host_id)]
    parts.extend(error.details.items())
    if error.ec is not None:
        parts.extend((("EC", error.ec), ("RecommendDoc", _TROUBLESHOOT + error.ec)))
    inner = "".join(f"  <{name}>{_fit(text)}</{name}>\n" for name, text in parts)
    return encode(f"{DECLARATION}<Error>\n{inner}</Error>\n")


def _fit(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def render_error_header(document: bytes) -> str:
    """Return the value of `x-oss-err`, which carries the document where an answer has no body."""
    return base64.b64encode(document).decode("ascii")


def parse_error(status: int, headers: Headers, body: bytes) -> OssError:
    """Return the error that an answer tells, as the class of its code.

    An answer without a readable document (a proxy's, say) becomes a plain `OssError` with the status.
    """
    try:
        document = body or _header_document(headers)
        root = parse_xml(document, limit_bytes=DOCUMENT_BYTES_MAX)
    except OssError:
        return _bare(status, headers)
    if root.name != "Error":
        return _bare(status, headers)
    found = {child.name: child.text for child in root.children}
    error = OssError.received(
        code=found.get("Code", "OssError"),
        status=status,
        message=found.get("Message", ""),
        ec=found.get("EC"),
        details={name: text for name, text in found.items() if name not in _COMMON},
    )
    error.request_id = found.get("RequestId") or headers.text(b"x-oss-request-id") or ""
    error.host_id = found.get("HostId", "")
    return error


def _header_document(headers: Headers) -> bytes:
    try:
        return base64.b64decode(headers.get(b"x-oss-err") or b"", validate=True)
    except binascii.Error as error:
        raise MalformedXML from error


def _bare(status: int, headers: Headers) -> OssError:
    error = OssError(f"The server answered {status} without an OSS error document.", status=status)
    error.request_id = headers.text(b"x-oss-request-id") or ""
    return error
