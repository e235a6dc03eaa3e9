"""Uploads against a server in memory: what arrives, what is left where, and what is told."""

import contextlib
import io
import os
import threading
import tracemalloc
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ossicle
from ossicle.client.failures import ConnectionFailed, InconsistentError
from ossicle.client.transfer.failures import SourceChanged, TransferCancelled, UploadError
from ossicle.client.transfer.plan import PART_BYTES_MIN
from ossicle.client.transfer.upload import Uploader
from ossicle.wire.digest import crc64
from ossicle.wire.errors import InternalError, NoSuchUpload
from tests.unit.client.transfer.bucket_in_memory import BucketInMemory, Killed, Steps, Told, raise_at, stored

PART = PART_BYTES_MIN
CONTENT = os.urandom(4 * PART + 7)
REQUEST = ossicle.PutObjectRequest(bucket="b", key="k")


@pytest.fixture
def bucket() -> BucketInMemory:
    return BucketInMemory()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def checkpoints(tmp_path: Path) -> Path:
    (tmp_path / "checkpoints").mkdir()
    return tmp_path / "checkpoints"


def uploader(bucket: BucketInMemory, **options: Any) -> Uploader:
    return Uploader(bucket.client, **{"part_size": PART, **options})


def resumable(bucket: BucketInMemory, checkpoints: Path, **options: Any) -> Uploader:
    return uploader(bucket, enable_checkpoint=True, checkpoint_dir=checkpoints, **options)


def left(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("ossicle-transfer")]


# -- what arrives


@pytest.mark.parametrize("parallel", [1, 3])
@pytest.mark.parametrize(
    ("size", "parts"), [(0, 0), (1, 0), (PART, 0), (PART + 1, 2), (2 * PART, 2), (4 * PART + 7, 5)]
)
def test_a_file_of_any_size(bucket: BucketInMemory, file: Path, size: int, parts: int, parallel: int) -> None:
    os.truncate(file, size)
    told = Told()
    result = uploader(bucket, parallel_num=parallel).upload_file(replace(REQUEST, progress_fn=told), file)
    made = bucket.objects["k"]
    assert made.content == CONTENT[:size]
    assert (result.etag, result.hash_crc64, result.status_code) == (made.etag, str(crc64(CONTENT[:size])), 200)
    assert (result.upload_id is None, bucket.asked["upload_part"]) == (parts == 0, parts)
    assert (told.last if size else told.steps) == ((size, size) if size else [])
    assert (bucket.uploads, threads()) == ({}, [])


def test_a_file_of_holes(bucket: BucketInMemory, tmp_path: Path) -> None:
    with (tmp_path / "holes").open("wb") as file:
        file.truncate(3 * PART + 1)
    uploader(bucket).upload_file(REQUEST, str(tmp_path / "holes"))
    assert bucket.objects["k"].content == bytes(3 * PART + 1)


def test_ten_thousand_parts_are_not_exceeded(
    bucket: BucketInMemory, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ossicle.client.transfer.plan.PARTS_MAX", 3)
    uploader(bucket).upload_file(REQUEST, file)
    assert (bucket.asked["upload_part"], bucket.objects["k"].content) == (3, CONTENT)


def test_headers_go_where_oss_wants_them(bucket: BucketInMemory, file: Path) -> None:
    seen: dict[str, Any] = {}
    bucket.spoil = lambda step, request: seen.update({step: request})
    request = replace(
        REQUEST,
        content_type="text/x",
        metadata={"a": "b"},
        acl="private",
        forbid_overwrite=True,
        traffic_limit=819200,
        content_md5="of the body",
        headers={"x-other": "1"},
        parameters={"p": "2"},
    )
    uploader(bucket).upload_file(request, file)
    begun, part, done = (
        seen[f"before {name}"] for name in ("initiate_multipart_upload", "upload_part", "complete_multipart_upload")
    )
    assert (begun.content_type, begun.metadata, begun.content_md5, begun.headers, begun.parameters) == (
        "text/x",
        {"a": "b"},
        None,
        {"x-other": "1"},
        {"p": "2"},
    )
    assert part.traffic_limit == 819200
    assert (done.acl, done.forbid_overwrite, done.headers) == ("private", True, {})


def test_a_pipe_by_its_path_is_read_to_its_end(bucket: BucketInMemory, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes(CONTENT))
    writer.start()
    uploader(bucket).upload_file(REQUEST, tmp_path / "pipe")
    writer.join()
    assert bucket.objects["k"].content == CONTENT


@pytest.mark.parametrize(("name", "error"), [("nothing", FileNotFoundError), ("", IsADirectoryError)])
def test_what_is_no_file(bucket: BucketInMemory, tmp_path: Path, name: str, error: type[OSError]) -> None:
    with pytest.raises(UploadError, match=str(tmp_path)) as caught:
        uploader(bucket).upload_file(REQUEST, tmp_path / name)
    assert isinstance(caught.value.unwrap(), error)
    assert caught.value.__cause__ is caught.value.unwrap()
    assert not bucket.asked


# -- failures


@pytest.mark.parametrize("step", ["before upload_part", "after upload_part", "before complete_multipart_upload"])
@pytest.mark.parametrize("error", [InternalError(), ConnectionFailed("gone"), ValueError("bug"), KeyboardInterrupt()])
def test_a_failure_leaves_nothing(bucket: BucketInMemory, file: Path, step: str, error: BaseException) -> None:
    bucket.spoil = raise_at(step, error)
    with pytest.raises((UploadError, ValueError, KeyboardInterrupt)) as caught:
        uploader(bucket).upload_file(REQUEST, file)
    if isinstance(caught.value, UploadError):
        assert (caught.value.unwrap(), caught.value.path, caught.value.upload_id) == (error, str(file), None)
    assert (bucket.uploads, bucket.objects, threads()) == ({}, {}, [])


def test_an_abort_that_fails_does_not_hide_the_failure(bucket: BucketInMemory, file: Path) -> None:
    def spoil(step: str, _request: Any) -> None:
        if step in ("before upload_part", "before abort_multipart_upload"):
            raise ConnectionFailed(step)

    bucket.spoil = spoil
    with pytest.raises(UploadError, match="before upload_part"):
        uploader(bucket).upload_file(REQUEST, file)
    assert len(bucket.uploads) == 1


def test_parts_may_be_left_and_are_named(bucket: BucketInMemory, file: Path) -> None:
    bucket.spoil = raise_at("before upload_part", InternalError(), 3)
    with pytest.raises(UploadError) as caught:
        uploader(bucket, leave_parts_on_error=True, parallel_num=1).upload_file(REQUEST, file)
    assert caught.value.upload_id is not None
    assert sorted(bucket.uploads[caught.value.upload_id].parts) == [1, 2]


@pytest.mark.parametrize("change", ["longer", "shorter", "rewritten"])
@pytest.mark.parametrize("has_checkpoint", [False, True])
def test_a_file_that_changes_while_it_is_sent(
    bucket: BucketInMemory, file: Path, checkpoints: Path, change: str, has_checkpoint: bool
) -> None:
    def spoil(step: str, request: Any) -> None:
        if step == "after upload_part" and request.part_number == 2:
            file.write_bytes(
                {"longer": CONTENT + b"!", "shorter": CONTENT[: 2 * PART], "rewritten": CONTENT[::-1]}[change]
            )
            os.utime(file, ns=(1, 1))

    bucket.spoil = spoil
    with pytest.raises(UploadError) as caught:
        uploader(bucket, parallel_num=1, enable_checkpoint=has_checkpoint, checkpoint_dir=checkpoints).upload_file(
            REQUEST, file
        )
    if change != "shorter":  # that shows before the end
        assert isinstance(caught.value.unwrap(), SourceChanged)
        assert (bucket.uploads, left(checkpoints)) == ({}, [])
    bucket.revive()
    resumable(bucket, checkpoints).upload_file(REQUEST, file)
    assert (bucket.objects["k"].content, bucket.uploads, left(checkpoints)) == (file.read_bytes(), {}, [])


def test_a_completion_whose_answer_was_lost(bucket: BucketInMemory, file: Path) -> None:
    def spoil(step: str, request: Any) -> None:
        if step == "before complete_multipart_upload":
            bucket.do_complete_multipart_upload(request, b"")

    bucket.spoil = spoil
    result = uploader(bucket).upload_file(REQUEST, file)
    assert (result.etag, bucket.objects["k"].content) == (bucket.objects["k"].etag, CONTENT)
    assert result.upload_id is not None


@pytest.mark.parametrize("there", [None, b"another object"])
def test_an_upload_that_somebody_else_ended(bucket: BucketInMemory, file: Path, there: bytes | None) -> None:
    if there is not None:
        bucket.objects["k"] = stored(there)
    bucket.spoil = lambda step, _: bucket.uploads.clear() if step == "before complete_multipart_upload" else None
    with pytest.raises(UploadError) as caught:
        uploader(bucket).upload_file(REQUEST, file)
    assert isinstance(caught.value.unwrap(), NoSuchUpload)


def test_bytes_that_changed_on_the_server(bucket: BucketInMemory, file: Path) -> None:
    def spoil(step: str, request: Any) -> None:
        if step == "before complete_multipart_upload":
            parts = bucket.uploads[request.upload_id].parts
            parts[2] = replace(parts[2], content=bytes(PART))

    bucket.spoil = spoil
    with pytest.raises(UploadError) as caught:
        uploader(bucket).upload_file(REQUEST, file)
    assert isinstance(caught.value.unwrap(), InconsistentError)


def test_a_server_that_tells_no_sums_is_believed(bucket: BucketInMemory, file: Path) -> None:
    bucket.tells_crc = False
    assert uploader(bucket).upload_file(REQUEST, file).hash_crc64 is None
    assert bucket.objects["k"].content == CONTENT


# -- checkpoints


def test_a_process_killed_at_any_step_is_gone_on_with(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(fatal: int | None) -> Steps:
        checkpoints = tmp_path / f"checkpoints-{fatal}"
        checkpoints.mkdir()
        bucket = BucketInMemory()
        steps = Steps(bucket, fatal)
        with monkeypatch.context() as patch, contextlib.suppress(Killed):
            steps.watch(patch)
            resumable(bucket, checkpoints, parallel_num=1).upload_file(REQUEST, file)
            assert fatal is None
        sent = {number for upload in bucket.uploads.values() for number in upload.parts}
        bucket.revive()
        bucket.asked.clear()
        told = Told()
        resumable(bucket, checkpoints).upload_file(replace(REQUEST, progress_fn=told), file)
        assert (bucket.objects["k"].content, told.last) == (CONTENT, (len(CONTENT), len(CONTENT)))
        assert left(checkpoints) == []
        # An upload that was not noted yet is the one thing that nobody can find again.
        unnoted = ("after initiate_multipart_upload", "before begin", "before replace")
        is_lost = fatal is not None and steps.names[fatal] in unnoted
        assert len(bucket.uploads) == is_lost
        assert bucket.asked["upload_part"] == 5 - len(sent)
        return steps

    names = run(None).names
    assert {"before begin", "after upload_part", "after complete_multipart_upload", "before remove"} <= set(names)
    for fatal in range(len(names)):
        run(fatal)


def test_what_is_said_to_have_arrived_is_summed_again(bucket: BucketInMemory, file: Path, checkpoints: Path) -> None:
    bucket.spoil = raise_at("before complete_multipart_upload", ConnectionFailed("gone"))
    with pytest.raises(UploadError) as caught:
        resumable(bucket, checkpoints).upload_file(REQUEST, file)
    upload = bucket.uploads[caught.value.upload_id or ""]
    upload.parts[2] = stored(bytes(PART))
    upload.parts[3] = stored(b"short")
    upload.parts[99] = stored(b"none of ours")
    bucket.revive()
    bucket.asked.clear()
    resumable(bucket, checkpoints).upload_file(REQUEST, file)
    assert (bucket.objects["k"].content, bucket.asked["upload_part"]) == (CONTENT, 2)


@pytest.mark.parametrize("what", ["headers", "file", "part_size", "upload"])
def test_an_upload_of_something_else_begins_anew(
    bucket: BucketInMemory, file: Path, checkpoints: Path, what: str
) -> None:
    bucket.spoil = raise_at("before complete_multipart_upload", ConnectionFailed("gone"))
    with pytest.raises(UploadError):
        resumable(bucket, checkpoints).upload_file(REQUEST, file)
    bucket.revive()
    request = replace(REQUEST, content_type="text/new") if what == "headers" else REQUEST
    if what == "file":
        file.write_bytes(CONTENT[::-1])
        os.utime(file, ns=(7, 7))
    if what == "upload":
        bucket.uploads.clear()
    resumable(bucket, checkpoints, part_size=2 * PART if what == "part_size" else PART).upload_file(request, file)
    assert (bucket.objects["k"].content, bucket.objects["k"].request.content_type) == (
        file.read_bytes(),
        request.content_type,
    )
    assert (bucket.uploads, left(checkpoints)) == ({}, [])


def test_a_checkpoint_that_cannot_be_written_leaves_nothing(bucket: BucketInMemory, file: Path, tmp_path: Path) -> None:
    with pytest.raises(UploadError) as caught:
        resumable(bucket, tmp_path / "nowhere").upload_file(REQUEST, file)
    assert isinstance(caught.value.unwrap(), FileNotFoundError)
    assert bucket.uploads == {}


# -- cancelling and being told


def test_cancelled_before_nothing_is_asked(bucket: BucketInMemory, file: Path) -> None:
    event = threading.Event()
    event.set()
    with pytest.raises(TransferCancelled):
        uploader(bucket, cancel=event).upload_file(REQUEST, file)
    with pytest.raises(TransferCancelled):
        uploader(bucket, cancel=event).upload_from(REQUEST, io.BytesIO())
    assert not bucket.asked


@pytest.mark.parametrize("has_checkpoint", [False, True])
@pytest.mark.parametrize("step", ["after initiate_multipart_upload", "after upload_part"])
def test_cancelled_inside(
    bucket: BucketInMemory, file: Path, checkpoints: Path, step: str, has_checkpoint: bool
) -> None:
    event = threading.Event()
    bucket.spoil = lambda name, _: event.set() if name == step else None
    options = {"enable_checkpoint": has_checkpoint, "checkpoint_dir": checkpoints, "cancel": event}
    with pytest.raises(TransferCancelled):
        uploader(bucket, leave_parts_on_error=True, **options).upload_file(REQUEST, file)
    assert (len(bucket.uploads), len(left(checkpoints))) == (has_checkpoint, has_checkpoint)
    assert (bucket.objects, threads()) == ({}, [])


def test_cancelled_with_the_last_byte_it_is_too_late(bucket: BucketInMemory, file: Path) -> None:
    event = threading.Event()

    def told(_: int, so_far: int, total: int | None) -> None:
        if so_far == total:
            event.set()

    uploader(bucket, cancel=event).upload_file(replace(REQUEST, progress_fn=told), file)
    assert bucket.objects["k"].content == CONTENT


@pytest.mark.parametrize("size", [10, len(CONTENT)])
def test_a_callback_that_fails_ends_the_upload_with_its_own_error(
    bucket: BucketInMemory, file: Path, size: int
) -> None:
    def told(*_: object) -> None:
        raise ZeroDivisionError

    os.truncate(file, size)
    with pytest.raises(ZeroDivisionError):
        uploader(bucket).upload_file(replace(REQUEST, progress_fn=told), file)
    assert (bucket.objects, bucket.uploads) == ({}, {})


# -- streams


class Dripping(io.RawIOBase):
    """A pipe: it gives less than it is asked for, and may fail instead of ending."""

    def __init__(self, content: bytes, at_most: int, error: Exception | None = None) -> None:
        self._content, self._at_most, self._error = io.BytesIO(content), at_most, error

    def read(self, size: int = -1, /) -> bytes:
        piece = self._content.read(min(size, self._at_most))
        if not piece and self._error is not None:
            raise self._error
        return piece


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.sampled_from([0, 1, PART - 1, PART, PART + 1, 2 * PART, len(CONTENT)]), st.integers(1000, 3 * PART))
def test_a_stream_of_any_length(size: int, at_most: int) -> None:
    bucket, told = BucketInMemory(), Told()
    uploader(bucket).upload_from(replace(REQUEST, progress_fn=told), Dripping(CONTENT[:size], at_most))
    assert (bucket.objects["k"].content, bucket.uploads) == (CONTENT[:size], {})
    assert size == 0 or told.last[0] == size


@pytest.mark.parametrize("size", [10, len(CONTENT)])
@pytest.mark.parametrize("error", [OSError("broken pipe"), RuntimeError("bug")])
def test_a_stream_that_fails_makes_no_object(bucket: BucketInMemory, size: int, error: Exception) -> None:
    with pytest.raises((UploadError, RuntimeError)) as caught:
        uploader(bucket).upload_from(REQUEST, Dripping(CONTENT[:size], 50_000, error))
    assert (caught.value.unwrap() if isinstance(caught.value, UploadError) else caught.value) is error
    assert (bucket.objects, bucket.uploads, threads()) == ({}, {}, [])


def test_a_stream_of_text_is_refused(bucket: BucketInMemory) -> None:
    with pytest.raises(TypeError, match="text mode"):
        uploader(bucket).upload_from(REQUEST, io.StringIO("text"))  # type: ignore[arg-type]  # that is the point
    assert bucket.uploads == {}


def test_a_stream_takes_no_more_memory_than_its_parts() -> None:
    size, parallel = 4 * 1024 * 1024, 2

    class Zeros:
        left = 12 * size

        def read(self, count: int) -> bytes:
            count = min(count, self.left)
            self.left -= count
            return bytes(count)

    def upload_part(request: Any) -> Any:
        return SimpleNamespace(etag='"E"', hash_crc64=str(crc64(request.body)))

    whole = SimpleNamespace(etag='"E"', hash_crc64=None, status_code=200, request_id="")
    server = SimpleNamespace(
        initiate_multipart_upload=lambda _: SimpleNamespace(upload_id="U"),
        upload_part=upload_part,
        complete_multipart_upload=lambda _: whole,
    )
    tracemalloc.start()
    try:
        Uploader(server, part_size=size, parallel_num=parallel).upload_from(REQUEST, Zeros())  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 2 * size < peak < (parallel + 1) * size + size // 2


def test_a_file_changed_while_it_goes_in_one_piece_is_not_stored(bucket: BucketInMemory, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"before")
    was = file.stat()

    def change(step: str, _: object) -> None:
        if step == "before put_object":
            file.write_bytes(b"after!")
            os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns + 1))

    bucket.spoil = change
    with pytest.raises(UploadError, match="was changed while it was sent"):
        Uploader(bucket.client).upload_file(REQUEST, file)
    assert bucket.objects == {}
