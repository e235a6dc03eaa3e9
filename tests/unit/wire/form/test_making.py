"""Forms that an owner signs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ossicle.wire import errors
from ossicle.wire.credentials import Credentials
from ossicle.wire.form import Fields, PostPolicy, parse_form_claim, parse_policy, sign_form, verify_policy

NOW = datetime(2026, 3, 14, 12, 0, 0, 250_000, tzinfo=UTC)
KEYS = Credentials(access_key_id="id", access_key_secret="secret", security_token="token")


def made(**options: Any) -> dict[str, str]:
    given = {"credentials": KEYS, "region": "cn-hangzhou", "now": NOW, "expires": timedelta(minutes=5)}
    return sign_form(bucket="b", key="user/${filename}", **{**given, **options})


def policy_of(fields: dict[str, str]) -> PostPolicy:
    claim = parse_form_claim(Fields.of(fields))
    assert claim is not None
    verify_policy(claim, KEYS)
    return parse_policy(claim.policy)


def test_a_server_takes_it_until_its_end() -> None:
    fields = made(fields={"success_action_status": "201"}, conditions=[["starts-with", "$x-oss-meta-note", ""]])
    policy = policy_of(fields)
    assert policy.expiration == NOW + timedelta(minutes=5)
    policy.judge(Fields.of({**fields, "x-oss-meta-note": "anything"}), bucket="b", now=policy.expiration)
    with pytest.raises(errors.AccessDenied):
        policy.judge(Fields.of(fields), bucket="other", now=NOW)


@pytest.mark.parametrize(
    "name", ["key", "success_action_status", "x-oss-security-token", "x-oss-credential", "x-oss-date"]
)
def test_no_field_of_it_may_be_changed(name: str) -> None:
    fields = made(fields={"success_action_status": "201"})
    with pytest.raises(errors.AccessDenied):
        policy_of(fields).judge(Fields.of({**fields, name: "another"}), bucket="b", now=NOW)


@pytest.mark.parametrize(
    ("options", "bounds"),
    [
        ({}, (0, None)),
        ({"bytes_max": 9}, (0, 9)),
        ({"bytes_min": 2, "bytes_max": 9}, (2, 9)),
        ({"bytes_min": 2}, (2, 5 * 1024**3)),
    ],
)
def test_sizes(options: dict[str, int], bounds: tuple[int, int | None]) -> None:
    policy = policy_of(made(**options))
    assert (policy.bytes_min, policy.bytes_max) == bounds


@pytest.mark.parametrize("options", [{"now": datetime(2026, 1, 1)}, {"expires": timedelta(0)}])  # noqa: DTZ001 -- the case
def test_what_can_t_be_signed(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        made(**options)
