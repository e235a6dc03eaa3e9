"""The half of a client that does no I/O: a typed request becomes a signed message, an answer becomes a result or an error."""

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import field, fields, replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, Final, TypeVar, get_origin

from ossicle._version import __version__
from ossicle.client.config import Config
from ossicle.client.credentials import AnonymousCredentialsProvider, CredentialsProvider
from ossicle.client.endpoint import Address, check_region, resolve_endpoint
from ossicle.client.failures import (
    ConfigError,
    CredentialsError,
    InconsistentError,
    MalformedAnswer,
    ParameterError,
)
from ossicle.client.proxy import parse_proxy
from ossicle.client.retry import Fraction, Retries
from ossicle.wire.binding import ResultBase, is_json_text, parse_result, render_request
from ossicle.wire.credentials import Credentials
from ossicle.wire.digest import render_md5
from ossicle.wire.error_document import parse_error
from ossicle.wire.errors import OssError, RequestTimeTooSkewed
from ossicle.wire.http import Headers, Resource
from ossicle.wire.names import parse_bucket_name, parse_object_key
from ossicle.wire.operation import Level, Operation
from ossicle.wire.records import record
from ossicle.wire.signing import Version, additional_names, canonical_query, sign_headers, sign_headers_dated
from ossicle.wire.sources import Clock
from ossicle.wire.text import HEADER_CONTROL, decode, encode, parse_http_date

In = TypeVar("In")
Out = TypeVar("Out")

_NAMES: Final = {Level.SERVICE: (), Level.BUCKET: ("bucket",), Level.OBJECT: ("bucket", "key")}
_METHODS_WITH_BODY: Final = frozenset(("PUT", "POST"))
_STORED_UNTOLD: Final = 203
"""An object is stored, and its callback failed. A proxy may say 203 as well, so this counts only where a callback may be."""


@record
class Draft:
    """A request as a message that nobody has signed yet."""

    method: str
    resource: Resource
    address: Address
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    document: bytes | None


@record
class Outgoing:
    """The head of a request, ready to be sent as it is."""

    method: str
    address: Address
    target: str = field(repr=False)
    headers: tuple[tuple[bytes, bytes], ...] = field(repr=False)


class Exchange:
    """What the drivers of a client share: its settings, and the ways in and out of a message.

    It may be used from several threads. The one thing that changes is by how much the server's clock differs: an answer that says
    so corrects every signature from then on.

    Raises:
        ConfigError: the settings name no server or no region, or what they name is malformed.
        CredentialsError: they name nobody to sign as.
    """

    def __init__(self, config: Config, clock: Clock, fraction: Fraction = lambda: 0.0) -> None:
        self.version: Final = _version(config)
        self.endpoint: Final = resolve_endpoint(config)
        self.retries: Final = Retries(config, fraction)
        parse_proxy(config.proxy_host)  # refused here, not at the first request
        self._clock: Final = clock
        self._clock_offset = timedelta()
        self._config: Final = replace(config)
        self._provider: Final = _provider(config)
        signs = not isinstance(self._provider, AnonymousCredentialsProvider)
        names_region = signs and self.version is Version.V4
        self.region: Final = check_region(config.region) if names_region else config.region

    @property
    def additional_headers(self) -> tuple[str, ...]:
        """Names of headers to sign besides those that always are."""
        return tuple(self._config.additional_headers)

    def clock(self) -> datetime:
        """Return the time as the server has it, as far as that is known."""
        return self._clock() + self._clock_offset

    def credentials(self) -> Credentials:
        """Return who signs now; anonymous credentials have an empty id.

        Raises:
            CredentialsError: they are incomplete, or over.
        """
        found = self._provider.get_credentials()
        if bool(found.access_key_id) != bool(found.access_key_secret):
            raise CredentialsError("the provider returned an access key id without secret, or the other way round")
        if found.expiration is not None:
            _check_expiration(found.expiration, self.clock())
        return found

    def draft(self, operation: Operation[In, Out], request: In) -> Draft:
        """Return the message of a request: a header or parameter that is given twice travels once, the typed field first.

        Raises:
            ParameterError: the request names no valid bucket or key, or has a header that would not arrive as it is.
            TypeError: it is no request of this operation.
        """
        if not isinstance(request, operation.request):
            raise TypeError(f"{operation.name} takes a {operation.request.__name__}, not a {type(request).__name__}")
        _require_names(operation, request)
        resource, message = render_request(operation, request)
        _check_names(resource)
        headers = _first_of_each((*message.headers, *self._config.default_request_headers.items()), str.lower)
        check_headers(headers)
        return Draft(
            method=operation.method,
            resource=resource,
            address=self.endpoint.locate(resource),
            query=_first_of_each(message.query, str),
            headers=headers,
            document=message.document,
        )

    def prepare(
        self, operation: Operation[In, Out], request: In, *, body_bytes: int | None = 0
    ) -> tuple[Outgoing, bytes]:
        """Return the signed head of a request and its document, which is empty where the body is the object's bytes.

        Args:
            operation: what is asked for.
            request: its typed input.
            body_bytes: length of the object's bytes; None sends them in chunks.
        """
        draft = self.draft(operation, request)
        return self.signed(draft, body_bytes), draft.document or b""

    def signed(self, draft: Draft, body_bytes: int | None = 0) -> Outgoing:
        """Return the signed head of a draft; `body_bytes` as `prepare` has it, where the draft has no document."""
        signed = self._sign(draft, self._framed(draft, body_bytes))
        query = canonical_query(draft.query)
        return Outgoing(
            method=draft.method,
            address=draft.address,
            target=draft.address.path + (f"?{query}" if query else ""),
            headers=tuple((encode(name), encode(value.strip(" \t"))) for name, value in signed),
        )

    def conclude(self, operation: Operation[In, Out], status: int, headers: Headers, document: bytes) -> Out:
        """Return the result of an answer that has been read to its end.

        Raises:
            OssError: the server refused; the class is that of the code.
            MalformedAnswer: it is neither a result nor an error of OSS.
        """
        is_callback_failure = status == _STORED_UNTOLD and hasattr(operation.result, "callback_result")
        if is_callback_failure or not is_success(status):
            error = parse_error(status, headers, document)
            self.learn_from(error, headers)
            raise error
        try:
            return parse_result(operation, status, headers, document)
        except OssError as error:
            raise MalformedAnswer(
                f"the answer to {operation.name} is not what OSS sends ({error.message}); is there another server?"
            ) from error

    def check_upload(self, request: object, crc64: int, result: object) -> None:
        """Compare the CRC-64 of what was sent with what the server says it stored, where it says so.

        Raises:
            InconsistentError: they differ.
        """
        if isinstance(result, ResultBase) and not self._config.disable_upload_crc64_check:
            position = getattr(request, "position", None)
            if not position:  # else the checksum is of the whole object, most of which is not here
                told = getattr(result, "hash_crc64", None)
                compare_crc64(crc64, told, result.request_id, is_repeatable=position is None)

    def expected_crc64(self, target: str, status: int, headers: Headers) -> str | None:
        """Return the CRC-64 that a streamed body must have; None where the server tells none of these very bytes."""
        is_whole = status == 200 and "x-oss-process=" not in target and b"content-encoding" not in headers
        return (
            headers.text(b"x-oss-hash-crc64ecma")
            if is_whole and not self._config.disable_download_crc64_check
            else None
        )

    def learn_from(self, error: OssError, headers: Headers) -> None:
        """Correct the clock by an answer that says that it is wrong."""
        if not isinstance(error, RequestTimeTooSkewed):
            return
        server_time = parse_http_date(headers.get(b"date") or b"")
        if server_time is not None:
            self._clock_offset = server_time - self._clock()

    def _framed(self, draft: Draft, body_bytes: int | None) -> list[tuple[str, str]]:
        headers = draft.headers
        if draft.document is not None:
            body_bytes = len(draft.document)
            headers = _first_of_each((*headers, ("Content-MD5", _content_md5(draft.document))), str.lower)
        return framed(draft.method, draft.address, headers, body_bytes, self._config.user_agent)

    def _sign(self, draft: Draft, headers: list[tuple[str, str]]) -> Iterable[tuple[str, str]]:
        credentials = self.credentials()
        if not credentials.access_key_id:
            return headers
        sign: Callable[..., dict[str, str]] = (
            partial(sign_headers, region=check_region(self.region))
            if self.version is Version.V4
            else partial(sign_headers_dated, version=self.version)
        )
        try:
            added = sign(
                method=draft.method,
                resource=draft.resource,
                query=draft.query,
                headers=headers,
                credentials=credentials,
                now=self.clock(),
                additional_headers=self.additional_headers,
            )
        except ValueError as error:
            raise ParameterError(str(error)) from error
        replaced = {name.lower() for name in added}
        return [*((name, value) for name, value in headers if name.lower() not in replaced), *added.items()]


def is_success(status: int) -> bool:
    """Whether an answer is a result rather than a refusal."""
    return 200 <= status < 300


@cache
def streams_body(operation: Operation[Any, Any]) -> bool:
    """Whether the body of a result is the object's bytes instead of a document."""
    result = get_origin(operation.result) or operation.result
    return any(item.name == "body" for item in fields(result)) and not is_json_text(result)


def compare_crc64(crc64: int, told: str | None, request_id: str, *, is_repeatable: bool = True) -> None:
    """Return if the CRC-64 of the bytes here is the one that the server told, or if it told none.

    Raises:
        InconsistentError: they differ.
    """
    if told is not None and told != str(crc64):
        raise InconsistentError(
            client_crc64=str(crc64), server_crc64=told, request_id=request_id, is_repeatable=is_repeatable
        )


def check_headers(headers: Iterable[tuple[str, str]]) -> None:
    """Refuse values that would not arrive as they are, before anything is signed or sent.

    Raises:
        ParameterError: one holds a control character, or what can't be written in UTF-8.
    """
    for name, value in headers:
        if HEADER_CONTROL.search(value):
            raise ParameterError(f"the value of the header {name!r} holds a line end or another control character")
        try:
            encode(name + value)
        except UnicodeEncodeError as error:
            raise ParameterError(f"the header {name!r} can't be written in UTF-8") from error


def framed(
    method: str,
    address: Address,
    headers: Collection[tuple[str, str]],
    body_bytes: int | None,
    user_agent: str | None = None,
) -> list[tuple[str, str]]:
    """Return `headers` and those that are about the message, not about what it asks for; what is given stays as it is.

    `body_bytes` None sends the body in chunks, unless a length is given: that stands for a stream which can't be measured.

    Raises:
        ParameterError: a length or coding is given, and is not the body's.
    """
    given = {name.lower(): value for name, value in headers}
    agent = f"ossicle/{__version__}" + (f" {user_agent}" if user_agent else "")
    own = [("Host", address.authority), ("User-Agent", agent)]
    if method in _METHODS_WITH_BODY:
        own.extend(_length(given.get("content-length"), given.get("transfer-encoding"), body_bytes))
    return [*headers, *((name, value) for name, value in own if name.lower() not in given)]


def _version(config: Config) -> Version:
    name = config.signature_version
    try:
        version = Version(name or Version.V4.value)
    except ValueError:
        known = ", ".join(version.value for version in Version)
        raise ConfigError(f"signature_version {name!r} is none of {known}") from None
    unsigned = additional_names(config.additional_headers)
    if version is Version.V1 and unsigned:
        raise ConfigError(f"signature_version v1 signs no additional headers, such as {decode(unsigned[0])}")
    return version


def _provider(config: Config) -> CredentialsProvider:
    if config.credentials_provider is None:
        raise CredentialsError(
            "no credentials_provider in the settings; ossicle.credentials.AnonymousCredentialsProvider() signs nothing"
        )
    return config.credentials_provider


def _check_expiration(expiration: datetime, now: datetime) -> None:
    if expiration.tzinfo is None:
        raise CredentialsError("the provider returned an expiration without time zone")
    if expiration <= now:
        raise CredentialsError(f"the credentials expired at {expiration:%Y-%m-%d %H:%M:%S%z}")


def _require_names(operation: Operation[Any, Any], request: object) -> None:
    """Refuse a request that lacks a name of its level: without its key, a deletion of an object is one of the bucket."""
    for name in _NAMES[operation.level]:
        value = getattr(request, name, None)
        if not isinstance(value, str):
            raise ParameterError(f"{operation.name} needs a {name}, not {value!r}")
        try:
            encode(value)
        except UnicodeEncodeError as error:
            raise ParameterError(f"the {name} of {operation.name} can't be written in UTF-8") from error


def _check_names(resource: Resource) -> None:
    """Refuse names that would address something else than they say, before anything is signed for them."""
    try:
        if resource.bucket is not None:
            parse_bucket_name(resource.bucket)
        if resource.key is not None:
            parse_object_key(resource.key)
    except OssError as error:
        raise ParameterError(f"{error.message} ({_shown(resource)})") from error


def _shown(resource: Resource) -> str:
    key = "" if resource.key is None else "/" + resource.key[:80].decode("utf-8", "backslashreplace")
    return f"oss://{resource.bucket}{key}"


def _first_of_each(pairs: Iterable[tuple[str, str]], fold: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    found: dict[str, tuple[str, str]] = {}
    for name, value in pairs:
        found.setdefault(fold(name), (name, str(value)))
    return tuple(found.values())


def _content_md5(document: bytes) -> str:
    return render_md5(hashlib.md5(document, usedforsecurity=False).digest())


def _length(given: str | None, coding: str | None, measured: int | None) -> list[tuple[str, str]]:
    if coding is not None:
        if given is not None or coding.lower() != "chunked":
            raise ParameterError("transfer-encoding is chunked and goes without content-length, or it is not given")
        return []
    if given is None and measured is None:
        return [("Transfer-Encoding", "chunked")]
    if given is not None and measured is not None and given != str(measured):
        raise ParameterError(f"content_length is {given}, but the body has {measured} bytes")
    return [("Content-Length", given or str(measured))]
