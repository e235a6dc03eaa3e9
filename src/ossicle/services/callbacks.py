"""Tells an application server of an upload that was stored, and returns what it says."""

import asyncio
import base64
import json
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Final, Protocol

from ossicle.services.callback_addresses import AddressRule, Resolver, literal_address, resolve
from ossicle.wire.callback import Callback, CallbackUrl, render_body, signature_text
from ossicle.wire.errors import CallbackFailed, InvalidArgument
from ossicle.wire.records import record

PRIVATE: Final = "Private address is forbidden to callback."
_UNREACHABLE: Final = "Error status : -1. OSS can not connect to your callbackUrl, please check it."
_NO_LENGTH: Final = "Error Status : 400.User server missing content-length."
_NO_JSON: Final = "Response body is not valid json format."
_HEAD_BYTES_MAX: Final = 64 * 1024
_STATUS_LINE: Final = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: .*)?")
_LENGTH: Final = re.compile(rb"[0-9]{1,15}")


class Signer(Protocol):
    """Holds the pair of keys with which callbacks are signed."""

    async def sign(self, text: bytes) -> bytes:
        """Return the RSA-MD5 signature of a text; NotImplemented when this installation can't sign."""
        ...

    async def public_key(self) -> bytes:
        """Return the public key, PEM; NotImplemented when this installation can't sign."""
        ...


@record
class CallbackLimits:
    """How long one address may take from name to answer, and how large its answer may be."""

    seconds: float = 5.0
    answer_bytes_max: int = 3 * 1024 * 1024


@record
class Occasion:
    """Of what a callback tells: `facts` by the names of variables; `headers` go along as they are."""

    facts: Mapping[str, str | int]
    public_key_url: str
    headers: tuple[tuple[str, str], ...] = ()


class Callbacks:
    """Sends callbacks. A name is resolved once, and the address that was judged is the one that is connected to."""

    def __init__(
        self,
        signer: Signer,
        rule: AddressRule,
        *,
        resolver: Resolver = resolve,
        limits: CallbackLimits | None = None,
        tls: Callable[[], Awaitable[ssl.SSLContext]] | None = None,
    ) -> None:
        self._signer = signer
        self._rule = rule
        self._resolver = resolver
        self._limits = limits or CallbackLimits()
        self._tls = tls or system_trust

    async def judge(self, callback: Callback) -> None:
        """Judge what can be told before anything is stored.

        Raises:
            InvalidArgument: an address is private.
            NotImplemented: this installation can't sign callbacks.
        """
        for url in callback.urls:
            address = literal_address(url.host)
            if address is not None and self._rule.is_forbidden(address):
                raise InvalidArgument(PRIVATE, argument_name="callback")
        await self._signer.public_key()

    async def call(self, callback: Callback, occasion: Occasion) -> bytes:
        """Return the JSON document with which the first of the addresses answered that gave one.

        Raises:
            CallbackFailed: none did; the message is about the last.
        """
        body = render_body(callback, occasion.facts)
        failure = CallbackFailed()
        for url in callback.urls:
            head = await self._head(callback, url, body, occasion)
            try:
                async with asyncio.timeout(self._limits.seconds):
                    return await self._exchange(url, head + body)
            except CallbackFailed as error:
                failure = error
            except TimeoutError:
                # OSS: the words around the time are unverified.
                failure = CallbackFailed(f"Error status : -1. timeout: {int(self._limits.seconds * 1000)} MS")
            except (OSError, EOFError, asyncio.LimitOverrunError, UnicodeError):
                failure = CallbackFailed(_UNREACHABLE)
        raise failure

    async def _head(self, callback: Callback, url: CallbackUrl, body: bytes, occasion: Occasion) -> bytes:
        signature = await self._signer.sign(signature_text(url, body))
        lines = [
            f"POST {url.path}{url.query} HTTP/1.1",
            f"Host: {callback.host or url.authority}",
            "Connection: close",
            "User-Agent: http-client/0.0.1",
            f"Content-Type: {callback.body_type}",
            f"Content-Length: {len(body)}",
            f"Authorization: {base64.b64encode(signature).decode()}",
            f"x-oss-pub-key-url: {base64.b64encode(occasion.public_key_url.encode()).decode()}",
            *(f"{name}: {value}" for name, value in occasion.headers),
        ]
        return "\r\n".join([*lines, "", ""]).encode("ascii")

    async def _exchange(self, url: CallbackUrl, message: bytes) -> bytes:
        address = await self._vetted(url)
        tls = await self._tls() if url.is_tls else None
        reader, writer = await asyncio.open_connection(
            address, url.port, ssl=tls, server_hostname=url.host if url.is_tls else None, limit=_HEAD_BYTES_MAX
        )
        try:
            writer.write(message)
            # A server may answer, and stop reading, before it has all: its answer counts.
            with suppress(ConnectionError):
                await writer.drain()
            return await self._answer(reader)
        finally:
            writer.transport.abort()

    async def _vetted(self, url: CallbackUrl) -> str:
        address = literal_address(url.host)
        addresses = await self._resolver(url.host, url.port) if address is None else [address]
        if any(self._rule.is_forbidden(found) for found in addresses):
            raise CallbackFailed(PRIVATE)
        if not addresses:
            raise CallbackFailed(_UNREACHABLE)
        return addresses[0]

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        status = _STATUS_LINE.fullmatch(lines[0])
        if status is None:
            raise CallbackFailed(_UNREACHABLE)
        if status[1] != b"200":
            raise CallbackFailed(f"Error status : {status[1].decode()}.")
        length = _content_length(lines[1:])
        if length > self._limits.answer_bytes_max:
            # OSS: the message is unverified.
            raise CallbackFailed("Response body is larger than 3 MB.")
        document = await reader.readexactly(length)
        try:
            # Bytes stay as they came: this only tells whether they are JSON.
            await asyncio.to_thread(json.loads, document, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise CallbackFailed(_NO_JSON) from error
        return document


def _refuse_constant(name: str) -> None:
    """Refuse NaN and Infinity, which are no JSON though Python takes them for it."""
    raise ValueError(name)


def _content_length(lines: list[bytes]) -> int:
    fields = [line.partition(b":") for line in lines]
    values = {value.strip() for name, _, value in fields if name.strip().lower() == b"content-length"}
    if len(values) != 1 or not _LENGTH.fullmatch(value := values.pop()):
        raise CallbackFailed(_NO_LENGTH)
    return int(value)


async def system_trust() -> ssl.SSLContext:
    """Return how certificates are judged: by the authorities that this machine trusts."""
    return await asyncio.to_thread(_system_trust)


@cache
def _system_trust() -> ssl.SSLContext:
    return ssl.create_default_context()
