"""uvicorn is pinned, since its protocol is subclassed: this fails when what we lean on has moved.

When it does, read the difference in uvicorn's httptools_impl.py before changing anything here, and mind that the
tests over the wire (tests/integration/edge) show what the hooks are for.
"""

import asyncio
import inspect
from collections.abc import Iterator

import httptools
import pytest
import uvicorn
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT, FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from ossicle.edge.exchange import Exchange
from ossicle.edge.limits import EdgeLimits
from ossicle.edge.protocol import BoundedProtocol, bounded_protocol
from ossicle.edge.reading import FramedProtocol

# Overridden, and by which of our classes.
OVERRIDDEN = {
    "__init__": ("(self, config: 'Config', server_state: 'ServerState', app_state: 'dict[str, Any]', "
                 "_loop: 'asyncio.AbstractEventLoop | None' = None) -> 'None'"),
    "connection_made": "(self, transport: 'asyncio.Transport') -> 'None'",
    "connection_lost": "(self, exc: 'Exception | None') -> 'None'",
    "data_received": "(self, data: 'bytes') -> 'None'",
    "on_message_begin": "(self) -> 'None'",
    "on_header": "(self, name: 'bytes', value: 'bytes') -> 'None'",
    "on_headers_complete": "(self) -> 'None'",
    "on_body": "(self, body: 'bytes') -> 'None'",
    "on_message_complete": "(self) -> 'None'",
    "_should_upgrade": "(self) -> 'bool'",
    "_start_asgi_task": "(self, cycle: 'RequestResponseCycle', app: 'ASGI3Application') -> 'None'",
    "on_response_complete": "(self) -> 'None'",
    "timeout_keep_alive_handler": "(self) -> 'None'",
    "pause_writing": "(self) -> 'None'",
    "resume_writing": "(self) -> 'None'",
}  # fmt: skip
CALLED = {
    "on_url": "(self, url: 'bytes') -> 'None'",
    "_unset_keepalive_if_required": "(self) -> 'None'",
    "shutdown": "(self) -> 'None'",
    "eof_received": "(self) -> 'None'",
}
CONNECTION = {
    "loop", "logger", "parser", "timeout_keep_alive", "timeout_keep_alive_task", "transport", "flow", "pipeline",
    "headers", "expect_100_continue", "cycle",
}  # fmt: skip
CYCLE = {
    "transport", "message_event", "disconnected", "keep_alive", "waiting_for_100_continue", "body", "more_body",
    "response_started", "response_complete", "on_response", "scope", "flow",
}  # fmt: skip


async def application(scope: object, receive: object, send: object) -> None:
    raise AssertionError("nothing is served here")


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def connection(loop: asyncio.AbstractEventLoop) -> BoundedProtocol:
    bound = bounded_protocol(EdgeLimits(keep_alive_seconds=7.5), lambda *refusal: ([], b""))
    config = uvicorn.Config(application, http=bound, interface="asgi3", log_config=None)
    connection = bound(config, ServerState(), {}, _loop=loop)
    assert isinstance(connection, BoundedProtocol)
    return connection


def test_uvicorn_is_the_one_that_was_read() -> None:
    assert uvicorn.__version__ == "0.54.0"


@pytest.mark.parametrize(("name", "signature"), (OVERRIDDEN | CALLED).items())
def test_methods_we_override_or_call_are_what_they_were(name: str, signature: str) -> None:
    assert str(inspect.signature(getattr(HttpToolsProtocol, name))) == signature


def test_nothing_is_overridden_by_accident() -> None:
    ours = {
        name for owner in (FramedProtocol, BoundedProtocol) for name, value in vars(owner).items() if callable(value)
    }
    assert {name for name in ours if hasattr(HttpToolsProtocol, name)} == set(OVERRIDDEN)


def test_attributes_of_a_connection_are_what_they_were(
    connection: BoundedProtocol, loop: asyncio.AbstractEventLoop
) -> None:
    config = uvicorn.Config(application, interface="asgi3", log_config=None)
    theirs = set(vars(HttpToolsProtocol(config, ServerState(), {}, _loop=loop)))
    assert theirs >= CONNECTION
    added = set(vars(connection)) - theirs
    assert added == {
        "phase", "method", "body_left", "silent_bytes", "_progress", "_body_head", "_replaying", "_running",
        "_deferred", "_discard_left", "_timer", "_write_timer",
    }  # fmt: skip  # and so none of ours hides one of theirs


def test_keep_alive_time_is_ours(connection: BoundedProtocol) -> None:
    assert connection.timeout_keep_alive == 7.5


def test_no_connection_becomes_a_websocket(connection: BoundedProtocol) -> None:
    connection.ws_protocol_class = type(connection)
    assert not connection._should_upgrade()


def test_cycle_is_what_it_was() -> None:
    cycle = RequestResponseCycle(**dict.fromkeys(inspect.signature(RequestResponseCycle).parameters))  # type: ignore[arg-type]  # only its names are looked at
    assert set(vars(cycle)) >= CYCLE
    assert str(inspect.signature(RequestResponseCycle.send)) == "(self, message: 'ASGISendEvent') -> 'None'"
    assert str(inspect.signature(RequestResponseCycle.receive)) == "(self) -> 'ASGIReceiveEvent'"


def test_cycle_uses_of_its_transport_what_an_exchange_offers() -> None:
    methods = [function for function in vars(RequestResponseCycle).values() if inspect.isfunction(function)]
    pieces = [piece for method in methods for piece in inspect.getsource(method).split("self.transport.")[1:]]
    used = {piece.split("(")[0] for piece in pieces}
    assert used == {"write", "close", "is_closing"}
    assert used <= set(vars(Exchange))


def test_flow_control_and_parser_are_what_they_were() -> None:
    assert HIGH_WATER_LIMIT == 64 * 1024
    assert {"pause_reading", "resume_reading", "pause_writing", "resume_writing", "drain"} <= set(vars(FlowControl))
    assert STATUS_LINE[411] == b"HTTP/1.1 411 Length Required\r\n"
    # An upgrade is no error to httptools; a failed callback is one.
    assert not issubclass(httptools.HttpParserUpgrade, httptools.HttpParserError)
    assert issubclass(httptools.HttpParserCallbackError, httptools.HttpParserError)


def test_answers_and_requests_of_a_cycle_are_coroutines() -> None:
    # An exchange hands them out as they are, instead of wrapping each in one of its own.
    assert inspect.iscoroutinefunction(RequestResponseCycle.send)
    assert inspect.iscoroutinefunction(RequestResponseCycle.receive)
