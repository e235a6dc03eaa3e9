"""What few versions have, as the text that a store keeps of it: ASCII JSON of what there is, None where there is nothing."""

import json
from datetime import datetime
from typing import Any, Final

from ossicle.model.objects import NO_TRAITS, Restoration, Retention, Traits
from ossicle.wire.encryption import Encryption
from ossicle.wire.names import ObjectRetentionModeType

_ABSENT: Final = (None, (), False)


def render_traits(traits: Traits) -> str | None:
    """Return the text of a version's traits."""
    if traits is NO_TRAITS or traits == NO_TRAITS:
        return None
    sealed_at, it, restoration, retention = traits.sealed_at, traits.encryption, traits.restoration, traits.retention
    fields: dict[str, Any] = {
        "tags": traits.tags,
        "symlink_target": traits.symlink_target,
        "sealed_at": sealed_at and sealed_at.isoformat(),
        "encryption": it and (it.algorithm, it.key_id, it.data_encryption),
        "restoration": restoration and (restoration.ready_at.isoformat(), restoration.expires_at.isoformat()),
        "retention": retention and (retention.mode.value, retention.until.isoformat()),
        "held": traits.is_held,
        "sequential": traits.is_sequential,
    }
    return json.dumps({name: value for name, value in fields.items() if value not in _ABSENT})


def parse_traits(text: str | None) -> Traits:
    """Return the traits that a text tells of."""
    if text is None:
        return NO_TRAITS
    present = json.loads(text)
    sealed_at = present.get("sealed_at")
    return Traits(
        tags=tuple((key, value) for key, value in present.get("tags", ())),
        symlink_target=present.get("symlink_target"),
        sealed_at=None if sealed_at is None else datetime.fromisoformat(sealed_at),
        encryption=_parse_encryption(present.get("encryption")),
        restoration=_parse_restoration(present.get("restoration")),
        retention=_parse_retention(present.get("retention")),
        is_held=present.get("held", False),
        is_sequential=present.get("sequential", False),
    )


def _parse_encryption(found: list[str | None] | None) -> Encryption | None:
    if found is None:
        return None
    algorithm, key_id, data_encryption = found
    return Encryption(algorithm=algorithm or "", key_id=key_id, data_encryption=data_encryption)


def _parse_restoration(found: list[str] | None) -> Restoration | None:
    if found is None:
        return None
    ready_at, expires_at = map(datetime.fromisoformat, found)
    return Restoration(ready_at=ready_at, expires_at=expires_at)


def _parse_retention(found: list[str] | None) -> Retention | None:
    if found is None:
        return None
    mode, until = found
    return Retention(mode=ObjectRetentionModeType(mode), until=datetime.fromisoformat(until))
