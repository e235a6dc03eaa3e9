"""Styles of a bucket: made, replaced, told one by one and all together, forgotten."""

from datetime import timedelta

import pytest

from tests.support.elements import text, texts
from tests.support.inprocess import OTHER, InProcessServer

STYLE = "<Style><Content>{}</Content></Style>"
MADE, LATER = "Sat, 14 Mar 2026 12:00:00 GMT", "Sat, 14 Mar 2026 13:00:00 GMT"


async def put(server: InProcessServer, name: str, content: str = "image/resize,p_50", more: str = "") -> int:
    body = STYLE.format(content).encode()
    return (await server.call("PUT", f"/bucket/?style&styleName={name}{more}", body=body)).status


@pytest.fixture
async def bucket(server: InProcessServer) -> InProcessServer:
    await server.put_bucket("bucket")
    return server


async def test_a_style_is_told_with_its_times(bucket: InProcessServer) -> None:
    assert await put(bucket, "small") == 200
    bucket.clock.now += timedelta(hours=1)
    assert await put(bucket, "small", "image/resize,p_10", "&category=image") == 200
    told = await bucket.call("GET", "/bucket/?style&styleName=small")
    names = ("Name", "Content", "Category", "CreateTime", "LastModifyTime")
    assert [text(told, name) for name in names] == ["small", "image/resize,p_10", "image", MADE, LATER]


async def test_all_styles_are_told_and_each_is_forgotten(bucket: InProcessServer) -> None:
    for name in ("b", "a"):
        await put(bucket, name)
    assert texts(await bucket.call("GET", "/bucket/?style"), "Style/Name") == ["b", "a"]
    for _ in range(2):
        assert (await bucket.call("DELETE", "/bucket/?style&styleName=b")).status == 204
    assert texts(await bucket.call("GET", "/bucket/?style"), "Style/Name") == ["a"]
    missing = await bucket.call("GET", "/bucket/?style&styleName=b")
    assert missing.refusal == (404, "NoSuchStyle", None)
    await bucket.call("DELETE", "/bucket/?style&styleName=a")
    assert texts(await bucket.call("GET", "/bucket/?style"), "Style/Name") == []


async def test_what_is_refused(bucket: InProcessServer) -> None:
    for name in ("", "a%20b", "a/b", "x" * 64):
        assert await put(bucket, name) == 400
    assert await put(bucket, "empty", "") == 400
    assert (await bucket.call("PUT", "/bucket/?style&styleName=a", body=b"<Other/>")).refusal[1] == "MalformedXML"
    for number in range(50):
        assert await put(bucket, f"s{number}") == 200
    assert await put(bucket, "s50") == 400
    assert await put(bucket, "s0") == 200
    for caller in (OTHER, None):
        assert (await bucket.call("GET", "/bucket/?style", by=caller)).status == 403
