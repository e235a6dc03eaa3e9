"""Documents of policies: what is refused, with which words, and what may stand in the one kind and not in the other."""

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.model.policy import BucketRules, Effect, PolicyError, parse_bucket_policy, parse_ram_policy
from ossicle.model.policy.conditions import OPERATORS

RULES = BucketRules(bucket="pics", owner="1000000000000001")
ONE: dict[str, object] = {
    "Effect": "Allow",
    "Action": ["oss:GetObject", "oss:List*"],
    "Resource": "acs:oss:*:*:pics/a/*",
    "Principal": ["*"],
}
RAM = {key: ONE[key] for key in ("Effect", "Action", "Resource")}


def policy(*statements: object, **more: object) -> bytes:
    return json.dumps({"Version": "1", "Statement": list(statements), **more}).encode()


def test_what_a_policy_says() -> None:
    other = {"Effect": "Deny", "NotAction": "oss:Get*", "NotResource": "acs:oss:*:*:pics/b", "NotPrincipal": "20214760404935",
             "Sid": "two", "Condition": {"Bool": {"acs:SecureTransport": True}, "StringLike": {"oss:Prefix": ["", "a/*"]}}}  # fmt: skip
    first, second = parse_bucket_policy(policy(ONE, other), RULES).statements
    assert first.effect is Effect.ALLOW
    assert first.actions.patterns == ("oss:getobject", "oss:list*")
    assert first.resources.patterns[0].path == "pics/a/*"
    assert first.principals is not None
    assert (first.principals.patterns, first.principals.is_inverted) == (("*",), False)
    inverted = second.actions, second.resources, second.principals
    assert all(names is not None and names.is_inverted for names in inverted)
    assert [(each.operator.name, each.key, each.values) for each in second.conditions] == [
        ("Bool", "acs:SecureTransport", (True,)),
        ("StringLike", "oss:Prefix", ("", "a/*")),
    ]
    alone = json.dumps({"Version": "1", "Statement": ONE}).encode()
    assert parse_bucket_policy(alone, RULES).statements == (first,)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "Invalid JSON"),
        (b"{", "Invalid JSON"),
        (b"[" * 100_000, "Invalid JSON"),
        (b"\xff", "not UTF-8"),
        (b"[NaN]", "NaN is no value"),
        (b"[]", "must be a JSON object"),
        (b'{"Version": "1", "Version": "1", "Statement": []}', "Version stands there twice"),
        (b'{"Statement": []}', "Version must be"),
        (b'{"Version": 1, "Statement": []}', "Version must be"),
        (policy(), "at least one statement"),
        (policy(ONE, Id="x"), "Id is not an element"),
        (policy("x"), "Statement[0] must be an object"),
        (policy(ONE, {**ONE, "Effect": "allow"}), "Statement[1].Effect"),
        (policy({**ONE, "Actions": "x"}), "Statement[0].Actions is not an element"),
        (policy({**ONE, "NotAction": "oss:*"}), "exactly one of Action and NotAction"),
        (policy(RAM), "exactly one of Principal and NotPrincipal"),
        (policy({**ONE, "Action": []}), "Action must be a string"),
        (policy({**ONE, "Action": [1]}), "Action must be a string"),
        (policy({**ONE, "Action": "GetObject"}), "GetObject must be like oss:GetObject"),
        (policy({**ONE, "Action": "ecs:Start"}), "ecs:Start is not an action of OSS"),
        (policy({**ONE, "Resource": "pics/*"}), "pics/* must be like acs:oss"),
        (policy({**ONE, "Resource": "acs:oss:*:*:other/*"}), "not in the bucket pics"),
        (policy({**ONE, "Resource": "acs:oss:*:2:pics"}), "not of the bucket's owner"),
        (policy({**ONE, "Principal": "ann"}), "ann must be a UID"),
        (policy({**ONE, "Condition": []}), "Condition must be an object"),
        (policy({**ONE, "Condition": {"Like": {"oss:Prefix": "a"}}}), "Like is not an operator"),
        (policy({**ONE, "Condition": {"Bool": {}}}), "object of at least one key"),
        (policy({**ONE, "Condition": {"Bool": {"acs:Sun": "true"}}}), "acs:Sun is not a key"),
        (policy({**ONE, "Condition": {"Bool": {"acs:MFAPresent": "yes"}}}), "yes must be true or false"),
        (policy({**ONE, "Condition": {"Bool": {"acs:MFAPresent": []}}}), "must be a string"),
        (policy({**ONE, "Condition": {"IpAddress": {"acs:SourceIp": "10.0.0"}}}), "an IP address or a CIDR block"),
        (
            policy({**ONE, "Condition": {"IpAddress": {"acs:SourceIp": "10.0.0.0/0.0.0.0"}}}),
            "an IP address or a CIDR block",
        ),
        (policy({**ONE, "Condition": {"IpAddress": {"acs:SourceIp": "fe80::1%1"}}}), "an IP address or a CIDR block"),
        (policy({**ONE, "Condition": {"IpAddress": {"acs:SourceIp": 10}}}), "an IP address or a CIDR block"),
        (policy({**ONE, "Condition": {"NumericEquals": {"oss:BucketTag/n": "1_0"}}}), "must be a number"),
        (policy({**ONE, "Condition": {"NumericEquals": {"oss:BucketTag/n": " 7"}}}), "must be a number"),
        (policy({**ONE, "Condition": {"NumericEquals": {"oss:BucketTag/n": "\u0667"}}}), "must be a number"),
        (policy({**ONE, "Condition": {"DateLessThan": {"acs:CurrentTime": 1767225600}}}), "must be a time"),
        (policy({**ONE, "Resource": "acs:oss:::pics"}), "must be like acs:oss"),
        (policy({**ONE, "Condition": {"DateLessThan": {"acs:CurrentTime": "soon"}}}), "must be a time"),
        (policy({**ONE, "Condition": {"StringEquals": {"oss:Prefix": {}}}}), "must be a string"),
    ],
)
def test_what_is_no_policy_of_a_bucket(raw: bytes, told: str) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_bucket_policy(raw, RULES)
    assert told in str(refused.value)


def test_what_is_attached_to_somebody_names_nobody() -> None:
    (statement,) = parse_ram_policy(policy({**RAM, "Action": "ecs:*", "Resource": "*"})).statements
    assert statement.principals is None
    for name in ("Principal", "NotPrincipal"):
        with pytest.raises(PolicyError, match="policies of buckets only"):
            parse_ram_policy(policy({**RAM, name: "*"}))


@pytest.mark.parametrize("key", ["Acs:SourceIp", "ACS:SOURCEIP", "acs:sourceip", "OSS:Prefix", "oss:prefix"])
def test_a_key_of_ours_in_other_letters_is_not_somebody_else_s(key: str) -> None:
    # It would be one that no request says anything of: a deny by it would never hold.
    with pytest.raises(PolicyError, match="is not a key of conditions"):
        parse_ram_policy(policy({**RAM, "Effect": "Deny", "Condition": {"StringLike": {key: "10.*"}}}))


@pytest.mark.parametrize(
    "action", ["oss:GetObject", "OSS:*", "o*:GetObject", "?ss:PutObject", "*:GetObject", "*", "r*:ListUsers"]
)
def test_a_statement_that_fits_a_service_of_ours_may_ask_for_its_keys_only(action: str) -> None:
    with pytest.raises(PolicyError, match="is not a key of conditions"):
        parse_ram_policy(
            policy({**RAM, "Action": action, "Resource": "*", "Condition": {"StringLike": {"ecs:tag": "a"}}})
        )


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("NumericGreaterThan", "acs:CurrentTime", "1700000000"),
        ("NumericNotEquals", "acs:SourceIp", "1"),
        ("IpAddress", "acs:AccessId", "127.0.0.1"),
        ("ForAnyValue:IpAddress", "oss:BucketTag/net", "127.0.0.1"),
        ("Bool", "oss:Prefix", "true"),
        ("DateLessThan", "acs:UserAgent", "2026-01-02T03:04:05Z"),
        ("BoolIfExists", "oss:Prefix", "true"),
    ],
)
def test_an_operator_that_reads_no_value_of_its_key(operator: str, key: str, value: str) -> None:
    with pytest.raises(PolicyError, match=r"does not go with|is not an operator"):
        parse_ram_policy(policy({**RAM, "Effect": "Deny", "Condition": {operator: {key: value}}}))


@pytest.mark.parametrize("key", ["oss:ExistingObjectTag/*", "oss:BucketTag/a?", "oss:RequestObjectTag/"])
def test_keys_know_no_wildcards(key: str) -> None:
    with pytest.raises(PolicyError, match="is not a key of conditions"):
        parse_ram_policy(policy({**RAM, "Effect": "Deny", "Condition": {"StringLike": {key: "a"}}}))


@pytest.mark.parametrize("path", ["/pics/secret/*", "Pics/*", "pics_a/b", "//"])
def test_a_resource_that_no_bucket_can_be(path: str) -> None:
    with pytest.raises(PolicyError, match="must be like acs:oss"):
        parse_ram_policy(policy({**RAM, "Effect": "Deny", "Resource": f"acs:oss:*:*:{path}"}))


def test_a_service_is_one_in_capitals_too() -> None:
    (statement,) = parse_ram_policy(policy({**RAM, "Resource": "acs:OSS:*:*:pics/*"})).statements
    assert statement.resources.patterns[0].service == "oss"


def test_a_name_that_stands_there_twice_is_found_in_time() -> None:
    names = [f"{number:x}" for number in range(40_000)]
    raw = "{" + ",".join(f'"{name}":0' for name in [*names, names[-1]]) + "}"
    began = time.process_time()
    with pytest.raises(PolicyError, match=f"{names[-1]} stands there twice"):
        parse_ram_policy(raw.encode())
    assert time.process_time() - began < 2  # comparing each with each takes half a minute


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["Allow", "oss:*", "1"]),
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
    with suppress(PolicyError):
        assert parse_bucket_policy(json.dumps(document).encode(), RULES).statements
