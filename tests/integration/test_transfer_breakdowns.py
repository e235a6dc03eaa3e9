"""Servers that are killed and disks that are full in the middle of a transfer, several parts of which are under way."""

import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

import ossicle
from ossicle.client.failures import ConnectionFailed
from ossicle.client.transfer import copy as copying
from ossicle.client.transfer.failures import CopyError, DownloadError, UploadError
from ossicle.wire.errors import ServiceUnavailable
from tests.support.faulty_proxy import Fault, Stage
from tests.support.server import BUCKET, ServerProcess
from tests.support.transfers import Place, open_place

KIB = 1024
MIB = 1024 * KIB
PART = 100 * KIB
PARTS = 8
CONTENT = random.Random(4).randbytes(PARTS * PART - 77)
BEFORE = random.Random(5).randbytes(MIB)
SIZES: dict[str, Any] = {"part_size": PART, "parallel_num": 3}
PUT = ossicle.PutObjectRequest(bucket=BUCKET, key="target")
GET = ossicle.GetObjectRequest(bucket=BUCKET, key="source")
COPY = ossicle.CopyObjectRequest(bucket=BUCKET, key="target", source_key="source")


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of this module, which its tests kill and start again."""
    with ServerProcess(tmp_path_factory.mktemp("mortal") / "data") as running:
        yield running


@pytest.fixture
def place(mortal: ServerProcess, tmp_path: Path) -> Iterator[Place]:
    if not mortal.is_running:
        mortal.start()  # a test that failed has left it so
    with open_place(mortal, tmp_path / "folder") as found:
        yield found
        if mortal.is_running:
            found.abort_all()


@pytest.fixture(autouse=True)
def _copies_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects from 200 MiB on are copied in parts, which is too much for a test."""
    monkeypatch.setattr(copying, "THRESHOLD_BYTES", len(CONTENT))


def marks(place: Place) -> dict[str, Any]:
    return {**SIZES, "enable_checkpoint": True, "checkpoint_dir": place.folder / "marks"}


# -- a server that is killed


@pytest.mark.parametrize("stage", list(Stage)[:4])
def test_an_upload_goes_on_after_the_server_was_killed(place: Place, stage: Stage) -> None:
    source = place.folder / "source"
    source.write_bytes(CONTENT)
    place.put("target", BEFORE)
    place.proxy.fault = Fault("UploadPart", stage, first=5, meanwhile=place.server.kill)
    with pytest.raises(UploadError) as failed:
        place.client.uploader(**marks(place)).upload_file(PUT, source)
    assert isinstance(failed.value.unwrap(), ConnectionFailed)

    place.server.start()
    assert place.stored() == BEFORE
    assert place.uploads() == [failed.value.upload_id]
    place.proxy.restart()
    place.client.uploader(**marks(place)).upload_file(PUT, source)
    # Four had been answered, or were beside the fifth when the server fell.
    assert len(place.proxy.parts()) <= PARTS - 2
    assert place.stored() == CONTENT
    place.assert_nothing_is_left("source")


@pytest.mark.parametrize("stage", list(Stage))
def test_an_upload_does_not_notice_a_restart_while_it_is_completed(place: Place, stage: Stage) -> None:
    """What the server has answered it has kept: the client asks once more, and the object is there or is made now."""
    (place.folder / "source").write_bytes(CONTENT)
    fault = Fault("CompleteMultipartUpload", stage, times=1, meanwhile=lambda: crash(place.server))
    place.proxy.fault = fault
    place.client.uploader(**SIZES).upload_file(PUT, place.folder / "source")
    assert place.stored() == CONTENT
    place.assert_nothing_is_left("source")


def crash(server: ServerProcess) -> None:
    server.kill()
    server.start()


def test_an_upload_survives_a_restart(place: Place) -> None:
    """One part at a time: the others would not wait for the server as long as the clock stands still."""
    (place.folder / "source").write_bytes(CONTENT)
    place.proxy.fault = Fault("UploadPart", Stage.REQUEST, first=5, times=1, meanwhile=lambda: crash(place.server))
    place.client.uploader(part_size=PART, parallel_num=1).upload_file(PUT, place.folder / "source")
    assert place.proxy.parts() == [1, 2, 3, 4, 5, 5, 6, 7, 8]
    assert place.stored() == CONTENT
    place.assert_nothing_is_left("source")


def test_a_download_goes_on_after_the_server_was_killed(place: Place) -> None:
    place.put("source", CONTENT)
    target = place.folder / "target"
    target.write_bytes(BEFORE)
    place.proxy.fault = Fault("GetObject", Stage.BODY, first=5, meanwhile=place.server.kill)
    with pytest.raises(DownloadError) as failed:
        place.client.downloader(**marks(place)).download_file(GET, target)
    assert isinstance(failed.value.unwrap(), ConnectionFailed)
    assert target.read_bytes() == BEFORE

    place.server.start()
    place.proxy.restart()
    place.client.downloader(**marks(place)).download_file(GET, target)
    assert place.proxy.count("GetObject") <= PARTS - 2
    assert target.read_bytes() == CONTENT
    place.assert_nothing_is_left("target")


def test_a_copy_that_ends_with_the_server_leaves_its_upload_to_be_listed(place: Place) -> None:
    """Nobody is there any more whom the client could tell to forget it."""
    place.put("source", CONTENT)
    place.put("target", BEFORE)
    place.proxy.fault = Fault("UploadPartCopy", Stage.AFTER, first=5, meanwhile=place.server.kill)
    with pytest.raises(CopyError) as failed:
        place.client.copier(**SIZES).copy(COPY)
    assert isinstance(failed.value.unwrap(), ConnectionFailed)

    place.server.start()
    assert place.stored() == BEFORE
    assert len(place.uploads()) == 1
    place.abort_all()
    place.proxy.restart()
    place.client.copier(**SIZES).copy(COPY)
    assert place.stored() == CONTENT
    place.assert_nothing_is_left()


# -- a disk that is full


@contextmanager
def small_disk(at: Path, size_mib: int) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    at.mkdir(mode=0o700)
    options = f"size={size_mib}m,mode=0700"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "ossicle-test", str(at)], check=False)
    if mounted.returncode != 0:
        pytest.skip("this machine allows no mount")
    yield at
    subprocess.run(["umount", str(at)], check=True)


def fill(disk: Path, left_bytes: int) -> Path:
    """Occupy the disk but for `left_bytes`; return the file to remove."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        file.write(bytes(shutil.disk_usage(disk).free - left_bytes))
    return ballast


@pytest.fixture
def cramped(tmp_path: Path) -> Iterator[Place]:
    """A server with a disk of its own, of 16 MiB."""
    with ExitStack() as opened:
        disk = opened.enter_context(small_disk(tmp_path / "data", 16))
        server = opened.enter_context(ServerProcess(disk))
        yield opened.enter_context(open_place(server, tmp_path / "folder"))


TOO_MUCH = random.Random(6).randbytes(5 * MIB)
IN_PARTS: dict[str, Any] = {"part_size": 512 * KIB, "parallel_num": 2}


def upload_file(place: Place) -> None:
    place.client.uploader(**IN_PARTS).upload_file(PUT, place.folder / "source")


def upload_from(place: Place) -> None:
    with (place.folder / "source").open("rb") as reader:
        place.client.uploader(**IN_PARTS).upload_from(PUT, reader)


def assert_nothing_is_left(place: Place) -> None:
    """A part whose row found no room may keep its file until the next start, which alone can tell that no row came of it."""
    assert place.uploads() == []
    crash(place.server)
    place.assert_nothing_is_left("source")


@pytest.mark.parametrize("upload", [upload_file, upload_from])
def test_an_upload_to_a_full_disk_leaves_nothing(cramped: Place, upload: Callable[[Place], None]) -> None:
    (cramped.folder / "source").write_bytes(TOO_MUCH)
    cramped.put("target", BEFORE)
    ballast = fill(cramped.server.data_dir, left_bytes=3 * MIB)
    with pytest.raises(UploadError) as failed:
        upload(cramped)
    assert isinstance(failed.value.unwrap(), ServiceUnavailable)
    assert cramped.stored() == BEFORE
    assert_nothing_is_left(cramped)

    ballast.unlink()
    upload(cramped)
    assert cramped.stored() == TOO_MUCH
    assert_nothing_is_left(cramped)


def test_an_upload_goes_on_when_there_is_room_again(cramped: Place) -> None:
    (cramped.folder / "source").write_bytes(TOO_MUCH)
    cramped.put("target", BEFORE)
    ballast = fill(cramped.server.data_dir, left_bytes=3 * MIB)
    uploader = cramped.client.uploader(**IN_PARTS, enable_checkpoint=True, checkpoint_dir=cramped.folder / "marks")
    with pytest.raises(UploadError) as failed:
        uploader.upload_file(PUT, cramped.folder / "source")
    assert isinstance(failed.value.unwrap(), ServiceUnavailable)
    assert cramped.stored() == BEFORE
    assert cramped.uploads() == [failed.value.upload_id]

    ballast.unlink()
    cramped.proxy.restart()
    uploader.upload_file(PUT, cramped.folder / "source")
    assert 0 < cramped.proxy.count("UploadPart") < 10
    assert cramped.stored() == TOO_MUCH
    assert_nothing_is_left(cramped)


@pytest.fixture
def narrow(place: Place) -> Iterator[Path]:
    """A folder of the client's with room for 1 MiB."""
    with small_disk(place.folder / "narrow", 1) as disk:
        yield disk


def test_a_download_to_a_full_disk_leaves_nothing(place: Place, narrow: Path) -> None:
    place.put("source", TOO_MUCH)
    (narrow / "target").write_bytes(b"before")
    with pytest.raises(DownloadError) as failed:
        place.client.downloader(**SIZES).download_file(GET, narrow / "target")
    assert isinstance(failed.value.unwrap(), OSError)
    assert "No space left" in str(failed.value)
    assert (narrow / "target").read_bytes() == b"before"
    place.assert_nothing_is_left("narrow/target")


def test_a_download_goes_on_when_there_is_room_again(place: Place, narrow: Path) -> None:
    place.put("source", CONTENT)
    ballast = fill(narrow, left_bytes=400 * KIB)
    with pytest.raises(DownloadError, match="No space left"):
        place.client.downloader(**marks(place)).download_file(GET, narrow / "target")
    assert not (narrow / "target").exists()

    ballast.unlink()
    place.proxy.restart()
    place.client.downloader(**marks(place)).download_file(GET, narrow / "target")
    assert 0 < place.proxy.count("GetObject") < PARTS
    assert (narrow / "target").read_bytes() == CONTENT
    place.assert_nothing_is_left("narrow/target")


@pytest.mark.parametrize("has_folder", [True, False])
def test_a_checkpoint_that_can_not_be_written_leaves_nothing(place: Place, narrow: Path, *, has_folder: bool) -> None:
    (place.folder / "source").write_bytes(CONTENT)
    place.put("source", CONTENT)
    ballast = fill(narrow, left_bytes=0)
    checkpoints: dict[str, Any] = {"enable_checkpoint": True, "checkpoint_dir": narrow if has_folder else narrow / "no"}
    with pytest.raises(UploadError):
        place.client.uploader(**SIZES, **checkpoints).upload_file(PUT, place.folder / "source")
    with pytest.raises(DownloadError):
        place.client.downloader(**SIZES, **checkpoints).download_file(GET, place.folder / "target")
    ballast.unlink()
    place.assert_nothing_is_left("source")
