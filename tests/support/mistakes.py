"""Signed requests that something is then done to, and what is said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ossicle.wire.credentials import Credentials
from ossicle.wire.explain import Explanation, explain
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.signing import Version, parse_claim, presign, presign_dated, sign_headers, sign_headers_dated
from ossicle.wire.text import encode, percent_decode, percent_encode_path

KEY = Credentials(access_key_id="made-up-id", access_key_secret="made-up-secret")
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
REGION = "cn-hangzhou"
BUCKET = "demo"
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request on its way. `path` is what is sent, in path style or (`bucket`) on a host that names the bucket."""

    method: str = "PUT"
    path: str = ""
    query: str = ""
    headers: Mapping[str, str | bytes]
    bucket: str | None = None

    def but(self, **changed: object) -> "Sent":
        """Return it with other fields."""
        return replace(self, **changed)  # type: ignore[arg-type]  # fields by name

    def having(self, **headers: str | bytes | None) -> "Sent":
        """Return it with headers changed; `_` stands for `-` in names, and None takes one away."""
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in self.headers.items() if name.lower() not in changed}
        return replace(self, headers={**kept, **{name: value for name, value in changed.items() if value is not None}})

    @property
    def request(self) -> Request:
        raw = [
            (encode(name), value if isinstance(value, bytes) else encode(value)) for name, value in self.headers.items()
        ]
        if not any(name.lower() == b"host" for name, _ in raw):
            raw.append((b"host", b"oss.example.com"))
        headers = Headers(raw)
        return Request(
            method=self.method,
            path=encode(self.path),
            query=Query(encode(self.query)),
            headers=headers,
            host=headers.get(b"host") or b"",
        )

    @property
    def resource(self) -> Resource:
        path = encode(self.path).removeprefix(b"/")
        if self.bucket is not None:
            return Resource(bucket=self.bucket, key=percent_decode(path) or None)
        bucket, _, key = path.partition(b"/")
        return Resource(bucket=bucket.decode() or None, key=percent_decode(key) or None)

    def explained(self, credentials: Credentials = KEY) -> Explanation | None:
        """Return what explains it; it must be signed, and must not be right as it is."""
        request = self.request
        claim = parse_claim(request)
        assert claim is not None
        return explain(request, self.resource, claim, credentials)

    def cause(self) -> str:
        """Return the id of what explains it."""
        explanation = self.explained()
        return "" if explanation is None else explanation.id


def path_of(key: str, bucket: str = BUCKET) -> str:
    """Return the path of a key in path style."""
    return f"/{bucket}/{percent_encode_path(encode(key))}"


def presigned(
    version: Version = Version.V4,
    *,
    method: str = "PUT",
    key: str = "notes/may.txt",
    query: Pairs = (),
    headers: Pairs = (),
    additional: Sequence[str] = (),
    expires: int = 1000,
    credentials: Credentials = KEY,
) -> Sent:
    """Return the request of a presigned URL, as it should be sent."""
    resource = Resource(bucket=BUCKET, key=encode(key) or None)
    lifetime = timedelta(seconds=expires)
    if version is Version.V4:
        made = presign(
            method=method, resource=resource, query=query, headers=headers, credentials=credentials, region=REGION, now=NOW,
            expires=lifetime, additional_headers=additional,
        )  # fmt: skip
    else:
        made = presign_dated(
            version=version, method=method, resource=resource, query=query, headers=headers, credentials=credentials, now=NOW,
            expires=lifetime, additional_headers=additional,
        )  # fmt: skip
    return Sent(method=method, path=path_of(key), query=made.query, headers=dict(headers))


def header_signed(
    version: Version = Version.V4,
    *,
    method: str = "PUT",
    key: str = "notes/may.txt",
    query: Pairs = (),
    headers: Pairs = (),
    additional: Sequence[str] = (),
    credentials: Credentials = KEY,
) -> Sent:
    """Return a request signed in its headers, as it should be sent."""
    resource = Resource(bucket=BUCKET, key=encode(key) or None)
    if version is Version.V4:
        added = sign_headers(
            method=method, resource=resource, query=query, headers=headers, credentials=credentials, region=REGION, now=NOW,
            additional_headers=additional,
        )  # fmt: skip
    else:
        added = sign_headers_dated(
            version=version, method=method, resource=resource, query=query, headers=headers, credentials=credentials, now=NOW,
            additional_headers=additional,
        )  # fmt: skip
    text = "&".join(f"{name}={value}" if value else name for name, value in query)
    return Sent(method=method, path=path_of(key), query=text, headers={**dict(headers), **added})
