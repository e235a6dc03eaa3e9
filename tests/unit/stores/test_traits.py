"""Traits come back as they were kept."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ossicle.model.objects import NO_TRAITS, Restoration, Retention, Traits
from ossicle.stores.traits import parse_traits, render_traits
from ossicle.wire.encryption import Encryption
from ossicle.wire.names import ObjectRetentionModeType

texts = st.text(st.characters(), max_size=5)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
traits = st.builds(
    Traits,
    tags=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    symlink_target=st.none() | texts,
    sealed_at=st.none() | moments,
    encryption=st.none()
    | st.builds(Encryption, algorithm=texts, key_id=st.none() | texts, data_encryption=st.none() | texts),
    restoration=st.none() | st.builds(Restoration, ready_at=moments, expires_at=moments),
    retention=st.none() | st.builds(Retention, mode=st.sampled_from(ObjectRetentionModeType), until=moments),
    is_held=st.booleans(),
    is_sequential=st.booleans(),
)


@given(traits)
def test_traits_come_back(traits: Traits) -> None:
    text = render_traits(traits)
    assert parse_traits(text) == traits
    assert text is None or text.isascii()


def test_no_traits_are_kept_as_nothing_and_come_back_as_the_same() -> None:
    assert render_traits(Traits()) is None
    assert parse_traits(None) is NO_TRAITS
