"""The client of the administration against prepared answers."""

import json
from typing import Any

import pytest

from ossicle.client.admin import AdminClient
from ossicle.client.failures import MalformedAnswer, ParameterError
from ossicle.wire.admin.users import (
    CREATE_ACCESS_KEY,
    CREATE_USER,
    GET_USER,
    LIST_USERS,
    CreateUserRequest,
    UserRequest,
)
from ossicle.wire.errors import NoSuchBucket, OssError
from tests.support.clients import AnsweringTransport, Prepared, config, frozen_clock, received_request
from tests.support.signing_vectors import v4_claim

USER = {
    "user_name": "ann",
    "user_id": "2",
    "display_name": "ann",
    "comments": "",
    "create_date": "2026-03-14T12:00:00Z",
}
BROKEN = Prepared(status=503, pieces=(b'{"code": "ServiceUnavailable", "message": "m", "request_id": "R"}',))
ANN = UserRequest(user_name="ann")


def answer(document: object, status: int = 200) -> Prepared:
    return Prepared(status=status, pieces=(json.dumps(document).encode(),))


def client(*answers: Prepared, **settings: Any) -> tuple[AdminClient, AnsweringTransport]:
    transport = AnsweringTransport(*answers)
    made = AdminClient(
        config(**{"endpoint": "http://localhost:8880", **settings}),
        clock=frozen_clock,
        transport=transport,
        sleep=lambda _: None,
        fraction=lambda: 0.0,
    )
    return made, transport


def test_a_request_is_json_and_signed_over_its_own_path() -> None:
    made, transport = client(answer({**USER, "more": 1}))
    assert made.invoke(CREATE_USER, CreateUserRequest(user_name="ann", comments="c")).user_id == "2"
    sent = transport.received[0]
    assert (sent.outgoing.method, sent.outgoing.target) == ("POST", "/_ossicle/admin/v1/users")
    assert json.loads(sent.body) == {"user_name": "ann", "comments": "c"}
    assert sent.header("Content-Type") == "application/json"
    assert sent.header("Content-MD5")
    assert sent.header("Host") == "localhost:8880"
    claim = v4_claim(received_request(sent))
    assert claim is not None
    assert claim.access_key_id == "test-key-id"


def test_all_pages_of_a_list() -> None:
    made, transport = client(answer({"users": [USER], "marker": "a b"}), answer({"users": []}))
    assert [len(page.users) for page in made.pages(LIST_USERS)] == [1, 0]
    assert [sent.outgoing.target.partition("?")[2] for sent in transport.received] == ["", "marker=a%20b"]


def test_a_refusal_is_an_error_with_the_code_of_ram() -> None:
    told = {"code": "EntityNotExist.User", "message": "The user does not exist.", "request_id": "R", "More": "x"}
    made, _ = client(answer(told, 404))
    with pytest.raises(OssError) as refusal:
        made.invoke(GET_USER, ANN)
    error = refusal.value
    assert (error.code, error.status, error.request_id) == ("EntityNotExist.User", 404, "R")
    assert error.details == {"More": "x"}


def test_only_what_reads_is_sent_again() -> None:
    made, transport = client(BROKEN, answer(USER))
    assert made.invoke(GET_USER, ANN).user_name == "ann"
    assert len(transport.received) == 2
    made, transport = client(BROKEN, answer({}))
    with pytest.raises(OssError):
        made.invoke(CREATE_ACCESS_KEY, ANN)
    assert len(transport.received) == 1


def test_a_clock_that_is_wrong_is_corrected() -> None:
    skewed = Prepared(
        status=403,
        headers={"Date": "Sun, 17 Dec 2023 04:56:28 GMT"},
        pieces=(b'{"code": "RequestTimeTooSkewed", "message": "m", "request_id": "R"}',),
    )
    made, transport = client(skewed, answer(USER))
    made.invoke(CREATE_USER, CreateUserRequest(user_name="ann"))
    assert [sent.header("x-oss-date") for sent in transport.received] == ["20231217T035628Z", "20231217T045628Z"]


def test_another_server_is_told_from_ours() -> None:
    xml = b"<Error><Code>NoSuchBucket</Code><Message>m</Message></Error>"
    made, _ = client(Prepared(status=404, pieces=(xml,)))
    with pytest.raises(NoSuchBucket):
        made.invoke(GET_USER, ANN)
    for body in (b"<html>", b"{}", b"[]"):
        made, _ = client(Prepared(pieces=(body,)))
        with pytest.raises(MalformedAnswer, match="is there another server"):
            made.invoke(GET_USER, ANN)
    made, _ = client(Prepared(status=502, pieces=(b'["code"]',)), retry_max_attempts=1)
    with pytest.raises(OssError) as refusal:
        made.invoke(GET_USER, ANN)
    assert refusal.value.status == 502


def test_the_host_of_a_bucket_has_no_administration() -> None:
    made, transport = client(endpoint="http://files.example", use_cname=True)
    with pytest.raises(ParameterError, match="own address"):
        made.invoke(GET_USER, ANN)
    assert transport.received == []
