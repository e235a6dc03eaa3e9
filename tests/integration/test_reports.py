"""Inventories and access logs of a real server: of several workers, over a restart and a kill."""

import csv
import gzip
import json
import os
import re
import signal
from pathlib import Path
from typing import Any

import ossicle
from tests.integration.conftest import StartServer
from tests.support.process_facts import children_of, only_on_linux
from tests.support.server import REGION, ServerProcess
from tests.support.waiting import wait_until

SECONDS = 30.0
BUCKET, TARGET = "watched", "reports"


def client_of(server: ServerProcess) -> Any:
    provider = ossicle.credentials.StaticCredentialsProvider(server.access_key_id, server.access_key_secret)
    return ossicle.Client(ossicle.Config(region=REGION, endpoint=server.endpoint, credentials_provider=provider))


def keys(server: ServerProcess, prefix: str) -> list[str]:
    with client_of(server) as client:
        listed = client.list_objects_v2(ossicle.ListObjectsV2Request(bucket=TARGET, prefix=prefix))
        return [str(each.key) for each in listed.contents]


def read(server: ServerProcess, key: str) -> bytes:
    with client_of(server) as client:
        body = client.get_object(ossicle.GetObjectRequest(bucket=TARGET, key=key)).body
        assert body is not None
        return bytes(body.read())


def enable_logging(server: ServerProcess) -> None:
    enabled = ossicle.LoggingEnabled(target_bucket=TARGET, target_prefix="log-")
    with client_of(server) as client:
        client.put_bucket_logging(
            ossicle.PutBucketLoggingRequest(
                bucket=BUCKET, bucket_logging_status=ossicle.BucketLoggingStatus(logging_enabled=enabled)
            )
        )


def spooled(server: ServerProcess) -> list[Path]:
    folder = server.data_dir / "access-logs"
    return sorted(folder.iterdir()) if folder.exists() else []


def gathered(server: ServerProcess) -> bytes:
    return b"".join(path.read_bytes() for path in spooled(server))


def an_hour_goes_by(server: ServerProcess) -> None:
    """What was gathered is of some hour long ago: the server's clock can't be moved."""
    for path in spooled(server):
        path.rename(path.with_name("2026010203" + path.name[len("2026010203") :]))


def test_lines_of_all_workers_become_objects_after_a_kill(start_server: StartServer) -> None:
    server = start_server(arguments=("--workers", "2"), buckets=(BUCKET, TARGET))
    enable_logging(server)
    names = [f"key-{number}" for number in range(12)]
    for name in names:
        with client_of(server) as client:  # a connection each: they go to both workers
            client.put_object(ossicle.PutObjectRequest(bucket=BUCKET, key=name, body=b"hello"))
    wait_until(lambda: gathered(server).count(b'"PutObject"') == len(names), seconds=SECONDS, what="all lines")
    server.kill()
    assert len(spooled(server)) == 2
    an_hour_goes_by(server)
    server.start()
    wait_until(lambda: spooled(server) == [], seconds=SECONDS, what="the logs as objects")
    found = keys(server, "log-")
    assert all(re.fullmatch(rf"log-{BUCKET}2026-01-02-03-00-00-[0-9a-f]{{16}}", key) for key in found)
    lines = b"".join(read(server, key) for key in found).decode().splitlines()
    assert sorted(line.split('"')[19] for line in lines) == sorted(names)


@only_on_linux
def test_the_worker_that_looks_after_the_clock_has_a_successor(start_server: StartServer) -> None:
    server = start_server(arguments=("--workers", "2"), buckets=(BUCKET, TARGET))
    enable_logging(server)
    with client_of(server) as client:
        client.put_object(ossicle.PutObjectRequest(bucket=BUCKET, key="key", body=b"hello"))
    wait_until(lambda: gathered(server).count(b'"PutObject"') == 1, seconds=SECONDS, what="the line")
    first = min(children_of(server.pid))
    os.kill(first, signal.SIGSTOP)  # it writes no more logs, whatever becomes due
    an_hour_goes_by(server)
    assert len(spooled(server)) == 1
    os.kill(first, signal.SIGKILL)
    # Well before the next full minute that anybody else would wait for: a successor begins with what is due.
    wait_until(lambda: spooled(server) == [], seconds=SECONDS, what="the log as an object")
    assert first not in children_of(server.pid)
    (key,) = keys(server, "log-")
    assert b'"PutObject"' in read(server, key)


def test_a_stop_keeps_all_lines(start_server: StartServer) -> None:
    server = start_server(buckets=(BUCKET, TARGET))
    enable_logging(server)
    with client_of(server) as client:
        client.put_object(ossicle.PutObjectRequest(bucket=BUCKET, key="last", body=b"hello"))
    server.terminate()
    assert gathered(server).count(b"\n") == 1
    assert server.access_key_secret.encode() not in gathered(server)
    assert b"Signature" not in gathered(server)


def test_an_inventory_lists_the_bucket(start_server: StartServer) -> None:
    server = start_server(buckets=(BUCKET, TARGET))
    with client_of(server) as client:
        told = client.get_bucket_acl(ossicle.GetBucketAclRequest(bucket=BUCKET)).owner
        assert told is not None
        owner = told.id
        client.put_object(ossicle.PutObjectRequest(bucket=BUCKET, key="a b", body=b"hello"))
        destination = ossicle.InventoryOSSBucketDestination(
            format=ossicle.InventoryFormatType.CSV,
            account_id=owner,
            role_arn=f"acs:ram::{owner}:role/r",
            bucket=f"acs:oss:::{TARGET}",
            prefix="p",
        )
        configuration = ossicle.InventoryConfiguration(
            id="daily",
            is_enabled=True,
            destination=ossicle.InventoryDestination(oss_bucket_destination=destination),
            schedule=ossicle.InventorySchedule(frequency=ossicle.InventoryFrequencyType.DAILY),
            included_object_versions=ossicle.IncludedObjectVersions.CURRENT,
            optional_fields=ossicle.OptionalFields(fields=("Size",)),
        )
        client.put_bucket_inventory(
            ossicle.PutBucketInventoryRequest(
                bucket=BUCKET, inventory_id="daily", inventory_configuration=configuration
            )
        )
    server.restart()  # jobs are run at the start, and not before a minute after it
    folder = f"p/{BUCKET}/daily/"
    wait_until(
        lambda: any(key.endswith("/manifest.json") for key in keys(server, folder)), seconds=SECONDS, what="a manifest"
    )
    (place,) = (key for key in keys(server, folder) if key.endswith("/manifest.json"))
    manifest = json.loads(read(server, place))
    assert manifest["fileSchema"] == "Bucket, Key, Size"
    (file,) = manifest["files"]
    lines = gzip.decompress(read(server, file["key"])).decode().splitlines()
    assert list(csv.reader(lines)) == [[BUCKET, "a%20b", "5"]]
