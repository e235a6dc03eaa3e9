"""Policies: who may do what, under which conditions. Documents are read and judged here; what they grant is not decided here."""

from ossicle.wire.policy.document import Condition, Effect, Policy, Statement, parse_bucket_policy
from ossicle.wire.policy.operators import OPERATORS

__all__ = ["OPERATORS", "Condition", "Effect", "Policy", "Statement", "parse_bucket_policy"]
