"""Whether a policy lets in anybody."""

import pytest

from ossicle.model.policy import is_public, parse_bucket_policy
from tests.unit.model.policy.test_parsing import ONE, RULES, policy


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({}, True),
        ({"Effect": "Deny"}, False),
        ({"Principal": ["20214760404935"]}, False),
        ({"Principal": ["20214760404935", "*"]}, True),
        ({"Condition": {"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}}}, False),
        ({"Condition": {"IpAddress": {"acs:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}}}, True),
        ({"Condition": {"IpAddress": {"acs:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}}, True),
        ({"Condition": {"IpAddress": {"acs:SourceIp": ["::/1", "8000::/1", "10.0.0.0/8"]}}}, True),
        ({"Condition": {"IpAddress": {"acs:SourceIp": "::ffff:0.0.0.0/96"}}}, True),
        ({"Condition": {"StringLike": {"acs:SourceIp": "*.*"}}}, True),
        ({"Condition": {"StringLike": {"acs:AccessId": "?*"}}}, True),
        ({"Condition": {"StringLike": {"acs:SourceIp": "10.*"}}}, True),
        ({"Condition": {"StringLike": {"acs:SourceIp": [f"{digit}*" for digit in range(1, 10)]}}}, True),
        ({"Condition": {"StringEquals": {"acs:SourceIp": "10.1.2.3"}}}, False),
        ({"Condition": {"IpAddress": {"acs:SourceIp": ["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"]}}}, True),
        ({"Condition": {"IpAddress": {"acs:SourceIp": "0.0.0.0/1"}}}, True),
        ({"Condition": {"IpAddress": {"acs:SourceIp": "2000::/3"}}}, True),
        ({"Condition": {"IpAddress": {"acs:SourceIp": "2001:db8::/32"}}}, False),
        ({"Principal": ["arn:sts::*:assumed-role/*/*"]}, True),
        ({"Principal": ["arn:sts::1*:assumed-role/uploader/phone"]}, True),
        ({"Principal": ["arn:sts::1000000000000001:assumed-role/*/*"]}, False),
        ({"Condition": {"NotIpAddress": {"acs:SourceIp": "10.0.0.0/8"}}}, True),
        ({"Condition": {"ForAllValues:StringEquals": {"acs:AccessId": "k"}}}, True),
        ({"Condition": {"StringLike": {"acs:SourceVpc": "*"}}}, True),
        ({"Condition": {"Bool": {"acs:SecureTransport": "true"}}}, True),
    ],
)
def test_who_is_let_in(change: dict[str, object], answer: bool) -> None:
    assert is_public(parse_bucket_policy(policy({**ONE, **change}), RULES)) is answer


def test_all_but_some_are_everybody() -> None:
    statement = {key: ONE[key] for key in ("Effect", "Action", "Resource")}
    for excepted, answer in (("20214760404935", True), ("*", False)):
        document = policy({**statement, "NotPrincipal": [excepted]})
        assert is_public(parse_bucket_policy(document, RULES)) is answer
