"""Downloads from a server in memory: what stands in the file, what is left beside it, and what is told."""

import errno
import io
import os
import stat
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import ossicle
from ossicle.client.failures import ConnectionFailed, InconsistentError, MalformedAnswer, ParameterError
from ossicle.client.transfer.download import Downloader
from ossicle.client.transfer.failures import DownloadError, SourceChanged, TransferCancelled
from ossicle.client.transfer.plan import PART_BYTES_MIN
from ossicle.wire.errors import InternalError, NoSuchKey, PreconditionFailed
from tests.unit.client.transfer.bucket_in_memory import BucketInMemory, Killed, Steps, Told, raise_at, stored

PART = PART_BYTES_MIN
CONTENT = os.urandom(4 * PART + 7)
REQUEST = ossicle.GetObjectRequest(bucket="b", key="k")


@pytest.fixture
def bucket() -> BucketInMemory:
    made = BucketInMemory()
    made.objects["k"] = stored(CONTENT)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    return tmp_path / "folder"


@pytest.fixture
def checkpoints(tmp_path: Path) -> Path:
    (tmp_path / "checkpoints").mkdir()
    return tmp_path / "checkpoints"


def downloader(bucket: BucketInMemory, **options: Any) -> Downloader:
    return Downloader(bucket.client, **{"part_size": PART, **options})


def resumable(bucket: BucketInMemory, checkpoints: Path, **options: Any) -> Downloader:
    return downloader(bucket, enable_checkpoint=True, checkpoint_dir=checkpoints, **options)


def left(*directories: Path) -> list[str]:
    return [path.name for directory in directories for path in directory.iterdir()]


def is_over(bucket: BucketInMemory) -> bool:
    """Whether no thread runs and no connection is held any more."""
    names = [thread.name for thread in threading.enumerate()]
    return bucket.streams == 0 and not any(name.startswith("ossicle-transfer") for name in names)


# -- what arrives


@pytest.mark.parametrize("options", [{}, {"parallel_num": 1}, {"use_temp_file": False}, {"enable_checkpoint": True}])
@pytest.mark.parametrize(("size", "ranges"), [(0, 0), (1, 1), (PART, 1), (PART + 1, 2), (2 * PART, 2), (4 * PART, 4)])
def test_an_object_of_any_size(
    bucket: BucketInMemory, folder: Path, checkpoints: Path, size: int, ranges: int, options: dict[str, Any]
) -> None:
    bucket.objects["k"] = stored(CONTENT[:size])
    (folder / "file").write_bytes(b"what was there" * PART)
    told = Told()
    made = downloader(bucket, checkpoint_dir=checkpoints, **options)
    result = made.download_file(replace(REQUEST, progress_fn=told), folder / "file")
    assert (result.written, (folder / "file").read_bytes()) == (size, CONTENT[:size])
    assert (told.last if size else told.steps) == ((size, size) if size else [])
    assert (bucket.asked["get_object"], left(folder, checkpoints)) == (ranges, ["file"])
    assert is_over(bucket)


@pytest.mark.parametrize("name", ["n" * 255, "名" * 85, b"not utf-8 \xff".decode("utf-8", "surrogateescape")])
def test_a_name_of_any_kind(bucket: BucketInMemory, folder: Path, checkpoints: Path, name: str) -> None:
    downloader(bucket).download_file(REQUEST, folder / name)
    resumable(bucket, checkpoints).download_file(REQUEST, folder / name)
    assert ((folder / name).read_bytes(), left(folder)) == (CONTENT, [name])


def test_a_link_is_replaced_and_what_it_points_to_is_not(bucket: BucketInMemory, folder: Path) -> None:
    (folder / "pointed at").write_bytes(b"kept")
    (folder / "link").symlink_to("pointed at")
    downloader(bucket).download_file(REQUEST, folder / "link")
    assert ((folder / "link").is_symlink(), (folder / "pointed at").read_bytes()) == (False, b"kept")


def test_to_a_stream(bucket: BucketInMemory) -> None:
    told, file = Told(), io.BytesIO()
    result = downloader(bucket).download_to(replace(REQUEST, progress_fn=told), file)
    assert (result.written, file.getvalue(), told.last) == (len(CONTENT), CONTENT, (len(CONTENT), len(CONTENT)))
    assert is_over(bucket)


def test_to_a_stream_that_takes_a_part_at_a_time(bucket: BucketInMemory) -> None:
    class Slow(io.BytesIO):
        def write(self, content: Any) -> int:
            return super().write(content[:999])

    file = Slow()
    downloader(bucket).download_to(REQUEST, file)
    assert file.getvalue() == CONTENT


# -- what can't be


def test_a_place_where_no_file_can_be(bucket: BucketInMemory, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "directory").mkdir()
    (folder / "link").symlink_to("directory")
    for name, error in [
        ("pipe", ParameterError),
        ("directory", IsADirectoryError),
        ("link", IsADirectoryError),
        ("nowhere/file", FileNotFoundError),
    ]:
        with pytest.raises(DownloadError, match=name) as caught:
            downloader(bucket).download_file(REQUEST, folder / name)
        assert isinstance(caught.value.unwrap(), error)
    assert not bucket.asked


def test_no_range_and_no_object(bucket: BucketInMemory, folder: Path) -> None:
    for request, error in [
        (replace(REQUEST, range_header="bytes=0-1"), ParameterError),
        (replace(REQUEST, key="other"), NoSuchKey),
        (replace(REQUEST, if_match='"other"'), PreconditionFailed),
    ]:
        with pytest.raises(DownloadError) as caught:
            downloader(bucket).download_file(request, folder / "file")
        assert isinstance(caught.value.unwrap(), error)
        assert caught.value.__cause__ is caught.value.unwrap()
    assert left(folder) == []


# -- failures


def failing_disk(number: int) -> Any:
    """A `pwrite` for which there is no room from the `number`-th call on."""
    calls = iter(range(1_000_000))
    real = os.pwrite

    def pwrite(descriptor: int, content: Any, offset: int) -> int:
        if next(calls) + 1 >= number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, content, offset)

    return pwrite


@pytest.mark.parametrize("number", [1, 7])
@pytest.mark.parametrize("has_checkpoint", [False, True])
def test_a_disk_without_room(
    bucket: BucketInMemory,
    folder: Path,
    checkpoints: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    has_checkpoint: bool,
) -> None:
    (folder / "file").write_bytes(b"before")
    made = downloader(bucket, enable_checkpoint=has_checkpoint, checkpoint_dir=checkpoints)
    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", failing_disk(number))
        with pytest.raises(DownloadError) as caught:
            made.download_file(REQUEST, folder / "file")
    error = caught.value.unwrap()
    assert isinstance(error, OSError)
    assert (error.errno, (folder / "file").read_bytes()) == (errno.ENOSPC, b"before")
    assert len(left(folder, checkpoints)) == (3 if has_checkpoint else 1)
    # Also while somebody still holds the failure, whose traceback holds what failed.
    assert is_over(bucket)
    made.download_file(REQUEST, folder / "file")
    assert ((folder / "file").read_bytes(), left(folder, checkpoints)) == (CONTENT, ["file"])


@pytest.mark.parametrize("step", ["before get_object", "chunk"])
@pytest.mark.parametrize("error", [InternalError(), ValueError("bug"), KeyboardInterrupt(), SystemExit()])
@pytest.mark.parametrize("has_checkpoint", [False, True])
def test_a_failure_leaves_nothing_or_a_checkpoint(
    bucket: BucketInMemory, folder: Path, checkpoints: Path, step: str, error: BaseException, has_checkpoint: bool
) -> None:
    bucket.spoil = raise_at(step, error, 2)
    with pytest.raises((DownloadError, ValueError, KeyboardInterrupt, SystemExit)) as caught:
        downloader(bucket, enable_checkpoint=has_checkpoint, checkpoint_dir=checkpoints).download_file(
            REQUEST, folder / "file"
        )
    assert (caught.value.unwrap() if isinstance(caught.value, DownloadError) else caught.value) is error
    assert (len(left(folder)), len(left(checkpoints))) == (has_checkpoint, has_checkpoint)
    assert is_over(bucket)


@pytest.mark.parametrize("nth", [1, 2, 4, 9])
def test_a_connection_that_breaks_off_is_gone_on_with(bucket: BucketInMemory, folder: Path, nth: int) -> None:
    bucket.spoil = raise_at("chunk", ConnectionFailed("gone"), nth)
    told = Told()
    downloader(bucket).download_file(replace(REQUEST, progress_fn=told), folder / "file")
    assert ((folder / "file").read_bytes(), told.last) == (CONTENT, (len(CONTENT), len(CONTENT)))
    bucket.spoil = raise_at("chunk", ConnectionFailed("gone"), nth)
    file = io.BytesIO()
    downloader(bucket).download_to(REQUEST, file)
    assert file.getvalue() == CONTENT


def test_a_connection_that_brings_nothing_is_given_up(bucket: BucketInMemory, folder: Path) -> None:
    bucket.spoil = raise_at("chunk", ConnectionFailed("gone"), always=True)
    with pytest.raises(DownloadError, match="gone"):
        downloader(bucket, parallel_num=1).download_file(REQUEST, folder / "file")
    assert (bucket.asked["get_object"], left(folder)) == (3, [])


@pytest.mark.parametrize(("content", "error"), [(CONTENT[::-1], SourceChanged), (None, NoSuchKey)])
@pytest.mark.parametrize("has_checkpoint", [False, True])
def test_an_object_that_is_replaced_meanwhile(
    bucket: BucketInMemory,
    folder: Path,
    checkpoints: Path,
    content: bytes | None,
    error: type[Exception],
    has_checkpoint: bool,
) -> None:
    def spoil(step: str, _request: Any) -> None:
        if step == "before get_object" and bucket.asked["get_object"] == 3:
            bucket.objects.pop("k")
            if content is not None:
                bucket.objects["k"] = stored(content)

    bucket.spoil = spoil
    made = downloader(bucket, enable_checkpoint=has_checkpoint, checkpoint_dir=checkpoints)
    with pytest.raises(DownloadError) as caught:
        made.download_file(REQUEST, folder / "file")
    assert isinstance(caught.value.unwrap(), error)
    assert left(folder, checkpoints) == []


@pytest.mark.parametrize("enable_checkpoint", [False, True])
def test_bytes_that_changed_on_their_way(
    bucket: BucketInMemory, folder: Path, checkpoints: Path, enable_checkpoint: bool
) -> None:
    found = bucket.objects["k"]

    def spoil(step: str, _request: Any) -> None:
        if step == "before get_object":
            bucket.objects["k"] = replace(found, content=CONTENT[:-1] + b"!")

    made = resumable(bucket, checkpoints) if enable_checkpoint else downloader(bucket)
    bucket.spoil = spoil
    with pytest.raises(DownloadError) as caught:
        made.download_file(REQUEST, folder / "file")
    assert isinstance(caught.value.unwrap(), InconsistentError)
    assert left(folder, checkpoints) == []
    bucket.objects["k"] = found
    downloader(bucket, verify_data=False).download_file(REQUEST, folder / "file")
    assert (folder / "file").read_bytes() == CONTENT[:-1] + b"!"


# -- checkpoints


def test_a_process_killed_at_any_step_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(fatal: int | None) -> Steps:
        folder, checkpoints = tmp_path / f"folder-{fatal}", tmp_path / f"checkpoints-{fatal}"
        folder.mkdir()
        checkpoints.mkdir()
        bucket = BucketInMemory()
        bucket.objects["k"] = stored(CONTENT)
        steps = Steps(bucket, fatal)
        with monkeypatch.context() as patch:
            steps.watch(patch)
            try:
                resumable(bucket, checkpoints, parallel_num=1).download_file(REQUEST, folder / "file")
            except Killed:
                assert fatal is not None
        is_moved = (folder / "file").exists()
        noted = 0 if is_moved else steps.names.count("before add") - (steps.names[-1] == "before add")
        bucket.revive()
        bucket.asked.clear()
        told = Told()
        resumable(bucket, checkpoints).download_file(replace(REQUEST, progress_fn=told), folder / "file")
        assert ((folder / "file").read_bytes(), told.last) == (CONTENT, (len(CONTENT), len(CONTENT)))
        assert left(folder, checkpoints) == ["file"]
        assert bucket.asked["get_object"] == 5 - noted
        return steps

    names = run(None).names
    assert {"before begin", "chunk", "after add", "before replace", "after remove"} <= set(names)
    for fatal in range(len(names)):
        run(fatal)


@pytest.mark.parametrize("lie", [b"[1, 5]\n", b"[4, null]\n", b'{"a": 1}\n[[], 2]\n', b"[3, 1", b"\xff"])
def test_what_is_said_to_have_arrived_is_summed_again(
    bucket: BucketInMemory, folder: Path, checkpoints: Path, lie: bytes
) -> None:
    bucket.spoil = raise_at("before get_object", InternalError(), 4)
    with pytest.raises(DownloadError):
        resumable(bucket, checkpoints, parallel_num=1).download_file(REQUEST, folder / "file")
    (journal,), (beside,) = checkpoints.iterdir(), folder.iterdir()
    with journal.open("ab") as file:
        file.write(lie)
    with beside.open("r+b") as file:
        file.seek(PART + 5)
        file.write(b"changed")
    bucket.revive()
    bucket.asked.clear()
    resumable(bucket, checkpoints).download_file(REQUEST, folder / "file")
    assert ((folder / "file").read_bytes(), bucket.asked["get_object"]) == (CONTENT, 3)


@pytest.mark.parametrize("what", ["object", "part_size", "beside"])
def test_a_download_of_something_else_begins_anew(
    bucket: BucketInMemory, folder: Path, checkpoints: Path, what: str
) -> None:
    bucket.spoil = raise_at("before get_object", InternalError(), 4)
    with pytest.raises(DownloadError):
        resumable(bucket, checkpoints, parallel_num=1).download_file(REQUEST, folder / "file")
    bucket.revive()
    content = os.urandom(3 * PART) if what == "object" else CONTENT
    bucket.objects["k"] = stored(content)
    if what == "beside":
        next(folder.iterdir()).unlink()
    made = resumable(bucket, checkpoints, part_size=2 * PART if what == "part_size" else PART)
    made.download_file(REQUEST, folder / "file")
    assert ((folder / "file").read_bytes(), left(folder, checkpoints)) == (content, ["file"])


def test_a_checkpoint_that_cannot_be_written(bucket: BucketInMemory, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="No such file"):
        resumable(bucket, tmp_path / "nowhere").download_file(REQUEST, folder / "file")
    assert left(folder) == []


# -- cancelling and being told


def test_cancelled_before_no_byte_is_asked_for(bucket: BucketInMemory, folder: Path, checkpoints: Path) -> None:
    event = threading.Event()
    event.set()
    with pytest.raises(TransferCancelled):
        resumable(bucket, checkpoints, cancel=event).download_file(REQUEST, folder / "file")
    with pytest.raises(TransferCancelled):
        downloader(bucket, cancel=event).download_to(REQUEST, io.BytesIO())
    assert (bucket.asked["get_object"], left(folder, checkpoints)) == (0, [])


@pytest.mark.parametrize("has_checkpoint", [False, True])
def test_cancelled_inside(bucket: BucketInMemory, folder: Path, checkpoints: Path, has_checkpoint: bool) -> None:
    event = threading.Event()
    bucket.spoil = lambda step, _: event.set() if step == "chunk" and bucket.asked["get_object"] == 4 else None
    made = downloader(bucket, enable_checkpoint=has_checkpoint, checkpoint_dir=checkpoints, cancel=event)
    with pytest.raises(TransferCancelled):
        made.download_file(REQUEST, folder / "file")
    assert (len(left(folder)), len(left(checkpoints))) == (has_checkpoint, has_checkpoint)
    assert is_over(bucket)
    told = Told()
    event.clear()
    made.download_file(replace(REQUEST, progress_fn=told), folder / "file")
    assert ((folder / "file").read_bytes(), told.last) == (CONTENT, (len(CONTENT), len(CONTENT)))


def test_a_callback_that_fails_ends_the_download_with_its_own_error(bucket: BucketInMemory, folder: Path) -> None:
    def told(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        downloader(bucket).download_file(replace(REQUEST, progress_fn=told), folder / "file")
    with pytest.raises(ZeroDivisionError):
        downloader(bucket).download_to(replace(REQUEST, progress_fn=told), io.BytesIO())
    assert left(folder) == []
    assert is_over(bucket)


def test_a_stream_that_fails(bucket: BucketInMemory) -> None:
    class Broken(io.BytesIO):
        def write(self, _: object) -> int:
            raise BrokenPipeError

    with pytest.raises(DownloadError, match="the stream") as caught:
        downloader(bucket).download_to(REQUEST, Broken())
    assert isinstance(caught.value.unwrap(), BrokenPipeError)
    assert is_over(bucket)


@pytest.mark.parametrize("beyond", [-1, 1, 100_000])
def test_an_answer_that_is_not_the_range_asked_for(bucket: BucketInMemory, folder: Path, beyond: int) -> None:
    found = bucket.objects["k"]

    def spoil(step: str, request: Any) -> None:
        if step == "before get_object":
            first, _, last = request.range_header.removeprefix("bytes=").partition("-")
            wrong = CONTENT[int(first) : int(last) + 1 + beyond] + bytes(max(beyond, 0))
            bucket.objects["k"] = replace(found, content=bytes(int(first)) + wrong)
            object.__setattr__(request, "range_header", f"bytes={first}-{int(last) + beyond}")

    file = io.BytesIO()
    bucket.spoil = spoil
    with pytest.raises(DownloadError, match="not the range") as caught:
        downloader(bucket).download_to(REQUEST, file)
    assert isinstance(caught.value.unwrap(), MalformedAnswer)
    bucket.objects["k"] = found
    with pytest.raises(DownloadError, match="not the range"):
        downloader(bucket).download_file(REQUEST, folder / "file")
    assert CONTENT.startswith(file.getvalue())
    assert left(folder) == []
    assert is_over(bucket)


# -- beside others


def test_two_at_once_do_not_mix_their_bytes(bucket: BucketInMemory, folder: Path, checkpoints: Path) -> None:
    refused: list[DownloadError] = []

    def start_another(step: str, _: object) -> None:
        if step == "chunk" and not refused:
            with pytest.raises(DownloadError, match="another download") as met:
                resumable(bucket, checkpoints).download_file(REQUEST, folder / "file")
            refused.append(met.value)

    bucket.spoil = start_another
    resumable(bucket, checkpoints, parallel_num=1).download_file(REQUEST, folder / "file")
    assert len(refused) == 1
    assert (folder / "file").read_bytes() == CONTENT
    assert left(folder, checkpoints) == ["file"]


def test_the_permissions_of_what_is_replaced_are_kept(bucket: BucketInMemory, folder: Path) -> None:
    (folder / "file").write_bytes(b"old")
    (folder / "file").chmod(0o600)
    downloader(bucket).download_file(REQUEST, folder / "file")
    assert stat.S_IMODE((folder / "file").stat().st_mode) == 0o600
