"""What a browser is told: preflights answered before authentication, and headers on every answer, refusals included."""

from ossicle.model.cors import CorsHeaders, Preflight, answer_actual, answer_preflight
from ossicle.model.objects import Bucket
from ossicle.services.buckets import Buckets
from ossicle.wire.api.bucket_cors import CORS
from ossicle.wire.errors import AccessForbidden, BadRequest, MethodNotAllowed, NoSuchBucket
from ossicle.wire.http import Headers, Resource
from ossicle.wire.names import BucketName


def parse_preflight(headers: Headers) -> Preflight:
    """Return what a preflight asks.

    Raises:
        BadRequest: it is none, for lack of its headers.
    """
    origin = headers.text(b"origin")
    method = headers.text(b"access-control-request-method")
    if origin is None:
        raise BadRequest
    if method is None:
        raise BadRequest("Insufficient information. Request Access-Control-Request-Method header needed.")
    names = (headers.text(b"access-control-request-headers") or "").split(",")
    return Preflight(origin=origin, method=method, headers=tuple(name.strip() for name in names if name.strip()))


async def preflight_headers(buckets: Buckets, resource: Resource, headers: Headers) -> CorsHeaders:
    """Return the headers that allow what a preflight asks for.

    Raises:
        NoSuchBucket, AccessForbidden, BadRequest, MethodNotAllowed: as OSS refuses it.
    """
    if resource.bucket is None:
        raise MethodNotAllowed(method="OPTIONS", resource_type="Service")
    preflight = parse_preflight(headers)
    bucket = await buckets.find(BucketName(resource.bucket))
    if bucket is None:
        raise NoSuchBucket(bucket_name=resource.bucket)
    configuration = await buckets.setting(bucket, CORS)
    allowed = None if configuration is None else answer_preflight(configuration, preflight)
    if allowed is None:
        raise AccessForbidden
    return allowed


async def answer_headers(buckets: Buckets, bucket: Bucket | None, method: str, headers: Headers) -> CorsHeaders:
    """Return the headers for the answer to a request of a page of another origin.

    With `ResponseVary` every answer says that it depends on the origin, also one without: a cache would give it to pages.

    # OSS: that refusals carry them too is unverified; without them a page can't read the reason.
    """
    if bucket is None or CORS.kind not in bucket.settings:
        return []
    configuration = await buckets.setting(bucket, CORS)
    if configuration is None:
        return []
    origin = headers.text(b"origin")
    found = [] if origin is None else answer_actual(configuration, origin, method)
    return found or ([("Vary", "Origin")] if configuration.response_vary else [])
