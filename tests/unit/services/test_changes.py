"""What one process says to the others of its changes."""

from ossicle.services.changes import Changes


def test_a_change_of_any_process_makes_another_moment() -> None:
    counts = memoryview(bytearray(16)).cast("Q")
    first, second = Changes(counts, 0), Changes(counts, 1)
    moments = [first.moment()]
    for changed in (first, second, second):
        changed.bump()
        moments.append(second.moment())
        assert first.moment() == second.moment()
    assert len(set(moments)) == 4


def test_alone_one_hears_of_oneself() -> None:
    changes = Changes()
    before = changes.moment()
    assert changes.moment() == before
    changes.bump()
    assert changes.moment() != before
