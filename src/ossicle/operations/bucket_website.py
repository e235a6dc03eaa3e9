"""Operations on the website that a bucket is, and how it is judged."""

import re
from dataclasses import replace
from typing import Final

from ossicle.operations.settings import Rules, serve
from ossicle.wire.api.bucket_website import (
    OPERATIONS,
    PUT_BUCKET_WEBSITE,
    WEBSITE,
    ErrorDocument,
    IndexDocument,
    RoutingRule,
    RoutingRuleRedirect,
    RoutingRules,
    WebsiteConfiguration,
)
from ossicle.wire.errors import InvalidArgument, MalformedXML, NoSuchWebsiteConfiguration, OssError

_RULES_MAX: Final = 20
_MIRROR: Final = "Mirror"
_TYPES: Final = (_MIRROR, "External", "Internal", "AliCDN")
_CODES: Final = (301, 302, 307)
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?")
_NOT_FOUND: Final = 404


def _malformed() -> OssError:
    return MalformedXML(ec=PUT_BUCKET_WEBSITE.malformed_ec)


def _refuse(name: str, value: object) -> OssError:
    return InvalidArgument(argument_name=name, argument_value=str(value))


def _judge(website: WebsiteConfiguration) -> WebsiteConfiguration:
    rules = website.routing_rules.routing_rules if website.routing_rules is not None else ()
    if website.index_document is None and website.error_document is None and website.routing_rules is None:
        raise _malformed()
    if len(rules) > _RULES_MAX:
        raise _refuse("RoutingRules", len(rules))
    if len({rule.rule_number for rule in rules}) != len(rules):
        raise _refuse("RuleNumber", rules[0].rule_number)
    return replace(
        website,
        index_document=None if website.index_document is None else _judge_index(website.index_document),
        error_document=None if website.error_document is None else _judge_error(website.error_document),
        routing_rules=None
        if website.routing_rules is None
        else RoutingRules(routing_rules=tuple(map(_judge_rule, rules))),
    )


def _judge_index(index: IndexDocument) -> IndexDocument:
    if not index.suffix:
        raise _malformed()
    if "/" in index.suffix:
        raise _refuse("Suffix", index.suffix)
    kind = index.type or 0
    if kind not in (0, 1, 2):
        raise _refuse("Type", kind)
    has_folders = index.support_sub_dir or False
    return IndexDocument(suffix=index.suffix, support_sub_dir=has_folders, type=kind if has_folders else index.type)


def _judge_error(error: ErrorDocument) -> ErrorDocument:
    if not error.key:
        raise _malformed()
    status = error.http_status or _NOT_FOUND
    if status not in (200, _NOT_FOUND):
        raise _refuse("HttpStatus", status)
    return ErrorDocument(key=error.key, http_status=status)


def _judge_rule(rule: RoutingRule) -> RoutingRule:
    redirect, condition = rule.redirect, rule.condition
    if rule.rule_number is None or redirect is None or condition is None:
        raise _malformed()
    if rule.rule_number < 1:
        raise _refuse("RuleNumber", rule.rule_number)
    if redirect.redirect_type not in _TYPES:
        raise _malformed()
    if redirect.redirect_type == _MIRROR:
        if condition.http_error_code_returned_equals != _NOT_FOUND:
            raise _refuse("HttpErrorCodeReturnedEquals", condition.http_error_code_returned_equals)
        return rule
    _judge_redirect(redirect)
    return replace(
        rule,
        redirect=replace(
            redirect,
            pass_query_string=redirect.pass_query_string or False,
            enable_replace_prefix=redirect.enable_replace_prefix or False,
        ),
    )


def _judge_redirect(redirect: RoutingRuleRedirect) -> None:
    if redirect.http_redirect_code is not None and redirect.http_redirect_code not in _CODES:
        raise _refuse("HttpRedirectCode", redirect.http_redirect_code)
    if redirect.replace_key_with is not None and redirect.replace_key_prefix_with is not None:
        raise _refuse("ReplaceKeyWith", redirect.replace_key_with)
    if redirect.replace_key_with and redirect.enable_replace_prefix:
        raise _refuse("EnableReplacePrefix", "true")
    # OSS: how it refuses what is no host, and protocols that are none, is unverified.
    if redirect.host_name and _HOST.fullmatch(redirect.host_name) is None:
        raise _refuse("HostName", redirect.host_name)
    if redirect.protocol and redirect.protocol not in ("http", "https"):
        raise _refuse("Protocol", redirect.protocol)


serve(
    Rules(setting=WEBSITE, field="website_configuration", judge=_judge, default=NoSuchWebsiteConfiguration), *OPERATIONS
)
