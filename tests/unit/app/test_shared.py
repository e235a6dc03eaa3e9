"""The memory between processes: what a death settles, and what it leaves."""

from ossicle.app.shared import SharedMemory
from ossicle.edge.metrics import Metrics
from tests.support.stored import make_blob_id


def test_slots_hear_of_each_other() -> None:
    memory = SharedMemory(3)
    first, last = memory.share(0), memory.share(2)
    before = first.bucket_changes.moment()
    last.bucket_changes.bump()
    assert first.bucket_changes.moment() != before
    last.pins.pin([make_blob_id(1)])
    assert first.pins.may_hold(make_blob_id(1))
    last.blobs_health.lose()
    assert first.blobs_health.is_lost
    assert not first.metadata_health.is_lost


def test_a_death_takes_back_pins_and_requests_and_tells_of_changes() -> None:
    memory = SharedMemory(2)
    dying, living = memory.share(0), memory.share(1)
    metrics = Metrics(dying.counters, 0)
    metrics.count(operation="PutObject", status=200, code="", seconds=0, received_bytes=3, sent_bytes=0)
    metrics.in_flight = 4
    dying.pins.pin([make_blob_id(1)])
    living.pins.pin([make_blob_id(2)])
    dying.metadata_health.lose()
    dying.note_incarnation(7)
    buckets, condemned = living.bucket_changes.moment(), living.condemned.moment()

    assert memory.bury(0) == 7
    assert memory.bury(0) == 0, "the next one has none yet"
    assert living.bucket_changes.moment() != buckets
    assert living.condemned.moment() != condemned
    assert (living.pins.may_hold(make_blob_id(1)), living.pins.may_hold(make_blob_id(2))) == (False, True)
    assert living.metadata_health.is_lost, "until the server starts anew"
    text = Metrics(living.counters, 1).render().decode()
    assert 'ossicle_requests_total{code="",operation="PutObject",status="200"} 1.0' in text
    assert "ossicle_requests_in_flight 0.0" in text
