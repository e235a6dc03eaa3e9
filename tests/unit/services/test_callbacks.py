"""How a callback is sent: whom it connects to, how long it waits, what it follows."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ossicle.services.callback_addresses import AddressRule
from ossicle.services.callbacks import CallbackLimits, Callbacks, Occasion, system_trust
from ossicle.wire.callback import Callback, parse_callback
from ossicle.wire.errors import CallbackFailed, InvalidArgument
from tests.support.callbacks import LOOPBACK, Application, OneKey, Told, answer, application, base64_json

OCCASION = Occasion(facts={"object": "key"}, public_key_url="http://oss/key")
UNREACHABLE = "Error status : -1. OSS can not connect to your callbackUrl, please check it."


class Names:
    """Answers with the next of some lists of addresses, and counts."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.asked: list[tuple[str, int]] = []
        self._answers = list(answers)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        if not self._answers:
            raise OSError(host)
        return self._answers.pop(0)


@pytest.fixture
async def app() -> AsyncIterator[Application]:
    async with application() as running:
        yield running


def callbacks(allowed: Sequence[str] = LOOPBACK, **further: Any) -> Callbacks:
    return Callbacks(OneKey(), AddressRule(allowed), **further)


def to(*urls: str, **further: str) -> Callback:
    return parse_callback(base64_json({"callbackUrl": ";".join(urls), "callbackBody": "${object}", **further}), {})


async def test_a_name_is_resolved_once_and_kept(app: Application) -> None:
    names = Names(["127.0.0.1"], ["169.254.169.254"])
    assert await callbacks(resolver=names).call(to(f"http://app.example:{app.port}/p"), OCCASION) == b'{"Status":"OK"}'
    assert names.asked == [("app.example", app.port)]
    assert app.told[0].headers["host"] == f"app.example:{app.port}"


async def test_the_host_may_be_given(app: Application) -> None:
    await callbacks().call(to(app.url, callbackHost="app.example"), OCCASION)
    assert app.told[0].headers["host"] == "app.example"


@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:127.0.0.1"]])
async def test_a_name_of_a_private_address_is_not_connected_to(app: Application, found: list[str]) -> None:
    with pytest.raises(CallbackFailed) as failure:
        await callbacks((), resolver=Names(found)).call(to(f"http://app.example:{app.port}/"), OCCASION)
    assert failure.value.message == "Private address is forbidden to callback."
    assert app.told == []


async def test_a_name_that_is_none_is_unreachable() -> None:
    for names in (Names(), Names([])):
        with pytest.raises(CallbackFailed) as failure:
            await callbacks(resolver=names).call(to("http://app.example/"), OCCASION)
        assert failure.value.message == UNREACHABLE


async def test_literals_are_judged_before_anything_is_stored() -> None:
    with pytest.raises(InvalidArgument, match="Private address"):
        await callbacks(()).judge(to("http://8.8.8.8/", "http://[::ffff:127.0.0.1]/"))
    await callbacks(()).judge(to("http://app.example/"))


async def test_a_redirect_is_not_followed(app: Application) -> None:
    app.reply = lambda _: f"HTTP/1.1 307 Elsewhere\r\nLocation: {app.url}\r\nContent-Length: 0\r\n\r\n".encode()
    with pytest.raises(CallbackFailed, match="Error status : 307"):
        await callbacks().call(to(app.url), OCCASION)
    assert len(app.told) == 1


async def test_an_application_that_says_nothing_is_left(app: Application) -> None:
    app.reply = lambda _: None
    with pytest.raises(CallbackFailed, match="timeout: 50 MS"):
        await callbacks(limits=CallbackLimits(seconds=0.05)).call(to(app.url), OCCASION)
    async with asyncio.timeout(10):
        await app.went_away.wait()


async def test_a_name_server_that_says_nothing_is_left_too() -> None:
    async def silent(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(CallbackFailed, match="timeout: 50 MS"):
        await callbacks(resolver=silent, limits=CallbackLimits(seconds=0.05)).call(to("http://a.example/"), OCCASION)


async def test_an_answer_may_be_as_large_as_the_limit(app: Application) -> None:
    def reply(told: Told) -> bytes:
        return answer(b'"' + b"x" * (8 if "/fits" in told.line else 9) + b'"')

    app.reply, sender = reply, callbacks(limits=CallbackLimits(answer_bytes_max=10))
    assert await sender.call(to(f"{app.url}/fits"), OCCASION) == b'"xxxxxxxx"'
    with pytest.raises(CallbackFailed, match="larger"):
        await sender.call(to(app.url), OCCASION)


async def test_nobody_listens() -> None:
    async with application() as gone:
        url = gone.url
    with pytest.raises(CallbackFailed) as failure:
        await callbacks().call(to(url), OCCASION)
    assert failure.value.message == UNREACHABLE


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed one of app.example, with its key in the same file."""
    file = tmp_path / "app.pem"
    subject = ["-subj", "/CN=app.example", "-addext", "subjectAltName=DNS:app.example"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*made, "-keyout", str(file), "-out", str(tmp_path / "c.pem")], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + (tmp_path / "c.pem").read_bytes())
    return file


@pytest.mark.parametrize(("name", "is_told"), [("app.example", True), ("other.example", False)])
async def test_over_tls_the_certificate_must_be_of_the_name(certificate: Path, *, name: str, is_told: bool) -> None:
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate)
    trust = ssl.create_default_context(cafile=certificate)

    async def tls() -> ssl.SSLContext:
        return trust

    async with application(server_side) as app:
        sender = callbacks(resolver=Names(["127.0.0.1"]), tls=tls)
        callback = to(f"https://{name}:{app.port}/")
        if is_told:
            assert await sender.call(callback, OCCASION) == b'{"Status":"OK"}'
        else:
            with pytest.raises(CallbackFailed) as failure:
                await sender.call(callback, OCCASION)
            assert failure.value.message == UNREACHABLE
        assert len(app.told) == int(is_told)


async def test_whom_the_machine_trusts_is_asked_with_names() -> None:
    assert (await system_trust()).check_hostname
