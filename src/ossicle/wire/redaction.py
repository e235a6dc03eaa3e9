"""The one way a request target may be written down: in a log, an error text or a metric."""

from typing import Final

_KEPT: Final = frozenset(
    {
        "list-type", "prefix", "delimiter", "marker", "max-keys", "start-after", "encoding-type", "fetch-owner",
        "continuation-token", "uploads", "uploadId", "partNumber", "versionId", "cors", "bucketInfo", "location", "acl",
    }
)  # fmt: skip


def redact_target(target: str) -> str:
    """Return `target` (a path with query, or a URL) with the values of all but plainly harmless parameters taken out.

    What is not on the list is taken out: a parameter nobody thought of can't leak a signature or a token. User information
    before the host goes too.
    """
    path, has_query, query = target.partition("?")
    scheme, has_host, rest = path.partition("://")
    if has_host and "@" in rest.partition("/")[0]:
        path = f"{scheme}://-@{rest.partition('@')[2]}"
    return path + ("?" + "&".join(_redact(part) for part in query.split("&")) if has_query else "")


def _redact(part: str) -> str:
    name, has_value, _ = part.partition("=")
    return part if name in _KEPT or not has_value else f"{name}=-"
