"""A server as the load generator sees it: where it listens, and how a request to it has to look."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

from ossicle.wire.credentials import Credentials
from ossicle.wire.http import Resource
from ossicle.wire.signing import presign

BUCKET: Final = "bench"
_LIFETIME: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request: `body_bytes` is what it sends, or what a GET must bring; `first_byte` makes a GET ask for a range.

    `query` has decoded parameters; one without a value is a subresource.
    """

    method: str
    key: str
    body_bytes: int
    first_byte: int | None = None
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """An access key, and for what its signatures count."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One server. `presign` makes a path with a signature for each request; without it requests are anonymous."""

    host: str
    port: int
    pid: int
    keys: Keys | None = None
    presign: "Callable[[Target, Keys, Sequence[Ask]], list[str]] | None" = None

    def heads(self, asks: Sequence[Ask]) -> list[bytes]:
        """Return one ready head of a request for each of them."""
        return [_head(self, ask, path) for ask, path in zip(asks, self.paths(asks), strict=True)]

    def paths(self, asks: Sequence[Ask]) -> list[str]:
        """Return path and query of each request."""
        if self.presign is None or self.keys is None:
            return [f"/{BUCKET}/{ask.key}{'?' if ask.query else ''}{_query(ask)}" for ask in asks]
        return self.presign(self, self.keys, asks)


def _head(target: Target, ask: Ask, path: str) -> bytes:
    lines = [f"{ask.method} {path} HTTP/1.1", f"Host: {target.host}:{target.port}"]
    if ask.method in ("PUT", "POST"):
        lines.append(f"Content-Length: {ask.body_bytes}")
    if ask.first_byte is not None:
        lines.append(f"Range: bytes={ask.first_byte}-{ask.first_byte + ask.body_bytes - 1}")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def _query(ask: Ask) -> str:
    """Return the query as S3 signs it and everybody reads it, but for the `=` after a subresource."""
    return "&".join(f"{name}={quote(value, safe='')}" if value else name for name, value in sorted(ask.query))


def presign_oss(target: Target, keys: Keys, asks: Sequence[Ask]) -> list[str]:
    """Sign as OSS does, version 4, each request a URL of its own."""
    credentials = Credentials(access_key_id=keys.access_key_id, access_key_secret=keys.access_key_secret)
    now, paths = datetime.now(UTC), []
    for ask in asks:
        signed = presign(
            method=ask.method,
            resource=Resource(bucket=BUCKET, key=ask.key.encode() or None),
            query=ask.query,
            headers=(),
            credentials=credentials,
            region=keys.region,
            now=now,
            expires=_LIFETIME,
        )
        paths.append(f"/{BUCKET}/{ask.key}?{signed.query}")
    return paths


def presign_s3(target: Target, keys: Keys, asks: Sequence[Ask]) -> list[str]:
    """Sign as S3 does, version 4, each request a URL of its own.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    """
    moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    scope = f"{moment[:8]}/{keys.region}/s3/aws4_request"
    key = f"AWS4{keys.access_key_secret}".encode()
    for word in scope.split("/"):
        key = hmac.digest(key, word.encode(), "sha256")
    parameters = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{keys.access_key_id}/{scope}",
        "X-Amz-Date": moment,
        "X-Amz-Expires": str(int(_LIFETIME.total_seconds())),
        "X-Amz-SignedHeaders": "host",
    }
    paths = []
    for ask in asks:
        path = f"/{BUCKET}/{ask.key}"
        pairs = sorted([*parameters.items(), *ask.query])
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
        lines = (ask.method, path, query, f"host:{target.host}:{target.port}\n", "host", "UNSIGNED-PAYLOAD")
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}".encode()
        paths.append(f"{path}?{query}&X-Amz-Signature={hmac.digest(key, text, 'sha256').hex()}")
    return paths
