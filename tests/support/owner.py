"""The owner of a running server's buckets: signs targets, and uses each over a connection of its own."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from ossicle.wire.credentials import Credentials
from ossicle.wire.digest import crc64
from ossicle.wire.http import Resource
from ossicle.wire.signing import presign
from ossicle.wire.text import percent_encode_path
from tests.support.connection import Answer, Connection
from tests.support.server import ACCESS_KEY_ID, ACCESS_KEY_SECRET, BUCKET, REGION, ServerProcess

EXPIRES = timedelta(minutes=10)


def etag_of(body: bytes) -> str:
    """Return the ETag header of an object that came in one piece."""
    return f'"{hashlib.md5(body).hexdigest().upper()}"'


def md5_of(body: bytes) -> str:
    """Return the Content-MD5 header of a body."""
    return base64.b64encode(hashlib.md5(body).digest()).decode()


def crc64_of(body: bytes) -> str:
    """Return the `x-oss-hash-crc64ecma` header of a body."""
    return str(crc64(body))


@dataclass(frozen=True, kw_only=True)
class Owner:
    """An account that signs for one bucket, or (`bucket` empty) for the service, over the server's first address."""

    server: ServerProcess
    bucket: str = BUCKET
    access_key_id: str = ACCESS_KEY_ID
    access_key_secret: str = ACCESS_KEY_SECRET
    security_token: str | None = None

    def path(self, key: str | None) -> str:
        """Return the target without its query, in path style."""
        return "/" + percent_encode_path(f"{self.bucket}/{key or ''}".encode()) if self.bucket else "/"

    def query(
        self,
        method: str,
        key: str | None,
        *,
        headers: Mapping[str, str] | None = None,
        parameters: Mapping[str, str] | None = None,
        at: datetime | None = None,
        expires: timedelta = EXPIRES,
    ) -> str:
        """Return a signed query, which is the same for every style of address."""
        signed = presign(
            method=method,
            resource=Resource(bucket=self.bucket or None, key=None if key is None else key.encode()),
            query=[*(parameters or {}).items()],
            headers=[*(headers or {}).items()],
            credentials=Credentials(
                access_key_id=self.access_key_id,
                access_key_secret=self.access_key_secret,
                security_token=self.security_token,
            ),
            region=REGION,
            now=at or datetime.now(UTC),
            expires=expires,
        )
        return signed.query

    def target(
        self,
        method: str,
        key: str | None,
        *,
        headers: Mapping[str, str] | None = None,
        parameters: Mapping[str, str] | None = None,
        at: datetime | None = None,
        expires: timedelta = EXPIRES,
    ) -> str:
        """Return a signed target in path style; `key` None is the bucket."""
        query = self.query(method, key, headers=headers, parameters=parameters, at=at, expires=expires)
        return f"{self.path(key)}?{query}"

    def url(self, method: str, key: str, *, headers: Mapping[str, str] | None = None) -> str:
        """Return a presigned URL."""
        return self.server.endpoint + self.target(method, key, headers=headers)

    # -- one request each

    def ask(
        self,
        method: str,
        key: str | None,
        body: bytes = b"",
        *,
        headers: Mapping[str, str] | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> Answer:
        """Sign a request, send it and return the answer."""
        target = self.target(method, key, headers=headers, parameters=parameters)
        with Connection(self.server.port) as connection:
            return connection.ask(method, target, body, headers)

    def put(self, key: str, body: bytes, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Upload an object, which must succeed."""
        answer = self.ask("PUT", key, body, headers=headers)
        assert answer.status == 200, answer.body
        assert answer.headers["etag"] == etag_of(body)
        return answer

    def get(self, key: str) -> bytes:
        """Return an object's bytes, which must be what its checksums say."""
        answer = self.ask("GET", key)
        assert answer.status == 200, answer.body
        assert answer.headers["etag"] == etag_of(answer.body)
        assert answer.headers["x-oss-hash-crc64ecma"] == crc64_of(answer.body)
        return answer.body

    def delete(self, key: str) -> None:
        """Remove an object."""
        assert self.ask("DELETE", key).status == 204

    def list_keys(self) -> list[str]:
        """Return all keys of the bucket, page by page."""
        return list(self._walk())

    def _walk(self) -> Iterator[str]:
        token = ""
        while True:
            parameters = {"list-type": "2", "max-keys": "1000", "continuation-token": token}
            answer = self.ask("GET", None, parameters={name: value for name, value in parameters.items() if value})
            assert answer.status == 200, answer.body
            page = ElementTree.fromstring(answer.body)
            yield from (entry.text or "" for entry in page.iterfind("Contents/Key"))
            token = page.findtext("NextContinuationToken") or ""
            if not token:
                return
