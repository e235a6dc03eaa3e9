"""The signed requests of `tests/vectors/signing.json`, and the changes to them, as typed values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from ossicle.wire.credentials import Credentials
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.signing import (
    UNSIGNED_PAYLOAD,
    Claim,
    DatedClaim,
    Scope,
    canonical_headers,
    canonical_query,
    canonical_request,
    canonical_uri,
    parse_claim,
    signature,
    signing_key,
    string_to_sign,
)
from ossicle.wire.text import encode, percent_decode

KINDS_OF_CHANGE = {
    "headers",
    "host",
    "lowercase_header_names",
    "lowercase_percent_hex_in_path",
    "method",
    "remove_headers",
    "resign_with_expires",
    "reverse_header_order",
    "reverse_query_order",
    "server_secret",
    "target_append",
    "target_replace",
    "unknown_access_key",
}
FILE = Path(__file__).resolve().parent.parent / "vectors" / "signing.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A request as it travelled."""

    method: str
    scheme: str
    host: str
    target: str
    headers: Mapping[str, str]
    body: str | None

    @property
    def path(self) -> bytes:
        return encode(self.target).partition(b"?")[0]

    @property
    def query(self) -> bytes:
        return encode(self.target).partition(b"?")[2]

    def request(self) -> Request:
        sent = [(encode(name), encode(value)) for name, value in self.headers.items()]
        if not any(name.lower() == "host" for name in self.headers):
            sent.append((b"Host", encode(self.host)))
        return Request(
            method=self.method, path=self.path, query=Query(self.query), headers=Headers(sent), host=encode(self.host)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One entry of `vectors` or `derived_vectors`; the fields are explained in `tests/vectors/README.md`."""

    id: str
    signature_version: str
    auth_mode: str
    region: str
    product: str
    time_epoch: int
    access_key_id: str
    access_key_secret: str
    security_token: str | None
    address_style: str
    bucket: str | None
    key: str | None
    additional_headers_config: list[str] | None
    expires_seconds: int | None
    wire: Wire
    canonical_request: str | None
    string_to_sign: str | None
    signature: str | None
    headers_uploader_must_send: Mapping[str, str] | None
    expect: str
    verify_at_epoch: int

    @property
    def credentials(self) -> Credentials:
        return Credentials(
            access_key_id=self.access_key_id,
            access_key_secret=self.access_key_secret,
            security_token=self.security_token,
        )

    @property
    def resource(self) -> Resource:
        """What the entry says that it addresses."""
        return Resource(bucket=self.bucket, key=None if self.key is None else encode(self.key))

    @property
    def signed_at(self) -> datetime:
        return datetime.fromtimestamp(self.time_epoch, UTC)

    @property
    def verify_at(self) -> datetime:
        return datetime.fromtimestamp(self.verify_at_epoch, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One entry of `mutations`, with its vector as changed. Signing anew is left to the test."""

    id: str
    base: Vector
    changed: Vector
    is_key_unknown: bool
    resign_with_expires: int | None
    expect_status: int | None
    expect_code: str | None
    expect_ec: str | None
    expect_message: str | None

    @property
    def is_accepted(self) -> bool:
        return self.expect_code is None


@cache
def document() -> dict[str, Any]:
    """The whole file."""
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


@cache
def vectors() -> tuple[Vector, ...]:
    """Every signed request of the file, the derived ones last."""
    return tuple(_vector(raw) for raw in (*document()["vectors"], *document()["derived_vectors"]))


def v4_vectors() -> list[Vector]:
    """Those of signature V4, and the unsigned one."""
    return [vector for vector in vectors() if vector.signature_version == "v4"]


def dated_vectors() -> list[Vector]:
    """Those of signatures V1 and V2."""
    return [vector for vector in vectors() if vector.signature_version != "v4"]


def v4_claim(request: Request) -> Claim | None:
    """What a request claims that is signed with V4, or not at all."""
    claim = parse_claim(request)
    assert not isinstance(claim, DatedClaim)
    return claim


def dated_claim(request: Request) -> DatedClaim:
    """What a request claims that is signed with V1 or V2."""
    claim = parse_claim(request)
    assert isinstance(claim, DatedClaim)
    return claim


@cache
def mutations() -> tuple[Mutation, ...]:
    """Every change of the file, applied."""
    by_id = {vector.id: vector for vector in vectors()}
    return tuple(_mutation(raw, by_id[raw["base"]]) for raw in document()["mutations"])


def addressed(vector: Vector) -> Resource:
    """What the wire addresses, worked out from host and path: bucket and key after a change to either."""
    if vector.bucket is None:
        return vector.resource
    path = vector.wire.path.removeprefix(b"/")
    if vector.address_style == "path":
        bucket, _, path = path.partition(b"/")
        name = bucket.decode()
    else:
        name = vector.bucket if vector.address_style == "cname" else vector.wire.host.partition(".")[0]
    return Resource(bucket=name, key=percent_decode(path) or None)


def signed_again(vector: Vector, expires_seconds: int) -> Vector:
    """The same URL with another lifetime, which no signer of ours would sign."""
    unsigned = [
        (name, str(expires_seconds) if name == "x-oss-expires" else value)
        for name, value in Query(vector.wire.query).pairs
        if name != "x-oss-signature"
    ]
    form = canonical_request(
        method=vector.wire.method,
        uri=canonical_uri(vector.resource),
        query=canonical_query(unsigned),
        headers=canonical_headers(Headers(()), ()),
        additional=(),
        payload=UNSIGNED_PAYLOAD,
    )
    datetime_text = dict(unsigned)["x-oss-date"]
    scope = Scope(date=datetime_text[:8], region=vector.region, product=vector.product)
    text = string_to_sign(datetime_text=datetime_text, scope=scope, canonical=form)
    made = signature(signing_key(vector.access_key_secret, scope), text)
    target = f"{vector.wire.path.decode()}?{canonical_query(unsigned)}&x-oss-signature={made}"
    return replace(vector, wire=replace(vector.wire, target=target))


def _vector(raw: dict[str, Any]) -> Vector:
    known: dict[str, Any] = {field.name: raw.get(field.name) for field in fields(Vector)}
    known["wire"] = Wire(**raw["wire"])
    return Vector(**known)


def _mutation(raw: dict[str, Any], base: Vector) -> Mutation:
    mutate = raw.get("mutate", {})
    assert mutate.keys() <= KINDS_OF_CHANGE, raw["id"]
    return Mutation(
        id=raw["id"],
        base=base,
        changed=replace(
            base,
            wire=_change(base.wire, mutate),
            access_key_secret=mutate.get("server_secret", base.access_key_secret),
            verify_at_epoch=raw.get("verify_at_epoch", base.verify_at_epoch),
        ),
        is_key_unknown=mutate.get("unknown_access_key", False),
        resign_with_expires=mutate.get("resign_with_expires"),
        expect_status=raw.get("expect_status"),
        expect_code=raw.get("expect_code"),
        expect_ec=raw.get("expect_ec"),
        expect_message=raw.get("expect_message"),
    )


def _change(wire: Wire, mutate: Mapping[str, Any]) -> Wire:
    return replace(
        wire,
        method=mutate.get("method", wire.method),
        host=mutate.get("host", wire.host),
        target=_change_target(wire.target, mutate),
        headers=_change_headers(wire.headers, mutate),
    )


def _change_target(target: str, mutate: Mapping[str, Any]) -> str:
    if "target_replace" in mutate:
        old, new = mutate["target_replace"]
        assert target.count(old) == 1
        target = target.replace(old, new)
    target += mutate.get("target_append", "")
    path, question_mark, query = target.partition("?")
    if mutate.get("reverse_query_order"):
        query = "&".join(reversed(query.split("&")))
    if mutate.get("lowercase_percent_hex_in_path"):
        first, *escaped = path.split("%")
        path = first + "".join(f"%{piece[:2].lower()}{piece[2:]}" for piece in escaped)
    return path + question_mark + query


def _change_headers(headers: Mapping[str, str], mutate: Mapping[str, Any]) -> dict[str, str]:
    replaced = {name.lower() for name in (*mutate.get("headers", {}), *mutate.get("remove_headers", ()))}
    kept = [(name, value) for name, value in headers.items() if name.lower() not in replaced]
    changed = [*kept, *mutate.get("headers", {}).items()]
    if mutate.get("lowercase_header_names"):
        changed = [(name.lower(), value) for name, value in changed]
    if mutate.get("reverse_header_order"):
        changed.reverse()
    return dict(changed)
