"""A bucket as a website: what a browser is answered that asks the bucket's own host for a page, without any signature."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from ossicle.edge.answer import close_body
from ossicle.edge.target import AddressStyle, Origin
from ossicle.edge.visit import Visit
from ossicle.model.website import REDIRECT, Sending, page_of, page_of_folder, route
from ossicle.wire.api.bucket_website import WEBSITE, IndexDocument, WebsiteConfiguration
from ossicle.wire.errors import AccessDenied, NoSuchKey
from ossicle.wire.http import Headers, Query, Request, Resource, Response
from ossicle.wire.setting import Documents
from ossicle.wire.text import decode, encode, percent_encode_path

Page = Callable[[str, Request], Awaitable[Response]]
"""Answers a request with the object of a key, or raises."""

_OPERATIONS: Final = frozenset({"GetObject", "HeadObject", "ListObjects", "HeadBucket"})
_NO_QUERY: Final = Query(b"")
_PARTIAL: Final = frozenset(
    {b"range", b"if-range", b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since"}
)
_FOUND: Final = 302


def website_of(visit: Visit, origin: Origin, documents: Documents) -> WebsiteConfiguration | None:
    """Return the website that a request is for a page of; None when it is for something else, as nearly always."""
    is_page = (
        origin.style is not AddressStyle.PATH and visit.principal.account is None and visit.operation in _OPERATIONS
    )
    return documents.get(WEBSITE) if is_page else None


async def answer_page(website: WebsiteConfiguration, visit: Visit, resource: Resource, page: Page) -> Response:
    """Return the page that a request is for, a redirect, or the error page.

    Raises:
        OssError: there is none of these, and why.
    """
    key = decode(resource.key or b"")
    try:
        return await _answer(website, visit, key, page)
    except (NoSuchKey, AccessDenied) as error:
        return await _answer_instead(website, visit, key, page, error)


async def _answer(website: WebsiteConfiguration, visit: Visit, key: str, page: Page) -> Response:
    sending = route(website, key, _header(visit), None)
    if sending is not None:
        return await _send(website, visit, sending, page)
    target = page_of(website, key)
    if target is None:
        raise NoSuchKey(key=key)
    try:
        return await page(target, visit.request)
    except NoSuchKey:
        folder = page_of_folder(website, key)
        if folder is None:
            raise
        return await _answer_folder(visit, key, folder, page)


async def _answer_instead(
    website: WebsiteConfiguration, visit: Visit, key: str, page: Page, error: NoSuchKey | AccessDenied
) -> Response:
    """Return what comes instead of a page that is not there or not for everybody: what a rule says, else the error page."""
    with suppress(NoSuchKey, AccessDenied):
        sending = route(website, key, _header(visit), error.status)
        if sending is not None:
            return await _send(website, visit, sending, page)
    wanted = website.error_document
    if wanted is not None and wanted.key is not None and isinstance(error, NoSuchKey):
        with suppress(NoSuchKey, AccessDenied):
            answer = await page(wanted.key, _whole(visit.request))
            visit.error = error
            return replace(answer, status=wanted.http_status or error.status)
    raise error


def _header(visit: Visit) -> Callable[[str], str | None]:
    headers = visit.request.headers
    return lambda name: headers.text(encode(name.lower()))


async def _answer_folder(visit: Visit, key: str, folder: tuple[str, IndexDocument], page: Page) -> Response:
    target, index = folder
    answer = await page(target, visit.request)  # also where it is only looked for
    if (index.type or REDIRECT) != REDIRECT:
        return answer
    await close_body(answer)
    return _redirect(_address(visit, Sending(key=f"{key}/")), _FOUND)


async def _send(website: WebsiteConfiguration, visit: Visit, sending: Sending, page: Page) -> Response:
    if sending.status is not None:
        return _redirect(_address(visit, sending), sending.status)
    target = page_of(website, sending.key)
    if target is None:
        raise NoSuchKey(key=sending.key)
    return await page(target, _whole(visit.request))


def _whole(request: Request) -> Request:
    """Return a request for all of another object than the one that it names."""
    kept = [(name, value) for name, value in request.headers.items() if name not in _PARTIAL]
    return replace(request, headers=Headers(kept), query=_NO_QUERY)


def _address(visit: Visit, sending: Sending) -> str:
    """Return where a browser is sent, as a whole address: a key that begins with a slash must not be taken for a host."""
    protocol, host = sending.protocol or visit.scheme, sending.host or decode(visit.request.host)
    query = decode(visit.request.query.raw) if sending.passes_query else ""
    return f"{protocol}://{host}/{percent_encode_path(encode(sending.key))}{'?' if query else ''}{query}"


def _redirect(address: str, status: int) -> Response:
    return Response(status=status, headers=[(b"location", encode(address)), (b"content-length", b"0")])
