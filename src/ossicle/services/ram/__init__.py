"""RAM: users, their keys, groups, policies and roles of an account.

Every method takes the account that it is about, and refuses as RAM does: see `RamError`.

Source: https://help.aliyun.com/zh/ram/developer-reference/api-ram-2015-05-01-overview
"""

from ossicle.ports import MetadataStore
from ossicle.services.ram.directory import Directory, Page
from ossicle.services.ram.groups import Groups
from ossicle.services.ram.keys import Keys, NewKey
from ossicle.services.ram.policies import Attached, Holder, Policies, PolicyView
from ossicle.services.ram.roles import Roles
from ossicle.services.ram.users import Users
from ossicle.services.sealing import Seal
from ossicle.wire.records import record
from ossicle.wire.sources import Clock, IdSource

__all__ = [
    "Attached",
    "Directory",
    "Groups",
    "Holder",
    "Keys",
    "NewKey",
    "Page",
    "Policies",
    "PolicyView",
    "Ram",
    "Roles",
    "Users",
]


@record
class Ram:
    """All of it."""

    users: Users
    keys: Keys
    groups: Groups
    policies: Policies
    roles: Roles

    @classmethod
    def on(cls, metadata: MetadataStore, seal: Seal, clock: Clock, ids: IdSource) -> "Ram":
        """Return the services of one store."""
        return cls(
            users=Users(metadata, clock, ids),
            keys=Keys(metadata, seal, clock, ids),
            groups=Groups(metadata, clock),
            policies=Policies(metadata, clock),
            roles=Roles(metadata, clock, ids),
        )
