"""A transport for the official Python SDKs that answers out of memory; both build on `requests`."""

import io
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from ossicle.wire.http import Headers, Query

Answer = tuple[int, Mapping[str, str], bytes]
Answerer = Callable[["Asked"], Answer]


class Asked:
    """What an SDK sent."""

    def __init__(self, request: requests.PreparedRequest) -> None:
        self.method = request.method or ""
        self.query = Query(urlsplit(request.url or "").query.encode("ascii"))
        self.headers = Headers((name.encode(), _bytes(value)) for name, value in request.headers.items())
        self.body = _bytes(request.body or b"")


class Transport(BaseAdapter):
    """Hands each request to `answer` and keeps it in `asked`."""

    def __init__(self, answer: Answerer) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self._answer = answer

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        self.asked.append(Asked(request))
        status, headers, body = self._answer(self.asked[-1])
        response = requests.Response()
        response.status_code = status
        response.headers = CaseInsensitiveDict(headers)
        response.raw = io.BytesIO(body)
        response.request = request
        response.url = request.url or ""
        return response

    def close(self) -> None:
        """Nothing is open."""


def _bytes(value: Any) -> bytes:
    if hasattr(value, "read"):
        value = value.read()
    return value if isinstance(value, bytes) else str(value).encode()
