"""What a URL addresses, and in which region: read off its host, as far as that says it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from ossicle.edge.target import AddressBook, AddressStyle, host_name
from ossicle.wire.errors import InvalidBucketName
from ossicle.wire.http import Request, Resource
from ossicle.wire.names import is_bucket_name
from ossicle.wire.text import encode

_REGION: Final = re.compile(
    r"(?:^|\.)(?:(?:s3\.)?oss-(?!accelerate)(?P<usual>[a-z0-9-]+?)(?:-internal)?|(?P<dual>[a-z0-9-]+)\.oss)\.aliyuncs\.com"
)
_ADDRESS: Final = re.compile(r"\[.*\]|[0-9.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What the owner says of the server: its endpoint, its region, and the bucket that a host name of its own stands for."""

    endpoint: str | None = None
    region: str | None = None
    bucket: str | None = None

    def readings(self, request: Request) -> list[Resource]:
        """Return what the request may address, the likeliest first; none where no reading names a bucket properly."""
        return list(dict.fromkeys(self._readings(request)))

    def region_of(self, request: Request) -> str | None:
        """Return the region of the server, if anything says it."""
        name = host_name(request.host).lower()
        found = _REGION.search(name)
        if found is not None:
            return found["usual"] or found["dual"]
        return None if name.endswith(".aliyuncs.com") else self.region

    def _readings(self, request: Request) -> Iterator[Resource]:
        name = host_name(request.host).lower()
        own = [f"{name}={self.bucket}"] if self.bucket else []
        book = AddressBook.of(self._domains(), own)
        style = AddressStyle.CNAME
        try:
            origin = book.locate(request.host)
            style = origin.style
            yield origin.resource(request.path)
        except InvalidBucketName:
            pass
        label, _, parent = name.partition(".")
        if style is AddressStyle.PATH and parent and is_bucket_name(label) and not _ADDRESS.fullmatch(name):
            # A server of which nothing is known here but this URL.
            yield AddressBook.of([parent], []).locate(encode(name)).resource(request.path)

    def _domains(self) -> list[str]:
        text = self.endpoint or ""
        host = urlsplit(text if "://" in text else f"//{text}").hostname
        return [host] if host else []
