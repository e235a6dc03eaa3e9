"""Listings page by page: the request for the next page from a result, without I/O, and the two drivers of it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar

from ossicle.client.failures import MalformedAnswer
from ossicle.wire.api.bucket import ListObjectsRequest, ListObjectsV2Request
from ossicle.wire.api.bucket_versioning import ListObjectVersionsRequest
from ossicle.wire.api.multipart import ListMultipartUploadsRequest, ListPartsRequest
from ossicle.wire.api.service import ListBucketsRequest

In = TypeVar("In")
Out = TypeVar("Out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How one listing is continued: the field that bounds a page, and which field of a result goes into which of the next request."""

    limit: str
    follow: Mapping[str, str]


PAGINGS: Final[Mapping[type, Paging]] = {
    ListBucketsRequest: Paging(limit="max_keys", follow={"marker": "next_marker"}),
    ListObjectsRequest: Paging(limit="max_keys", follow={"marker": "next_marker"}),
    ListObjectsV2Request: Paging(limit="max_keys", follow={"continuation_token": "next_continuation_token"}),
    ListObjectVersionsRequest: Paging(
        limit="max_keys", follow={"key_marker": "next_key_marker", "version_id_marker": "next_version_id_marker"}
    ),
    ListPartsRequest: Paging(limit="max_parts", follow={"part_number_marker": "next_part_number_marker"}),
    ListMultipartUploadsRequest: Paging(
        limit="max_uploads", follow={"key_marker": "next_key_marker", "upload_id_marker": "next_upload_id_marker"}
    ),
}
"""By the request's type."""


def limited(request: In, limit: int | None) -> In:
    """Return the request for pages of at most `limit` entries; None leaves what the request says."""
    return request if limit is None else _changed(request, {_paging(request).limit: limit})


def next_request(request: In, result: object) -> In | None:
    """Return the request for the page after `result`, which answered `request`; None after the last.

    Raises:
        MalformedAnswer: there is more, but the answer says nothing that leads on from here: asking again would never end.
    """
    if not getattr(result, "is_truncated", False):
        return None
    changes = {field: getattr(result, source) for field, source in _paging(request).follow.items()}
    following = _changed(request, changes)
    if following == request or not any(changes.values()):
        raise MalformedAnswer(f"{type(result).__name__} has more pages, but does not say where the next one begins")
    return following


def _paging(request: object) -> Paging:
    found = PAGINGS.get(type(request))
    if found is None:
        raise TypeError(f"{type(request).__name__} asks for no listing that has pages")
    return found


def _changed(request: In, changes: Mapping[str, Any]) -> In:
    made: Any = replace(request, **changes)  # type: ignore[type-var]  # every request is a dataclass
    return made  # type: ignore[no-any-return]  # of the type that went in


class Paginator(Generic[In, Out]):
    """Asks for page after page of a listing, each when it is wanted.

    Args:
        call: the client's method.
        limit: most entries of a page.
    """

    def __init__(self, call: Callable[[In], Out], limit: int | None = None) -> None:
        self._call = call
        self._limit = limit

    def iter_page(self, request: In, *, limit: int | None = None) -> Iterator[Out]:
        """Return the results from where `request` begins. `limit` goes before the paginator's own."""
        following: In | None = limited(request, self._limit if limit is None else limit)
        while following is not None:
            result = self._call(following)
            yield result
            following = next_request(following, result)


class AsyncPaginator(Generic[In, Out]):
    """See `Paginator`."""

    def __init__(self, call: Callable[[In], Awaitable[Out]], limit: int | None = None) -> None:
        self._call = call
        self._limit = limit

    async def iter_page(self, request: In, *, limit: int | None = None) -> AsyncIterator[Out]:
        """See `Paginator.iter_page`."""
        following: In | None = limited(request, self._limit if limit is None else limit)
        while following is not None:
            result = await self._call(following)
            yield result
            following = next_request(following, result)
