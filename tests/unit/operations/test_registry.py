"""One handler an operation, found without a list."""

import pytest

from ossicle.operations import HANDLERS, Context
from ossicle.operations.registry import handles
from ossicle.wire.api import OPERATIONS
from ossicle.wire.api.bucket import HEAD_BUCKET, HeadBucketRequest, HeadBucketResult


async def head_bucket(context: Context, request: HeadBucketRequest) -> HeadBucketResult:
    raise AssertionError(context, request)


def test_a_second_handler_is_refused() -> None:
    before = dict(HANDLERS)
    with pytest.raises(TypeError, match="HeadBucket has two handlers"):
        handles(HEAD_BUCKET)(head_bucket)
    assert before == HANDLERS


def test_every_handler_is_of_a_known_operation_and_named_like_it() -> None:
    known = {operation.name for operation in OPERATIONS}
    assert set(HANDLERS) <= known
    for name, handler in HANDLERS.items():
        is_shared = getattr(handler, "__module__", "") == "ossicle.operations.settings"
        assert is_shared or getattr(handler, "__name__", "").replace("_", "") == name.lower()
        assert handler.__module__.startswith("ossicle.operations.")
