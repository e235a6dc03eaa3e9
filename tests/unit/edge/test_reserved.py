"""Paths that are the server's own."""

import pytest

from ossicle.edge.metrics import Metrics
from ossicle.edge.reserved import ReservedPaths
from ossicle.wire.errors import InvalidBucketName, MethodNotAllowed


async def public_key() -> bytes:
    return b"a key\n"


async def test_the_key_of_callbacks_is_told() -> None:
    response = await ReservedPaths(Metrics(), lambda: False, public_key).answer("GET", b"/_ossicle/callback-key.pem")
    assert (response.status, response.body) == (200, b"a key\n")


async def test_health_is_that_the_process_answers() -> None:
    response = await ReservedPaths(Metrics(), lambda: False, public_key).answer("GET", b"/_ossicle/healthz")
    assert (response.status, response.body) == (200, b"ok\n")


@pytest.mark.parametrize(("is_ready", "status"), [(True, 200), (False, 503)])
async def test_readiness_is_asked_each_time(*, is_ready: bool, status: int) -> None:
    state = [not is_ready]
    paths = ReservedPaths(Metrics(), lambda: state[0], public_key)
    assert (await paths.answer("GET", b"/_ossicle/readyz")).status == 703 - status
    state[0] = is_ready
    assert (await paths.answer("HEAD", b"/_ossicle/readyz/")).status == status


async def test_metrics_are_prometheus_s() -> None:
    response = await ReservedPaths(Metrics(), lambda: True, public_key).answer("GET", b"/_ossicle/metrics")
    assert isinstance(response.body, bytes)
    assert b"# TYPE ossicle_requests_in_flight gauge" in response.body
    assert (b"content-type", b"text/plain; version=0.0.4; charset=utf-8") in response.headers
    assert (b"content-length", str(len(response.body)).encode()) in response.headers


@pytest.mark.parametrize("path", [b"/_ossicle/", b"/_ossicle/other", b"/_ossicle/healthz/more", b"/_ossicle/HEALTHZ"])
async def test_there_is_nothing_else(path: bytes) -> None:
    with pytest.raises(InvalidBucketName):
        await ReservedPaths(Metrics(), lambda: True, public_key).answer("GET", path)


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "OPTIONS"])
async def test_they_can_only_be_read(method: str) -> None:
    with pytest.raises(MethodNotAllowed) as refusal:
        await ReservedPaths(Metrics(), lambda: True, public_key).answer(method, b"/_ossicle/readyz")
    assert refusal.value.headers == (("Allow", "GET, HEAD"),)
    assert refusal.value.details["Method"] == method
