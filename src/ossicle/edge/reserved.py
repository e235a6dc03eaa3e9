"""Paths that are the server's own: `/_ossicle/...`, which no bucket can be named, on hosts that name no bucket."""

from collections.abc import Awaitable, Callable

from ossicle.edge.metrics import CONTENT_TYPE, Metrics
from ossicle.edge.target import RESERVED
from ossicle.operations.callback import PUBLIC_KEY_NAME
from ossicle.wire.errors import InvalidBucketName, MethodNotAllowed
from ossicle.wire.http import Response

_TEXT = (b"content-type", b"text/plain; charset=utf-8")


class ReservedPaths:
    """Health (the process answers), readiness (it may be sent requests), metrics, and the key that callbacks are verified with."""

    def __init__(
        self, metrics: Metrics, is_ready: Callable[[], bool], public_key: Callable[[], Awaitable[bytes]]
    ) -> None:
        self._metrics = metrics
        self._is_ready = is_ready
        self._public_key = public_key
        self._answers: dict[bytes, Callable[[], Awaitable[Response]]] = {
            b"healthz": self._health,
            b"readyz": self._readiness,
            b"metrics": self._exposition,
            PUBLIC_KEY_NAME.encode("ascii"): self._key,
        }

    async def answer(self, method: str, path: bytes) -> Response:
        """Return the answer to a reserved path.

        Raises:
            InvalidBucketName: there is nothing at that path.
            MethodNotAllowed: it can only be read.
            NotImplemented: it is the key, and this installation has none.
        """
        found = self._answers.get(path[len(RESERVED) :].rstrip(b"/"))
        if found is None:
            raise InvalidBucketName("Nothing is served at this reserved path.", bucket_name="_ossicle")
        if method not in ("GET", "HEAD"):
            raise MethodNotAllowed(method=method, headers=(("Allow", "GET, HEAD"),))
        return await found()

    async def _health(self) -> Response:
        return _text(200, b"ok\n")

    async def _readiness(self) -> Response:
        return _text(200, b"ready\n") if self._is_ready() else _text(503, b"not ready\n")

    async def _exposition(self) -> Response:
        body = self._metrics.render()
        headers = [(b"content-type", CONTENT_TYPE), (b"content-length", str(len(body)).encode("ascii"))]
        return Response(status=200, headers=headers, body=body)

    async def _key(self) -> Response:
        return _text(200, await self._public_key())


def _text(status: int, body: bytes) -> Response:
    return Response(status=status, headers=[_TEXT, (b"content-length", str(len(body)).encode("ascii"))], body=body)
