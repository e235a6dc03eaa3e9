"""Both sides of a transfer that may meet faults, and what must not be left on either."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import ossicle
from tests.support.data_dir import wait_until_tidy
from tests.support.faulty_proxy import FaultyProxy
from tests.support.server import ACCESS_KEY_ID, ACCESS_KEY_SECRET, BUCKET, REGION, ServerProcess


def client_of(endpoint: str, *, attempts: int = 3, seconds: float = 20.0) -> ossicle.Client:
    keys = ossicle.credentials.StaticCredentialsProvider(ACCESS_KEY_ID, ACCESS_KEY_SECRET)
    config = ossicle.Config(
        region=REGION,
        endpoint=endpoint,
        credentials_provider=keys,
        retry_max_attempts=attempts,
        readwrite_timeout=seconds,
    )
    return ossicle.Client(config, sleep=lambda _: None)


@dataclass
class Place:
    """Both sides of a transfer: a client behind the proxy, one that goes straight to the server, and a folder."""

    server: ServerProcess
    proxy: FaultyProxy
    client: ossicle.Client
    straight: ossicle.Client
    folder: Path
    stream: io.BytesIO = field(default_factory=io.BytesIO)

    def stored(self, key: str = "target") -> bytes:
        body = self.straight.get_object(ossicle.GetObjectRequest(bucket=BUCKET, key=key)).body
        assert body is not None
        return body.read()

    def put(self, key: str, content: bytes) -> None:
        self.straight.put_object(ossicle.PutObjectRequest(bucket=BUCKET, key=key, body=content))

    def uploads(self) -> list[str]:
        listed = self.straight.list_multipart_uploads(ossicle.ListMultipartUploadsRequest(bucket=BUCKET))
        return [upload.upload_id or "" for upload in listed.uploads]

    def abort_all(self) -> None:
        for upload_id in self.uploads():
            request = ossicle.AbortMultipartUploadRequest(bucket=BUCKET, key="target", upload_id=upload_id)
            self.straight.abort_multipart_upload(request)

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())

    def assert_nothing_is_left(self, *files: str) -> None:
        """No upload, no bytes that nothing names, and in the folder these files alone."""
        assert self.uploads() == []
        assert self.files() == sorted(files)
        wait_until_tidy(self.server.data_dir)


@contextmanager
def open_place(server: ServerProcess, folder: Path) -> Iterator[Place]:
    folder.mkdir()
    (folder / "marks").mkdir()
    with FaultyProxy(server.port) as proxy, client_of(proxy.endpoint) as client, client_of(server.endpoint) as straight:
        yield Place(server, proxy, client, straight, folder)
