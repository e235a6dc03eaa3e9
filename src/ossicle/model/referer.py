"""Whether a page may link to objects of a bucket.

Source: https://help.aliyun.com/zh/oss/user-guide/hotlink-protection
"""

from collections.abc import Iterable

from ossicle.model.wildcards import is_fitted
from ossicle.wire.api.bucket_referer import RefererConfiguration


def is_welcome(configuration: RefererConfiguration, referer: str) -> bool:
    """Whether a request with this Referer, which may be empty, is let in. The blacklist comes first; an empty list lets in all."""
    if not referer:
        return configuration.allow_empty_referer is not False
    black = configuration.referer_blacklist.referers if configuration.referer_blacklist is not None else ()
    if _is_on(black, configuration, referer):
        return False
    white = tuple(filter(None, configuration.referer_list.referers if configuration.referer_list is not None else ()))
    return not white or _is_on(white, configuration, referer)


def _is_on(patterns: Iterable[str], configuration: RefererConfiguration, referer: str) -> bool:
    return is_fitted(_cut(configuration, referer), patterns)


def _cut(configuration: RefererConfiguration, address: str) -> str:
    """Return what of an address is compared."""
    # A path is cut with its query, whatever is said of queries: `http://evil.example?.example.com` must not pass for a host.
    if configuration.allow_truncate_query_string is False and not configuration.truncate_path:
        return address
    address = address.partition("?")[0]
    if not configuration.truncate_path:
        return address
    scheme, mark, rest = address.partition("://")
    return scheme + mark + rest.partition("/")[0] if mark else address.partition("/")[0]
