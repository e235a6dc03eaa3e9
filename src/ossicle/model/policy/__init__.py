"""Policies: documents that allow and deny, read with precise errors, and the judgement of a request by any number of them.

Nothing here asks a store or a clock: what a request is, is told by `Ask`.

Source: https://help.aliyun.com/zh/oss/user-guide/ram-policy-overview, https://help.aliyun.com/zh/ram/policy-structure-and-syntax
"""

from ossicle.model.policy.document import Effect, Policy, Statement
from ossicle.model.policy.evaluation import Ask, Decision, Verdict, decide, evaluate
from ossicle.model.policy.parsing import BucketRules, PolicyError, parse_bucket_policy, parse_ram_policy
from ossicle.model.policy.publicity import is_public

__all__ = [
    "Ask",
    "BucketRules",
    "Decision",
    "Effect",
    "Policy",
    "PolicyError",
    "Statement",
    "Verdict",
    "decide",
    "evaluate",
    "is_public",
    "parse_bucket_policy",
    "parse_ram_policy",
]
