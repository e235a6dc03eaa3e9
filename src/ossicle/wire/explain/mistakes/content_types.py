"""The mistakes with `Content-Type`, the most frequent of all."""

import re
from collections.abc import Iterator
from typing import Final

from ossicle.wire.explain.attempt import Attempt, Suspicion
from ossicle.wire.explain.mistakes.headers import suspect_twice
from ossicle.wire.text import decode

NAME: Final = b"content-type"
_ADDED: Final = {
    b"application/x-www-form-urlencoded": "content-type-form",
    b"application/octet-stream": "content-type-octet-stream",
    b"text/plain": "content-type-text",
    b"application/json": "content-type-json",
    b"application/xml": "content-type-xml",
    b"text/xml": "content-type-xml",
    b"multipart/form-data": "content-type-multipart",
}
_OF_ENDING: Final = {
    b"txt": b"text/plain", b"md": b"text/markdown", b"csv": b"text/csv", b"htm": b"text/html", b"html": b"text/html",
    b"css": b"text/css", b"js": b"text/javascript", b"json": b"application/json", b"xml": b"application/xml",
    b"jpg": b"image/jpeg", b"jpeg": b"image/jpeg", b"png": b"image/png", b"gif": b"image/gif", b"webp": b"image/webp",
    b"svg": b"image/svg+xml", b"pdf": b"application/pdf", b"zip": b"application/zip", b"gz": b"application/gzip",
    b"mp3": b"audio/mpeg", b"mp4": b"video/mp4", b"mov": b"video/quicktime", b"apk": b"application/vnd.android.package-archive",
}  # fmt: skip
_USUAL: Final = (
    b"application/octet-stream",
    b"text/plain",
    b"application/json",
    b"image/jpeg",
    b"image/png",
    b"application/pdf",
    b"application/x-www-form-urlencoded",
    b"application/xml",
    b"text/html",
    b"video/mp4",
    b"image/jpg",
    b"application/zip",
)
_JSON: Final = (b"application/json;charset=utf-8", b"application/json; charset=utf-8")
_CHARSETS: Final = (b"utf-8", b"UTF-8", b"utf8", b"UTF8", b'"utf-8"')
_AROUND_SEMICOLON: Final = re.compile(rb"\s*;\s*")


def suspect_type(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that the type was added, changed or dropped."""
    sent = start.request.headers.get(NAME)
    if not sent:
        for signed in likely_types(start):
            yield Suspicion(
                cause="content-type-missing", attempt=with_type(start, signed), facts={"signed": decode(signed)}
            )
        return
    yield from suspect_type_added(start)
    if b"," in sent:
        yield from suspect_twice(start, NAME, sent)
    spelled = _spellings(sent)
    for signed in dict.fromkeys((*spelled, *likely_types(start))):
        if signed != sent:
            facts = {"sent": decode(sent), "signed": decode(signed)}
            yield Suspicion(cause=_difference(sent, signed), attempt=with_type(start, signed), facts=facts)


def suspect_type_added(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that the type was added."""
    sent = start.request.headers.get(NAME)
    if sent:
        cause = _ADDED.get(_bare(sent).lower(), "content-type-guessed")
        yield Suspicion(cause=cause, attempt=with_type(start, None), facts={"sent": decode(sent)})


def with_type(start: Attempt, value: bytes | None) -> Attempt:
    """Return it with another type, or without any."""
    return start.with_headers({NAME: value})


def _bare(value: bytes) -> bytes:
    return value.partition(b";")[0].strip()


def _difference(sent: bytes, signed: bytes) -> str:
    if _bare(sent).lower() != _bare(signed).lower():
        return "content-type-changed"
    return "content-type-charset" if (b";" in sent) != (b";" in signed) else "content-type-spelling"


def _spellings(sent: bytes) -> list[bytes]:
    bare = _bare(sent)
    found = [bare, _AROUND_SEMICOLON.sub(b";", sent), _AROUND_SEMICOLON.sub(b"; ", sent), sent.lower(), bare.lower()]
    found += [sent.replace(b'"', b""), sent.rstrip(b"; ")]
    return [*found, *_with_charsets(bare)]


def _with_charsets(bare: bytes) -> list[bytes]:
    return [b"%b%bcharset=%b" % (bare, mark, charset) for charset in _CHARSETS for mark in (b";", b"; ")]


def likely_types(start: Attempt) -> list[bytes]:
    """Return the types that are signed most often, that of the key's ending first."""
    of_key = _OF_ENDING.get((start.resource.key or b"").rpartition(b".")[2].lower())
    found = [] if of_key is None else [of_key]
    if of_key is not None and of_key.startswith(b"text/") and of_key != b"text/plain":
        found += _with_charsets(of_key)
    return [*found, *_USUAL, *_with_charsets(b"text/plain"), *_JSON]
