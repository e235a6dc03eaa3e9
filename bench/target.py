"""A server as the load generator sees it: where it listens, and how a request to it has to look."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import ossicle

BUCKET: Final = "bench"
_LIFETIME: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One server. With an access key every request is a presigned URL of its own; without, it is an anonymous one."""

    host: str
    port: int
    pid: int
    region: str = ""
    access_key_id: str = ""
    access_key_secret: str = field(default="", repr=False)

    def heads(self, method: str, keys: Iterable[str], body_bytes: int) -> list[bytes]:
        """Return one ready head of a request for each key."""
        rest = f" HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
        if method == "PUT":
            rest += f"Content-Length: {body_bytes}\r\n"
        paths = self._presigned(method, keys) if self.access_key_id else [f"/{BUCKET}/{key}" for key in keys]
        return [f"{method} {path}{rest}\r\n".encode("ascii") for path in paths]

    def _presigned(self, method: str, keys: Iterable[str]) -> list[str]:
        provider = ossicle.credentials.StaticCredentialsProvider(self.access_key_id, self.access_key_secret)
        config = ossicle.Config(
            region=self.region,
            endpoint=f"http://{self.host}:{self.port}",
            credentials_provider=provider,
            use_path_style=True,
        )
        kind = ossicle.PutObjectRequest if method == "PUT" else ossicle.GetObjectRequest
        paths = []
        with ossicle.Client(config) as client:
            for key in keys:
                url = urlsplit(client.presign(kind(bucket=BUCKET, key=key), expires=_LIFETIME).url)
                paths.append(f"{url.path}?{url.query}")
        return paths
