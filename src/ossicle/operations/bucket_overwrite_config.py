"""Operations on what may not be overwritten in a bucket, and whether a write is about that."""

from dataclasses import replace
from typing import Final

from ossicle.operations.settings import Rules, serve
from ossicle.services.identity import Principal
from ossicle.wire.api.bucket_overwrite_config import (
    OPERATIONS,
    OVERWRITE_CONFIG,
    PUT_BUCKET_OVERWRITE_CONFIG,
    OverwriteConfiguration,
    OverwritePrincipals,
    OverwriteRule,
)
from ossicle.wire.errors import MalformedXML, NoSuchBucketOverwriteConfig
from ossicle.wire.setting import Documents

_FORBID: Final = "forbid"
_MALFORMED: Final = PUT_BUCKET_OVERWRITE_CONFIG.malformed_ec


def _judge(configuration: OverwriteConfiguration) -> OverwriteConfiguration:
    if not configuration.rules or any(rule.action != _FORBID for rule in configuration.rules):
        raise MalformedXML(ec=_MALFORMED)
    return OverwriteConfiguration(rules=tuple(_completed(rule) for rule in configuration.rules))


def _completed(rule: OverwriteRule) -> OverwriteRule:
    return replace(
        rule,
        prefix=rule.prefix or "",
        suffix=rule.suffix or "",
        principals=rule.principals or OverwritePrincipals(),
    )


def is_overwrite_forbidden(documents: Documents, principal: Principal, key: str, asked: bool | None) -> bool:
    """Return whether a write may not displace what has this key: because its request says so, or a rule of the bucket."""
    if asked or not documents:
        return asked or False
    configuration = documents.get(OVERWRITE_CONFIG)
    return configuration is not None and any(_fits(rule, principal, key) for rule in configuration.rules)


def _fits(rule: OverwriteRule, principal: Principal, key: str) -> bool:
    # OSS: that a rule without principals is about everybody is unverified.
    whom = rule.principals.principals if rule.principals else ()
    if whom and principal.uid not in whom:
        return False
    return key.startswith(rule.prefix or "") and key.endswith(rule.suffix or "")


serve(
    Rules(
        setting=OVERWRITE_CONFIG,
        field="overwrite_configuration",
        judge=_judge,
        default=NoSuchBucketOverwriteConfig,
    ),
    *OPERATIONS,
)
