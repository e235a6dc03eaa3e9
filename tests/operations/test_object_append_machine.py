"""Random histories of an appendable object against a bytearray: what was appended is what is read, across restarts too."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.stores.sqlite import SqliteMetadataStore
from ossicle.wire.digest import crc64
from tests.support.inprocess import SMALL_BODY_BYTES, Answer, FrozenClock, InProcessServer, build_server

R = TypeVar("R")
SIZES = st.sampled_from([0, 1, 10, SMALL_BODY_BYTES - 1, SMALL_BODY_BYTES, SMALL_BODY_BYTES + 1, 70_000])
PATH = "/bucket/log"


class AppendMachine(RuleBasedStateMachine):
    """On the stores that servers have."""

    def __init__(self) -> None:
        super().__init__()
        self.runner, self.directory = asyncio.Runner(), TemporaryDirectory()
        self.model: bytearray | None = None
        self.copies: dict[str, bytes] = {}
        self.is_sealed = False
        self.serial = 0
        self.clock = FrozenClock()
        self.server = self.run(self.open())
        self.run(self.server.put_bucket("bucket"))

    def run(self, work: Coroutine[None, None, R]) -> R:
        return self.runner.run(work)

    async def open(self) -> InProcessServer:
        root = Path(self.directory.name)
        self.metadata = await SqliteMetadataStore.open(root, self.clock, durable=False)
        self.blobs = await FilesystemBlobStore.open_root(root, durable=False, threads=2)
        return build_server(metadata=self.metadata, blobs=self.blobs, clock=self.clock)

    async def close(self) -> None:
        await self.metadata.close()
        await self.blobs.close()

    def teardown(self) -> None:
        self.run(self.close())
        self.runner.close()
        self.directory.cleanup()

    def call(self, method: str, target: str, body: bytes = b"", *headers: tuple[str, str]) -> Answer:
        return self.run(self.server.call(method, target, body=body, headers=headers))

    @rule(size=SIZES, is_aside=st.sampled_from([0, 0, 0, 0, 1, -1]))
    def append(self, size: int, is_aside: int) -> None:
        self.serial += 1
        body = (b"%d," % self.serial * size)[:size]
        length = len(self.model or b"")
        position = max(0, length + is_aside)
        answer = self.call("POST", f"{PATH}?append&position={position}", body)
        if self.is_sealed:
            assert answer.refusal[:2] == (400, "AppendSealedObjectNotAllowed")
        elif position != length:
            assert answer.refusal[:2] == (409, "PositionNotEqualToLength")
            assert answer.header("x-oss-next-append-position") == str(length)
        else:
            assert answer.status == 200
            self.model = (self.model or bytearray()) + body
            assert answer.header("x-oss-next-append-position") == str(len(self.model))
            assert answer.header("x-oss-hash-crc64ecma") == str(crc64(bytes(self.model)))

    @rule()
    def copy(self) -> None:
        self.serial += 1
        answer = self.call("PUT", f"/bucket/copy{self.serial}", b"", ("x-oss-copy-source", PATH))
        assert answer.status == (404 if self.model is None else 200)
        if self.model is not None:
            self.copies[f"/bucket/copy{self.serial}"] = bytes(self.model)

    @rule()
    def seal(self) -> None:
        answer = self.call("POST", f"{PATH}?seal&position={len(self.model or b'')}")
        assert answer.status == (404 if self.model is None else 200)
        self.is_sealed = self.model is not None

    @rule()
    def delete(self) -> None:
        assert self.call("DELETE", PATH).status == 204
        self.model, self.is_sealed = None, False

    @rule()
    def collect(self) -> None:
        self.run(self.server.collection.delete_condemned())

    @rule()
    def restart(self) -> None:
        self.run(self.close())
        self.server = self.run(self.open())

    @rule(start=st.integers(0, 80_000), length=st.integers(1, 80_000))
    def read_part(self, start: int, length: int) -> None:
        if self.model is not None and start < len(self.model):
            asked = ("Range", f"bytes={start}-{start + length - 1}")
            answer = self.call("GET", PATH, b"", asked, ("x-oss-range-behavior", "standard"))
            assert (answer.status, answer.body) == (206, bytes(self.model[start : start + length]))

    @invariant()
    def objects_are_what_they_should_be(self) -> None:
        answer = self.call("GET", PATH)
        assert (answer.body if answer.status == 200 else None) == self.model
        for path, body in self.copies.items():
            assert self.call("GET", path).body == body


TestAppends = AppendMachine.TestCase
TestAppends.settings = settings(max_examples=12, stateful_step_count=25)
