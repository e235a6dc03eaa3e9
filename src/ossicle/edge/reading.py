"""What the HTTP parser is given and what it reports: the strict half of the protocol, without clocks or answers.

A connection is in one of four phases. IDLE and HEAD: its next byte belongs to a request line or to headers; BODY: to
the body of `self.cycle`, whether or not an application still wants it; HALTED: the parser has seen its last byte.
"""

import asyncio
import enum
from typing import Any, ClassVar
from urllib.parse import unquote

import httptools
from uvicorn._types import HTTPScope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from ossicle.edge.framing import Refused, head_too_large, judge_head
from ossicle.edge.limits import EdgeLimits


class Phase(enum.Enum):
    """What the next byte of a connection belongs to."""

    IDLE = enum.auto()
    HEAD = enum.auto()
    BODY = enum.auto()
    HALTED = enum.auto()


class FramedProtocol(HttpToolsProtocol):
    """Reads requests as strictly as `framing` asks for, drops trailers and declines upgrades."""

    limits: ClassVar[EdgeLimits]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phase = Phase.IDLE
        self.method = b""  # empty while a head is incomplete
        self.body_left: int | None = None  # None: chunked
        self.silent_bytes = 0  # see `read`
        self._progress = 0
        self._body_head = b""
        self._replaying = False

    def read(self, data: bytes) -> None:
        """Gives bytes to the parser.

        What brings neither a complete head nor a byte of a body is kept by the parser (half a head, a trailer) or
        thrown away (chunk extensions, line ends between requests): either is bounded by `head_bytes`.

        Raises:
            Refused: what was read so far is all that may be read from this connection.
        """
        progress = self._progress
        try:
            self._feed(data)
        except httptools.HttpParserError as error:
            raise self._cause_of(error) from error
        self.silent_bytes = 0 if self._progress != progress else self.silent_bytes + len(data)
        if self.silent_bytes > self.limits.head_bytes:
            raise head_too_large(self.limits.head_bytes)

    def _feed(self, data: bytes) -> None:
        """Declines an upgrade (h2c from Java's HttpClient) by going on in HTTP/1.1.

        llhttp takes the head of an upgrade for a message without a body, and what follows for another protocol. So the
        body gets a head of its own, without the upgrade, which no callback acts upon.
        """
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                data = self._body_head + data[upgrade.args[0] :]
            else:
                return

    def _cause_of(self, error: httptools.HttpParserError) -> Refused:
        if not isinstance(error, httptools.HttpParserCallbackError):
            return Refused("InvalidArgument", 400, f"The request is not well-formed HTTP: {error}.")
        if isinstance(error.__context__, Refused):
            return error.__context__
        self.logger.error("A callback of the HTTP parser failed.", exc_info=error.__context__)
        return Refused("InternalError", 500, "The server failed to read the request.")

    # Callbacks of the parser

    def on_message_begin(self) -> None:
        if not self._replaying:
            self.phase = Phase.HEAD
            self.method = self.url = b""
            self.headers = []
            self.expect_100_continue = False

    def on_header(self, name: bytes, value: bytes) -> None:
        # Behind the head come trailers, which nobody signed: the list of headers is never touched again.
        if self.phase is Phase.HEAD:
            name, value = name.lower(), value.rstrip(b" \t")
            if name == b"expect" and value.lower() == b"100-continue":
                self.expect_100_continue = True
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._progress += 1
        if self._replaying:
            self._replaying = False
            return
        self.method, version = self.parser.get_method(), self.parser.get_http_version()
        framing = judge_head(self.method, self.url, self.headers, version, self.limits.head_bytes)
        self.body_left = framing.content_length
        self.expect_100_continue = self.expect_100_continue and version == "1.1"  # RFC 9110 section 10.1.1
        self.head_judged()
        self._begin(self._make_scope(framing.target, version))
        self.phase = Phase.BODY

    def _make_scope(self, target: bytes, version: str) -> HTTPScope:
        path, _, query = target.partition(b"?")
        scope: HTTPScope = {
            "type": "http",
            "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
            "http_version": version,
            "method": self.method.decode("ascii"),
            "scheme": self.scheme or "http",
            "path": unquote(path) if b"%" in path else path.decode("ascii"),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": self.headers,
            "client": self.client,
            "server": self.server,
            "state": {},
        }
        return scope

    def _begin(self, scope: HTTPScope) -> None:
        """Does what uvicorn does with a request, but for what nobody asks for here: a second reading of the target, for one."""
        before: RequestResponseCycle | None = self.cycle  # typed as always there, and None at first
        self.scope = scope
        self.cycle = RequestResponseCycle(
            scope=scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=scope["http_version"] != "1.0" and self.parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def on_body(self, body: bytes) -> None:
        self._progress += 1
        if self.body_left is not None:
            self.body_left -= len(body)
        super().on_body(body)

    def body_skipped(self, count: int) -> None:
        """Bytes of the body were read by somebody else: a new parser goes on behind them, and after a pause if more is to come."""
        if not count or self.phase is not Phase.BODY or self.body_left is None:
            return
        self.body_left -= count
        self._progress += 1
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        if self.body_left:
            self.flow.pause_reading()
            self._replaying = True
            self.parser.feed_data(self._head_of_body())
        else:
            self.on_message_complete()

    def on_message_complete(self) -> None:
        self._progress += 1
        if self.parser.should_upgrade():
            self._body_head = self._head_of_body()
            self._replaying = bool(self._body_head)
            if self._replaying:
                return
        self.phase = Phase.IDLE
        super().on_message_complete()
        self.message_read()

    def _head_of_body(self) -> bytes:
        if self.body_left == 0:
            return b""
        length = b"transfer-encoding: chunked" if self.body_left is None else b"content-length: %d" % self.body_left
        return b"PUT / HTTP/1.1\r\n" + length + b"\r\n\r\n"

    def _should_upgrade(self) -> bool:
        return False

    # For the other half

    def head_judged(self) -> None:
        """A head is complete and sound, and its request is about to start or to queue."""

    def message_read(self) -> None:
        """The last byte of a request was read."""
