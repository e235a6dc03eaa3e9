"""Actions that policies name: which there are, and what was probably meant by one that there is not."""

import json
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any


def strangers(actions: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give the actions of OSS, RAM and STS that are none, each with what was probably meant or ""."""
    from ossicle.model.wildcards import is_fitted

    known = {action.lower(): action for action in _known()}
    for action in actions:
        pattern = action.lower()
        if pattern.partition(":")[0] in _SERVICES and not any(is_fitted(name, (pattern,)) for name in known):
            close = get_close_matches(pattern, known, n=1, cutoff=0.7)
            yield action, known[close[0]] if close else ""


def actions_in(document: str) -> list[str]:
    """Return the actions that the statements of a policy name; none of what is no policy."""
    try:
        statements: Any = json.loads(document)["Statement"]
    except (ValueError, TypeError, KeyError):
        return []
    named = [
        statement.get(field)
        for statement in (statements if isinstance(statements, list) else [])
        if isinstance(statement, dict)
        for field in ("Action", "NotAction")
    ]
    each = [action for value in named for action in (value if isinstance(value, list) else [value])]
    return [action for action in each if isinstance(action, str)]


_SERVICES = frozenset({"oss", "ram", "sts"})


def _known() -> Iterator[str]:
    from ossicle.model.policy.actions import actions_of
    from ossicle.operations.sts import ACTIONS
    from ossicle.wire.admin import ROUTES
    from ossicle.wire.api import OPERATIONS

    for operation in OPERATIONS:
        for has_version in (False, True):
            yield from actions_of(operation.name, has_version=has_version, has_tags=True)
    yield from (f"ram:{route.name}" for route in ROUTES)
    yield from (f"sts:{action}" for action in ACTIONS)
