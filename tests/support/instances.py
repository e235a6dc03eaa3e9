"""Hypothesis strategies for requests, results and documents of `ossicle.wire.api`, drawn from their annotations."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from ossicle.wire.binding import Body, CallbackAnswer, HeaderPrefix, RequestBase, ResultBase, SharedHeader
from ossicle.wire.document import Tag
from ossicle.wire.text import decode
from ossicle.wire.values import INTEGER_MAX, plain_type

# What the wire adds by itself, or carries apart from the fields.
_CARRIED_APART = {field.name for base in (RequestBase, ResultBase) for field in fields(base)} | {"body", "progress_fn"}

legal_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
"""Any text that is UTF-8, control characters included."""
keys = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
query_text = st.binary(max_size=20).map(decode)
"""Any bytes, as they are decoded from a query."""
header_text = st.binary(max_size=20).map(lambda raw: decode(raw.translate(None, b"\r\n\0").strip(b" \t")))
"""Any bytes that a header can carry, as they are decoded from it."""
_SHARED = {
    # Without a bucket of the source the wire names that of the request.
    "source_bucket": st.just("sourcebucket"),
    "source_key": keys,
    "source_version_id": st.none() | query_text,
}
header_names = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=10)
moments = st.builds(
    lambda millis: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=millis),
    st.integers(0, 253_402_300_799_000),
)


def instances(kind: type) -> st.SearchStrategy[Any]:
    """Instances of a class of `wire.api`, with every field that travels filled or absent."""
    hints = get_type_hints(kind, include_extras=True)
    return st.builds(
        kind,
        **{
            field.name: _values(
                field.name,
                hints[field.name],
                is_required=field.default is MISSING or field.default == "",  # empty where others are None
                is_answer=issubclass(kind, ResultBase),
            )
            for field in fields(kind)
            if field.name not in _CARRIED_APART
        },
    )


def _values(name: str, hint: Any, *, is_required: bool, is_answer: bool) -> st.SearchStrategy[Any]:
    if name == "bucket" and hint is str:
        return st.just("examplebucket")
    if name == "key" and hint is str:
        return keys
    assert get_origin(hint) is Annotated, f"{name} travels nowhere"
    kind, mark = plain_type(get_args(hint)[0]), get_args(hint)[1]
    if isinstance(mark, CallbackAnswer):
        return st.none()  # it leaves as bytes and arrives as what they say: tested by itself
    if isinstance(mark, HeaderPrefix):
        return st.dictionaries(header_names, header_text, max_size=3)
    if isinstance(mark, SharedHeader):
        return _SHARED[name]
    if get_origin(kind) is tuple:
        item = plain_type(get_args(kind)[0])
        # Documents of documents grow fast.
        max_size = 2 if is_dataclass(item) else 3
        return st.lists(_scalars(item, mark), min_size=int(is_required), max_size=max_size).map(tuple)
    if name == "encoding_type":
        return st.sampled_from([None, "url"])
    # An answer that is a document has one, and a root's own text is always there, be it empty.
    is_there = is_required or (isinstance(mark, Body) and is_answer) or mark == Tag(".")
    return _scalars(kind, mark) if is_there else st.none() | _scalars(kind, mark)


def _scalars(kind: Any, mark: object) -> st.SearchStrategy[Any]:
    if is_dataclass(kind):
        return instances(kind)  # type: ignore[arg-type]  # a class, as every annotation of wire.api
    if kind is str:
        by_place = {"Header": header_text, "Parameter": query_text, "Tag": legal_text}
        return by_place[type(mark).__name__]
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(-INTEGER_MAX, INTEGER_MAX)
    if kind is datetime:
        # A header has seconds, a document milliseconds.
        return moments if isinstance(mark, Tag) else moments.map(lambda moment: moment.replace(microsecond=0))
    assert issubclass(kind, Enum), kind
    return st.sampled_from(kind)
