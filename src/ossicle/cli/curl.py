"""A presigned request as a line for a POSIX shell."""

import re
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from ossicle.client.presign import PresignResult

_DOT_SEGMENT = re.compile(r"/\.{1,2}(?:/|$)")


def curl_line(result: "PresignResult", verb: str, file: str | None) -> str:
    """Return a command that makes the request as it stands.

    It sends `file`, or standard input, where the request has a body; else it writes the answer there. A refusal is shown and makes
    curl exit with 22.
    """
    return shlex.join(["curl", *_arguments(result, verb, file)])


def _arguments(result: "PresignResult", verb: str, file: str | None) -> Iterator[str]:
    yield from ("-sS", "--fail-with-body")
    if _DOT_SEGMENT.search(urlsplit(result.url).path):
        yield "--path-as-is"  # curl would take ".." out of the key
    yield from _of_method(result.method, verb, file)
    for name, value in result.signed_headers.items():
        # ";" is how curl is told to send a header that has no value.
        yield from ("-H", f"{name}: {value}" if value else f"{name};")
    yield result.url


def _of_method(method: str, verb: str, file: str | None) -> Iterator[str]:
    match verb:
        case "put" | "part":
            yield from ("-T", file or "-")
        case "complete":
            yield from ("-X", "POST", "-T", file or "-")
        case "initiate":
            yield from ("-X", "POST", "-H", "Content-Length: 0")
        case "head":
            yield "-I"
        case "abort":
            yield from ("-X", method)
    if file is not None and verb in ("get", "head", "initiate", "abort"):
        yield from ("-o", file)
