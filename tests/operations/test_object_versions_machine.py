"""Random histories of two keys in a bucket with versions against lists, in memory and on disk, across restarts too."""

import asyncio
import hashlib
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.stores.memory import MemoryBlobStore, MemoryMetadataStore
from ossicle.stores.sqlite import SqliteMetadataStore
from ossicle.wire.names import BlobId
from tests.support.elements import text, texts
from tests.support.inprocess import SMALL_BODY_BYTES, Answer, FrozenClock, InProcessServer, build_server
from tests.support.uploading import begun, complete
from tests.support.versioning import NOBODYS_ID, set_versioning

R = TypeVar("R")

KEYS = st.sampled_from(["key", "key/2"])
SIZES = st.sampled_from([0, 1, SMALL_BODY_BYTES, SMALL_BODY_BYTES + 1, 5000])
PLACES = st.integers(0, 5)
"""Which of a key's versions, the newest first; beyond them, one that never was."""


@dataclass(frozen=True)
class Kept:
    """A version that should be there, or a delete marker, which has no body."""

    id: str
    body: bytes | None


class VersionMachine(RuleBasedStateMachine):
    """On memory stores. `model` has the versions of each key, the newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = FrozenClock()
        self.model: dict[str, list[Kept]] = {"key": [], "key/2": []}
        self.status: str | None = None
        self.given: set[str] = set()
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

    def call(self, method: str, target: str, *headers: tuple[str, str], body: bytes = b"") -> Answer:
        return self.run(self.server.call(method, target, headers=headers, body=body))

    def fresh(self, size: int) -> bytes:
        self.serial += 1
        seed = hashlib.sha256(str(self.serial).encode()).digest()
        return (seed * (size // 32 + 1))[:size]

    @initialize()
    def begin(self) -> None:
        self.run(self.server.put_bucket("bucket"))

    @rule(status=st.sampled_from(["Enabled", "Suspended"]))
    def turn(self, status: str) -> None:
        self.run(set_versioning(self.server, status))
        self.status = status

    # Writing

    def place(self, key: str, answer: Answer, body: bytes | None) -> None:
        """Note what a write must have done."""
        versions, told = self.model[key], answer.header("x-oss-version-id")
        if self.status is None:
            assert told is None
            versions[:] = [Kept("null", body)] if body is not None else []
        elif self.status == "Enabled":
            assert told is not None
            assert told not in self.given | {"null"}
            self.given.add(told)
            versions.insert(0, Kept(told, body))
        else:
            assert told == "null"
            versions[:] = [Kept("null", body), *(kept for kept in versions if kept.id != "null")]

    @rule(key=KEYS, size=SIZES)
    def put(self, key: str, size: int) -> None:
        body = self.fresh(size)
        answer = self.call("PUT", f"/bucket/{key}", body=body)
        assert answer.status == 200, answer.body
        self.place(key, answer, body)

    @rule(key=KEYS, size=SIZES)
    def complete(self, key: str, size: int) -> None:
        body = self.fresh(size)
        upload_id, parts = self.run(begun(self.server, f"/bucket/{key}", body))
        answer = self.run(complete(self.server, f"/bucket/{key}", upload_id, *parts))
        assert answer.status == 200, answer.body
        self.place(key, answer, body)

    @rule(key=KEYS, source=KEYS, place=PLACES, is_named=st.booleans())
    def copy(self, key: str, source: str, place: int, *, is_named: bool) -> None:
        found = self.found(source, place if is_named else 0)
        version_id = found.id if found is not None else NOBODYS_ID
        named = f"/bucket/{source}" + (f"?versionId={version_id}" if is_named else "")
        answer = self.call("PUT", f"/bucket/{key}", ("x-oss-copy-source", named))
        if found is None or found.body is None:
            is_unknown = found is None and is_named
            assert answer.refusal[:2] == (404, "NoSuchVersion" if is_unknown else "NoSuchKey")
            return
        assert answer.status == 200, answer.body
        assert answer.header("x-oss-copy-source-version-id") == (None if self.status is None else found.id)
        self.place(key, answer, found.body)

    def found(self, key: str, place: int) -> Kept | None:
        return self.model[key][place] if place < len(self.model[key]) else None

    # Deleting

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        answer = self.call("DELETE", f"/bucket/{key}")
        assert answer.status == 204
        assert answer.header("x-oss-delete-marker") == (None if self.status is None else "true")
        self.place(key, answer, None)

    @rule(key=KEYS, place=PLACES)
    def delete_version(self, key: str, place: int) -> None:
        found = self.found(key, place)
        version_id = NOBODYS_ID if found is None else found.id
        answer = self.call("DELETE", f"/bucket/{key}?versionId={version_id}")
        assert answer.status == 204
        is_marker = found is not None and found.body is None
        assert answer.header("x-oss-delete-marker") == ("true" if is_marker else None)
        assert answer.header("x-oss-version-id") == (None if self.status is None else version_id)
        if found is not None:
            self.model[key].remove(found)

    @rule(asked=st.lists(st.tuples(KEYS, st.none() | PLACES), min_size=1, max_size=4))
    def delete_many(self, asked: Sequence[tuple[str, int | None]]) -> None:
        named = [(key, None if place is None else self.found(key, place)) for key, place in asked]
        objects = "".join(
            f"<Object><Key>{key}</Key>{'' if kept is None else f'<VersionId>{kept.id}</VersionId>'}</Object>"
            for key, kept in named
        )
        answer = self.call("POST", "/bucket/?delete", body=f"<Delete>{objects}</Delete>".encode())
        assert answer.status == 200, answer.body
        for (key, kept), told in zip(named, answer.xml.children, strict=True):
            marker = told.find("DeleteMarkerVersionId")
            if kept is None:
                assert (marker is None) == (self.status is None)
                self.note_marker(key, None if marker is None else marker.text)
            elif kept in self.model[key]:
                assert (None if marker is None else marker.text) == (kept.id if kept.body is None else None)
                self.model[key].remove(kept)
            elif kept.id == "null":  # what was deleted before it in this list left another one
                self.model[key] = [left for left in self.model[key] if left.id != "null"]

    def note_marker(self, key: str, version_id: str | None) -> None:
        versions = self.model[key]
        if version_id is None:
            versions.clear()
            return
        kept = [each for each in versions if each.id != version_id]
        assert len(kept) == len(versions) or version_id == "null"
        self.model[key] = [Kept(version_id, None), *kept]

    @rule()
    def empty(self) -> None:
        for key, versions in self.model.items():
            for kept in versions:
                assert self.call("DELETE", f"/bucket/{key}?versionId={kept.id}").status == 204
            versions.clear()
        self.run(self.server.collection.delete_condemned())
        assert self.run(self.shelved()) == set()

    async def shelved(self) -> set[BlobId]:
        """The blobs that are kept, whoever staged them."""
        incarnations = range(1, self.server.metadata.incarnation + 1)
        return {blob for incarnation in incarnations async for blob in self.server.blobs.scan(incarnation)}

    # The server

    @rule()
    def collect(self) -> None:
        self.run(self.server.collection.delete_condemned())

    @rule()
    def restart(self) -> None:
        self.server = self.run(self.reopen())
        self.run(self.server.collection.sweep())

    # What is seen

    @invariant()
    def the_listings_are_right(self) -> None:
        answer = self.call("GET", "/bucket/?versions")
        listed = []
        for child in answer.xml.children:
            if child.name in ("Version", "DeleteMarker"):
                told = {part.name: part.text for part in child.children}
                listed.append((told["Key"], told["VersionId"], told["IsLatest"], told.get("Size")))
        expected = [
            (key, kept.id, "true" if place == 0 else "false", None if kept.body is None else str(len(kept.body)))
            for key, versions in sorted(self.model.items())
            for place, kept in enumerate(versions)
        ]
        # Delete markers stand behind all versions in the document, each kind in the order of the listing.
        assert listed == sorted(expected, key=lambda row: row[3] is None)
        current = self.call("GET", "/bucket/?list-type=2")
        there = [key for key, versions in sorted(self.model.items()) if versions and versions[0].body is not None]
        assert texts(current, "Contents/Key") == there
        assert text(self.call("GET", "/bucket/?stat"), "DeleteMarkerCount") == str(
            sum(kept.body is None for versions in self.model.values() for kept in versions)
        )

    @invariant()
    def each_version_is_read(self) -> None:
        for key, versions in self.model.items():
            current = self.call("GET", f"/bucket/{key}")
            if versions and versions[0].body is not None:
                assert current.body == versions[0].body
            else:
                assert current.refusal[:2] == (404, "NoSuchKey")
                assert current.header("x-oss-version-id") == (versions[0].id if versions else None)
            for kept in versions:
                answer = self.call("GET", f"/bucket/{key}?versionId={kept.id}")
                if kept.body is None:
                    assert answer.refusal[:2] == (405, "MethodNotAllowed")
                else:
                    assert (answer.status, answer.body) == (200, kept.body)


class VersionMachineOnDisk(VersionMachine):
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


TestVersionsInMemory = VersionMachine.TestCase
TestVersionsInMemory.settings = settings(max_examples=25, stateful_step_count=25)
TestVersionsOnDisk = VersionMachineOnDisk.TestCase
TestVersionsOnDisk.settings = settings(max_examples=12, stateful_step_count=20)
