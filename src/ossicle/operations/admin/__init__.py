"""The administration: one function per route, from its typed request to its typed result.

Who calls was judged before. A refusal is a `RamError`, or an `OssError` where it is about a bucket.
"""

from ossicle.operations.admin import explaining, groups, policies, roles, users
from ossicle.operations.admin.registry import ANSWERS, Administration, Answerer, Services

__all__ = [
    "ANSWERS",
    "Administration",
    "Answerer",
    "Services",
    "explaining",
    "groups",
    "policies",
    "roles",
    "users",
]
