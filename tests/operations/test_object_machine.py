"""Random histories of objects against a dictionary: what was put is what is read, listed and kept, across restarts too."""

import asyncio
import hashlib
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from urllib.parse import quote, unquote

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.stores.memory import MemoryBlobStore, MemoryMetadataStore
from ossicle.stores.sqlite import SqliteMetadataStore
from ossicle.wire.names import BlobId
from tests.support.inprocess import SMALL_BODY_BYTES, FrozenClock, InProcessServer, build_server

R = TypeVar("R")

BUCKETS = ("bucket-a", "bucket-b")
KEYS = st.sampled_from(["a", "a/", "a/b", "a/b/c", "b", "é/x", "b+ c", "\U0010ffff", "..", "a//b"])
SIZES = st.sampled_from([0, 1, SMALL_BODY_BYTES, SMALL_BODY_BYTES + 1, 5000, 1024 * 1024 + 3])


@dataclass(frozen=True)
class Kept:
    """What an object should be."""

    body: bytes
    colour: str

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.body).hexdigest().upper()}"'


class ObjectMachine(RuleBasedStateMachine):
    """On memory stores."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.model: dict[str, dict[str, Kept]] = {}
        self.clock = FrozenClock()
        self.serial = 0
        self.server = self.run(self.open())

    def run(self, work: Coroutine[None, None, R]) -> R:
        return self.runner.run(work)

    async def open(self) -> InProcessServer:
        self.metadata, self.blobs = MemoryMetadataStore(), MemoryBlobStore()
        return build_server(metadata=self.metadata, blobs=self.blobs, clock=self.clock)

    async def reopen(self) -> InProcessServer:
        self.metadata = self.metadata.reopened()
        return build_server(metadata=self.metadata, blobs=self.blobs, clock=self.clock)

    async def close(self) -> None:
        await self.server.blobs.close()
        await self.server.metadata.close()

    def teardown(self) -> None:
        try:
            self.run(self.close())
        finally:
            self.runner.close()

    def call(
        self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> tuple[int, str, bytes]:
        answer = self.run(self.server.call(method, target, headers=list((headers or {}).items()), body=body))
        return answer.status, answer.refusal[1], answer.body

    @initialize()
    def begin(self) -> None:
        for name in BUCKETS:
            self.make_bucket(name)

    # Buckets

    @rule(name=st.sampled_from(BUCKETS))
    def make_bucket(self, name: str) -> None:
        assert self.call("PUT", f"/{name}/")[0] == 200
        self.model.setdefault(name, {})

    @rule(name=st.sampled_from(BUCKETS))
    def delete_bucket(self, name: str) -> None:
        status, code, _ = self.call("DELETE", f"/{name}/")
        if name not in self.model:
            assert (status, code) == (404, "NoSuchBucket")
        elif self.model[name]:
            assert (status, code) == (409, "BucketNotEmpty")
        else:
            assert status == 204
            del self.model[name]

    # Objects

    @rule(name=st.sampled_from(BUCKETS), key=KEYS, size=SIZES, is_forbidden=st.booleans(), is_wrong=st.booleans())
    def put(self, name: str, key: str, size: int, *, is_forbidden: bool, is_wrong: bool) -> None:
        self.serial += 1
        seed = hashlib.sha256(str(self.serial).encode()).digest()
        kept = Kept((seed * (size // 32 + 1))[:size], str(self.serial))
        headers = {"x-oss-meta-colour": kept.colour}
        if is_forbidden:
            headers["x-oss-forbid-overwrite"] = "true"
        if is_wrong:
            headers["x-oss-hash-crc64ecma"] = "1"
        status, code, _ = self.call("PUT", f"/{name}/{quote(key)}", headers, kept.body)
        if name not in self.model:
            assert (status, code) == (404, "NoSuchBucket")
        elif is_forbidden and key in self.model[name]:
            assert (status, code) == (409, "FileAlreadyExists")
        elif is_wrong:
            assert (status, code) == (400, "InvalidCRC64")
        else:
            assert status == 200
            self.model[name][key] = kept

    @rule(name=st.sampled_from(BUCKETS), key=KEYS)
    def delete(self, name: str, key: str) -> None:
        status, code, _ = self.call("DELETE", f"/{name}/{quote(key)}")
        if name in self.model:
            assert status == 204
            self.model[name].pop(key, None)
        else:
            assert (status, code) == (404, "NoSuchBucket")

    @rule(name=st.sampled_from(BUCKETS), key=KEYS, start=st.integers(0, 6000), length=st.integers(1, 6000))
    def get(self, name: str, key: str, start: int, length: int) -> None:
        answer = self.run(self.server.call("GET", f"/{name}/{quote(key)}"))
        kept = self.model.get(name, {}).get(key)
        if kept is None:
            assert answer.refusal[1] == ("NoSuchKey" if name in self.model else "NoSuchBucket")
            return
        assert answer.body == kept.body
        assert (answer.header("etag"), answer.header("x-oss-meta-colour")) == (kept.etag, kept.colour)
        status, _, part = self.call("GET", f"/{name}/{quote(key)}", {"Range": f"bytes={start}-{start + length - 1}"})
        is_within = start + length <= len(kept.body)
        assert (status, part) == ((206, kept.body[start : start + length]) if is_within else (200, kept.body))

    @rule(
        name=st.sampled_from(BUCKETS),
        prefix=st.sampled_from(["", "a", "a/", "é"]),
        delimiter=st.sampled_from(["", "/"]),
        size=st.integers(1, 5),
    )
    @precondition(lambda self: self.model)
    def list_pages(self, name: str, prefix: str, delimiter: str, size: int) -> None:
        if name not in self.model:
            return
        asked = f"/{name}/?list-type=2&encoding-type=url&prefix={quote(prefix)}&delimiter={quote(delimiter)}&max-keys={size}"
        found: set[str] = set()
        token = ""
        while True:
            root = self.run(self.server.call("GET", f"{asked}&continuation-token={token}")).xml
            for child in root.children:
                if child.name in ("Contents", "CommonPrefixes"):
                    entry = unquote(child.children[0].text)
                    assert entry not in found
                    found.add(entry)
            following = root.find("NextContinuationToken")
            if following is None:
                break
            token = following.text
        keys = [key for key in self.model[name] if key.startswith(prefix)]
        ends = {key: key.find(delimiter, len(prefix)) if delimiter else -1 for key in keys}
        assert found == {key if end < 0 else key[: end + 1] for key, end in ends.items()}

    # The server

    @rule()
    def collect(self) -> None:
        self.run(self.server.collection.delete_condemned())
        assert self.run(self.shelved()) == self.run(self.named())

    @rule()
    def restart(self) -> None:
        self.server = self.run(self.reopen())
        self.run(self.server.collection.sweep())
        self.collect()

    @invariant()
    def the_buckets_are_those(self) -> None:
        root = self.run(self.server.call("GET", "/")).xml
        buckets = root.find("Buckets")
        assert buckets is not None
        names = {child.text for bucket in buckets.children for child in bucket.children if child.name == "Name"}
        assert names == set(self.model)

    async def shelved(self) -> set[BlobId]:
        """The blobs that are kept, whoever staged them."""
        incarnations = range(1, self.server.metadata.incarnation + 1)
        return {blob for incarnation in incarnations async for blob in self.server.blobs.scan(incarnation)}

    async def named(self) -> set[BlobId]:
        """The blobs of the objects that should be there, one for each that is too large for a row."""
        named: set[BlobId] = set()
        for name, objects in self.model.items():
            for key, kept in objects.items():
                blobs = await self.server.blobs_of(name, key)
                assert len(blobs) == int(len(kept.body) > SMALL_BODY_BYTES)
                named.update(blobs)
        return named


class ObjectMachineOnDisk(ObjectMachine):
    """On SQLite and files."""

    def __init__(self) -> None:
        self.folder = TemporaryDirectory(prefix="ossicle-")
        super().__init__()

    async def open(self) -> InProcessServer:
        metadata = await SqliteMetadataStore.open(Path(self.folder.name) / "data", self.clock, durable=False)
        blobs = await FilesystemBlobStore.open_root(Path(self.folder.name) / "data", durable=False, threads=2)
        return build_server(metadata=metadata, blobs=blobs, clock=self.clock)

    async def reopen(self) -> InProcessServer:
        await self.close()
        return await self.open()

    def teardown(self) -> None:
        super().teardown()
        self.folder.cleanup()


TestObjectsInMemory = ObjectMachine.TestCase
TestObjectsInMemory.settings = settings(max_examples=25, stateful_step_count=30)
TestObjectsOnDisk = ObjectMachineOnDisk.TestCase
TestObjectsOnDisk.settings = settings(max_examples=12, stateful_step_count=25)
