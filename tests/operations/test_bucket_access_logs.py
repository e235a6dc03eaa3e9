"""Access logs of a bucket, carried out: what is asked of it in an hour becomes an object."""

from datetime import timedelta
from pathlib import Path

import pytest

from ossicle.ports import StoreUnavailable
from ossicle.services.access_logs import AccessLogs
from ossicle.stores.log_spool import FileLogSpool
from tests.support.elements import texts
from tests.support.inprocess import OTHER, InProcessServer, build_server

STATUS = (
    "<BucketLoggingStatus><LoggingEnabled><TargetBucket>{}</TargetBucket><TargetPrefix>log-</TargetPrefix>"
    "</LoggingEnabled></BucketLoggingStatus>"
)


@pytest.fixture
async def server(tmp_path: Path) -> InProcessServer:
    server = build_server(logs=tmp_path / "logs")
    for name in ("bucket", "logs", "silent"):
        await server.put_bucket(name)
    return server


async def enable(server: InProcessServer, bucket: str = "bucket", target: str = "logs") -> None:
    answer = await server.call("PUT", f"/{bucket}/?logging", body=STATUS.format(target).encode())
    assert answer.status == 200, answer.body


async def run(server: InProcessServer, **delta: float) -> None:
    await server.log_spool.close()
    server.clock.advance(**(delta or {"hours": 1, "minutes": 1}))
    services = server.services
    await AccessLogs(server.log_spool, services.buckets, services.objects).run(server.clock.now)


async def logs(server: InProcessServer) -> list[str]:
    return texts(await server.call("GET", "/logs/?list-type=2"), "Contents/Key")


async def test_an_hour_becomes_an_object(server: InProcessServer) -> None:
    await enable(server)
    await server.put_object("/bucket/key", b"hello")
    await server.call("GET", "/bucket/key")
    await server.call("GET", "/bucket/secret", by=None)
    await server.send("GET", server.presigned("GET", "/bucket/key"))
    await server.put_object("/silent/key", b"hello")
    await run(server)
    (name,) = await logs(server)
    assert name.startswith("log-bucket2026-03-14-12-00-00-")
    lines = (await server.call("GET", f"/logs/{name}")).body.decode().splitlines()
    # The request that asked for the log was not yet one to be logged.
    assert [line.split('"')[15] for line in lines] == ["PutObject", "GetObject", "GetObject", "GetObject"]
    assert [line.split('"')[2].split()[0] for line in lines] == ["200", "200", "403", "200"]
    assert "x-oss-signature=-" in lines[3]
    await run(server)
    assert await logs(server) == [name]


async def test_what_has_nowhere_to_go_is_forgotten(server: InProcessServer) -> None:
    await enable(server)
    await enable(server, "silent", "silent")
    await server.put_object("/bucket/key")
    await server.put_object("/silent/key")
    await server.call("DELETE", "/logs/")
    await server.put_bucket("logs", by=OTHER)
    await server.call("DELETE", "/silent/?logging")
    await run(server)
    assert texts(await server.call("GET", "/logs/?list-type=2", by=OTHER), "Contents/Key") == []
    assert texts(await server.call("GET", "/silent/?list-type=2"), "Contents/Key") == ["key"]
    assert await server.log_spool.finished(server.clock.now) == []


async def test_another_bucket_of_the_name_gets_no_lines_of_the_first(server: InProcessServer) -> None:
    await enable(server)
    await server.call("GET", "/bucket/none")
    await server.call("DELETE", "/bucket/")
    await server.put_bucket("bucket")
    await enable(server)
    await run(server)
    assert await logs(server) == []


async def test_what_can_not_be_written_waits(server: InProcessServer, monkeypatch: pytest.MonkeyPatch) -> None:
    await enable(server)
    await server.put_object("/bucket/key")

    async def full(*_: object) -> None:
        raise StoreUnavailable("no space")

    monkeypatch.setattr(type(server.services.objects), "put", full)
    await run(server)
    monkeypatch.undo()
    assert await logs(server) == []
    (hour,) = await server.log_spool.finished(server.clock.now)
    await run(server, minutes=1)
    assert await logs(server) == [f"log-bucket2026-03-14-12-00-00-{hour.unique}"]


async def test_what_was_written_before_a_stop_is_not_written_again(
    server: InProcessServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enable(server)
    await server.put_object("/bucket/key")

    async def stopped(*_: object) -> None:
        raise StoreUnavailable("stopped")

    monkeypatch.setattr(FileLogSpool, "discard", stopped)
    with pytest.raises(StoreUnavailable):
        await run(server)
    monkeypatch.undo()
    worm = b"<InitiateWormConfiguration><RetentionPeriodInDays>1</RetentionPeriodInDays></InitiateWormConfiguration>"
    assert (await server.call("POST", "/logs/?worm", body=worm)).status == 200
    await run(server, minutes=1)
    assert len(await logs(server)) == 1
    assert await server.log_spool.finished(server.clock.now) == []


async def test_the_next_hour_is_another_object(server: InProcessServer) -> None:
    await enable(server)
    for _ in range(2):
        await server.call("GET", "/bucket/none")
        await server.log_spool.close()
        server.clock.now += timedelta(hours=1)
    await run(server)
    names = await logs(server)
    assert [name.rpartition("-")[0] for name in names] == [
        "log-bucket2026-03-14-12-00-00",
        "log-bucket2026-03-14-13-00-00",
    ]
