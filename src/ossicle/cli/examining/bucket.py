"""What can be done with the owner's keys, and in one bucket."""

import secrets
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

from ossicle.cli.examining.check import Check, failure, ok, refused, warning
from ossicle.cli.examining.server import Seen, Server
from ossicle.client.failures import ClientError
from ossicle.client.presign import PresignResult
from ossicle.client.sync import Client
from ossicle.wire.api.bucket import BucketInfo, GetBucketInfoRequest
from ossicle.wire.api.object_basic import DeleteObjectRequest, GetObjectRequest, PutObjectRequest
from ossicle.wire.api.service import ListBucketsRequest
from ossicle.wire.errors import AccessDenied, OssError
from ossicle.wire.http import Resource
from ossicle.wire.text import encode

_PROBE: Final = b"ossicle doctor was here\n"
_TYPE: Final = "text/plain"


def check_keys(client: Client) -> Check:
    """Return whether the server takes what the keys sign."""
    try:
        client.list_buckets(ListBucketsRequest(max_keys=1))
    except AccessDenied:
        return warning("keys", "they are good, but may not list buckets", "fine for a user who shall not")
    except (OssError, ClientError) as error:
        return refused("keys", error)
    return ok("keys", "the server takes what they sign")


def check_bucket(client: Client, bucket: str, *, region: str | None, authority: str) -> Iterator[Check]:
    """Give whether the bucket is there, and whether it says the same of itself as the settings do."""
    try:
        info = client.get_bucket_info(GetBucketInfoRequest(bucket=bucket)).bucket_info
    except (OssError, ClientError) as error:
        yield refused("bucket", error)
        return
    yield ok("bucket", f"oss://{bucket} is there, with the ACL {_acl(info)}")
    there = (info.location or "").removeprefix("oss-") if info else ""
    if there and region and there != region:
        fix = f"--region {there} (OSS_REGION), and its endpoint"
        yield failure("region", f"the bucket is in {there}, and requests are signed for {region}", fix)
    advertised = info.extranet_endpoint if info else None
    # OSS tells it without a scheme, Ossicle with the one in use.
    if advertised and advertised.rpartition("://")[2] != authority:
        fix = "serve with --advertise-endpoint, if clients shall use the address that you use"
        yield warning("endpoint", f"the bucket says that it is at {advertised}, and you use {authority}", fix)


def _acl(info: BucketInfo | None) -> str:
    return str(info.acl) if info and info.acl else "unknown"


def check_origin(server: Server, bucket: str, origin: str) -> Check:
    """Return whether pages of an origin may upload: asked as a browser asks."""
    address = server.endpoint.locate(Resource(bucket=bucket, key=b"ossicle-doctor"))
    asked = {"Origin": origin, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    try:
        seen = server.ask("OPTIONS", address, address.path, asked)
    except ClientError as error:
        return refused("cors", error)
    allowed = seen.headers.text(b"access-control-allow-origin")
    if seen.status == 200 and allowed in ("*", origin):
        return ok("cors", f"pages of {origin} may send PUT with a Content-Type")
    rule = f"a CORS rule of the bucket with AllowedOrigin {origin}, AllowedMethod PUT and AllowedHeader *"
    return failure("cors", f"pages of {origin} may not send PUT with a Content-Type ({seen.status})", f"add {rule}")


def check_round_trip(client: Client, server: Server, bucket: str) -> Iterator[Check]:
    """Give whether presigned URLs work: one uploads a small object, one reads it. It is removed again, whatever happens."""
    key = f"ossicle-doctor-{secrets.token_hex(8)}"
    try:
        put = client.presign(PutObjectRequest(bucket=bucket, key=key, content_type=_TYPE))
        yield _used("upload", lambda: _send(server, bucket, key, put, _PROBE), lambda seen: seen.status == 200)
        get = client.presign(GetObjectRequest(bucket=bucket, key=key))
        yield _used("download", lambda: _send(server, bucket, key, get), lambda seen: seen.body == _PROBE)
    finally:
        removed = _remove(client, bucket, key)
    yield removed


def _send(server: Server, bucket: str, key: str, signed: PresignResult, body: bytes = b"") -> Seen:
    address = server.endpoint.locate(Resource(bucket=bucket, key=encode(key)))
    target = f"{address.path}?{urlsplit(signed.url).query}"
    return server.ask(signed.method, address, target, dict(signed.signed_headers), body)


def _used(name: str, use: Callable[[], Seen], is_good: Callable[[Seen], bool]) -> Check:
    try:
        seen = use()
    except ClientError as error:
        return refused(name, error)
    if is_good(seen):
        return ok(name, "a presigned URL does it")
    why = seen.headers.text(b"x-ossicle-explanation") or "`ossicle explain` may say more"
    return failure(name, f"a presigned URL was answered with {seen.status}", why)


def _remove(client: Client, bucket: str, key: str) -> Check:
    try:
        client.delete_object(DeleteObjectRequest(bucket=bucket, key=key))
    except (OssError, ClientError) as error:
        return refused("removal", error)
    return ok("removal", "the probe was removed")
