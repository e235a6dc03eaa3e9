"""The present moment as text, of which all but the milliseconds changes once a second."""

from datetime import UTC, datetime, timedelta
from typing import Final

from ossicle.wire.text import render_http_date, render_iso_millis


class _Second:
    """One second, and its texts."""

    __slots__ = ("begin", "end", "http", "iso")

    def __init__(self, moment: datetime) -> None:
        self.begin = moment.replace(microsecond=0)
        self.end = self.begin + timedelta(seconds=1)
        self.http = render_http_date(moment).encode("ascii")
        self.iso = render_iso_millis(self.begin)[:-4]  # without `000Z`


class Dates:
    """Texts of moments; those of the last second asked for are remembered. Threads may ask as well."""

    def __init__(self) -> None:
        self._last = _Second(datetime(2000, 1, 1, tzinfo=UTC))

    def http(self, now: datetime) -> bytes:
        """Return what `render_http_date` does, as bytes."""
        return self._second_of(now).http

    def iso_millis(self, now: datetime) -> str:
        """Return what `render_iso_millis` does."""
        return f"{self._second_of(now).iso}{now.microsecond // 1000:03}Z"

    def _second_of(self, moment: datetime) -> _Second:
        last = self._last
        if not last.begin <= moment < last.end:
            last = self._last = _Second(moment)
        return last


dates: Final = Dates()
