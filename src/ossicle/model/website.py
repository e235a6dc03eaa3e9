"""Where a bucket that is a website sends a request for a page: to an object of its own, or elsewhere.

Source: https://help.aliyun.com/zh/oss/user-guide/hosting-static-websites
"""

from collections.abc import Callable, Sequence
from typing import Final

from ossicle.wire.api.bucket_website import (
    IndexDocument,
    RoutingRule,
    RoutingRuleCondition,
    RoutingRuleIncludeHeader,
    RoutingRuleRedirect,
    WebsiteConfiguration,
)
from ossicle.wire.records import record

Header = Callable[[str], str | None]
"""Tells a header of the request by its name."""

_KEY: Final = "${key}"
_CODE: Final = 301
_INTERNAL: Final = "Internal"
_SENDING: Final = ("External", "AliCDN")
REDIRECT, NO_PAGE, PAGE = 0, 1, 2
"""What a folder without its slash is."""


@record
class Sending:
    """Where a request is sent instead: to another object, or with a status to another address.

    `protocol` and `host` are None for those of the request.
    """

    key: str
    status: int | None = None
    protocol: str | None = None
    host: str | None = None
    passes_query: bool = False


def page_of(website: WebsiteConfiguration, key: str) -> str | None:
    """Return the key of the object that is the page of a path; None where the root has none."""
    index = website.index_document
    if key == "":
        return None if index is None else index.suffix
    if key.endswith("/") and index is not None and index.support_sub_dir:
        return f"{key}{index.suffix}"
    return key


def page_of_folder(website: WebsiteConfiguration, key: str) -> tuple[str, IndexDocument] | None:
    """Return the page of the folder that a key without its slash may be; None where that is asked for nobody."""
    index = website.index_document
    if index is None or not index.support_sub_dir or index.type == NO_PAGE or not key or key.endswith("/"):
        return None
    return f"{key}/{index.suffix}", index


def route(website: WebsiteConfiguration, key: str, header: Header, status: int | None) -> Sending | None:
    """Return where the first rule that fits sends a request, which would else be answered with a status, or, None, is not answered yet."""
    rules: Sequence[RoutingRule] = website.routing_rules.routing_rules if website.routing_rules is not None else ()
    for rule in sorted(rules, key=lambda rule: rule.rule_number or 0):
        sending = _send(rule, key, header, status)
        if sending is not None:
            return sending
    return None


def _send(rule: RoutingRule, key: str, header: Header, status: int | None) -> Sending | None:
    redirect, condition = rule.redirect, rule.condition or RoutingRuleCondition()
    if redirect is None or not _fits(condition, key, header, status):
        return None
    target = _renamed(redirect, condition, key)
    if redirect.redirect_type == _INTERNAL:
        return None if target == key else Sending(key=target)
    if redirect.redirect_type not in _SENDING:
        return None  # nothing is fetched from an origin
    return Sending(
        key=target,
        status=redirect.http_redirect_code or _CODE,
        protocol=redirect.protocol or None,
        host=redirect.host_name or None,
        passes_query=redirect.pass_query_string or False,
    )


def _renamed(redirect: RoutingRuleRedirect, condition: RoutingRuleCondition, key: str) -> str:
    if redirect.replace_key_with is not None:
        return redirect.replace_key_with.replace(_KEY, key)
    # OSS: that EnableReplacePrefix without a prefix cuts off the one of the condition is how its page reads; unverified.
    if redirect.replace_key_prefix_with is not None or redirect.enable_replace_prefix:
        return (redirect.replace_key_prefix_with or "") + key.removeprefix(condition.key_prefix_equals or "")
    return key


def _fits(condition: RoutingRuleCondition, key: str, header: Header, status: int | None) -> bool:
    if condition.http_error_code_returned_equals != status:
        return False
    if not (key.startswith(condition.key_prefix_equals or "") and key.endswith(condition.key_suffix_equals or "")):
        return False
    return all(_has(wanted, header(wanted.key or "")) for wanted in condition.include_headers)


def _has(wanted: RoutingRuleIncludeHeader, value: str | None) -> bool:
    if value is None:
        return False
    return (
        wanted.equals in (None, value)
        and value.startswith(wanted.starts_with or "")
        and value.endswith(wanted.ends_with or "")
    )
