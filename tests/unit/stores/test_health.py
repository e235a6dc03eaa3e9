"""A sync that failed in one process is known to all."""

from ossicle.stores.health import Health


def test_what_one_loses_all_have_lost() -> None:
    words = memoryview(bytearray(16)).cast("Q")
    healths = Health(words, 0), Health(words, 1)
    assert [health.is_lost for health in healths] == [False, False]
    healths[1].lose()
    assert [health.is_lost for health in healths] == [True, True]


def test_alone() -> None:
    health = Health()
    states = [health.is_lost]
    health.lose()
    assert [*states, health.is_lost] == [False, True]
