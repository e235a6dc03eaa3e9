"""Documents of bucket policies: what they say, and what is refused with which words."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.errors import InvalidPolicyDocument
from ossicle.wire.policy import OPERATORS, Condition, Effect, Statement, parse_bucket_policy

ONE: dict[str, object] = {
    "Effect": "Allow",
    "Action": ["oss:GetObject", "oss:List*"],
    "Resource": "acs:oss:*:*:pics/a/*",
    "Principal": ["*"],
}


def policy(*statements: object, **more: object) -> bytes:
    return json.dumps({"Version": "1", "Statement": list(statements), **more}).encode()


def test_what_a_policy_says() -> None:
    conditions = {
        "IpAddress": {"acs:SourceIp": ["10.0.0.0/8", "::1"]},
        "Bool": {"acs:SecureTransport": True},
        "StringLike": {"oss:Prefix": ["", "a/*"]},
        "NumericLessThan": {"oss:x-oss-size": 7},
    }
    other = {"Effect": "Deny", "NotAction": "oss:*", "NotResource": "*", "NotPrincipal": "20214760404935",
             "Sid": "two", "Condition": conditions}  # fmt: skip
    first, second = parse_bucket_policy(policy(ONE, other), "pics").statements
    assert first == Statement(
        effect=Effect.ALLOW,
        actions=("oss:GetObject", "oss:List*"),
        resources=("acs:oss:*:*:pics/a/*",),
        principals=("*",),
    )
    assert (second.is_not_action, second.is_not_resource, second.is_not_principal) == (True, True, True)
    assert second.conditions == (
        Condition(operator="IpAddress", key="acs:SourceIp", values=("10.0.0.0/8", "::1")),
        Condition(operator="Bool", key="acs:SecureTransport", values=("true",)),
        Condition(operator="StringLike", key="oss:Prefix", values=("", "a/*")),
        Condition(operator="NumericLessThan", key="oss:x-oss-size", values=("7",)),
    )
    assert parse_bucket_policy(json.dumps({"Version": "1", "Statement": ONE}).encode(), "pics").statements == (first,)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "Invalid JSON"),
        (b"{", "Invalid JSON"),
        (b"[" * 10_000, "Invalid JSON"),
        (b"\xff", "Invalid JSON"),
        (b"[]", "must be an object"),
        (b'{"Version": "1", "Version": "1", "Statement": []}', "stands twice"),
        (b'{"Statement": []}', "Version"),
        (policy(), "Statement must be a list"),
        (policy(ONE, Id="x"), "Id is no element of a policy"),
        (policy("x"), "statement 1 must be an object"),
        (policy(ONE, {**ONE, "Effect": "allow"}), "statement 2: Effect"),
        (policy({**ONE, "Actions": "x"}), "Actions is no element"),
        (policy({**ONE, "NotAction": "oss:*"}), "either Action or NotAction"),
        (policy({key: ONE[key] for key in ("Effect", "Action", "Resource")}), "either Principal or NotPrincipal"),
        (policy({**ONE, "Action": []}), "Action must be a text"),
        (policy({**ONE, "Action": [1]}), "Action must be a text"),
        (policy({**ONE, "Action": "s3:GetObject"}), "'s3:GetObject' is no action"),
        (policy({**ONE, "Resource": "pics/*"}), "'pics/*' is no resource"),
        (policy({**ONE, "Resource": "acs:oss:*:*:other/*"}), "not in this bucket"),
        (policy({**ONE, "Principal": "ann"}), "'ann' is no principal"),
        (policy({**ONE, "Condition": []}), "Condition must be an object"),
        (policy({**ONE, "Condition": {"Like": {}}}), "'Like' is no operator"),
        (policy({**ONE, "Condition": {"Bool": {}}}), "Bool must be an object"),
        (policy({**ONE, "Condition": {"Bool": {"x": "true"}}}), "'x' is no condition key"),
        (policy({**ONE, "Condition": {"Bool": {"acs:MFAPresent": "yes"}}}), "'yes' is no value for Bool"),
        (policy({**ONE, "Condition": {"Bool": {"acs:MFAPresent": []}}}), "must have a value"),
        (policy({**ONE, "Condition": {"IpAddress": {"acs:SourceIp": "10.0.0"}}}), "no value for IpAddress"),
        (policy({**ONE, "Condition": {"NumericEquals": {"oss:x": "1e3"}}}), "no value for NumericEquals"),
        (policy({**ONE, "Condition": {"DateLessThan": {"acs:CurrentTime": "soon"}}}), "no value for DateLessThan"),
        (policy({**ONE, "Condition": {"StringEquals": {"oss:Prefix": {}}}}), "no value for StringEquals"),
    ],
)
def test_what_is_no_policy(raw: bytes, told: str) -> None:
    with pytest.raises(InvalidPolicyDocument) as refused:
        parse_bucket_policy(raw, "pics")
    assert refused.value.message.startswith("Invalid Policy: ")
    assert told in refused.value.message


@pytest.mark.parametrize(
    ("statement", "is_public"),
    [
        (ONE, True),
        ({**ONE, "Effect": "Deny"}, False),
        ({**ONE, "Principal": ["20214760404935"]}, False),
        ({**ONE, "Condition": {"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}}}, False),
        ({**ONE, "Condition": {"IpAddress": {"acs:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}}}, True),
        ({**ONE, "Condition": {"NotIpAddress": {"acs:SourceIp": "10.0.0.0/8"}}}, True),
        ({**ONE, "Condition": {"Bool": {"acs:SecureTransport": "true"}}}, True),
    ],
)
def test_whether_everybody_is_let_in(statement: dict[str, object], is_public: bool) -> None:
    assert parse_bucket_policy(policy(statement), "pics").is_public is is_public


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["Allow", "*", "oss:*", "1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Version", "Statement", "Effect", "Action", "Resource", "Principal", "Condition", *OPERATORS]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(ANY)
def test_whatever_comes_is_a_policy_or_refused_as_none(document: object) -> None:
    # Any other error would be told as one of the server.
    with suppress(InvalidPolicyDocument):
        assert parse_bucket_policy(json.dumps(document).encode(), "pics").statements
