"""Who may still open a blob."""

from ossicle.services.pins import TABLE_BYTES, Pins
from tests.support.stored import make_blob_id


def test_a_pin_of_any_process_holds_until_the_last_is_taken_back() -> None:
    tables = [memoryview(bytearray(TABLE_BYTES)).cast("I") for _ in range(2)]
    here, there = Pins(tables, 0), Pins(tables, 1)
    blob, other = make_blob_id(7), make_blob_id(8)
    here.pin([blob, blob])
    there.pin([blob])
    for holder in (here, there, here):
        assert here.may_hold(blob)
        assert there.may_hold(blob)
        assert not there.may_hold(other)
        holder.unpin([blob])
    assert not here.may_hold(blob)
    assert not there.may_hold(blob)


def test_blobs_of_one_place_are_held_together() -> None:
    pins = Pins()
    pins.pin([make_blob_id(0x10007)])
    assert pins.may_hold(make_blob_id(7)), "it waits, which is the cost of small tables"
    pins.unpin([make_blob_id(0x10007)])
    assert not pins.may_hold(make_blob_id(7))
