"""The one way a request target may be written down: in a log, an error text or a metric."""

import re
from typing import Final

_USER: Final = re.compile("([A-Za-z][A-Za-z0-9+.-]*://)[^/]*@")
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
    return _without_user(path) + has_query + (_redact(query) if query else "") + ("#-" if has_fragment else "")


def _without_user(path: str) -> str:
    # Only of a URL: a path that looks like one is a key, and stays.
    found = None if path.startswith("/") else _USER.match(path)
    return path if found is None else f"{found[1]}-@{path[found.end() :]}"


def _redact(query: str) -> str:
    shown: list[str] = []
    for part in query.split("&"):
        name, has_value, _ = part.partition("=")
        if name in _KEPT:
            shown.append(part)
        elif has_value:
            shown.append(name + "=-")
        else:
            shown.append("-" if name else "")
    return "&".join(shown)
