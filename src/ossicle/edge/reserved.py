"""Paths that are the server's own: `/_ossicle/...`, which no bucket can be named, on hosts that name no bucket."""

from collections.abc import Callable

from ossicle.edge.metrics import CONTENT_TYPE, Metrics
from ossicle.edge.target import RESERVED
from ossicle.wire.errors import InvalidBucketName, MethodNotAllowed
from ossicle.wire.http import Response

_TEXT = (b"content-type", b"text/plain; charset=utf-8")


class ReservedPaths:
    """Health (the process answers), readiness (it may be sent requests) and metrics."""

    def __init__(self, metrics: Metrics, is_ready: Callable[[], bool]) -> None:
        self._metrics = metrics
        self._is_ready = is_ready
        self._answers: dict[bytes, Callable[[], Response]] = {
            b"healthz": lambda: _text(200, b"ok\n"),
            b"readyz": self._readiness,
            b"metrics": self._exposition,
        }

    def answer(self, method: str, path: bytes) -> Response:
        """Return the answer to a reserved path.

        Raises:
            InvalidBucketName: there is nothing at that path.
            MethodNotAllowed: it can only be read.
        """
        found = self._answers.get(path[len(RESERVED) :].rstrip(b"/"))
        if found is None:
            raise InvalidBucketName("Nothing is served at this reserved path.", bucket_name="_ossicle")
        if method not in ("GET", "HEAD"):
            raise MethodNotAllowed(method=method, headers=(("Allow", "GET, HEAD"),))
        return found()

    def _readiness(self) -> Response:
        return _text(200, b"ready\n") if self._is_ready() else _text(503, b"not ready\n")

    def _exposition(self) -> Response:
        body = self._metrics.render()
        headers = [(b"content-type", CONTENT_TYPE), (b"content-length", str(len(body)).encode("ascii"))]
        return Response(status=200, headers=headers, body=body)


def _text(status: int, body: bytes) -> Response:
    return Response(status=status, headers=[_TEXT, (b"content-length", str(len(body)).encode("ascii"))], body=body)
