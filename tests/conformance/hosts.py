"""Host names that the tests' own server answers to and that few resolvers know, such as `BUCKET.localhost`."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

LOOPBACK = "127.0.0.1"


class Hosts:
    """A file like /etc/hosts. The programs of the SDKs read it at every look-up, as the JVM does; Python is told by `resolved`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._names: set[str] = set()
        path.touch()

    def add(self, name: str) -> None:
        """Make a name known as this machine."""
        self._names.add(name)
        with self.path.open("a") as file:
            file.write(f"{LOOPBACK} {name}\n")

    @contextmanager
    def resolved(self) -> Iterator[None]:
        """Let the clients in this process know them, too."""
        ask = socket.getaddrinfo

        def getaddrinfo(host: Any, *arguments: Any, **more: Any) -> Any:
            return ask(LOOPBACK if host in self._names else host, *arguments, **more)

        with mock.patch("socket.getaddrinfo", getaddrinfo):
            yield
