"""What few versions have, as the text that a store keeps of it: ASCII JSON of what there is, None where there is nothing."""

import json
from datetime import datetime
from typing import Any

from ossicle.model.objects import NO_TRAITS, Traits


def render_traits(traits: Traits) -> str | None:
    """Return the text of a version's traits."""
    if traits is NO_TRAITS:
        return None
    present: dict[str, Any] = {}
    if traits.tags:
        present["tags"] = traits.tags
    if traits.symlink_target is not None:
        present["symlink_target"] = traits.symlink_target
    if traits.sealed_at is not None:
        present["sealed_at"] = traits.sealed_at.isoformat()
    return json.dumps(present) if present else None


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
    )
