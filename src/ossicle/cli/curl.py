"""A presigned request as a line for a POSIX shell."""

import re
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from ossicle.client.presign import PresignResult

_DOT_SEGMENT = re.compile(r"/\.{1,2}(?:/|$)")
_ENDS_IN_FOLDER = re.compile(r"/\.{0,2}$")
_GLOB = re.compile(r"[\[\]{}]")
_SENDS = frozenset(("put", "part", "complete"))
_ALL_PARTS = "x-oss-complete-all"
_METHODS = {
    "complete": ("-X", "POST"),
    "initiate": ("-X", "POST"),
    "head": ("-I",),
    "delete": ("-X", "DELETE"),
    "abort": ("-X", "DELETE"),
}


def curl_line(result: "PresignResult", verb: str, file: str | None) -> str:
    """Return a command that makes the request as it stands.

    It sends `file`, or standard input, where the request has a body; else it writes the answer there. A refusal is shown and makes
    curl exit with 22.
    """
    line = shlex.join(["curl", *_arguments(result, verb, file)])
    # A file that is called "-" is standard input already.
    is_redirected = file not in (None, "-") and _has_body(result, verb) and _sent(result, file) == "-"
    return f"{line} < {shlex.quote(file or '')}" if is_redirected else line


def has_dot_segment(result: "PresignResult") -> bool:
    """Whether the key has a part `.` or `..`, which many libraries take out of a path."""
    return _DOT_SEGMENT.search(_path(result)) is not None


def _arguments(result: "PresignResult", verb: str, file: str | None) -> Iterator[str]:
    yield from ("-sS", "--fail-with-body")
    if has_dot_segment(result):
        yield "--path-as-is"  # curl would take ".." out of the key
    if _GLOB.search(result.url + (file or "")):
        yield "--globoff"  # curl would take brackets and braces for a list of files or URLs
    has_body = _has_body(result, verb)
    if has_body:
        yield from ("-T", _sent(result, file))
    elif file is not None:
        yield from ("-o", file)
    yield from _METHODS.get(verb, ())
    if result.method == "POST" and not has_body:
        yield from ("-H", "Content-Length: 0")
    for name, value in result.signed_headers.items():
        # ";" is how curl is told to send a header that has no value.
        yield from ("-H", f"{name}: {value}" if value else f"{name};")
    yield result.url


def _has_body(result: "PresignResult", verb: str) -> bool:
    """Whether something is sent: to complete a list of parts, unless all that have arrived are meant."""
    return verb in _SENDS and not (
        verb == "complete" and _ALL_PARTS in {name.lower() for name in result.signed_headers}
    )


def _sent(result: "PresignResult", file: str | None) -> str:
    """Return what `-T` gets. To a URL that ends in `/`, `/.` or `/..` curl would add the file's name: there it is redirected."""
    return "-" if file is None or _ENDS_IN_FOLDER.search(_path(result)) else file


def _path(result: "PresignResult") -> str:
    return urlsplit(result.url).path
