"""Upload callbacks through the client, from a server with its own key."""

import asyncio
import json
from urllib.request import urlopen

import pytest

import ossicle
from tests.integration.conftest import StartServer
from tests.support.callbacks import Told, answer, application, base64_json
from tests.support.server import REGION, ServerProcess


def configuration(server: ServerProcess) -> ossicle.Config:
    keys = ossicle.credentials.StaticCredentialsProvider(server.access_key_id, server.access_key_secret)
    return ossicle.Config(region=REGION, endpoint=server.endpoint, credentials_provider=keys)


def fetched(url: str) -> bytes:
    with urlopen(url) as answered:
        document: bytes = answered.read()
    return document


@pytest.mark.allow_blocking
async def test_the_client_is_given_the_answer_of_the_application(start_server: StartServer) -> None:
    server = start_server(arguments=["--callback-allow", "127.0.0.0/8"])

    def reply(told: Told) -> bytes:
        return answer(told.body if b"good" in told.body else b"no JSON")

    async with application() as app, ossicle.AsyncClient(configuration(server)) as client:
        app.reply = reply
        await client.put_bucket(ossicle.PutBucketRequest(bucket="told"))
        form = {"callbackUrl": app.url, "callbackBody": '{"key":${object}}', "callbackBodyType": "application/json"}
        callback = base64_json(form)
        put = await client.put_object(ossicle.PutObjectRequest(bucket="told", key="good", body=b"x", callback=callback))
        assert put.callback_result == {"key": "good"}
        assert put.etag is not None
        with pytest.raises(ossicle.errors.CallbackFailed):
            await client.put_object(ossicle.PutObjectRequest(bucket="told", key="bad", body=b"x", callback=callback))
        head = await client.head_object(ossicle.HeadObjectRequest(bucket="told", key="bad"))
        assert head.content_length == 1
        public_key = await asyncio.to_thread(fetched, app.told[0].public_key_url)
        assert len(app.told) == 2
        for told in app.told:
            told.verify(public_key)
            assert json.loads(told.body).keys() == {"key"}
