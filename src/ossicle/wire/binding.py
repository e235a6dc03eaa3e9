"""Where each field of a request or result travels, and the functions that put it there and take it back.

A field is annotated with the place it travels in: `Header`, `HeaderPrefix`, `Parameter`, `Body` or (results that are a document
themselves) `Tag`. `bucket` and `key` travel in the address and need no mark. A class is compiled once, at first use.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin, get_type_hints

from ossicle.wire.document import parse_document, read_fields, render_document
from ossicle.wire.errors import MalformedXML, MissingArgument
from ossicle.wire.http import Headers, Query, Resource
from ossicle.wire.names import ObjectKey
from ossicle.wire.operation import Operation
from ossicle.wire.records import record
from ossicle.wire.text import decode, encode
from ossicle.wire.values import HTTP_DATE, Codec, plain_type, scalar_codec
from ossicle.wire.xml import parse_xml

In = TypeVar("In")
Out = TypeVar("Out")

ProgressFn = Callable[[int, int, int | None], object]
"""Takes how many bytes moved now, how many so far, and how many there are, None where that is not known."""


@dataclass(frozen=True, slots=True)
class Header:
    """Travels in the header of this name; dates there are RFC 1123."""

    name: str


@dataclass(frozen=True, slots=True)
class HeaderPrefix:
    """A mapping that travels as one header an entry; names are lower case without the prefix."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """Travels in the query under this name. With `is_empty_absent` an empty value counts as none."""

    name: str
    is_empty_absent: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """Is the whole body: a document with this root."""

    root: str


@dataclass(frozen=True, slots=True)
class JsonText:
    """Is the whole body: JSON, which is passed on as it is, in bytes."""


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """Is the whole body if there was a callback: JSON, which a server passes on as bytes and a client reads."""


@dataclass(frozen=True, slots=True)
class SharedHeader:
    """Several fields travel together in the header of this name: `parse` returns them by name, `render` takes the whole request."""

    name: str
    parse: Callable[[str], Mapping[str, object]]
    render: Callable[[Any], str]


@record
class RequestBase:
    """What any request may add: further headers and query parameters, sent as they are.

    `request_payer` is `requester` where the caller agrees to pay for the request.
    """

    headers: Mapping[str, str] | None = None
    parameters: Mapping[str, str] | None = None
    request_payer: Annotated[str | None, Header("x-oss-request-payer")] = None


@record
class ResultBase:
    """What any result tells besides its fields. A handler leaves these alone, but for a status other than the usual one."""

    status_code: int | None = None
    request_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@record
class Message:
    """A bound request: the parts of an HTTP message, not yet put together."""

    headers: list[tuple[str, str]]
    query: list[tuple[str, str]]
    document: bytes | None


@record
class Answer:
    """A bound result: header fields in lower case as they are sent, and the document if there is one."""

    headers: list[tuple[bytes, bytes]]
    document: bytes | None
    media_type: bytes = b"application/xml"


@dataclass(frozen=True, slots=True)
class _Bound:
    attribute: str
    name: str
    codec: Codec
    is_required: bool
    is_empty_absent: bool = False


_Sent = tuple[str, str, Callable[[object], str]]
"""Attribute, name, and what makes the text of the value."""


@dataclass(frozen=True, slots=True)
class _Plan:
    headers: Mapping[bytes, _Bound]
    parameters: Mapping[str, _Bound]
    prefix: tuple[str, str] | None
    shared: SharedHeader | None
    body: tuple[str, str, type] | None
    root: str | None
    json: tuple[type, str] | None
    required: tuple[_Bound, ...]
    answered: tuple[tuple[str, bytes, Callable[[Any], bytes]], ...]
    """Of each header: attribute, name in lower case, and what makes the bytes of its value."""
    sent_headers: tuple[_Sent, ...]
    sent_parameters: tuple[_Sent, ...]


_JSON: Final = b"application/json"
_MARKS: Final = Header | HeaderPrefix | SharedHeader | Parameter | Body | JsonText | CallbackAnswer


@cache
def _plan(message: type) -> _Plan:
    hints = get_type_hints(message, include_extras=True)
    headers: dict[bytes, _Bound] = {}
    parameters: dict[str, _Bound] = {}
    prefix: tuple[str, str] | None = None
    shared: SharedHeader | None = None
    body: tuple[str, str, type] | None = None
    text: tuple[type, str] | None = None
    for item in fields(message):
        is_required = item.default is MISSING and item.default_factory is MISSING
        kind, mark = _mark_of(hints[item.name])
        if isinstance(mark, Header):
            headers[mark.name.lower().encode()] = _Bound(item.name, mark.name, _header_codec(kind), is_required)
        elif isinstance(mark, Parameter):
            codec = scalar_codec(kind)
            parameters[mark.name] = _Bound(item.name, mark.name, codec, is_required, mark.is_empty_absent)
        elif isinstance(mark, HeaderPrefix):
            prefix = (mark.prefix, item.name)
        elif isinstance(mark, SharedHeader):
            shared = mark
        elif isinstance(mark, Body):
            body = (mark.root, item.name, kind)
        elif isinstance(mark, CallbackAnswer | JsonText):
            text = (type(mark), item.name)
    required = tuple(bound for bound in (*headers.values(), *parameters.values()) if bound.is_required)
    answered = tuple((bound.attribute, name, _encoder(bound.codec)) for name, bound in headers.items())
    return _Plan(
        headers,
        parameters,
        prefix,
        shared,
        body,
        getattr(message, "XML_ROOT", None),
        text,
        required,
        answered,
        _sent(headers.values()),
        _sent(parameters.values()),
    )


def _sent(bounds: Iterable[_Bound]) -> tuple[_Sent, ...]:
    return tuple((bound.attribute, bound.name, bound.codec.to_text) for bound in bounds)


def _encoder(codec: Codec) -> Callable[[Any], bytes]:
    to_text = codec.to_text
    return encode if to_text is str else lambda value: encode(to_text(value))


def _mark_of(hint: Any) -> tuple[Any, object]:
    if get_origin(hint) is not Annotated:
        return hint, None
    kind, *marks = get_args(hint)
    return plain_type(kind), next((m for m in marks if isinstance(m, _MARKS)), None)


def _header_codec(kind: Any) -> Codec:
    return HTTP_DATE if kind is datetime else scalar_codec(kind)


def parse_request(
    operation: Operation[In, Out], resource: Resource, query: Query, headers: Headers, document: bytes | None
) -> In:
    """Return the typed request that a server received; the resource's key has been judged before.

    Raises:
        InvalidArgument: a value is not of its field's type.
        MissingArgument: a field without default is absent.
        MalformedXML, InlineDataTooLarge: the document is not the one that belongs there.
    """
    request: type = operation.request
    plan = _plan(request)
    values: dict[str, Any] = {}
    if resource.bucket is not None:
        values["bucket"] = resource.bucket
    if resource.key is not None:
        values["key"] = ObjectKey(decode(resource.key))
    _read_parameters(plan, query, values)
    _read_headers(plan, headers, values, _judge)
    if plan.shared is not None:
        values.update(plan.shared.parse(headers.text(encode(plan.shared.name)) or ""))
    if plan.body is not None and document:
        values[plan.body[1]] = _request_document(plan.body, operation, document)
    if plan.json is not None and document:
        values[plan.json[1]] = document
    for bound in plan.required:
        if bound.attribute not in values:
            raise MissingArgument(argument_name=bound.name)
    return operation.request(**values)


def _read_parameters(plan: _Plan, query: Query, values: dict[str, Any]) -> None:
    bounds = plan.parameters
    for name, text in query.items():
        if (bound := bounds.get(name)) is not None and (text or not bound.is_empty_absent):
            values[bound.attribute] = _judge(bound, text)


def _request_document(body: tuple[str, str, type], operation: Operation[In, Out], document: bytes) -> object:
    root, _, kind = body
    try:
        return parse_document(kind, root, parse_xml(document, limit_bytes=operation.document_bytes_max))
    except MalformedXML as error:
        raise MalformedXML(ec=error.ec or operation.malformed_ec) from error


def _read_headers(plan: _Plan, headers: Headers, values: dict[str, Any], read: Callable[[_Bound, str], object]) -> None:
    bounds = plan.headers
    for name, raw in headers.items():
        if (bound := bounds.get(name)) is not None:
            values[bound.attribute] = read(bound, decode(raw))
    if plan.prefix is not None:
        prefix, attribute = plan.prefix
        values[attribute] = _prefixed(prefix.encode(), headers)


def _judge(bound: _Bound, text: str) -> object:
    try:
        return bound.codec.from_text(text)
    except ValueError as error:
        raise bound.codec.refuse(bound.name, text) from error


def _prefixed(prefix: bytes, headers: Headers) -> dict[str, str]:
    return {decode(name[len(prefix) :]): decode(value) for name, value in headers.items() if name.startswith(prefix)}


def render_request(operation: Operation[In, Out], request: In) -> tuple[Resource, Message]:
    """Return what a client sends for a request: the address, and the parts of the message without body and signature."""
    kind: type = operation.request
    plan = _plan(kind)
    headers = _texts(plan.sent_headers, request)
    if plan.prefix is not None:
        prefix, attribute = plan.prefix
        headers.extend((prefix + name, value) for name, value in (getattr(request, attribute) or {}).items())
    if plan.shared is not None:
        headers.append((plan.shared.name, plan.shared.render(request)))
    headers.extend((getattr(request, "headers", None) or {}).items())
    query = _texts(plan.sent_parameters, request)
    if operation.selectors:
        query[:0] = [pair for pair in operation.selector_pairs if pair[0] not in plan.parameters]
    query.extend((getattr(request, "parameters", None) or {}).items())
    document = None
    if plan.body is not None and (content := getattr(request, plan.body[1])) is not None:
        document = render_document(plan.body[0], content)
    if plan.json is not None and (text := getattr(request, plan.json[1])) is not None:
        document = encode(text) if isinstance(text, str) else text
    key = getattr(request, "key", None)
    resource = Resource(bucket=getattr(request, "bucket", None), key=None if key is None else encode(key))
    return resource, Message(headers=headers, query=query, document=document)


def _texts(fields_sent: tuple[_Sent, ...], message: object) -> list[tuple[str, str]]:
    return [
        (name, to_text(value))
        for attribute, name, to_text in fields_sent
        if (value := getattr(message, attribute)) is not None
    ]


def is_json_text(message: type) -> bool:
    """Whether the body of a message is JSON that is passed on as it is."""
    plan = _plan(message)
    return plan.json is not None and plan.json[0] is JsonText


def render_result(operation: Operation[In, Out], result: ResultBase) -> Answer:
    """Return what a server answers for a result."""
    kind: type = operation.result
    plan = _plan(kind)
    headers = [
        (name, to_bytes(value))
        for attribute, name, to_bytes in plan.answered
        if (value := getattr(result, attribute)) is not None
    ]
    if plan.prefix is not None:
        prefix, attribute = plan.prefix
        headers += [
            (encode(prefix + name), encode(value)) for name, value in (getattr(result, attribute) or {}).items()
        ]
    if plan.json is not None and isinstance(text := getattr(result, plan.json[1]), bytes):
        return Answer(headers=headers, document=text, media_type=_JSON)
    if plan.root is not None and not _is_document_absent(result):
        return Answer(headers=headers, document=render_document(plan.root, result))
    if plan.body is not None and (content := getattr(result, plan.body[1])) is not None:
        return Answer(headers=headers, document=render_document(plan.body[0], content))
    return Answer(headers=headers, document=None)


def _is_document_absent(result: ResultBase) -> bool:
    """Whether nothing is told, by a class of results that says so with an empty body rather than an empty document."""
    kind = type(result)
    return getattr(kind, "XML_MAY_BE_ABSENT", False) and result == kind()


def parse_result(operation: Operation[In, Out], status: int, headers: Headers, document: bytes) -> Out:
    """Return the typed result that a client received.

    The server may be newer than this code, or a proxy may have meddled: a word that is not on a closed list stays as text,
    and a header that can't be read counts as absent. `headers` of the result has all of them as they came.

    Raises:
        MalformedXML: the body is not the document that belongs there.
    """
    result: type = operation.result
    plan = _plan(result)
    values: dict[str, Any] = {"status_code": status, "request_id": headers.text(b"x-oss-request-id") or ""}
    values["headers"] = {decode(name): decode(value) for name, value in headers.items()}
    _read_headers(plan, headers, values, _accept)
    if plan.json is not None and (headers.get(b"content-type") or b"").startswith(_JSON):
        mark, attribute = plan.json
        values[attribute] = document if mark is JsonText else _callback_answer(document)
    elif plan.body is not None:
        root, attribute, kind = plan.body
        tree = parse_xml(document, limit_bytes=len(document))
        values[attribute] = parse_document(kind, root, tree, is_answer=True)
    elif plan.root is not None and (document or not getattr(result, "XML_MAY_BE_ABSENT", False)):
        values.update(_document_values(result, plan.root, document))
    return operation.result(**values)


def _callback_answer(document: bytes) -> object:
    try:
        answer: object = json.loads(document)
    except ValueError as error:
        raise MalformedXML("not the JSON that its header says") from error
    return answer


def _accept(bound: _Bound, text: str) -> object:
    try:
        return bound.codec.from_text(text)
    except ValueError:
        return text if bound.codec.is_enumeration else None


def _document_values(result: type, root: str, document: bytes) -> dict[str, object]:
    tree = parse_xml(document, limit_bytes=len(document))
    if tree.name != root:
        raise MalformedXML
    return read_fields(result, tree, is_answer=True)
