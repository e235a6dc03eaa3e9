"""Records as JSON: what comes out goes in, and nothing else does."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.admin.explaining import ExplainAccessRequest
from ossicle.wire.admin.policies import CreatePolicyVersionRequest
from ossicle.wire.admin.roles import CreateRoleRequest
from ossicle.wire.admin.users import AccessKey, CreateUserRequest, User, UserPage
from ossicle.wire.admin.values import InvalidField, from_json, parse_json, render_json

USER = User(
    user_name="ann",
    user_id="200000000000000001",
    display_name="Ånn",
    comments="",
    create_date=datetime(2026, 3, 14, 12, 0, tzinfo=UTC),
)


def test_a_record_goes_out_and_comes_in() -> None:
    page = UserPage(users=(USER, USER), marker="ann")
    assert from_json(UserPage, parse_json(render_json(page))) == page


def test_what_has_no_value_is_left_out_and_moments_are_utc() -> None:
    later = datetime(2026, 3, 14, 20, 0, tzinfo=timezone(timedelta(hours=8)))
    key = AccessKey(access_key_id="LTAI", status="Active", create_date=later)
    assert json.loads(render_json(key)) == {
        "access_key_id": "LTAI",
        "status": "Active",
        "create_date": "2026-03-14T12:00:00Z",
    }


def test_a_secret_is_in_no_text_of_its_record() -> None:
    key = AccessKey(access_key_id="LTAI", status="Active", create_date=USER.create_date, access_key_secret="s3cret")
    assert "s3cret" not in repr(key)


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (CreateUserRequest, {}, "user_name"),
        (CreateUserRequest, {"user_name": None}, "user_name"),
        (CreateUserRequest, {"user_name": ["ann"]}, "user_name"),
        (CreateUserRequest, {"user_name": "ann", "more": 1}, "more"),
        (CreateRoleRequest, {"role_name": "r", "assume_role_policy_document": {}}, "assume_role_policy_document"),
        (
            CreateRoleRequest,
            {"role_name": "r", "assume_role_policy_document": "", "max_session_duration": True},
            "max_session_duration",
        ),
        (
            CreateRoleRequest,
            {"role_name": "r", "assume_role_policy_document": "", "max_session_duration": 3600.5},
            "max_session_duration",
        ),
        (
            CreatePolicyVersionRequest,
            {"policy_name": "p", "policy_document": "", "set_as_default": 1},
            "set_as_default",
        ),
        (ExplainAccessRequest, {"action": "x", "secure": "true"}, "secure"),
        (UserPage, {"users": {}}, "users"),
        (UserPage, {"users": ["ann"]}, "users"),
        (UserPage, {"users": [{"user_name": "ann"}]}, "comments"),
        (AccessKey, {"access_key_id": "a", "status": "b", "create_date": "soon"}, "create_date"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(kind: type, values: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        from_json(kind, values)
    assert refusal.value.field == field


def test_a_client_passes_over_what_it_does_not_know() -> None:
    values = {**parse_json(render_json(USER)), "colour": "red"}
    assert from_json(User, values, is_strict=False) == USER
    assert from_json(UserPage, {"users": [values], "more": 1}, is_strict=False).users == (USER,)
    with pytest.raises(InvalidField):
        from_json(User, {"colour": "red"}, is_strict=False)


@given(st.binary())
def test_any_bytes_are_an_object_or_refused(document: bytes) -> None:
    with suppress(InvalidField):
        assert isinstance(parse_json(document), dict)


def test_no_body_is_an_empty_object() -> None:
    assert parse_json(b"") == {}
    for document in (b"[]", b"null", b'"a"', b"1", b"{", b"[" * 100_000):
        with pytest.raises(InvalidField):
            parse_json(document)
