"""An application server that takes upload callbacks, and verifies them as the documentation of OSS tells it to."""

import asyncio
import base64
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import unquote_to_bytes

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import MD5
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

LOOPBACK = ("127.0.0.0/8", "::1/128")


class OneKey:
    """Signs with a key of this run of the tests."""

    async def sign(self, text: bytes) -> bytes:
        return _key().sign(text, padding.PKCS1v15(), MD5())  # noqa: S303  # what the protocol says

    async def public_key(self) -> bytes:
        return _key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def base64_json(value: object) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One callback as it arrived. Header names are lower case."""

    line: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def public_key_url(self) -> str:
        return base64.b64decode(self.headers["x-oss-pub-key-url"]).decode()

    def verify(self, public_key: bytes) -> None:
        """Raise InvalidSignature unless it was signed with the key's other half."""
        path, mark, query = self.line.split(" ")[1].partition("?")
        text = unquote_to_bytes(path) + (mark + query).encode() + b"\n" + self.body
        key = load_pem_public_key(public_key)
        assert isinstance(key, rsa.RSAPublicKey)
        key.verify(base64.b64decode(self.headers["authorization"]), text, padding.PKCS1v15(), MD5())  # noqa: S303


def answer(document: bytes = b'{"Status":"OK"}', *, status: str = "200 OK", length: int | None = None) -> bytes:
    size = len(document) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n\r\n".encode() + document


@dataclass(slots=True)
class Application:
    """`reply` is what it sends for a callback; None is nothing at all, until the caller goes away."""

    port: int = 0
    reply: Callable[[Told], bytes | None] = lambda _: answer()
    told: list[Told] = field(default_factory=list)
    went_away: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/told"

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.told.append(told := Told(line=head[0], headers=headers, body=body))
        if (reply := self.reply(told)) is None:
            with suppress(ConnectionError):  # a cut connection is a caller that went away as well
                await reader.read()
            self.went_away.set()
        else:
            writer.write(reply)
        writer.close()


@asynccontextmanager
async def application(tls: ssl.SSLContext | None = None) -> AsyncIterator[Application]:
    found = Application()
    server = await asyncio.start_server(found.take, "127.0.0.1", 0, ssl=tls)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        await server.wait_closed()
