"""Routes: what a client sends is what a server reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.admin import PREFIX, ROUTES, AnyRoute, find_routes, parse_request, render_request, resource_of
from ossicle.wire.admin.policies import ATTACH_POLICY_TO_USER, CREATE_POLICY, CreatePolicyRequest, OfUser
from ossicle.wire.admin.users import LIST_USERS, UPDATE_USER, Paging, UpdateUserRequest
from ossicle.wire.admin.values import InvalidField
from ossicle.wire.http import Query
from ossicle.wire.signing import canonical_query, canonical_uri

TEXT = st.text(st.characters(codec="utf-8"), min_size=1)


def there_and_back(route: AnyRoute, request: object) -> object:
    message = render_request(route, request)
    [(found, captured)] = [pair for pair in find_routes(ROUTES, message.path) if pair[0].method == route.method]
    assert found is route
    return parse_request(found, captured, Query(canonical_query(message.query).encode()), message.document)


@given(TEXT, TEXT, st.none() | TEXT)
def test_any_names_arrive(user: str, policy: str, text: str | None) -> None:
    attached = OfUser(user_name=user, policy_name=policy)
    assert there_and_back(ATTACH_POLICY_TO_USER, attached) == attached
    made = CreatePolicyRequest(policy_name=policy, policy_document=user, description=text)
    assert there_and_back(CREATE_POLICY, made) == made
    changed = UpdateUserRequest(user_name=user, new_user_name=policy, comments=text)
    assert there_and_back(UPDATE_USER, changed) == changed
    page = Paging(marker=text, max_items=17)
    assert there_and_back(LIST_USERS, page) == page


def test_what_is_signed_is_the_path_itself() -> None:
    path = PREFIX + render_request(ATTACH_POLICY_TO_USER, OfUser(user_name="a b", policy_name="p/q")).path
    assert path == b"/_ossicle/admin/v1/users/a%20b/policies/p%2Fq"
    assert canonical_uri(resource_of(PREFIX + b"users/ann")) == "/_ossicle/admin/v1/users/ann"


def test_a_field_stands_in_one_place() -> None:
    with pytest.raises(InvalidField, match="user_name stands in the path"):
        parse_request(UPDATE_USER, {"user_name": "ann"}, Query(b""), b'{"user_name": "bob"}')


def test_what_signs_a_url_is_no_field() -> None:
    query = Query(b"x-oss-signature=1&x-oss-date=2&max_items=3")
    assert parse_request(LIST_USERS, {}, query, b"") == Paging(max_items=3)
    for number in (b"-3", b"3.0", b"\xd9\xa3", b"1" * 5000):
        with pytest.raises(InvalidField, match="max_items"):
            parse_request(LIST_USERS, {}, Query(b"max_items=" + number), b"")


@pytest.mark.parametrize("path", [b"", b"users/", b"users/ann/", b"users//keys/x/y", b"Users", b"users/ann/none"])
def test_nothing_else_is_there(path: bytes) -> None:
    assert [route.name for route, captured in find_routes(ROUTES, path) if all(captured.values())] == []
