"""Random histories of one key's multipart uploads against a model, in memory and on disk."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.stores.memory import MemoryBlobStore, MemoryMetadataStore
from ossicle.stores.sqlite import SqliteMetadataStore
from ossicle.wire.digest import crc64
from tests.support.elements import text, texts
from tests.support.inprocess import Answer, FrozenClock, InProcessServer, build_server
from tests.support.uploading import PART_BYTES, complete, etag_of, initiate, multipart_etag, part_bytes, put_part

R = TypeVar("R")

PATH = "/bucket/key"
NUMBERS = st.sampled_from([1, 2, 3, 7, 10_000])
SIZES = st.sampled_from([0, 1, 65, PART_BYTES - 1, PART_BYTES, PART_BYTES + 5])


class MultipartMachine(RuleBasedStateMachine):
    """On memory stores. `uploads` is what each upload that goes on should hold; `ended` are the ids of the others."""

    begun = Bundle("begun")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = FrozenClock()
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.current: list[bytes] | None = None
        self.serial = 0
        self.server = self.run(self.open())

    def run(self, work: Coroutine[None, None, R]) -> R:
        return self.runner.run(work)

    async def open(self) -> InProcessServer:
        return build_server(metadata=MemoryMetadataStore(), blobs=MemoryBlobStore(), clock=self.clock)

    async def close(self) -> None:
        await self.server.blobs.close()
        await self.server.metadata.close()

    def teardown(self) -> None:
        try:
            self.run(self.close())
        finally:
            self.runner.close()

    @initialize()
    def make_bucket(self) -> None:
        self.run(self.server.put_bucket("bucket"))

    @rule(target=begun)
    def initiate(self) -> str:
        upload_id = self.run(initiate(self.server, PATH))
        assert upload_id not in self.uploads
        self.uploads[upload_id] = {}
        return upload_id

    @rule(upload_id=begun, number=NUMBERS, size=SIZES)
    def put_part(self, upload_id: str, number: int, size: int) -> None:
        self.serial += 1
        body = part_bytes(self.serial, size)
        answer = self.run(put_part(self.server, PATH, upload_id, number, body))
        if upload_id in self.uploads:
            assert (answer.status, answer.header("etag")) == (200, f'"{etag_of(body)}"')
            self.uploads[upload_id][number] = body
        else:
            assert answer.refusal[1] == "NoSuchUpload"

    @rule(upload_id=begun)
    def abort(self, upload_id: str) -> None:
        answer = self.run(self.server.call("DELETE", f"{PATH}?uploadId={upload_id}"))
        assert answer.status == (204 if self.uploads.pop(upload_id, None) is not None else 404)

    @rule(upload_id=begun, is_wrong=st.sampled_from(["", "", "", "order", "etag", "missing"]), data=st.data())
    def complete(self, upload_id: str, is_wrong: str, data: st.DataObject) -> None:
        parts = self.uploads.get(upload_id, {})
        numbers = sorted(data.draw(st.sets(st.sampled_from(sorted(parts)), min_size=1))) if parts else [1]
        listed = [(number, etag_of(parts.get(number, b""))) for number in numbers]
        expected = self.expected(upload_id, numbers)
        if is_wrong == "order":
            listed, expected = [*listed, listed[0]], expected if upload_id not in self.uploads else "InvalidPartOrder"
        elif is_wrong and upload_id in self.uploads:
            listed[-1] = (listed[-1][0], "0" * 32) if is_wrong == "etag" else (9_999, listed[-1][1])
            expected = "InvalidPart"
        answer = self.run(complete(self.server, PATH, upload_id, *listed))
        assert answer.refusal[1] == expected
        if expected == "":
            bodies = [parts[number] for number in numbers]
            self.judge_completed(answer, bodies)
            del self.uploads[upload_id]
            self.current = bodies

    def expected(self, upload_id: str, numbers: list[int]) -> str:
        """The code that a correct list of these parts gets."""
        if upload_id not in self.uploads:
            return "NoSuchUpload"
        parts = self.uploads[upload_id]
        if not parts:
            return "InvalidPart"
        return "EntityTooSmall" if any(len(parts[number]) < PART_BYTES for number in numbers[:-1]) else ""

    def judge_completed(self, answer: Answer, bodies: list[bytes]) -> None:
        assert text(answer, "ETag") == f'"{multipart_etag(bodies)}"'
        assert answer.header("x-oss-hash-crc64ecma") == str(crc64(b"".join(bodies)))

    @rule(start=st.integers(0, 2 * PART_BYTES), length=st.integers(1, 2 * PART_BYTES))
    def get(self, start: int, length: int) -> None:
        answer = self.run(self.server.call("GET", PATH))
        if self.current is None:
            assert answer.refusal[1] == "NoSuchKey"
            return
        whole = b"".join(self.current)
        assert (answer.body, answer.header("etag")) == (whole, f'"{multipart_etag(self.current)}"')
        asked = [("Range", f"bytes={start}-{start + length - 1}")]
        ranged = self.run(self.server.call("GET", PATH, headers=asked))
        is_within = start + length <= len(whole)
        assert (ranged.status, ranged.body) == ((206, whole[start : start + length]) if is_within else (200, whole))

    @rule()
    def delete(self) -> None:
        assert self.run(self.server.call("DELETE", PATH)).status == 204
        self.current = None

    @rule(upload_id=begun, size=st.integers(1, 3))
    def list_parts(self, upload_id: str, size: int) -> None:
        found: dict[int, str] = {}
        marker, is_truncated = "0", True
        while is_truncated:
            target = f"{PATH}?uploadId={upload_id}&max-parts={size}&part-number-marker={marker}"
            answer = self.run(self.server.call("GET", target))
            if upload_id not in self.uploads:
                assert answer.refusal[1] == "NoSuchUpload"
                return
            found |= dict(zip(map(int, texts(answer, "Part/PartNumber")), texts(answer, "Part/ETag"), strict=True))
            marker, is_truncated = text(answer, "NextPartNumberMarker") or "", text(answer, "IsTruncated") == "true"
        assert found == {number: f'"{etag_of(body)}"' for number, body in self.uploads[upload_id].items()}
        assert list(found) == sorted(found)

    @rule()
    def collect(self) -> None:
        self.run(self.server.collection.delete_condemned())
        parts = [body for upload in self.uploads.values() for body in upload.values()] + (self.current or [])
        assert len(self.run(self.server.stored_blobs())) == len([body for body in parts if body])

    @invariant()
    def the_uploads_are_those(self) -> None:
        answer = self.run(self.server.call("GET", "/bucket/?uploads"))
        if answer.status == 200:  # not before the bucket is made
            assert texts(answer, "Upload/UploadId") == sorted(self.uploads)


class MultipartMachineOnDisk(MultipartMachine):
    """On SQLite and files."""

    def __init__(self) -> None:
        self.folder = TemporaryDirectory(prefix="ossicle-")
        super().__init__()

    async def open(self) -> InProcessServer:
        metadata = await SqliteMetadataStore.open(Path(self.folder.name) / "data", self.clock, durable=False)
        blobs = await FilesystemBlobStore.open_root(Path(self.folder.name) / "data", durable=False, threads=2)
        return build_server(metadata=metadata, blobs=blobs, clock=self.clock)

    def teardown(self) -> None:
        super().teardown()
        self.folder.cleanup()


TestMultipartInMemory = MultipartMachine.TestCase
TestMultipartInMemory.settings = settings(max_examples=25, stateful_step_count=30)
TestMultipartOnDisk = MultipartMachineOnDisk.TestCase
TestMultipartOnDisk.settings = settings(max_examples=10, stateful_step_count=25)
