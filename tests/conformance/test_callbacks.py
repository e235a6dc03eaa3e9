"""Uploads that an application is told of, by every official SDK: the user is given the application's answer."""

import asyncio
import json
from typing import Any

import pytest

from tests.conformance.sdks import Refused, Speaker
from tests.conformance.service import Service
from tests.support.callbacks import Application, Told, answer, application

BODY = b"body" * 1000
TAKE_IT_FOR_A_SUCCESS = {"python", "oss2"}


@pytest.fixture(autouse=True)
def near(service: Service) -> None:
    if service.hosts is None:
        pytest.skip("the service can't reach an application on this machine")


def whom(app: Application) -> dict[str, Any]:
    body = '{"key":${object},"size":${size},"type":${mimeType},"colour":${x:colour}}'
    return {"url": app.url, "body": body, "type": "application/json", "variables": {"x:colour": "ré d"}}


def with_thanks(told: Told) -> bytes:
    return answer(json.dumps({"thanks": json.loads(told.body)["key"]}).encode())


async def test_a_put(sdk: Speaker) -> None:
    key = f"{sdk.name}/told é +%.png"
    async with application() as app:
        app.reply = with_thanks
        put = {"key": key, "body": BODY, "content_type": "image/png", "callback": whom(app)}
        done = await asyncio.to_thread(sdk, "put_object", **put)
    assert done["callback"] == {"thanks": key}
    [told] = app.told
    assert json.loads(told.body) == {"key": key, "size": len(BODY), "type": "image/png", "colour": "ré d"}
    assert told.headers["content-type"] == "application/json"


def of_parts(sdk: Speaker, key: str, callback: dict[str, Any]) -> dict[str, Any]:
    upload: dict[str, Any] = {"key": key, "upload_id": sdk("initiate", key=key)["upload_id"]}
    etag = sdk("upload_part", **upload, part_number=1, body=BODY)["etag"]
    return sdk("complete", **upload, parts=[{"number": 1, "etag": etag}], callback=callback)


async def test_parts(sdk: Speaker) -> None:
    key = f"{sdk.name}/told of parts"
    async with application() as app:
        app.reply = with_thanks
        done = await asyncio.to_thread(of_parts, sdk, key, whom(app))
    assert done["callback"] == {"thanks": key}
    assert json.loads(app.told[0].body)["size"] == len(BODY)


async def test_an_application_that_fails(sdk: Speaker) -> None:
    key = f"{sdk.name}/nobody was told"
    async with application() as app:
        app.reply = lambda _: answer(b"no", status="500 No")
        if sdk.name in TAKE_IT_FOR_A_SUCCESS:
            done = await asyncio.to_thread(sdk, "put_object", key=key, body=BODY, callback=whom(app))
            assert "<Code>CallbackFailed</Code>" in done["callback"]
        else:
            with pytest.raises(Refused) as refused:
                await asyncio.to_thread(sdk, "put_object", key=key, body=BODY, callback=whom(app))
            assert refused.value.status in {203, None}
            assert (refused.value.code, refused.value.ec) == ("CallbackFailed", "0007-00000203")
    assert (await asyncio.to_thread(sdk, "get_object", key=key))["body"] == BODY
