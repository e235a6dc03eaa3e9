"""Multipart uploads: how fast the bytes go in as parts, and what Complete costs as their number grows."""

import hashlib
import http.client
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bench.load import Load, LoadFailed, block_of, send_each
from bench.outcome import Figure, render_rows
from bench.servers import Peer
from bench.target import Ask, Target

PART_BYTES_MIN: Final = 100 * 1024
"""The least that OSS takes of a part that is not the last."""
S3_PART_BYTES_MIN: Final = 5 * 1024 * 1024
"""The same of S3, and of SeaweedFS."""
CONNECTIONS: Final = 4
_COMPLETE_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Multipart:
    """One upload. `refusal` is why its Complete was refused; the seconds of it mean nothing then."""

    peer: str
    round: int
    parts: int
    part_bytes: int
    initiate_seconds: float
    parts_seconds: float
    complete_seconds: float
    refusal: str = ""

    @property
    def megabytes_per_second(self) -> float:
        seconds = self.initiate_seconds + self.parts_seconds + self.complete_seconds
        return self.parts * self.part_bytes / 1e6 / seconds


def measure_multipart(
    peers: Sequence[Peer], sizes: Sequence[tuple[int, int]], *, rounds: int, say: Callable[[str], None]
) -> list[Multipart]:
    """Upload so many parts of so many bytes, for each of `sizes`, to servers that are running, in turn; smaller ones than S3 takes to Ossicle only.

    Raises:
        LoadFailed: a part was refused.
    """
    uploads = []
    for number in range(rounds):
        for parts, part_bytes in sizes:
            for peer in peers if number % 2 == 0 else peers[::-1]:
                if part_bytes < S3_PART_BYTES_MIN and not peer.speaks_oss:
                    continue
                os.sync()
                upload = _upload(peer, number, parts, part_bytes)
                say(
                    f"round {number + 1}  {parts:>6,} parts of {part_bytes:,} bytes  {peer.name:<10}"
                    f" {upload.megabytes_per_second:8.1f} MB/s, Complete {upload.complete_seconds * 1000:.1f} ms {upload.refusal}"
                )
                uploads.append(upload)
    return uploads


def _upload(peer: Peer, number: int, parts: int, part_bytes: int) -> Multipart:
    target, key = peer.target, f"multipart/{parts}/{number}"
    began = time.perf_counter()
    status, answer = _post(target, Ask(method="POST", key=key, body_bytes=0, query=(("uploads", ""),)), b"")
    found = re.search(rb"<UploadId>([^<]+)</UploadId>", answer)
    if status != 200 or found is None:
        raise LoadFailed(f"{peer.name} began no upload: {status} {answer[:500]!r}")
    upload_id, initiated = found.group(1).decode(), time.perf_counter()
    asks = [
        Ask(method="PUT", key=key, body_bytes=part_bytes, query=(("partNumber", str(part)), ("uploadId", upload_id)))
        for part in range(1, parts + 1)
    ]
    parts_seconds = send_each(Load(target=target, asks=asks, connections=CONNECTIONS))
    document = _complete_document(parts, part_bytes, speaks_oss=peer.speaks_oss)
    complete = Ask(method="POST", key=key, body_bytes=len(document), query=(("uploadId", upload_id),))
    sent = time.perf_counter()
    status, answer = _post(target, complete, document)
    ended = time.perf_counter()
    # A success that failed half-way has the error in its document.
    is_refused = status != 200 or b"<Error>" in answer
    return Multipart(
        peer=peer.name,
        round=number,
        parts=parts,
        part_bytes=part_bytes,
        initiate_seconds=initiated - began,
        parts_seconds=parts_seconds,
        complete_seconds=ended - sent,
        refusal=f"{status} {_code(answer)}" if is_refused else "",
    )


def _complete_document(parts: int, part_bytes: int, *, speaks_oss: bool) -> bytes:
    """Return the document with the ETags as each side gives them; every part holds the same bytes."""
    digest = hashlib.md5(block_of(part_bytes), usedforsecurity=False).hexdigest()
    etag = digest.upper() if speaks_oss else digest
    lines = "".join(
        f'<Part><PartNumber>{part}</PartNumber><ETag>"{etag}"</ETag></Part>' for part in range(1, parts + 1)
    )
    return f"<CompleteMultipartUpload>{lines}</CompleteMultipartUpload>".encode()


def _post(target: Target, ask: Ask, body: bytes) -> tuple[int, bytes]:
    (path,) = target.paths([ask])
    connection = http.client.HTTPConnection(target.host, target.port, timeout=_COMPLETE_SECONDS)
    try:
        connection.putrequest("POST", path, skip_accept_encoding=True)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _code(answer: bytes) -> str:
    found = re.search(rb"<Code>([^<]+)</Code>", answer)
    return answer[:100].decode(errors="replace") if found is None else found.group(1).decode()


def render_multipart(uploads: Sequence[Multipart]) -> str:
    """Return a Markdown table: the sizes of uploads and the servers down, rates and the cost of Complete across."""
    rows = []
    for size in dict.fromkeys((upload.parts, upload.part_bytes) for upload in uploads):
        for peer in dict.fromkeys(upload.peer for upload in uploads):
            mine = _of(uploads, peer, *size)
            if not mine:
                continue
            refused = next((upload.refusal for upload in mine if upload.refusal), "")
            complete = Figure.of(upload.complete_seconds for upload in mine)
            rows.append(
                [
                    f"{size[0]:,} × {size[1] / 2**20:.3g} MiB",
                    peer,
                    Figure.of(upload.megabytes_per_second for upload in mine).show(0),
                    f"refused: {refused}" if refused else complete.times(1000).show(1),
                    "" if refused else complete.times(1e6 / size[0]).show(1),
                ]
            )
    return render_rows(["parts", "server", "MB/s", "Complete ms", "Complete µs a part"], rows, texts=2)


def figures_of_multipart(uploads: Sequence[Multipart]) -> dict[str, Figure]:
    """Return the ratio of the rates of the upload with the largest parts, and how the cost of a part in Complete grew."""
    size = max(((upload.parts, upload.part_bytes) for upload in uploads), key=lambda size: size[1])
    figures = {}
    first, *others = dict.fromkeys(
        upload.peer for upload in sorted(uploads, key=lambda upload: upload.peer != "Ossicle")
    )
    mine = _of(uploads, first, *size)
    for other in others:
        theirs = _of(uploads, other, *size)
        if any(upload.refusal for upload in (*mine, *theirs)):
            continue
        figures[f"multipart:{other}"] = Figure.of(
            own.megabytes_per_second / its.megabytes_per_second for own, its in zip(mine, theirs, strict=True)
        )
    counts = sorted({upload.parts for upload in uploads if upload.part_bytes == PART_BYTES_MIN})
    if len(counts) > 1:
        most, fewer = (_of(uploads, first, count, PART_BYTES_MIN) for count in (counts[-1], counts[-2]))
        figures["complete-growth"] = Figure.of(
            (many.complete_seconds / counts[-1]) / (few.complete_seconds / counts[-2])
            for many, few in zip(most, fewer, strict=True)
        )
    return figures


def _of(uploads: Sequence[Multipart], peer: str, parts: int, part_bytes: int) -> list[Multipart]:
    """Return a server's uploads of one size in the order of the rounds."""
    return [upload for upload in uploads if (upload.peer, upload.parts, upload.part_bytes) == (peer, parts, part_bytes)]
