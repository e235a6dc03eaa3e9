"""What a refusal tells besides OSS's document, and to whom."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from ossicle.edge.explaining import HEADER, SEARCH_SECONDS_MAX, SEARCH_SHARE
from ossicle.edge.log import access_log
from ossicle.wire.explain import UNEXPLAINED, Explanation, explain
from tests.support.forms import FORM_TYPE, encoded_policy, form, signed_v4
from tests.support.inprocess import OTHER, OWNER, TEMPORARY, Account, Answer, InProcessServer, build_server

FORM = ("content-type", "application/x-www-form-urlencoded")


@pytest.fixture
async def server() -> InProcessServer:
    server = build_server()
    await server.put_bucket("demo")
    return server


async def refused(server: InProcessServer, target: str, *headers: tuple[str, str], method: str = "PUT") -> Answer:
    answer = await server.send(method, target, headers=headers)
    assert answer.status in (400, 403, 404, 405), answer.body
    return answer


async def test_the_cause_of_a_mismatch(server: InProcessServer) -> None:
    answer = await refused(server, server.presigned("PUT", "/demo/a"), FORM)
    assert answer.error.code == "SignatureDoesNotMatch"
    assert answer.error.details["Explanation"].startswith(
        "The request carries Content-Type: application/x-www-form-urlencoded"
    )
    told = answer.header(HEADER)
    assert told == f"content-type-form: {answer.error.details['Explanation']}"


async def test_the_cause_stands_in_a_header_where_there_is_no_document(server: InProcessServer) -> None:
    answer = await refused(server, server.presigned("GET", "/demo/a"), method="HEAD")
    assert (answer.header(HEADER) or "").startswith("method-head: ")
    assert b"<Code>SignatureDoesNotMatch" in base64.b64decode(answer.header("x-oss-err") or "")


async def test_wrong_secret_and_unknown_key_are_told_the_same(server: InProcessServer) -> None:
    target = server.presigned("PUT", "/demo/a")
    wrong = await refused(server, re.sub("x-oss-signature=.{8}", "x-oss-signature=00000000", target))
    unknown = await refused(server, target.replace(OWNER.credentials.access_key_id, "made-up"))
    assert (wrong.error.code, unknown.error.code) == ("SignatureDoesNotMatch", "InvalidAccessKeyId")
    assert wrong.header(HEADER) == unknown.header(HEADER)
    assert (wrong.header(HEADER) or "").startswith("unknown: ")


async def test_a_cause_that_is_seen_before(server: InProcessServer) -> None:
    cut = await refused(server, server.presigned("PUT", "/demo/a").partition("&")[0])
    assert (cut.header(HEADER) or "").startswith("url-cut: ")


async def test_a_bucket_that_a_proxy_hides(server: InProcessServer) -> None:
    answer = await refused(server, "/storage" + server.presigned("PUT", "/demo/a"))
    assert answer.error.code == "NoSuchBucket"
    assert (answer.header(HEADER) or "").startswith("path-prefix: ")
    assert (await refused(server, "/storage/demo/a")).header(HEADER) is None
    assert (await refused(server, server.presigned("PUT", "/nobody-has-it/a"))).header(HEADER) is None


@pytest.mark.parametrize("key", ["notes.txt", "files/notes.txt"])
async def test_a_domain_that_the_server_was_not_told(server: InProcessServer, key: str) -> None:
    target = server.presigned("PUT", f"/demo/{key}").removeprefix("/demo")
    answer = await server.send("PUT", target, host="demo.oss.example.com")
    assert answer.error.code in ("NoSuchBucket", "InvalidBucketName")
    assert (answer.header(HEADER) or "").startswith("domain-unknown: ")


async def test_a_form(server: InProcessServer) -> None:
    async def posted(signer: Account, change: Callable[[str], str]) -> Answer:
        policy = encoded_policy(server.clock.now)
        fields = signed_v4(policy, signer.credentials, server.clock.now) | {"policy": change(policy), "key": "a"}
        answer = await server.send("POST", "/demo/", headers=[FORM_TYPE], body=form(fields.items()))
        assert answer.error.code in ("SignatureDoesNotMatch", "InvalidAccessKeyId")
        return answer

    broken = await posted(OWNER, lambda policy: f"{policy[:20]}\r\n{policy[20:]}")
    assert (broken.header(HEADER) or "").startswith("policy-changed: ")
    nobody = replace(OWNER, credentials=replace(OWNER.credentials, access_key_id="made-up"))
    stranger = replace(OWNER, credentials=replace(OWNER.credentials, access_key_secret="made-up"))
    told = [(await posted(signer, str)).header(HEADER) for signer in (nobody, stranger)]
    assert told[0] == told[1]
    assert (told[0] or "").startswith("unknown: ")


async def test_a_method_that_is_not_even_known_there(server: InProcessServer) -> None:
    target = server.presigned("PUT", "/demo/a")
    answer = await refused(server, target, FORM, method="POST")
    assert answer.error.code == "MethodNotAllowed"
    assert (answer.header(HEADER) or "").startswith("curl-data: ")
    signed = await refused(server, server.presigned("POST", "/demo/a"), method="POST")
    assert signed.error.code == "MethodNotAllowed"
    assert signed.header(HEADER) is None


@pytest.mark.parametrize("by", [None, OTHER])
async def test_nothing_is_told_of_a_refusal_of_another_kind(server: InProcessServer, by: object) -> None:
    answer = await server.call("GET", "/demo/a", by=by)  # type: ignore[arg-type]  # an account or nobody
    assert answer.status == 403
    assert answer.header(HEADER) is None
    assert "Explanation" not in answer.error.details


async def test_a_temporary_key_without_its_token(server: InProcessServer) -> None:
    target = server.presigned("GET", "/demo/a", by=TEMPORARY)
    answer = await refused(server, re.sub("x-oss-security-token=[^&]*&", "", target), method="GET")
    assert answer.error.code == "InvalidAccessKeyId"
    assert (answer.header(HEADER) or "").startswith("token-missing: ")


async def test_a_page_may_read_it(server: InProcessServer) -> None:
    rules = (
        "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>{}</CORSRule>"
        "</CORSConfiguration>"
    )
    for exposed, told in (("", HEADER), ("<ExposeHeader>ETag</ExposeHeader>", f"ETag, {HEADER}")):
        document = rules.format(exposed).encode()
        assert (await server.call("PUT", "/demo/?cors", body=document)).status == 200
        answer = await refused(server, server.presigned("PUT", "/demo/a"), FORM, ("origin", "https://page.example"))
        assert answer.header("access-control-expose-headers") == told


async def test_log_and_metrics_have_the_id(server: InProcessServer) -> None:
    lines: list[bytes] = []
    access_log.attach(lines.append)
    try:
        target = server.presigned("PUT", "/demo/a")
        await refused(server, target, FORM)
        assert (await server.send("PUT", target)).status == 200
    finally:
        access_log.attach(None)
    first, second = map(json.loads, lines)
    assert first["explanation"] == "content-type-form"
    assert "explanation" not in second
    assert b'ossicle_refusals_explained_total{cause="content-type-form"} 1.0' in server.metrics.render()


async def test_it_can_be_switched_off() -> None:
    server = build_server(explains=False)
    await server.put_bucket("demo")
    for target in (server.presigned("PUT", "/demo/a"), server.presigned("PUT", "/demo/a").partition("&")[0]):
        answer = await refused(server, target, FORM)
        assert answer.header(HEADER) is None
        assert "Explanation" not in answer.error.details


async def test_searches_are_bounded_in_each_second(server: InProcessServer, monkeypatch: pytest.MonkeyPatch) -> None:
    now, cost = [5.0], SEARCH_SHARE * 0.6

    def slow(*given: Any, **others: Any) -> Explanation | None:
        now[0] += cost
        return explain(*given, **others)

    async def is_told() -> bool:
        return (await refused(server, target, FORM)).header(HEADER) is not None

    monkeypatch.setattr("ossicle.edge.explaining.explain", slow)
    for timer in ("perf_counter", "thread_time"):
        monkeypatch.setattr(f"ossicle.edge.explaining.time.{timer}", lambda: now[0])
    target = server.presigned("PUT", "/demo/a")
    assert [await is_told() for _ in range(4)] == [True, True, False, False]
    now[0], cost = 7.0, SEARCH_SHARE * 2.5
    told = [await is_told()]
    for second in (8.0, 9.0):
        now[0] = second
        told.append(await is_told())
    assert told == [True, False, True], "what one second took too much, the next ones owe"


async def test_a_search_is_given_up_in_time(server: InProcessServer, monkeypatch: pytest.MonkeyPatch) -> None:
    target = server.presigned("PUT", "/demo/a")
    assert (await refused(server, target, FORM)).header(HEADER) != UNEXPLAINED.line
    reads = count(0.0, SEARCH_SECONDS_MAX)
    monkeypatch.setattr("ossicle.edge.explaining.time.thread_time", lambda: next(reads))
    assert (await refused(server, target, FORM)).header(HEADER) == UNEXPLAINED.line


async def test_a_failure_costs_nobody_the_answer(server: InProcessServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr("ossicle.edge.explaining.explain", fail)
    answer = await refused(server, server.presigned("PUT", "/demo/a"), FORM)
    assert answer.error.code == "SignatureDoesNotMatch"
    assert answer.header(HEADER) is None
