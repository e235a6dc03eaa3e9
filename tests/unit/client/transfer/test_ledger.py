"""What has arrived: the sum of the parts is the sum of the whole, and every byte is told once."""

import hashlib
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.client.transfer.failures import TransferCancelled
from ossicle.client.transfer.ledger import Ledger, Meter
from ossicle.client.transfer.plan import Piece, cut
from ossicle.wire.digest import crc64, render_etag, render_multipart_etag
from tests.unit.client.transfer.bucket_in_memory import Told


def etag(content: bytes) -> str:
    return render_etag(hashlib.md5(content).digest())


@given(st.binary(max_size=200), st.integers(1, 50), st.randoms())
def test_parts_in_any_order_come_to_the_whole(content: bytes, part_size: int, random: object) -> None:
    pieces = list(cut(len(content), part_size))
    ledger = Ledger()
    order = list(pieces)
    random.shuffle(order)  # type: ignore[attr-defined]  # a random.Random
    for piece in order:
        own = content[piece.start : piece.start + piece.length]
        assert not ledger.has(piece)
        ledger.enter(piece, etag=f'"{etag(own)}"', crc64=crc64(own))
        assert ledger.has(piece)
    assert ledger.crc64 == crc64(content)
    parts = [content[piece.start : piece.start + piece.length] for piece in pieces]
    assert ledger.etag == render_multipart_etag(etag(part) for part in parts)
    assert [(part.part_number, part.etag) for part in ledger.document.parts] == [
        (number, f'"{etag(part)}"') for number, part in enumerate(parts, 1)
    ]


def test_a_part_whose_sum_nobody_told_leaves_that_of_the_whole_open() -> None:
    ledger = Ledger()
    ledger.enter(Piece(number=1, start=0, length=1), etag="A", crc64=crc64(b"a"))
    ledger.enter(Piece(number=2, start=1, length=1), etag="B", crc64=None)
    assert ledger.crc64 is None


def test_threads_are_counted_one_after_the_other() -> None:
    told = Told()
    meter = Meter(40_000, told, None)

    def advance() -> None:
        for _ in range(1000):
            meter.advance(10)

    threads = [threading.Thread(target=advance) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.last == (40_000, 40_000)


def test_nothing_is_not_told() -> None:
    told = Told()
    Meter(0, told, None).advance(0)
    assert told.steps == []


def test_a_meter_that_is_stopped_or_cancelled_lets_nobody_go_on() -> None:
    event, told = threading.Event(), Told()
    by_caller, by_failure = Meter(10, told, event), Meter(10, told, None)
    by_caller.check()
    event.set()
    by_failure.stop()
    for meter in (by_caller, by_failure):
        with pytest.raises(TransferCancelled):
            meter.advance(1)
    assert told.steps == []
    by_caller.finish(1)
    assert told.last == (1, 10)
