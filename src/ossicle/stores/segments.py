"""What both stores do alike with the segments of a version."""

from collections.abc import Iterable, Iterator, Sequence

from ossicle.model.objects import ObjectVersion, Segment


def placed(segments: Iterable[Segment]) -> Iterator[tuple[int, Segment]]:
    """Yield each segment with where in the whole its bytes begin."""
    position = 0
    for segment in segments:
        yield position, segment
        position += segment.length


def trim(found: Iterable[tuple[int, Segment]], *, start: int, length: int) -> tuple[Segment, ...]:
    """Return the part of placed segments that holds `length` bytes from `start` of the whole, and nothing else."""
    end = start + length
    pieces = []
    for position, segment in found:
        first, last = max(start, position), min(end, position + segment.length)
        if first < last:
            pieces.append(Segment(blob=segment.blob, offset=segment.offset + first - position, length=last - first))
    return tuple(pieces)


def judge_content(version: ObjectVersion, content: bytes | Sequence[Segment]) -> None:
    """Refuse a version whose content is of the other kind than it says."""
    if version.is_inline != isinstance(content, bytes):
        raise ValueError("a version has either a small body or segments, and says which")
