"""Upload callbacks as they travel: what a request asks for, the body that is made of it, and the text that is signed.

Source: https://help.aliyun.com/zh/oss/developer-reference/callback
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import SplitResult, urlsplit

from ossicle.wire.errors import InvalidArgument
from ossicle.wire.http import Headers, Query
from ossicle.wire.records import record
from ossicle.wire.text import encode, percent_decode, percent_encode

FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
URLS_MAX: Final = 5
PARAMETER_BYTES_MAX: Final = 5 * 1024
"""Of either parameter, in base64."""
_PLACES: Final = {"callback": b"x-oss-callback", "callback-var": b"x-oss-callback-var"}
_HOST: Final = re.compile(r"[A-Za-z0-9._:\[\]-]+")
_TARGET: Final = re.compile(r"[\x21-\x7e]*")
_VARIABLE: Final = re.compile(r"\$\{([^{}]*)\}")
_JSON_TOKEN: Final = re.compile(r'\\.|"|\$\{([^{}]*)\}', re.DOTALL)


@record
class CallbackUrl:
    """Where a callback goes. `host` is without brackets; `authority` is what `Host` says by default."""

    is_tls: bool
    host: str
    port: int
    authority: str
    path: str
    query: str
    """With its question mark; empty without one."""


@record
class Callback:
    """A callback that was asked for: `urls` are tried in order, `host` replaces their name in `Host`."""

    urls: tuple[CallbackUrl, ...]
    host: str | None
    body: str
    body_type: str
    variables: Mapping[str, str]


def read_callback(headers: Headers, query: Query) -> Callback | None:
    """Return the callback that a request asks for in its headers or query.

    Raises:
        InvalidArgument: it is given in both, or is none.
    """
    configuration = _given("callback", headers, query)
    variables = _given("callback-var", headers, query)
    if configuration is None:
        return None
    return parse_callback(configuration, {} if variables is None else parse_variables(variables))


def parse_callback(configuration: str, variables: Mapping[str, str]) -> Callback:
    """Return the callback of a configuration, base64 of JSON, with custom variables by their name with `x:`.

    Raises:
        InvalidArgument: it is no configuration.
    """
    table = _table(configuration, "callback")
    body = table.get("callbackBody")
    if not isinstance(body, str) or not body:
        raise _invalid("The callback body is empty.", "callback", configuration)
    body_type = table.get("callbackBodyType") or FORM
    if not isinstance(body_type, str) or body_type.lower() not in (FORM, JSON):
        raise _invalid("The callback body type configuration is invalid.", "callback", configuration)
    host = table.get("callbackHost") or None
    if host is not None and not (isinstance(host, str) and _HOST.fullmatch(host)):
        # OSS: the message is unverified.
        raise _invalid("The callback host configuration is invalid.", "callback", configuration)
    return Callback(
        urls=_urls(table.get("callbackUrl"), configuration),
        host=host,
        body=body,
        body_type=body_type.lower(),
        variables=variables,
    )


def parse_variables(text: str) -> dict[str, str]:
    """Return custom variables, base64 of a JSON object, by their name with `x:`.

    Raises:
        InvalidArgument: it is something else, or a name does not begin with `x:`.
    """
    found = {}
    for name, value in _table(text, "callback-var").items():
        if not name.startswith("x:"):
            # OSS: the message is unverified.
            raise _invalid("The callback-var configuration is invalid.", "callback-var", text)
        found[name] = value if isinstance(value, str) else json.dumps(value)
    return found


def _given(name: str, headers: Headers, query: Query) -> str | None:
    header = _PLACES[name]
    in_query = query.get(name)
    in_header = headers.text(header)
    if in_query is not None and in_header is not None:
        message = (
            f"Either the {name} query string parameter or the {header.decode()} header should be specified, not both."
        )
        raise InvalidArgument(message, argument_name=name)
    return in_header if in_query is None else in_query


def _table(text: str, name: str) -> dict[str, object]:
    if len(text) > PARAMETER_BYTES_MAX:
        # OSS: the message is unverified.
        raise InvalidArgument(f"The {name} configuration is larger than 5 KB.", argument_name=name)
    try:
        # A plus that came through a query unescaped is a space by now, and some clients encode for URLs.
        plain = base64.b64decode(text.replace(" ", "+").replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _invalid("The callback configuration is not base64 encoded.", name, text) from error
    try:
        table = json.loads(plain.decode("utf-8"))
        # JSON can escape half a character, of which no body can be made once the object is stored.
        json.dumps(table, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise _invalid("The callback configuration is not json format.", name, text) from error
    if not isinstance(table, dict):
        raise _invalid("The callback configuration is not json format.", name, text)
    return table


def _invalid(message: str, name: str, text: str) -> InvalidArgument:
    return InvalidArgument(message, argument_name=name, argument_value=text)


def _urls(given: object, configuration: str) -> tuple[CallbackUrl, ...]:
    parts = [part.strip() for part in given.split(";")] if isinstance(given, str) else []
    parts = [part for part in parts if part]
    if len(parts) > URLS_MAX:
        raise _invalid("The number of callback url exceed max value.", "callback", configuration)
    try:
        found = tuple(_url(part) for part in parts)
    except ValueError as error:
        raise _invalid("The callback url configuration is invalid.", "callback", configuration) from error
    if not found:
        raise _invalid("The callback url configuration is invalid.", "callback", configuration)
    return found


def _url(text: str) -> CallbackUrl:
    """Return an address with scheme or without one, which means http; a ValueError says that it is none."""
    if any(character.isspace() or not character.isprintable() for character in text):
        raise ValueError(text)
    split: SplitResult = urlsplit(text if "://" in text else f"http://{text}")
    host = split.hostname or ""
    is_tls = split.scheme == "https"
    if split.scheme not in ("http", "https") or "@" in split.netloc or not _HOST.fullmatch(split.netloc):
        raise ValueError(text)
    if not host or not _TARGET.fullmatch(split.path + split.query):
        raise ValueError(text)
    port = split.port
    return CallbackUrl(
        is_tls=is_tls,
        host=host,
        port=(443 if is_tls else 80) if port is None else port,
        authority=split.netloc,
        path=split.path or "/",
        query=f"?{split.query}" if split.query else "",
    )


def render_body(callback: Callback, facts: Mapping[str, str | int]) -> bytes:
    """Return the body that is sent: the template with the values of its variables, which can't leave their place.

    In a form they are percent-encoded. In JSON they are literals, strings with their quotes, unless the template quotes them.
    A variable that is not known is empty.
    """
    values: Mapping[str, str | int] = {**facts, **callback.variables}
    if callback.body_type == JSON:
        return _fill_json(callback.body, lambda name: values.get(name, ""))
    return encode(_VARIABLE.sub(lambda found: percent_encode(encode(str(values.get(found[1], "")))), callback.body))


def _fill_json(template: str, value_of: Callable[[str], str | int]) -> bytes:
    is_quoted = False

    def fill(found: re.Match[str]) -> str:
        nonlocal is_quoted
        if found[1] is not None:
            value = value_of(found[1])
            return json.dumps(str(value))[1:-1] if is_quoted else json.dumps(value)
        if found[0] == '"':
            is_quoted = not is_quoted
        return found[0]

    return encode(_JSON_TOKEN.sub(fill, template))


def signature_text(url: CallbackUrl, body: bytes) -> bytes:
    """Return what the server signs and an application server verifies."""
    return percent_decode(encode(url.path)) + encode(url.query) + b"\n" + body
