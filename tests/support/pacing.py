"""A time that passes only while somebody waits for it."""

from ossicle.services.pacing import Pacing


class OwnTime:
    """Seconds that a pacing counts and sleeps by; `slept` has each wait."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    @property
    def pacing(self) -> Pacing:
        return Pacing(lambda: self.now, self.sleep)

    @property
    def waited(self) -> float:
        return sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.slept.append(seconds)
        self.now += seconds
