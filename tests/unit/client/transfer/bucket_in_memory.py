"""A client whose server is a dictionary: what transfers ask for, with a step before and after each request that a test may spoil."""

import hashlib
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest

import ossicle
from ossicle.client.bodies import SentBody
from ossicle.client.sync import Client
from ossicle.client.transfer.journal import Journal
from ossicle.wire.digest import crc64, render_etag, render_multipart_etag
from ossicle.wire.errors import NoSuchKey, NoSuchUpload, PreconditionFailed

CHUNK_BYTES = 30_000
Spoil = Callable[[str, Any], object]
"""Called with the name of a step, such as `before upload_part`, and the request. What it raises is what the request raises."""


class Killed(BaseException):
    """The process is gone: whatever it would do to the server from now on is this as well."""


@dataclass(frozen=True, kw_only=True)
class Stored:
    content: bytes
    etag: str
    request: Any

    @property
    def crc(self) -> str:
        return str(crc64(self.content))


@dataclass(kw_only=True)
class Upload:
    request: Any
    parts: dict[int, Stored] = field(default_factory=dict)


def stored(content: bytes, request: Any = None) -> Stored:
    return Stored(content=content, etag=f'"{render_etag(hashlib.md5(content).digest())}"', request=request)


class Body:
    """A streamed body that knows whether somebody still holds it."""

    def __init__(self, bucket: "BucketInMemory", content: bytes, request: Any) -> None:
        self._bucket, self._content, self._request = bucket, content, request

    def __enter__(self) -> Self:
        self._bucket.streams += 1
        return self

    def __exit__(self, *_: object) -> None:
        self._bucket.streams -= 1

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._content), CHUNK_BYTES):
            with self._bucket.lock:
                self._bucket.step("chunk", self._request)
            yield self._content[start : start + CHUNK_BYTES]


class BucketInMemory:
    """`objects` and `uploads` are what is on the server; `asked` counts requests by name."""

    def __init__(self, spoil: Spoil = lambda _step, _request: None) -> None:
        self.spoil = spoil
        self.objects: dict[str, Stored] = {}
        self.uploads: dict[str, Upload] = {}
        self.asked: Counter[str] = Counter()
        self.streams = 0
        self.tells_crc = True
        self.lock = threading.RLock()
        self._is_dead = False
        self._ids = iter(range(10_000))

    @property
    def client(self) -> Client:
        return cast("Client", self)

    def step(self, name: str, request: Any) -> None:
        if self._is_dead:
            raise Killed
        try:
            self.spoil(name, request)
        except Killed:
            self._is_dead = True
            raise

    def revive(self) -> None:
        """Let another process speak to the same server, and spoil nothing."""
        self._is_dead = False
        self.spoil = lambda _step, _request: None

    def __getattr__(self, name: str) -> Callable[[Any], Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        work = getattr(type(self), f"do_{name}")

        def ask(request: Any) -> Any:
            with self.lock:
                self.asked[name] += 1
                self.step(f"before {name}", request)
            body = b"".join(SentBody(request.body, request.progress_fn)) if hasattr(request, "body") else b""
            with self.lock:
                answer = work(self, request, body)
                self.step(f"after {name}", request)
            return answer

        return ask

    def do_put_object(self, request: Any, body: bytes) -> Any:
        self.objects[request.key] = made = stored(body, request)
        return self._told(ossicle.PutObjectResult, made)

    def do_initiate_multipart_upload(self, request: Any, _: bytes) -> Any:
        upload_id = f"U{next(self._ids)}"
        self.uploads[upload_id] = Upload(request=request)
        return ossicle.InitiateMultipartUploadResult(upload_id=upload_id)

    def do_upload_part(self, request: Any, body: bytes) -> Any:
        self._upload(request).parts[request.part_number] = made = stored(body, request)
        return self._told(ossicle.UploadPartResult, made)

    def do_upload_part_copy(self, request: Any, _: bytes) -> Any:
        source = self._object(request.source_key, request.if_match)
        self._upload(request).parts[request.part_number] = made = stored(_range(source, request.source_range), request)
        return ossicle.UploadPartCopyResult(status_code=200, etag=made.etag)

    def do_complete_multipart_upload(self, request: Any, _: bytes) -> Any:
        upload = self._upload(request)
        listed = [upload.parts[part.part_number] for part in request.complete_multipart_upload.parts]
        assert [part.etag for part in request.complete_multipart_upload.parts] == [part.etag for part in listed]
        etag = render_multipart_etag(part.etag.strip('"') for part in listed)
        content = b"".join(part.content for part in listed)
        self.objects[request.key] = made = Stored(content=content, etag=f'"{etag}"', request=upload.request)
        del self.uploads[request.upload_id]
        return self._told(ossicle.CompleteMultipartUploadResult, made)

    def do_abort_multipart_upload(self, request: Any, _: bytes) -> Any:
        self._upload(request)
        del self.uploads[request.upload_id]

    def do_copy_object(self, request: Any, _: bytes) -> Any:
        source = self._object(request.source_key, request.if_match)
        self.objects[request.key] = made = replace(source, request=request)
        return self._told(ossicle.CopyObjectResult, made)

    def do_head_object(self, request: Any, _: bytes) -> Any:
        found = self._object(request.key, request.if_match)
        described = {"content_type": getattr(found.request, "content_type", None), "content_length": len(found.content)}
        return self._told(ossicle.HeadObjectResult, found, **described)

    def do_get_object(self, request: Any, _: bytes) -> Any:
        found = self._object(request.key, request.if_match)
        return ossicle.GetObjectResult(body=Body(self, _range(found, request.range_header), request))

    def list_parts_paginator(self) -> Any:
        return SimpleNamespace(iter_page=lambda request: iter((self.list_parts(request),)))

    def do_list_parts(self, request: Any, _: bytes) -> Any:
        parts = [
            ossicle.Part(part_number=number, etag=part.etag, size=len(part.content), hash_crc64=part.crc)
            for number, part in sorted(self._upload(request).parts.items())
        ]
        return ossicle.ListPartsResult(parts=tuple(parts))

    def _told(self, kind: Any, made: Stored, **more: Any) -> Any:
        crc = made.crc if self.tells_crc else None
        return kind(status_code=200, request_id="RID", etag=made.etag, hash_crc64=crc, **more)

    def _upload(self, request: Any) -> Upload:
        if request.upload_id not in self.uploads:
            raise NoSuchUpload
        return self.uploads[request.upload_id]

    def _object(self, key: str, if_match: str | None) -> Stored:
        if key not in self.objects:
            raise NoSuchKey(key=key)
        if if_match not in (None, self.objects[key].etag):
            raise PreconditionFailed
        return self.objects[key]


def _range(found: Stored, header: str) -> bytes:
    first, _, last = header.removeprefix("bytes=").partition("-")
    return found.content[int(first) : int(last) + 1]


class Told:
    """A `progress_fn` that checks what it is told: every byte once, in one ascending count."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int, int | None]] = []

    def __call__(self, increment: int, so_far: int, total: int | None) -> None:
        before = self.steps[-1][1] if self.steps else 0
        assert increment > 0
        assert so_far == before + increment
        self.steps.append((increment, so_far, total))

    @property
    def last(self) -> tuple[int, int | None]:
        return self.steps[-1][1:]


class Steps:
    """The steps of a process, counted; it is killed at the `fatal` one (from 0 on)."""

    def __init__(self, bucket: BucketInMemory, fatal: int | None = None) -> None:
        self.names: list[str] = []
        self._bucket, self._fatal = bucket, fatal
        bucket.spoil = self

    def __call__(self, name: str, _request: Any = None) -> None:
        self.names.append(name)
        if len(self.names) - 1 == self._fatal:
            raise Killed

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        """Count what is done to checkpoints and to the place of a download as well."""
        for owner, name in ((Journal, "begin"), (Journal, "add"), (Journal, "remove"), (os, "replace")):
            patch.setattr(owner, name, self._around(name, getattr(owner, name)))

    def _around(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*args: Any) -> Any:
            with self._bucket.lock:
                self._bucket.step(f"before {name}", None)
            result = work(*args)
            with self._bucket.lock:
                self._bucket.step(f"after {name}", None)
            return result

        return stepped


def raise_at(step: str, error: BaseException, nth: int = 1, *, always: bool = False) -> Spoil:
    """Return what raises `error` at the `nth` step of this name, or from then on."""
    seen = 0

    def spoil(name: str, _request: Any) -> None:
        nonlocal seen
        seen += name == step
        if name == step and (seen == nth or (always and seen > nth)):
            raise error

    return spoil
