"""Killed at every step of the removal of the latest version: the version before it is the object, or nothing has happened."""

from contextlib import suppress
from pathlib import Path

import pytest

import ossicle
from tests.support.data_dir import wait_until_tidy
from tests.support.injection import KILL, Place, injected
from tests.support.server import REGION, ServerProcess
from tests.support.waiting import wait_until

LOG = "metadata.sqlite3-wal"
OLD, NEW = b"old " * 50_000, b"new " * 50_000
BUCKET = "versions"
POINTS = {
    "before the rows are written": (Place(call="pwrite64", path=LOG), {NEW}),
    "in the middle of the rows": (Place(call="pwrite64", when="3", path=LOG), {NEW}),
    "before the rows are synced": (Place(call="fdatasync", path=LOG), {NEW, OLD}),
    "before the answer": (Place(call="write", in_loop=True), {OLD}),
    "before the file is deleted": (Place(call="unlink"), {OLD}),
}


def settings(server: ServerProcess) -> ossicle.Config:
    keys = ossicle.credentials.StaticCredentialsProvider(server.access_key_id, server.access_key_secret)
    return ossicle.Config(region=REGION, endpoint=server.endpoint, credentials_provider=keys, retry_max_attempts=1)


def put_two(server: ServerProcess) -> str:
    """Return the id of the second one."""
    enabled = ossicle.VersioningConfiguration(status="Enabled")
    with ossicle.Client(settings(server)) as client:
        client.put_bucket(ossicle.PutBucketRequest(bucket=BUCKET))
        client.put_bucket_versioning(
            ossicle.PutBucketVersioningRequest(bucket=BUCKET, versioning_configuration=enabled)
        )
        client.put_object(ossicle.PutObjectRequest(bucket=BUCKET, key="key", body=OLD))
        version_id = client.put_object(ossicle.PutObjectRequest(bucket=BUCKET, key="key", body=NEW)).version_id
    assert version_id is not None
    return version_id


@pytest.mark.parametrize("name", POINTS)
def test_killed(quiet_server: ServerProcess, tmp_path: Path, name: str) -> None:
    place, expected = POINTS[name]
    version_id = put_two(quiet_server)
    quiet_server.restart()
    with injected(quiet_server, place, KILL, tmp_path / "strace.log"):
        # Whether the client still gets to read an answer depends on the point.
        with ossicle.Client(settings(quiet_server)) as client, suppress(ossicle.OssError, ossicle.ClientError):
            client.delete_object(ossicle.DeleteObjectRequest(bucket=BUCKET, key="key", version_id=version_id))
        wait_until(lambda: not quiet_server.is_running, seconds=20, what="the server's end")
    quiet_server.kill()

    quiet_server.start()
    with ossicle.Client(settings(quiet_server)) as client:
        found = client.get_object(ossicle.GetObjectRequest(bucket=BUCKET, key="key")).body
        assert found is not None
        current = found.read()
        assert current in expected
        listed = client.list_object_versions(ossicle.ListObjectVersionsRequest(bucket=BUCKET))
        assert [(item.is_latest, item.size) for item in listed.version] == [
            (True, len(current)), *([(False, len(OLD))] if current == NEW else []),
        ]  # fmt: skip
        assert [item.key for item in client.list_objects_v2(ossicle.ListObjectsV2Request(bucket=BUCKET)).contents] == [
            "key"
        ]
    assert len(wait_until_tidy(quiet_server.data_dir).files) == (2 if current == NEW else 1)
