"""From a page to the request for the next one."""

from dataclasses import fields
from typing import Any

import pytest

import ossicle
from ossicle.client.failures import MalformedAnswer
from ossicle.client.pages import PAGINGS, AsyncPaginator, Paginator, limited, next_request
from ossicle.wire.api import OPERATIONS
from ossicle.wire.api.bucket import ListObjectsV2Request, ListObjectsV2Result
from ossicle.wire.api.multipart import ListMultipartUploadsRequest, ListMultipartUploadsResult

REQUEST = ListObjectsV2Request(bucket="demo", prefix="a/")


def page(start: int, stop: int, **more: Any) -> ListObjectsV2Result:
    contents = tuple(ossicle.ObjectProperties(key=str(number)) for number in range(start, stop))
    return ListObjectsV2Result(contents=contents, **more)


class Listing:
    """Ten names."""

    def __init__(self) -> None:
        self.asked: list[ListObjectsV2Request] = []

    def __call__(self, request: ListObjectsV2Request) -> ListObjectsV2Result:
        self.asked.append(request)
        start = int(request.continuation_token or "0")
        stop = min(start + (request.max_keys or 4), 10)
        return page(start, stop, is_truncated=stop < 10, next_continuation_token=str(stop) if stop < 10 else None)

    async def awaited(self, request: ListObjectsV2Request) -> ListObjectsV2Result:
        return self(request)


@pytest.mark.parametrize(("own", "given", "pages"), [(None, None, 3), (5, None, 2), (5, 1, 10)])
async def test_pages_concatenate_to_the_whole(own: int | None, given: int | None, pages: int) -> None:
    listing, twin = Listing(), Listing()
    found = list(Paginator(listing, own).iter_page(REQUEST, limit=given))
    awaited = [result async for result in AsyncPaginator(twin.awaited, own).iter_page(REQUEST, limit=given)]
    assert found == awaited
    assert len(found) == pages
    assert [item.key for result in found for item in result.contents or ()] == [str(number) for number in range(10)]
    assert {request.prefix for request in listing.asked} == {"a/"}


def test_a_page_is_asked_for_when_it_is_wanted() -> None:
    listing = Listing()
    next(Paginator(listing).iter_page(REQUEST))
    assert len(listing.asked) == 1


def test_two_markers_go_on_together() -> None:
    result = ListMultipartUploadsResult(is_truncated=True, next_key_marker="k", next_upload_id_marker="u")
    following = next_request(ListMultipartUploadsRequest(bucket="demo"), result)
    assert following == ListMultipartUploadsRequest(bucket="demo", key_marker="k", upload_id_marker="u")


def test_a_page_that_leads_nowhere_is_a_failure_instead_of_a_loop() -> None:
    for token in (None, "same"):
        request = ListObjectsV2Request(bucket="demo", continuation_token="same")
        with pytest.raises(MalformedAnswer, match="next one begins"):
            next_request(request, page(0, 1, is_truncated=True, next_continuation_token=token))


def test_only_listings_have_pages() -> None:
    with pytest.raises(TypeError, match="HeadBucketRequest"):
        limited(ossicle.HeadBucketRequest(bucket="demo"), 1)


def test_every_field_that_paging_names_exists() -> None:
    results = {operation.request: operation.result for operation in OPERATIONS}
    for request, paging in PAGINGS.items():
        assert {paging.limit, *paging.follow} <= {item.name for item in fields(request)}
        assert {"is_truncated", *paging.follow.values()} <= {item.name for item in fields(results[request])}
