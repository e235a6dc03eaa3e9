"""Operations on a bucket's CORS rules, and how these are judged. Names of headers are kept in lower case."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from ossicle.operations.settings import Rules, serve
from ossicle.wire.api.bucket_cors import (
    CORS,
    DELETE_BUCKET_CORS,
    GET_BUCKET_CORS,
    PUT_BUCKET_CORS,
    CORSConfiguration,
    CORSRule,
)
from ossicle.wire.errors import CORSRuleBeyondLimit, InvalidArgument, MalformedXML, NoSuchCORSConfiguration

_RULES_MAX: Final = 10
_METHODS: Final = frozenset({"GET", "PUT", "DELETE", "POST", "HEAD"})
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'+.^_`|~-]+")
"""Of a header that is exposed: no `*`, and nothing that would end the header it is listed in."""


def _judge(configuration: CORSConfiguration) -> CORSConfiguration:
    if len(configuration.cors_rules) > _RULES_MAX:
        raise CORSRuleBeyondLimit
    rules = tuple(_judge_rule(rule) for rule in configuration.cors_rules)
    return CORSConfiguration(cors_rules=rules, response_vary=configuration.response_vary or False)


def _judge_rule(rule: CORSRule) -> CORSRule:
    if (rule.max_age_seconds or 0) < 0:
        raise MalformedXML
    _refuse("AllowedMethod", (method for method in rule.allowed_methods if method not in _METHODS))
    _refuse("AllowedOrigin", (origin for origin in rule.allowed_origins if origin.count("*") > 1))
    _refuse("AllowedHeader", (name for name in rule.allowed_headers if name.count("*") > 1))
    _refuse("ExposeHeader", (name for name in rule.expose_headers if not _HEADER_NAME.fullmatch(name)))
    return replace(rule, allowed_headers=tuple(name.lower() for name in rule.allowed_headers))


def _refuse(element: str, wrong: Iterable[str]) -> None:
    for value in wrong:
        raise InvalidArgument(argument_name=element, argument_value=value)


serve(
    Rules(setting=CORS, field="cors_configuration", judge=_judge, default=NoSuchCORSConfiguration),
    PUT_BUCKET_CORS,
    GET_BUCKET_CORS,
    DELETE_BUCKET_CORS,
)
