"""What few versions have, as the text that a store keeps of it: ASCII JSON of what there is, None where there is nothing."""

import json
from datetime import datetime
from typing import Any

from ossicle.model.objects import NO_TRAITS, Restoration, Traits
from ossicle.wire.encryption import Encryption


def render_traits(traits: Traits) -> str | None:
    """Return the text of a version's traits."""
    if traits is NO_TRAITS or traits == NO_TRAITS:
        return None
    present: dict[str, Any] = {}
    if traits.tags:
        present["tags"] = traits.tags
    if traits.symlink_target is not None:
        present["symlink_target"] = traits.symlink_target
    if traits.sealed_at is not None:
        present["sealed_at"] = traits.sealed_at.isoformat()
    if traits.encryption is not None:
        it = traits.encryption
        present["encryption"] = (it.algorithm, it.key_id, it.data_encryption)
    if traits.restoration is not None:
        present["restoration"] = (
            traits.restoration.ready_at.isoformat(),
            traits.restoration.expires_at.isoformat(),
        )
    if traits.is_sequential:
        present["sequential"] = True
    return json.dumps(present)


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
