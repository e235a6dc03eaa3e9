"""What `ossicle bucket` can do with which setting: operations by setting and action."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Final, NamedTuple, TypeAlias, get_type_hints

import click

from ossicle.wire.api import OPERATIONS, SETTINGS
from ossicle.wire.api.bucket_acl import GET_BUCKET_ACL, PUT_BUCKET_ACL
from ossicle.wire.api.bucket_cname import CREATE_CNAME_TOKEN, DELETE_CNAME, GET_CNAME_TOKEN, LIST_CNAME, PUT_CNAME
from ossicle.wire.api.bucket_data_redundancy_transition import (
    CREATE_BUCKET_DATA_REDUNDANCY_TRANSITION,
    DELETE_BUCKET_DATA_REDUNDANCY_TRANSITION,
    GET_BUCKET_DATA_REDUNDANCY_TRANSITION,
    LIST_BUCKET_DATA_REDUNDANCY_TRANSITION,
)
from ossicle.wire.api.bucket_inventory import (
    DELETE_BUCKET_INVENTORY,
    GET_BUCKET_INVENTORY,
    LIST_BUCKET_INVENTORY,
    PUT_BUCKET_INVENTORY,
)
from ossicle.wire.api.bucket_policy import (
    DELETE_BUCKET_POLICY,
    GET_BUCKET_POLICY,
    GET_BUCKET_POLICY_STATUS,
    PUT_BUCKET_POLICY,
)
from ossicle.wire.api.bucket_replication import (
    DELETE_BUCKET_REPLICATION,
    GET_BUCKET_REPLICATION,
    GET_BUCKET_REPLICATION_LOCATION,
    GET_BUCKET_REPLICATION_PROGRESS,
    PUT_BUCKET_REPLICATION,
    PUT_BUCKET_RTC,
)
from ossicle.wire.api.bucket_style import DELETE_STYLE, GET_STYLE, LIST_STYLE, PUT_STYLE
from ossicle.wire.api.bucket_versioning import GET_BUCKET_VERSIONING, PUT_BUCKET_VERSIONING
from ossicle.wire.api.bucket_worm import (
    ABORT_BUCKET_WORM,
    COMPLETE_BUCKET_WORM,
    EXTEND_BUCKET_WORM,
    GET_BUCKET_WORM,
    INITIATE_BUCKET_WORM,
)
from ossicle.wire.binding import Body, JsonText, ResultBase
from ossicle.wire.operation import AnyOperation, Level
from ossicle.wire.records import record
from ossicle.wire.values import plain_type

_METHODS: Final = {"get": "GET", "put": "PUT", "delete": "DELETE"}


class Verb(NamedTuple):
    """One way to do an action: an operation, and which field of its request the VALUE is, if it takes one."""

    operation: AnyOperation
    value: str | None = None


Verbs: TypeAlias = Mapping[str, Sequence[Verb]]
"""By action; where there are several the VALUE that is given, or not, tells which is meant."""

_OWN_SHAPES: Final[Mapping[str, Verbs]] = {
    "acl": {"get": [Verb(GET_BUCKET_ACL)], "put": [Verb(PUT_BUCKET_ACL, "acl")]},
    "versioning": {"get": [Verb(GET_BUCKET_VERSIONING)], "put": [Verb(PUT_BUCKET_VERSIONING)]},
    "policy": {
        "get": [Verb(GET_BUCKET_POLICY)],
        "put": [Verb(PUT_BUCKET_POLICY)],
        "delete": [Verb(DELETE_BUCKET_POLICY)],
    },
    "policyStatus": {"get": [Verb(GET_BUCKET_POLICY_STATUS)]},
    "inventory": {
        "get": [Verb(LIST_BUCKET_INVENTORY), Verb(GET_BUCKET_INVENTORY, "inventory_id")],
        "put": [Verb(PUT_BUCKET_INVENTORY, "inventory_id")],
        "delete": [Verb(DELETE_BUCKET_INVENTORY, "inventory_id")],
    },
    "worm": {
        "get": [Verb(GET_BUCKET_WORM)],
        "put": [Verb(INITIATE_BUCKET_WORM)],
        "complete": [Verb(COMPLETE_BUCKET_WORM, "worm_id")],
        "extend": [Verb(EXTEND_BUCKET_WORM, "worm_id")],
        "delete": [Verb(ABORT_BUCKET_WORM)],
    },
    "style": {
        "get": [Verb(LIST_STYLE), Verb(GET_STYLE, "style_name")],
        "put": [Verb(PUT_STYLE, "style_name")],
        "delete": [Verb(DELETE_STYLE, "style_name")],
    },
    "cname": {"get": [Verb(LIST_CNAME)], "put": [Verb(PUT_CNAME)], "delete": [Verb(DELETE_CNAME)]},
    "cnameToken": {"get": [Verb(GET_CNAME_TOKEN, "cname")], "put": [Verb(CREATE_CNAME_TOKEN)]},
    "replication": {
        "get": [Verb(GET_BUCKET_REPLICATION)],
        "put": [Verb(PUT_BUCKET_REPLICATION)],
        "delete": [Verb(DELETE_BUCKET_REPLICATION)],
    },
    "replicationLocation": {"get": [Verb(GET_BUCKET_REPLICATION_LOCATION)]},
    "replicationProgress": {"get": [Verb(GET_BUCKET_REPLICATION_PROGRESS, "rule_id")]},
    "rtc": {"put": [Verb(PUT_BUCKET_RTC)]},
    "redundancyTransition": {
        "get": [
            Verb(LIST_BUCKET_DATA_REDUNDANCY_TRANSITION),
            Verb(GET_BUCKET_DATA_REDUNDANCY_TRANSITION, "redundancy_transition_taskid"),
        ],
        "put": [Verb(CREATE_BUCKET_DATA_REDUNDANCY_TRANSITION, "target_redundancy_type")],
        "delete": [Verb(DELETE_BUCKET_DATA_REDUNDANCY_TRANSITION, "redundancy_transition_taskid")],
    },
}


def bucket_settings() -> dict[str, Verbs]:
    """Return what can be done with each setting, by name: those of the one shape first."""
    known = {(each.selectors, each.method): each for each in OPERATIONS if each.level is Level.BUCKET}
    alike: dict[str, Verbs] = {
        setting.kind: {
            action: [Verb(known[setting.selectors, method])]
            for action, method in _METHODS.items()
            if (setting.selectors, method) in known
        }
        for setting in SETTINGS
    }
    return {**alike, **_OWN_SHAPES}


def find_verb(setting: str, action: str, value: str | None) -> tuple[str, Verb]:
    """Return what a setting is called, and what does the action.

    Raises:
        click.BadParameter: there is no such setting, or it has no such action.
        click.UsageError: a VALUE is missing or too much.
    """
    settings = bucket_settings()
    wanted = setting.replace("-", "").lower()
    name = next((each for each in settings if each.lower() == wanted), None)
    if name is None:
        raise click.BadParameter(f"{setting!r} is no setting; there are {', '.join(settings)}")
    verbs = settings[name].get(action)
    if verbs is None:
        raise click.BadParameter(f"there is no {action} of {name}; there is {', '.join(settings[name])}")
    for verb in verbs:
        if (verb.value is None) == (value is None):
            return name, verb
    if value is None:
        (field,) = (str(verb.value) for verb in verbs)
        raise click.UsageError(f"{action} {name} needs a VALUE behind the bucket: the {field.replace('_', ' ')}")
    raise click.UsageError(f"{action} {name} takes no {value!r}")


@record
class Document:
    """The document of a request or a result: in which field it is, and its record and root; None where it is JSON."""

    field: str
    kind: type | None = None
    root: str = ""


def document_of(message: type) -> Document | None:
    """Return where a request or result has its document, if it is a field of it."""
    hints = get_type_hints(message)
    for field in fields(message):
        for mark in getattr(field.type, "__metadata__", ()):
            if isinstance(mark, JsonText):
                return Document(field=field.name)
            kind = plain_type(hints[field.name])
            if isinstance(mark, Body) and isinstance(kind, type):
                return Document(field=field.name, kind=kind, root=mark.root)
    return None


def own_fields(result: ResultBase) -> dict[str, object]:
    """Return what a result tells that is no document in a field, but for where the bucket is."""
    unasked = {field.name for field in fields(ResultBase)} | {"location"}
    named = ((field.name, getattr(result, field.name)) for field in fields(result) if field.name not in unasked)
    return {name: value for name, value in named if value is not None}
