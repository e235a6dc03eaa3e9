"""A server in the process of the test, with the buckets that most tests begin with."""

import pytest

from tests.support.inprocess import OTHER, InProcessServer, build_server


@pytest.fixture
async def server() -> InProcessServer:
    """A server with `bucket` of the owner and `theirs` of another account, both private and empty."""
    server = build_server()
    await server.put_bucket("bucket")
    await server.put_bucket("theirs", by=OTHER)
    return server
