"""The one way what a request brought may be written down: in a log, an error text or a metric."""

import re
from typing import Final

_USER: Final = re.compile("([A-Za-z][A-Za-z0-9+.-]*://)[^/]*@")
_PROOF: Final = re.compile(
    r"((?:signature|security-?token|credential|access-?key-?id)(?:=|%(?:25)*3D))(?:(?!%(?:25)*(?:26|3F|20|0A))[^&?\s\"'<>,;])+",
    re.IGNORECASE,
)
"""A parameter that proves something, wherever it stands, however often it is percent-encoded."""
_AUTHORIZATION: Final = re.compile(r"(OSS[ +]+[^:\s]{1,128}:)[A-Za-z0-9+/]{27}=")
_KEPT: Final = frozenset(
    {
        "list-type", "prefix", "delimiter", "marker", "max-keys", "start-after", "encoding-type", "fetch-owner",
        "continuation-token", "uploads", "uploadId", "partNumber", "versionId", "cors", "bucketInfo", "location", "acl",
    }
)  # fmt: skip


def redact_target(target: str) -> str:
    """Return `target` (a path with query, or a URL) with the values of all but plainly harmless parameters taken out.

    What is not on the list is taken out: a parameter nobody thought of can't leak a signature or a token. User information
    before the host goes too, and so does a fragment.
    """
    address, has_fragment, _ = target.partition("#")
    path, has_query, query = address.partition("?")
    return (
        redact_text(_without_user(path))
        + has_query
        + (_redact(query) if query else "")
        + ("#-" if has_fragment else "")
    )


def redact_text(text: str) -> str:
    """Return `text` (a key, a path, what a program calls itself) with the values of signatures and tokens taken out.

    They stand there when the `?` of a presigned URL was sent as `%3F` or as `&`, which makes its query a part of the key, or when
    the URL was pasted somewhere else.
    """
    if "=" not in text and "%" not in text:
        return text
    return _AUTHORIZATION.sub(r"\1-", _PROOF.sub(r"\1-", text))


def _without_user(path: str) -> str:
    # Only of a URL: a path that looks like one is a key, and stays.
    found = None if path.startswith("/") else _USER.match(path)
    return path if found is None else f"{found[1]}-@{path[found.end() :]}"


def _redact(query: str) -> str:
    shown: list[str] = []
    for part in query.split("&"):
        name, has_value, _ = part.partition("=")
        if name in _KEPT:
            shown.append(redact_text(part))
        elif has_value:
            shown.append(name + "=-")
        else:
            shown.append("-" if name else "")
    return "&".join(shown)
