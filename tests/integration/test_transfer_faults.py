"""Connections that break at every stage of a transfer: it goes on, or fails and leaves nothing behind on either side."""

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pytest

import ossicle
from ossicle.client.failures import ConnectionFailed, ConnectionTimedOut, InconsistentError
from ossicle.client.transfer import copy as copying
from ossicle.client.transfer.failures import CopyError, DownloadError, TransferFailed, UploadError
from tests.support.faulty_proxy import CUT, FOREVER, Act, Fault, FaultyProxy, Stage
from tests.support.server import BUCKET, ServerProcess
from tests.support.transfers import Place, client_of, open_place

KIB = 1024
PART = 100 * KIB
PARTS = 5
BEFORE = random.Random(1).randbytes(3 * KIB)
"""What the target holds before the transfer."""
LARGE = random.Random(2).randbytes(4 * PART + 12345)
SMALL = random.Random(3).randbytes(PART - 7)


@pytest.fixture(scope="module")
def faulted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of this module, whose disk can be looked at: nobody else is at work on it."""
    with ServerProcess(tmp_path_factory.mktemp("faulted") / "data") as running:
        yield running


@pytest.fixture
def place(faulted: ServerProcess, tmp_path: Path) -> Iterator[Place]:
    with open_place(faulted, tmp_path / "folder") as found:
        yield found
        found.abort_all()


# -- the transfers

PUT = ossicle.PutObjectRequest(bucket=BUCKET, key="target")
GET = ossicle.GetObjectRequest(bucket=BUCKET, key="source")
COPY = ossicle.CopyObjectRequest(bucket=BUCKET, key="target", source_key="source")
SIZES: dict[str, Any] = {"part_size": PART, "parallel_num": 1}
"""One part at a time, so that the third is the third."""


def upload_file(place: Place, **options: Any) -> None:
    place.client.uploader(**SIZES, **options).upload_file(PUT, place.folder / "source")


def upload_from(place: Place, **options: Any) -> None:
    with (place.folder / "source").open("rb") as reader:
        place.client.uploader(**SIZES, **options).upload_from(PUT, OneWay(reader))


def download_file(place: Place, **options: Any) -> None:
    place.client.downloader(**SIZES, **options).download_file(GET, place.folder / "target")


def download_to(place: Place, **options: Any) -> None:
    place.stream = io.BytesIO()
    place.client.downloader(**SIZES, **options).download_to(GET, place.stream)


def copy(place: Place, **options: Any) -> None:
    place.client.copier(**SIZES, **options).copy(COPY)


class OneWay:
    """What can only be read on, as a pipe can."""

    def __init__(self, file: BinaryIO) -> None:
        self.read = file.read


RUNS: dict[str, tuple[Callable[..., None], type[TransferFailed]]] = {
    "upload_file": (upload_file, UploadError),
    "upload_from": (upload_from, UploadError),
    "download_file": (download_file, DownloadError),
    "download_to": (download_to, DownloadError),
    "copy": (copy, CopyError),
}


@dataclass(frozen=True)
class Case:
    """One transfer, and where it meets its fault: at the `first` request of an operation, at one stage."""

    name: str
    content: bytes
    operation: str
    first: int
    stage: Stage

    @property
    def id(self) -> str:
        size = "parts" if self.content is LARGE else "whole"
        return f"{self.name}-{size}-{self.operation}-{self.stage.name.lower()}"

    @property
    def files(self) -> list[str]:
        """What is in the folder before and after."""
        return {"up": ["source"], "down": ["target"], "copy": []}[self.direction]

    @property
    def direction(self) -> str:
        return "down" if self.name == "download_file" else "up" if self.name.startswith("upload") else "copy"

    @property
    def is_lost_answer(self) -> bool:
        return self.stage in LOST

    def prepare(self, place: Place) -> None:
        if self.direction == "up":
            (place.folder / "source").write_bytes(self.content)
        else:
            place.put("source", self.content)
        if self.direction == "down":
            (place.folder / "target").write_bytes(BEFORE)
        else:
            place.put("target", BEFORE)

    def fault(self, *acts: Act, times: int = FOREVER) -> Fault:
        return Fault(self.operation, self.stage, acts or CUT, self.first, times)

    def run(self, place: Place, **options: Any) -> None:
        RUNS[self.name][0](place, **options)

    def failure(self, place: Place, **options: Any) -> Exception:
        """Run what has to fail, and return what it met."""
        with pytest.raises(RUNS[self.name][1]) as failed:
            self.run(place, **options)
        assert type(failed.value) is RUNS[self.name][1]
        return failed.value.unwrap()

    def result(self, place: Place) -> bytes:
        """What is at the target now."""
        if self.name == "download_to":
            return place.stream.getvalue()
        return (place.folder / "target").read_bytes() if self.direction == "down" else place.stored()


Stages = dict[str, tuple[Stage, ...]]
LOST = (Stage.AFTER, Stage.HEAD, Stage.BODY)
WITHOUT_BODY = (Stage.BEFORE, Stage.REQUEST, Stage.AFTER, Stage.HEAD)
ALL = tuple(Stage)
WHOLE_OBJECT: Stages = {"PutObject": WITHOUT_BODY}
MULTIPART: Stages = {"InitiateMultipartUpload": ALL, "UploadPart": WITHOUT_BODY, "CompleteMultipartUpload": ALL}
SMALL_COPY: Stages = {"HeadObject": WITHOUT_BODY, "CopyObject": ALL}
MULTIPART_COPY: Stages = {
    "HeadObject": WITHOUT_BODY,
    "InitiateMultipartUpload": ALL,
    "UploadPartCopy": ALL,
    "CompleteMultipartUpload": ALL,
}
DOWNLOAD: Stages = {"HeadObject": WITHOUT_BODY, "GetObject": ALL}


def cases() -> Iterator[Case]:
    matrix: list[tuple[str, bytes, Stages]] = [
        ("upload_file", SMALL, WHOLE_OBJECT),
        ("upload_file", LARGE, MULTIPART),
        ("upload_from", SMALL, WHOLE_OBJECT),
        ("upload_from", LARGE, MULTIPART),
        ("download_file", SMALL, DOWNLOAD),
        ("download_file", LARGE, DOWNLOAD),
        ("download_to", LARGE, DOWNLOAD),
        ("copy", SMALL, SMALL_COPY),
        ("copy", LARGE, MULTIPART_COPY),
    ]
    for name, content, operations in matrix:
        for operation, stages in operations.items():
            is_third = content is LARGE and name != "download_to" and operation in PIECEWISE
            yield from (Case(name, content, operation, 3 if is_third else 1, stage) for stage in stages)


PIECEWISE = ("UploadPart", "UploadPartCopy", "GetObject")
CASES = [pytest.param(case, id=case.id) for case in cases()]
RESUMABLE = [
    pytest.param(case, id=case.id)
    for case in cases()
    if case.content is LARGE and case.name in ("upload_file", "download_file")
]


@pytest.fixture(autouse=True)
def _copies_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects from 200 MiB on are copied in parts, which is too much for a test."""
    monkeypatch.setattr(copying, "THRESHOLD_BYTES", len(LARGE))


def abort_what_nobody_can_name(case: Case, place: Place, lost: int) -> None:
    """An upload whose first answer was lost is there, empty, and nobody knows its id: only who looks for it can end it."""
    is_nameless = case.operation == "InitiateMultipartUpload" and case.is_lost_answer
    assert len(place.uploads()) == (lost if is_nameless else 0)
    place.abort_all()


# -- connections that are cut


@pytest.mark.parametrize("case", CASES)
def test_a_transfer_survives_cuts(place: Place, case: Case) -> None:
    """The same request is cut twice, once each way; the third gets through."""
    case.prepare(place)
    place.proxy.fault = case.fault(times=2)
    case.run(place)
    assert case.result(place) == case.content
    abort_what_nobody_can_name(case, place, lost=2)
    place.assert_nothing_is_left(*case.files)


@pytest.mark.parametrize("case", CASES)
def test_a_transfer_that_fails_leaves_nothing(place: Place, case: Case) -> None:
    case.prepare(place)
    place.proxy.fault = case.fault()
    met = case.failure(place)
    assert isinstance(met, ConnectionFailed)
    found = case.result(place)
    if case.name == "download_to":
        assert case.content.startswith(found)
    elif case.operation in ("PutObject", "CopyObject", "CompleteMultipartUpload") and case.is_lost_answer:
        assert found == case.content, "it took effect, though nobody was told"
    else:
        assert found == BEFORE
    abort_what_nobody_can_name(case, place, lost=3)
    place.assert_nothing_is_left(*case.files)


@pytest.mark.parametrize("case", RESUMABLE)
def test_a_transfer_that_fails_is_resumed(place: Place, case: Case) -> None:
    case.prepare(place)
    place.proxy.fault = case.fault()
    marks = {"enable_checkpoint": True, "checkpoint_dir": place.folder / "marks"}
    assert isinstance(case.failure(place, **marks), ConnectionFailed)

    place.proxy.restart()
    case.run(place, **marks)
    assert case.result(place) == case.content
    assert sent_again(case, place.proxy) == missing(case)
    abort_what_nobody_can_name(case, place, lost=3)
    place.assert_nothing_is_left(*case.files)


def sent_again(case: Case, proxy: FaultyProxy) -> int:
    return proxy.count("UploadPart" if case.direction == "up" else "GetObject")


def missing(case: Case) -> int:
    """How many pieces the second run has to move: what the server has is not sent again, even if nobody was told."""
    if case.operation == "UploadPart":
        return 2 if case.is_lost_answer else 3
    if case.operation == "GetObject":
        return 3
    if case.operation == "CompleteMultipartUpload":
        return PARTS if case.is_lost_answer else 0  # the upload is over, so there is another one
    return PARTS


# -- servers that say nothing


STALLED = [
    Case("upload_file", LARGE, "UploadPart", 3, Stage.REQUEST),
    Case("upload_file", LARGE, "CompleteMultipartUpload", 1, Stage.AFTER),
    Case("download_file", LARGE, "GetObject", 3, Stage.BODY),
    Case("copy", LARGE, "UploadPartCopy", 3, Stage.HEAD),
]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in STALLED])
def test_a_transfer_survives_a_server_that_falls_silent(place: Place, case: Case) -> None:
    case.prepare(place)
    place.proxy.fault = case.fault(Act.STALL, times=1)
    with client_of(place.proxy.endpoint, seconds=1) as place.client:
        case.run(place)
    assert case.result(place) == case.content
    place.assert_nothing_is_left(*case.files)


def test_a_transfer_that_fails_for_silence_says_so(place: Place) -> None:
    case = STALLED[0]
    case.prepare(place)
    place.proxy.fault = case.fault(Act.STALL)
    with client_of(place.proxy.endpoint, attempts=1, seconds=2) as place.client:
        assert isinstance(case.failure(place), ConnectionTimedOut)
    assert case.result(place) == BEFORE
    place.assert_nothing_is_left(*case.files)


# -- bytes that change on their way


SENT = [
    pytest.param(Act.FLIP, Stage.REQUEST, id="a byte of the part"),
    pytest.param(Act.WRONG_CRC, Stage.HEAD, id="the header"),
]


@pytest.mark.parametrize("name", ["upload_file", "upload_from"])
@pytest.mark.parametrize(("act", "stage"), SENT)
def test_a_part_that_changed_on_its_way_is_sent_again(place: Place, name: str, act: Act, stage: Stage) -> None:
    case = Case(name, LARGE, "UploadPart", 3, stage)
    case.prepare(place)
    place.proxy.fault = case.fault(act, times=2)
    case.run(place)
    assert case.result(place) == case.content
    assert place.proxy.parts() == [1, 2, 3, 3, 3, 4, 5]
    place.assert_nothing_is_left(*case.files)


@pytest.mark.parametrize("name", ["upload_file", "upload_from"])
@pytest.mark.parametrize(("act", "stage"), SENT)
def test_a_part_that_always_changes_ends_the_upload(place: Place, name: str, act: Act, stage: Stage) -> None:
    case = Case(name, LARGE, "UploadPart", 3, stage)
    case.prepare(place)
    place.proxy.fault = case.fault(act)
    assert isinstance(case.failure(place), InconsistentError)
    assert case.result(place) == BEFORE
    place.assert_nothing_is_left(*case.files)


@pytest.mark.parametrize(("act", "stage"), SENT)
def test_a_part_that_changed_is_sent_by_the_next_run(place: Place, act: Act, stage: Stage) -> None:
    """The server has a third part, but where it is another one than the file's it counts for nothing."""
    case = Case("upload_file", LARGE, "UploadPart", 3, stage)
    case.prepare(place)
    place.proxy.fault = case.fault(act)
    marks = {"enable_checkpoint": True, "checkpoint_dir": place.folder / "marks"}
    assert isinstance(case.failure(place, **marks), InconsistentError)
    place.proxy.restart()
    case.run(place, **marks)
    assert place.proxy.parts() == ([3, 4, 5] if act is Act.FLIP else [4, 5])
    assert case.result(place) == case.content
    place.assert_nothing_is_left(*case.files)


@pytest.mark.parametrize(("act", "stage"), SENT)
def test_an_object_that_changed_on_its_way_is_sent_again(place: Place, act: Act, stage: Stage) -> None:
    case = Case("upload_file", SMALL, "PutObject", 1, stage)
    case.prepare(place)
    place.proxy.fault = case.fault(act, times=2)
    case.run(place)
    assert case.result(place) == case.content
    assert place.proxy.count("PutObject") == 3
    place.assert_nothing_is_left(*case.files)


RECEIVED = [
    pytest.param("download_file", LARGE, "GetObject", Act.FLIP, Stage.BODY, id="a byte of a range"),
    pytest.param("download_file", LARGE, "HeadObject", Act.WRONG_CRC, Stage.HEAD, id="the header of parts"),
    pytest.param("download_file", SMALL, "GetObject", Act.FLIP, Stage.BODY, id="a byte of the whole"),
    pytest.param("download_file", SMALL, "HeadObject", Act.WRONG_CRC, Stage.HEAD, id="the header of the whole"),
]


@pytest.mark.parametrize(("name", "content", "operation", "act", "stage"), RECEIVED)
@pytest.mark.parametrize("has_checkpoint", [False, True])
def test_a_download_that_changed_on_its_way_is_no_file(
    place: Place, name: str, content: bytes, operation: str, act: Act, stage: Stage, *, has_checkpoint: bool
) -> None:
    """Nobody knows which range it was, so there is nothing to go on with either."""
    case = Case(name, content, operation, 1, stage)
    case.prepare(place)
    place.proxy.fault = case.fault(act, times=1)
    marks = {"enable_checkpoint": has_checkpoint, "checkpoint_dir": place.folder / "marks"}
    assert isinstance(case.failure(place, **marks), InconsistentError)
    assert case.result(place) == BEFORE
    place.assert_nothing_is_left(*case.files)
    case.run(place, **marks)
    assert case.result(place) == case.content


def test_a_stream_that_changed_on_its_way_says_so_at_its_end(place: Place) -> None:
    case = Case("download_to", LARGE, "GetObject", 1, Stage.BODY)
    case.prepare(place)
    place.proxy.fault = case.fault(Act.FLIP)
    assert isinstance(case.failure(place), InconsistentError)


def test_what_the_server_joined_is_compared_with_what_was_sent(place: Place) -> None:
    case = Case("upload_file", LARGE, "CompleteMultipartUpload", 1, Stage.HEAD)
    case.prepare(place)
    place.proxy.fault = case.fault(Act.WRONG_CRC)
    assert isinstance(case.failure(place), InconsistentError)
    place.assert_nothing_is_left(*case.files)
