"""Where a file over an object stands."""

import io

import pytest

from ossicle.client.failures import MalformedAnswer
from ossicle.client.remote_file import Place
from ossicle.wire.api.object_basic import HeadObjectRequest, HeadObjectResult

REQUEST = HeadObjectRequest(bucket="demo", key="a", version_id="v")


def place() -> Place:
    return Place(REQUEST, HeadObjectResult(content_length=10, etag='"E"'))


def test_moving() -> None:
    here = place()
    assert [
        here.seek(*step) for step in [(4, io.SEEK_SET), (-1, io.SEEK_CUR), (-2, io.SEEK_END), (5, io.SEEK_END)]
    ] == [
        4,
        3,
        8,
        15,
    ]
    assert here.is_at_end()
    for step in [(-1, io.SEEK_SET), (-11, io.SEEK_END), (0, 7)]:
        with pytest.raises(ValueError, match=r"before the start|whence"):
            here.seek(*step)
    assert here.position == 15


def test_the_request_is_for_the_rest_of_this_very_object() -> None:
    here = place()
    here.seek(3, io.SEEK_SET)
    made = here.request()
    assert (made.bucket, made.key, made.version_id) == ("demo", "a", "v")
    assert (made.range_header, made.range_behavior, made.if_match) == ("bytes=3-", "standard", '"E"')


def test_an_answer_that_does_not_say_what_object_it_is() -> None:
    with pytest.raises(MalformedAnswer):
        Place(REQUEST, HeadObjectResult(content_length=10))
