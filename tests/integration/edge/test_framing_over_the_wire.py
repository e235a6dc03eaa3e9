"""What the edge refuses before an application sees it, and what it must let through, byte for byte on a socket."""

import asyncio

import pytest

from tests.integration.edge.serving import Serving, request, until

HOST = b"Host: b.example\r\n"
BY_THE_PARSER = {
    "length and coding": b"PUT /echo HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "coding and length": b"PUT /echo HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
    "two lengths": b"PUT /echo HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
    "list of lengths": b"PUT /echo HTTP/1.1\r\n" + HOST + b"Content-Length: 1, 1\r\n\r\n",
    "signed length": b"PUT /echo HTTP/1.1\r\n" + HOST + b"Content-Length: +1\r\n\r\n",
    "length over 64 bits": b"PUT /echo HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999999999999\r\n\r\n",
    "folded line": b"GET /echo HTTP/1.1\r\n" + HOST + b"A: b\r\n c\r\n\r\n",
    "bare CR": b"GET /echo HTTP/1.1\r\n" + HOST + b"A: b\rc\r\n\r\n",
    "bare LF": b"GET /echo HTTP/1.1\r\n" + HOST + b"A: b\nC: d\r\n\r\n",
    "NUL": b"GET /echo HTTP/1.1\r\n" + HOST + b"A: b\x00c\r\n\r\n",
    "space before the colon": b"GET /echo HTTP/1.1\r\n" + HOST + b"A : b\r\n\r\n",
    "no name": b"GET /echo HTTP/1.1\r\n" + HOST + b": b\r\n\r\n",
    "control character in the target": b"GET /echo\x01 HTTP/1.1\r\n" + HOST + b"\r\n",
    "byte above 127 in the target": b"GET /echo/\xc3\xa9 HTTP/1.1\r\n" + HOST + b"\r\n",
    "space in the target": b"GET /echo/a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "target without a slash": b"GET echo HTTP/1.1\r\n" + HOST + b"\r\n",
    "unknown method": b"STORE /echo HTTP/1.1\r\n" + HOST + b"\r\n",
    "method in lower case": b"get /echo HTTP/1.1\r\n" + HOST + b"\r\n",
    "preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "greeting of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}
BY_THE_EDGE = {
    "two hosts": (b"GET /echo HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400, "InvalidArgument"),
    "no host": (b"GET /echo HTTP/1.1\r\n\r\n", 400, "InvalidArgument"),
    "empty host": (b"GET /echo HTTP/1.1\r\nHost: \r\n\r\n", 400, "InvalidArgument"),
    "another coding": (request("PUT /echo", "Transfer-Encoding: gzip, chunked"), 400, "NotImplemented"),
    "a coding that ends like chunked": (request("PUT /echo", "Transfer-Encoding: xchunked"), 400, "NotImplemented"),
    "no length": (request("PUT /echo"), 411, "MissingContentLength"),
    "no length of a POST": (request("POST /echo"), 411, "MissingContentLength"),
    "fragment": (request("PUT /echo#x", "Content-Length: 0"), 400, "InvalidArgument"),
    "asterisk": (request("OPTIONS *"), 400, "InvalidArgument"),
    "CONNECT": (request("CONNECT b.example:80"), 405, "MethodNotAllowed"),
    "another authority": (request("GET http://a.example/echo"), 400, "InvalidArgument"),
    "HTTP/2 in letters": (b"GET /echo HTTP/2.0\r\n" + HOST + b"\r\n", 400, "InvalidArgument"),
    "HTTP/0.9": (b"GET /echo\r\n\r\n", 400, "InvalidArgument"),
    "chunked HTTP/1.0": (
        b"PUT /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
        "InvalidArgument",
    ),
}


@pytest.mark.parametrize("name", BY_THE_PARSER)
async def test_malformed_request_is_refused_in_xml(patient: Serving, name: str) -> None:
    async with patient.connect() as wire:
        refusal = await wire.exchange(BY_THE_PARSER[name])
        assert (refusal.status, refusal.code) == (400, "InvalidArgument")
        assert refusal.headers["connection"] == "close"
        assert refusal.headers["server"] == "Ossicle"
        assert await wire.ended() == b""
    assert patient.refused == ["InvalidArgument"]


@pytest.mark.parametrize("name", BY_THE_EDGE)
async def test_request_that_reads_two_ways_is_refused_in_xml(patient: Serving, name: str) -> None:
    data, status, code = BY_THE_EDGE[name]
    async with patient.connect() as wire:
        refusal = await wire.exchange(data)
        assert (refusal.status, refusal.code) == (status, code)
        assert refusal.headers["connection"] == "close"
        assert await wire.ended() == b""
    assert patient.refused == [code]
    assert patient.app.seen == []


async def test_refusal_names_the_host_that_was_asked(patient: Serving) -> None:
    async with patient.connect() as wire:
        assert b"<HostId>b.example</HostId>" in (await wire.exchange(request("PUT /echo"))).body
    async with patient.connect() as wire:
        assert b"<HostId></HostId>" in (await wire.exchange(request("GET /echo", "Host: c.example"))).body


async def test_refusal_of_a_head_request_has_no_body(patient: Serving) -> None:
    async with patient.connect() as wire:
        await wire.send(request("HEAD /echo", "Host: c.example"))
        refusal = await wire.answer(head_only=True)
        assert (refusal.status, refusal.headers["content-length"]) == (400, "0")
        assert await wire.ended() == b""


async def test_refusal_behind_a_head_request_has_its_body(patient: Serving) -> None:
    async with patient.connect() as wire:
        await wire.send(request("HEAD /count"))
        assert (await wire.answer(head_only=True)).status == 200
        assert (await wire.exchange(b"neither HEAD nor anything else\r\n\r\n")).code == "InvalidArgument"


async def test_target_reaches_the_application_as_it_was_sent(patient: Serving) -> None:
    async with patient.connect() as wire:
        seen = await wire.exchange(request("GET /scope//a/../%2F/%e4?x=%2B&y&y?"))
        assert seen.body.startswith(b"GET /scope//a/../%2F/%e4 ?x=%2B&y&y? 1.1\n")


async def test_absolute_form_that_agrees_with_the_host_is_a_path(patient: Serving) -> None:
    async with patient.connect() as wire:
        seen = await wire.exchange(request("GET HTTP://B.example/scope/a?b"))
        assert seen.body.startswith(b"GET /scope/a ?b 1.1\n")
        assert (await wire.exchange(request("GET http://b.example?b"))).body == b"refused"


async def test_header_values_are_trimmed_and_otherwise_raw(patient: Serving) -> None:
    async with patient.connect() as wire:
        seen = await wire.exchange(request("GET /scope", "X-A:  a \xe9 b \t "))
        assert b"x-a=a \xe9 b\n" in seen.body


async def test_http_1_0_is_answered_and_closed(patient: Serving) -> None:
    async with patient.connect() as wire:
        found = await wire.exchange(b"PUT /echo HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello")
        assert (found.status, found.body, found.headers["connection"]) == (200, b"hello", "close")
        assert await wire.ended() == b""


async def test_trailers_never_reach_the_headers(patient: Serving) -> None:
    body = b"5\r\nhello\r\n0\r\nx-oss-object-acl: public-read\r\nHost: evil\r\n\r\n"
    async with patient.connect() as wire:
        await wire.send(request("PUT /scope", "Transfer-Encoding: chunked"))
        seen = await wire.exchange(body)
        assert seen.status == 200
        assert b"acl" not in seen.body
        assert b"evil" not in seen.body
        assert (await wire.exchange(request("GET /count"))).status == 200


@pytest.mark.parametrize("cut", ["as one piece", "behind the head", "byte by byte"])
@pytest.mark.parametrize("chunked", [False, True])
async def test_upgrade_is_declined_and_the_body_arrives(patient: Serving, cut: str, chunked: bool) -> None:
    upgrade = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk")
    if chunked:
        head, body = request("PUT /echo", *upgrade, "Transfer-Encoding: chunked"), b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
    else:
        head, body = request("PUT /echo", *upgrade, "Content-Length: 5"), b"hello"
    everything = head + body + request("GET /scope", *upgrade) + request("PUT /echo", "Content-Length: 2", body=b"ok")
    pieces = {
        "as one piece": [everything],
        "behind the head": [head, everything[len(head) :]],
        "byte by byte": [everything[i : i + 1] for i in range(len(everything))],
    }
    async with patient.connect() as wire:
        for piece in pieces[cut]:
            await wire.send(piece)
            await asyncio.sleep(0)
        assert (await wire.answer()).body == b"hello"
        assert (await wire.answer()).body.startswith(b"GET /scope ? 1.1\nhost=b.example\n")
        assert (await wire.answer()).body == b"ok"


async def test_websocket_is_no_more_than_a_get(patient: Serving) -> None:
    async with patient.connect() as wire:
        found = await wire.exchange(request("GET /count", "Connection: Upgrade", "Upgrade: websocket"))
        assert (found.status, found.body) == (200, b"0")


async def test_fault_in_a_body_takes_it_from_the_application(patient: Serving) -> None:
    async with patient.connect() as wire:
        await wire.send(request("PUT /count", "Transfer-Encoding: chunked", body=b"3\r\nabc\r\n"))
        refusal = await wire.exchange(b"no number\r\n")
        assert (refusal.status, refusal.code) == (400, "InvalidArgument")
        assert await wire.ended() == b""
    await until(lambda: patient.app.seen)
    assert patient.app.seen[0].startswith("disconnect after ")


async def test_fault_in_a_body_behind_a_begun_answer_ends_the_connection(patient: Serving) -> None:
    async with patient.connect() as wire:
        await wire.send(request("PUT /started", "Transfer-Encoding: chunked", body=b"3\r\nabc\r\n"))
        assert (await wire.reader.readuntil(b"half.")).startswith(b"HTTP/1.1 200 ")
        await wire.send(b"no number\r\n")
        assert await wire.ended() == b""
    assert patient.refused == []


async def test_fault_in_a_body_that_was_answered_gets_no_second_answer(patient: Serving) -> None:
    async with patient.connect() as wire:
        refusal = await wire.exchange(request("PUT /refuse", "Transfer-Encoding: chunked", body=b"3\r\nabc\r\n"))
        assert refusal.status == 403
        await wire.send(b"no number\r\n")
        assert await wire.ended() == b""
    assert patient.refused == []


@pytest.mark.parametrize("faulty", ["head", "body"])
async def test_fault_behind_another_request_is_answered_in_its_turn(patient: Serving, faulty: str) -> None:
    behind = request("PUT /count", "Transfer-Encoding: chunked", body=b"no number\r\n")
    if faulty == "head":
        behind = request("PUT /count")
    async with patient.connect() as wire:
        await wire.send(request("GET /held") + request("GET /scope") + behind)
        await wire.send(b"more that nobody reads")
        patient.app.released.set()
        assert (await wire.answer()).body == b"0"
        assert (await wire.answer()).body.startswith(b"GET /scope ")
        refusal = await wire.answer()
        assert refusal.code == ("MissingContentLength" if faulty == "head" else "InvalidArgument")
        assert await wire.ended() == b""


async def test_a_failure_of_ours_while_reading_is_a_500(patient: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("ossicle.edge.reading.judge_head", broken)
    async with patient.connect() as wire:
        refusal = await wire.exchange(request("GET /echo"))
        assert (refusal.status, refusal.code) == (500, "InternalError")
        assert b"planted" not in refusal.body
