"""What a preflight asks, and what an answer tells."""

import pytest

from ossicle.edge.cross_origin import answer_headers, parse_preflight, preflight_headers
from ossicle.services.buckets import BucketProperties, Buckets
from ossicle.services.numbering import Numbering
from ossicle.stores.memory import MemoryMetadataStore
from ossicle.wire.api.bucket_cors import CORS, CORSConfiguration, CORSRule
from ossicle.wire.errors import AccessForbidden, BadRequest, MethodNotAllowed, NoSuchBucket, OssError
from ossicle.wire.http import Headers, Resource
from ossicle.wire.names import BucketName
from tests.support.inprocess import CountedIds, FrozenClock
from tests.support.stored import OWNER

NAME = BucketName("bucket")
RULE = CORSRule(allowed_origins=("http://a",), allowed_methods=("GET",), allowed_headers=("x-a",))
ASKED = {"origin": "http://a", "access-control-request-method": "GET"}


def headers(values: dict[str, str]) -> Headers:
    return Headers((name.encode(), value.encode()) for name, value in values.items())


@pytest.fixture
async def buckets() -> Buckets:
    buckets = Buckets(MemoryMetadataStore(), Numbering(1, CountedIds()), FrozenClock())
    await buckets.put(NAME, OWNER, BucketProperties())
    return buckets


async def configure(buckets: Buckets) -> None:
    row = await buckets.find(NAME)
    assert row is not None
    await buckets.put_setting(row, CORS, CORSConfiguration(cors_rules=(RULE,), response_vary=False))


@pytest.mark.parametrize(
    ("listed", "names"),
    [(None, ()), ("", ()), (" , ", ()), ("x-a", ("x-a",)), ("X-A, x-b,,x-c ", ("X-A", "x-b", "x-c"))],
)
def test_the_headers_that_a_preflight_lists(listed: str | None, names: tuple[str, ...]) -> None:
    extra = {} if listed is None else {"access-control-request-headers": listed}
    preflight = parse_preflight(headers({**ASKED, **extra}))
    assert (preflight.origin, preflight.method, preflight.headers) == ("http://a", "GET", names)


@pytest.mark.parametrize("missing", ["origin", "access-control-request-method"])
def test_a_preflight_without_its_headers(missing: str) -> None:
    with pytest.raises(BadRequest):
        parse_preflight(headers({name: value for name, value in ASKED.items() if name != missing}))


@pytest.mark.parametrize(
    ("resource", "asked", "refusal"),
    [
        (Resource(), ASKED, MethodNotAllowed),
        (Resource(bucket="missing"), ASKED, NoSuchBucket),
        (Resource(bucket="missing"), {}, BadRequest),
        (Resource(bucket="bucket"), {**ASKED, "origin": "http://b"}, AccessForbidden),
        (Resource(bucket="bucket"), {**ASKED, "access-control-request-headers": "x-b"}, AccessForbidden),
    ],
)
async def test_preflights_that_are_refused(
    buckets: Buckets, resource: Resource, asked: dict[str, str], refusal: type[OssError]
) -> None:
    await configure(buckets)
    with pytest.raises(refusal):
        await preflight_headers(buckets, resource, headers(asked))


async def test_a_bucket_without_rules_allows_nothing(buckets: Buckets) -> None:
    with pytest.raises(AccessForbidden):
        await preflight_headers(buckets, Resource(bucket="bucket"), headers(ASKED))
    row = await buckets.find(NAME)
    assert await answer_headers(buckets, row, "GET", headers(ASKED)) == []


async def test_what_is_allowed_is_told(buckets: Buckets) -> None:
    await configure(buckets)
    expected = [("Access-Control-Allow-Origin", "http://a"), ("Access-Control-Allow-Methods", "GET")]
    assert await preflight_headers(buckets, Resource(bucket="bucket", key=b"k"), headers(ASKED)) == expected
    row = await buckets.find(NAME)
    assert await answer_headers(buckets, row, "GET", headers(ASKED)) == expected
    assert await answer_headers(buckets, row, "PUT", headers(ASKED)) == []
    assert await answer_headers(buckets, row, "GET", headers({})) == []
    assert await answer_headers(buckets, None, "GET", headers(ASKED)) == []
