"""Lines arrive whole and in order, a stream that nobody reads holds nobody up, and what is lost is counted."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ossicle.edge import lines
from ossicle.edge.lines import LineWriter


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110  # what is waited for happens in the loop
            await asyncio.sleep(0.001)


# Whether a write would block is asked before it is made.
pytestmark = pytest.mark.allow_blocking


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def render_loss(lost: int) -> bytes:
    return b"lost %d\n" % lost


async def next_timer() -> None:
    """Return after the timers that are due already, the writer's among them."""
    loop = asyncio.get_running_loop()
    passed = loop.create_future()
    loop.call_later(0, passed.set_result, None)
    await passed


def drained(reading: int) -> bytes:
    os.set_blocking(reading, False)
    read = b""
    try:
        while chunk := os.read(reading, 1 << 20):
            read += chunk
    except BlockingIOError:
        pass
    return read


async def test_all_lines_of_a_turn_are_written_together(pipe: tuple[int, int]) -> None:
    writer = LineWriter(pipe[1], render_loss, 0)
    writer.write(b"a\n")
    writer.write(b"b\n")
    assert drained(pipe[0]) == b""
    await next_timer()
    assert drained(pipe[0]) == b"a\nb\n"
    writer.write(b"c\n")
    await next_timer()
    assert drained(pipe[0]) == b"c\n"


async def test_a_file_gets_everything_at_once(tmp_path: Path) -> None:
    expected = b"".join(b"%06d\n" % number for number in range(20_000))
    with (tmp_path / "log").open("wb") as file:
        writer = LineWriter(file.fileno(), render_loss, 0)
        for line in expected.splitlines(keepends=True):
            writer.write(line)
        await next_timer()
        assert (tmp_path / "log").read_bytes() == expected


async def test_a_reader_who_stalls_gets_the_rest_later_and_nothing_twice(pipe: tuple[int, int]) -> None:
    writer = LineWriter(pipe[1], render_loss, 0)
    expected = b"".join(b"%07d\n" % number for number in range(50_000))
    for line in expected.splitlines(keepends=True):
        writer.write(line)
    await next_timer()  # would not come back, if it waited for the reader
    read = drained(pipe[0])
    assert 0 < len(read) < len(expected)
    assert read.endswith(b"\n")

    def take() -> bool:
        nonlocal read
        read += drained(pipe[0])
        return len(read) >= len(expected)

    await until(take)
    assert read == expected


async def test_a_line_longer_than_the_stream_takes_at_once(pipe: tuple[int, int]) -> None:
    writer = LineWriter(pipe[1], render_loss, 0)
    expected = b"short\n" + b"x" * 10_000 + b"\nshort\n"
    for line in expected.splitlines(keepends=True):
        writer.write(line)
    await next_timer()
    assert drained(pipe[0]) == expected


async def test_lines_that_nobody_takes_are_counted(pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "WAITING_BYTES_MAX", 100_000)
    writer = LineWriter(pipe[1], render_loss, 0)
    for number in range(30_000):
        writer.write(b"%07d\n" % number)
    written: list[bytes] = []

    def take() -> bool:
        written.extend(drained(pipe[0]).splitlines())
        return written[-1:] != [] and written[-1].startswith(b"lost")

    await until(take)
    assert len(written) - 1 + int(written[-1].split()[1]) == 30_000
    assert written[:-1] == [b"%07d" % number for number in range(len(written) - 1)]


async def test_a_close_writes_what_is_left(pipe: tuple[int, int]) -> None:
    writer = LineWriter(pipe[1], render_loss, 0)
    writer.write(b"last\n")
    writer.close(10)
    assert drained(pipe[0]) == b"last\n"
    await next_timer()
    assert drained(pipe[0]) == b""


async def test_a_close_does_not_wait_for_ever(pipe: tuple[int, int]) -> None:
    writer = LineWriter(pipe[1], render_loss, 0)
    for _ in range(200):
        writer.write(b"x" * 999 + b"\n")
    writer.close(0.01)
    assert 0 < len(drained(pipe[0])) < 200_000


async def test_a_stream_without_a_reader_holds_nobody_up() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    writer = LineWriter(writing, render_loss, 0)
    writer.write(b"a\n")
    await next_timer()
    writer.write(b"b\n")
    writer.close(10)
    os.close(writing)


async def test_a_thread_writes_without_waiting_for_the_reader(pipe: tuple[int, int]) -> None:
    writer = LineWriter(pipe[1], render_loss, 0)
    writer.write(b"from the loop\n")
    await next_timer()

    def write_all() -> None:
        for number in range(50_000):
            writer.write(b"%07d\n" % number)

    await asyncio.to_thread(write_all)
    read = b""

    def take() -> bool:
        nonlocal read
        read += drained(pipe[0])
        return read.count(b"\n") == 50_001

    await until(take)
    assert read == b"from the loop\n" + b"".join(b"%07d\n" % number for number in range(50_000))


def test_before_the_loop_a_line_is_written_at_once(pipe: tuple[int, int]) -> None:
    LineWriter(pipe[1], render_loss, 0).write(b"starting\n")
    assert drained(pipe[0]) == b"starting\n"


async def test_processes_that_share_a_stream_leave_each_other_s_long_lines_whole(
    pipe: tuple[int, int], tmp_path: Path
) -> None:
    os.set_blocking(pipe[1], False)
    long, short = b"l" * 200_000 + b"\n", b"short\n"
    writers = [
        LineWriter(pipe[1], render_loss, 0) for _ in range(2)
    ]  # each with a lock of its own, as two processes have
    for writer in writers:
        writer.share(tmp_path / "turn")
    writers[0].write(long)
    await next_timer()
    writers[1].write(short)
    await next_timer()
    read = b""

    def is_read() -> bool:
        nonlocal read
        read += drained(pipe[0])
        return len(read) == len(long + short)

    await until(is_read)
    assert read == long + short


def test_without_a_loop_a_reader_is_waited_for_as_long_as_was_said(pipe: tuple[int, int]) -> None:
    os.set_blocking(pipe[1], False)
    writer = LineWriter(pipe[1], render_loss, 0)
    writer.hurry(0.01)
    filling, last = b"f" * 300_000 + b"\n", b"last\n"
    writer.write(filling)
    read = drained(pipe[0])
    assert len(read) < len(filling), "what the pipe did not take waits"
    writer.write(last)
    while not read.endswith(last):
        writer.write(b"")
        read += drained(pipe[0])
    assert read == filling + last
