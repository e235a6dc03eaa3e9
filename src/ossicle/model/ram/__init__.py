"""RAM: who besides an account's owner there is, and which policies say what they may do.

Source: https://help.aliyun.com/zh/ram/product-overview/what-is-ram
"""

from ossicle.model.ram.codec import parse, render
from ossicle.model.ram.entities import (
    Attachment,
    Entity,
    Group,
    ManagedPolicy,
    PolicyName,
    PolicyType,
    PolicyVersion,
    Role,
    TrustedUser,
    User,
    UserKey,
)
from ossicle.model.ram.system_policies import SYSTEM_POLICIES
from ossicle.model.ram.trust import TrustPolicy, parse_trust_policy
from ossicle.wire.ram_errors import RamError

__all__ = [
    "SYSTEM_POLICIES",
    "Attachment",
    "Entity",
    "Group",
    "ManagedPolicy",
    "PolicyName",
    "PolicyType",
    "PolicyVersion",
    "RamError",
    "Role",
    "TrustPolicy",
    "TrustedUser",
    "User",
    "UserKey",
    "parse",
    "parse_trust_policy",
    "render",
]
