"""A policy as it is judged by: statements, in the order of the document."""

from enum import Enum
from typing import Final

from ossicle.model.policy.conditions import Condition
from ossicle.wire.records import record

EVERYBODY: Final = "*"


class Effect(Enum):
    """What a statement does to the requests that it fits."""

    ALLOW = "Allow"
    DENY = "Deny"


@record
class Names:
    """Patterns one of which must fit; with `is_inverted` (NotAction, NotResource, NotPrincipal), none."""

    patterns: tuple[str, ...]
    is_inverted: bool = False


@record
class ResourceName:
    """`acs:<service>:<region>:<owner>:<path>`, its parts apart: a pattern of one part never reaches into the next."""

    service: str
    region: str
    owner: str
    path: str


@record
class Resources:
    """Names of resources one of which must fit; with `is_inverted`, none."""

    patterns: tuple[ResourceName, ...]
    is_inverted: bool = False


@record
class Statement:
    """One statement. Actions are in lower case; `principals` is None in policies that are attached to somebody."""

    effect: Effect
    actions: Names
    resources: Resources
    principals: Names | None = None
    conditions: tuple[Condition, ...] = ()


@record
class Policy:
    """A policy that was found to be one."""

    statements: tuple[Statement, ...]
