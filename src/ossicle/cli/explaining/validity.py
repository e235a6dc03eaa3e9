"""From when until when a signature is good."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ossicle.wire.signing import AnyClaim, DatedClaim
from ossicle.wire.signing.verify import CLOCK_SKEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """The span in which a server takes a signature; None where nothing bounds it."""

    start: datetime | None
    end: datetime | None
    signed_at: datetime | None

    def is_over(self, at: datetime) -> bool:
        """Whether it has ended."""
        return self.end is not None and at > self.end

    def is_ahead(self, at: datetime) -> bool:
        """Whether it has not begun."""
        return self.start is not None and at < self.start


def validity_of(claim: AnyClaim) -> Validity:
    """Return from when until when a server takes a signature, its 15 minutes for clocks that differ included."""
    if isinstance(claim, DatedClaim) and claim.expires_at is not None:
        return Validity(start=None, end=_moment(claim.expires_at), signed_at=None)
    signed_at = claim.signed_at
    if signed_at is None:
        return Validity(start=None, end=None, signed_at=None)
    seconds = None if isinstance(claim, DatedClaim) else claim.expires_seconds
    end = _later(signed_at, CLOCK_SKEW if seconds is None else timedelta(seconds=min(max(seconds, 0), 10**9)))
    return Validity(start=_later(signed_at, -CLOCK_SKEW), end=end, signed_at=signed_at)


def _moment(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _later(moment: datetime, span: timedelta) -> datetime | None:
    try:
        return moment + span
    except OverflowError:
        return None


def span_text(span: timedelta) -> str:
    """Return a length of time as a person says it, in its two largest units."""
    seconds = abs(int(span.total_seconds()))
    found: list[str] = []
    for name, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count or (name == "s" and not found):
            found.append(f"{count} {name}")
    return " ".join(found[:2])
