import pytest

from ossicle.stores import blob_ids
from ossicle.wire.names import BlobId


def test_an_id_is_split_into_incarnation_and_random_part() -> None:
    assert blob_ids.split(BlobId("1f-" + "ab" * 16)) == (31, "ab" * 16)
    assert blob_ids.split(BlobId("001f-" + "ab" * 16)) == (31, "ab" * 16)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-" + "0" * 32,
        "1-" + "0" * 31,
        "1" + "0" * 32,
        "1-" + "A" * 32,
        "g-" + "0" * 32,
        "1-" + "0" * 32 + "\n",
        "../" + "0" * 32,
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not blob_ids.is_blob_id(text)
    with pytest.raises(ValueError, match="not a blob id"):
        blob_ids.split(BlobId(text))
