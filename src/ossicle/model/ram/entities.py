"""Users, groups, roles and policies of an account, as they are kept: each with what hangs on it."""

from datetime import datetime
from enum import Enum
from typing import ClassVar

from ossicle.wire.records import record


class PolicyType(Enum):
    """Whose a policy is: everybody's from the beginning, or made in the account."""

    SYSTEM = "System"
    CUSTOM = "Custom"


@record
class PolicyName:
    """What a policy is called: both kinds have names of their own."""

    type: PolicyType
    name: str


@record
class Attachment:
    """A policy that counts for somebody, and since when."""

    policy: PolicyName
    attached_at: datetime


@record
class UserKey:
    """An access key of a user. `sealed_secret` is the secret, encrypted, base64."""

    access_key_id: str
    sealed_secret: str
    is_active: bool
    created_at: datetime


@record
class User:
    """A RAM user. `id` has 18 digits and is never given again; `groups` are the names of those it is in."""

    KIND: ClassVar = "User"

    id: str
    name: str
    display_name: str
    comments: str
    created_at: datetime
    keys: tuple[UserKey, ...] = ()
    groups: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@record
class Group:
    """Users that some policies count for together."""

    KIND: ClassVar = "Group"

    name: str
    comments: str
    created_at: datetime
    attachments: tuple[Attachment, ...] = ()


@record
class TrustedUser:
    """A user that a trust policy names: its name when the policy was put, and the id that the name belonged to."""

    name: str
    id: str


@record
class Role:
    """What can be assumed for some time. `trust_policy` is the document that says by whom; `session_seconds_max` bounds the time.

    `trusted_users` are the users of the role's own account in it: who has such a name later is not meant, and who was renamed still is.
    """

    KIND: ClassVar = "Role"

    id: str
    name: str
    description: str
    trust_policy: str
    session_seconds_max: int
    created_at: datetime
    trusted_users: tuple[TrustedUser, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@record
class PolicyVersion:
    """One text of a policy; `id` is v1, v2, ..."""

    id: str
    document: str
    created_at: datetime


@record
class ManagedPolicy:
    """A policy made in the account; the version of id `default_version` is the one that counts."""

    KIND: ClassVar = "Policy"

    name: str
    description: str
    default_version: str
    versions: tuple[PolicyVersion, ...]
    created_at: datetime

    @property
    def document(self) -> str:
        """The text that counts."""
        return next(version.document for version in self.versions if version.id == self.default_version)


Entity = User | Group | Role | ManagedPolicy
