"""`x-oss-traffic-limit`: in which requests it paces bytes, where it is given, and what it may not be."""

import pytest

from tests.support.forms import FORM_TYPE, encoded_policy, form, signed_v4
from tests.support.inprocess import NOON, OWNER, Answer, InProcessServer, build_server
from tests.support.pacing import OwnTime
from tests.support.uploading import initiate

KEY = "/bucket/key"
LIMIT = ("x-oss-traffic-limit", "819200")
BODY = bytes(range(256)) * 800
"""Two seconds of it."""
SECONDS = 2.0


@pytest.fixture
def time() -> OwnTime:
    return OwnTime()


@pytest.fixture
async def slow(time: OwnTime) -> InProcessServer:
    """A server whose waits take no time."""
    server = build_server(pacing=time.pacing)
    await server.put_bucket("bucket")
    return server


async def upload(server: InProcessServer, kind: str) -> Answer:
    if kind == "form":
        fields = [("key", "key"), LIMIT, *signed_v4(encoded_policy(NOON), OWNER.credentials, NOON).items()]
        return await server.send("POST", "/bucket/", headers=[FORM_TYPE], body=form(fields, BODY))
    if kind == "query":
        return await server.call("PUT", f"{KEY}?x-oss-traffic-limit=819200", body=BODY)
    if kind == "url":
        return await server.send("PUT", server.presigned("PUT", f"{KEY}?x-oss-traffic-limit=819200"), body=BODY)
    targets = {"put": ("PUT", KEY), "append": ("POST", f"{KEY}?append&position=0")}
    if kind == "part":
        targets["part"] = ("PUT", f"{KEY}?partNumber=1&uploadId={await initiate(server, KEY)}")
    method, target = targets[kind]
    chunks = [BODY[start : start + 10_000] for start in range(0, len(BODY), 10_000)]
    return await server.call(method, target, headers=[LIMIT], body=chunks)


@pytest.mark.parametrize("kind", ["put", "query", "url", "append", "part", "form"])
async def test_an_upload_takes_the_time_of_its_bytes(slow: InProcessServer, time: OwnTime, kind: str) -> None:
    assert (await upload(slow, kind)).status in (200, 204)
    assert time.waited == pytest.approx(SECONDS)
    if kind != "part":
        assert (await slow.call("GET", KEY)).body == BODY


@pytest.mark.parametrize("size", [len(BODY), 40_000, 60, 0])
@pytest.mark.parametrize("where", ["header", "query"])
async def test_a_download_takes_the_time_of_its_bytes(
    slow: InProcessServer, time: OwnTime, where: str, size: int
) -> None:
    await slow.put_object(KEY, BODY[:size])
    target, headers = (KEY, [LIMIT]) if where == "header" else (f"{KEY}?x-oss-traffic-limit=819200", [])
    answer = await slow.call("GET", target, headers=headers)
    assert (answer.status, answer.body) == (200, BODY[:size])
    # The last step of it is on its way when the answer ends.
    assert max(0.0, size / 102_400 - 0.16) - 1e-6 <= time.waited <= size / 102_400


async def test_a_part_of_an_object_takes_its_own_time(slow: InProcessServer, time: OwnTime) -> None:
    await slow.put_object(KEY, BODY)
    answer = await slow.call("GET", KEY, headers=[LIMIT, ("range", "bytes=0-102399")])
    assert (answer.status, answer.body) == (206, BODY[:102_400])
    assert 0.8 < time.waited <= 1


@pytest.mark.parametrize(("method", "copy"), [("HEAD", False), ("PUT", True)])
async def test_what_moves_no_bytes_is_not_slowed_down(
    slow: InProcessServer, time: OwnTime, method: str, copy: bool
) -> None:
    await slow.put_object(KEY, BODY)
    headers = [LIMIT, ("x-oss-copy-source", KEY)] if copy else [LIMIT]
    answer = await slow.call(method, "/bucket/copied" if copy else KEY, headers=headers)
    assert (answer.status, time.slept) == (200, [])


async def test_without_a_limit_nobody_waits(slow: InProcessServer, time: OwnTime) -> None:
    await slow.put_object(KEY, BODY)
    assert (await slow.call("GET", KEY)).body == BODY
    assert time.slept == []


@pytest.mark.parametrize("limit", ["0", "245759", "838860801", "-819200"])
@pytest.mark.parametrize("method", ["PUT", "GET"])
async def test_a_limit_out_of_range_is_refused_and_says_the_range(
    slow: InProcessServer, method: str, limit: str
) -> None:
    for target, headers in ((KEY, [(LIMIT[0], limit)]), (f"{KEY}?x-oss-traffic-limit={limit}", [])):
        answer = await slow.call(method, target, headers=headers)
        assert answer.refusal[:2] == (400, "InvalidArgument")
        assert "should be specified between 245760 and 838860800." in answer.error.message


async def test_one_that_is_given_twice_is_refused(slow: InProcessServer) -> None:
    answer = await slow.call("PUT", f"{KEY}?x-oss-traffic-limit=819200", headers=[LIMIT], body=BODY)
    assert answer.refusal[:2] == (400, "InvalidArgument")
    assert answer.error.message == "x-oss-traffic-limit should be specified either in query string or header, not both."


@pytest.mark.parametrize("limit", ["", "819200.0", "1e6", "abc"])
async def test_one_that_is_no_number_is_refused(slow: InProcessServer, limit: str) -> None:
    for target, headers in ((KEY, [(LIMIT[0], limit)]), (f"{KEY}?x-oss-traffic-limit={limit}", [])):
        assert (await slow.call("GET", target, headers=headers)).refusal[:2] == (400, "InvalidArgument")
