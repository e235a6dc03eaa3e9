"""A client of the administration: users, keys, groups, policies and roles of the account that signs.

```
with AdminClient(config) as admin:
    admin.invoke(CREATE_USER, CreateUserRequest(user_name="ann"))
```
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from types import TracebackType
from typing import Final, Protocol, Self, TypeVar

from ossicle.client.bodies import SentBody
from ossicle.client.config import Config
from ossicle.client.endpoint import Address, AddressStyle
from ossicle.client.exchange import Draft, Exchange, is_success
from ossicle.client.failures import ClientError, MalformedAnswer, ParameterError
from ossicle.client.lazy import LazyTransport
from ossicle.client.retry import RANDOM, Fraction
from ossicle.client.streams import read_document
from ossicle.client.transport import Transport
from ossicle.wire.admin import PREFIX, InvalidField, from_json, parse_json, render_request, resource_of
from ossicle.wire.admin.route import Route
from ossicle.wire.admin.users import Paging
from ossicle.wire.error_document import parse_error
from ossicle.wire.errors import OssError, RequestTimeTooSkewed
from ossicle.wire.http import Headers
from ossicle.wire.sources import Clock
from ossicle.wire.text import decode

In = TypeVar("In")
Out = TypeVar("Out")
_TOLD: Final = frozenset({"code", "message", "request_id"})


class _Page(Protocol):
    @property
    def marker(self) -> str | None: ...


P = TypeVar("P", bound=_Page)


class AdminClient:
    """Speaks to the administration of an Ossicle server; the real OSS has none. See `Client` for the arguments.

    Only what reads is sent again when an answer is lost: a key that was made twice would be one that nobody knows of.
    """

    def __init__(
        self,
        config: Config,
        *,
        clock: Clock = lambda: datetime.now(UTC),
        transport: Transport | None = None,
        sleep: Callable[[float], object] = time.sleep,
        fraction: Fraction = RANDOM,
    ) -> None:
        self._exchange = Exchange(config, clock, fraction)
        self._sleep = sleep
        self._own = LazyTransport(replace(config), self._exchange.endpoint.scheme)
        self._transport: Transport = self._own if transport is None else transport

    def invoke(self, route: Route[In, Out], request: In) -> Out:
        """Ask for one of `ossicle.wire.admin.ROUTES` and return its result.

        Raises:
            OssError: the server refused; the code is RAM's, or that of OSS if it is about the signature.
            ClientError: there was no proper answer.
        """
        for number in count(1):
            try:
                return self._once(route, request)
            except (OssError, ClientError) as failure:
                delay = self._exchange.retries.delay(number, failure)
                if delay is None or not (route.method == "GET" or isinstance(failure, RequestTimeTooSkewed)):
                    raise
            self._sleep(delay)
        raise AssertionError("counting has no end")

    def pages(self, route: Route[Paging, P]) -> Iterator[P]:
        """Yield all pages of a list."""
        marker: str | None = ""
        while marker is not None:
            page = self.invoke(route, Paging(marker=marker or None))
            yield page
            marker = page.marker

    def _once(self, route: Route[In, Out], request: In) -> Out:
        message = render_request(route, request)
        path = PREFIX + message.path
        draft = Draft(
            method=route.method,
            resource=resource_of(path),
            address=self._address(decode(path)),
            query=message.query,
            headers=(("Content-Type", "application/json"),) if message.document else (),
            document=message.document or None,
        )
        answer = self._transport.send(self._exchange.signed(draft), SentBody(message.document or None))
        document = read_document(answer)
        if not is_success(answer.status):
            error = _refusal(answer.status, answer.headers, document)
            self._exchange.learn_from(error, answer.headers)
            raise error
        try:
            return from_json(route.result, parse_json(document), is_strict=False)
        except InvalidField as error:
            raise MalformedAnswer(
                f"the answer to {route.name} is not what an Ossicle server sends ({error}); is there another server?"
            ) from error

    def _address(self, path: str) -> Address:
        endpoint = self._exchange.endpoint
        if endpoint.style is AddressStyle.CNAME:
            raise ParameterError("the administration is at the server's own address, not at that of a bucket")
        return Address(
            scheme=endpoint.scheme,
            host=endpoint.host,
            port=endpoint.port,
            authority=endpoint.authority,
            path=path,
        )

    def close(self) -> None:
        """Close the connections; the client can be used again and opens new ones."""
        self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _refusal(status: int, headers: Headers, document: bytes) -> OssError:
    """Return what a refusal says, in JSON, or in XML where a server has no such administration."""
    told: object = None
    with suppress(ValueError, RecursionError):
        told = json.loads(document)
    if not isinstance(told, dict) or not isinstance(told.get("code"), str):
        return parse_error(status, headers, document)
    details = {name: str(value) for name, value in told.items() if name not in _TOLD}
    error = OssError.received(
        code=told["code"], status=status, message=str(told.get("message", "")), ec=None, details=details
    )
    error.request_id = str(told.get("request_id", ""))
    return error
