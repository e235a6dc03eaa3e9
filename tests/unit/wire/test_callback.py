"""What a request asks for, and what is made of it."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.callback import (
    Callback,
    parse_callback,
    parse_variables,
    read_callback,
    render_body,
    signature_text,
)
from ossicle.wire.errors import InvalidArgument
from ossicle.wire.http import Headers, Query
from tests.support.callbacks import base64_json


def parsed(**changes: object) -> Callback:
    return parse_callback(base64_json({"callbackUrl": "app.example/p", "callbackBody": "b", **changes}), {})


URL = "The callback url configuration is invalid."
BODY = "The callback body is empty."
TYPE = "The callback body type configuration is invalid."
HOST = "The callback host configuration is invalid."


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"callbackUrl": None}, URL),
        ({"callbackUrl": ""}, URL),
        ({"callbackUrl": 7}, URL),
        ({"callbackUrl": ";"}, URL),
        ({"callbackUrl": "ftp://a/"}, URL),
        ({"callbackUrl": "file:///etc/passwd"}, URL),
        ({"callbackUrl": "http://"}, URL),
        ({"callbackUrl": "http://a:99999/"}, URL),
        ({"callbackUrl": "http://user@a/"}, URL),
        ({"callbackUrl": "http://a/\r\nX: y"}, URL),
        ({"callbackUrl": "http://a/b c"}, URL),
        ({"callbackUrl": "http://a/ä"}, URL),
        ({"callbackUrl": "http://[::1/"}, URL),
        ({"callbackUrl": ";".join(["a"] * 6)}, "The number of callback url exceed max value."),
        ({"callbackBody": None}, BODY),
        ({"callbackBody": ""}, BODY),
        ({"callbackBody": {}}, BODY),
        ({"callbackBodyType": "text/plain"}, TYPE),
        ({"callbackBodyType": ["application/json"]}, TYPE),
        ({"callbackHost": "a\r\nX: y"}, HOST),
        ({"callbackHost": 1}, HOST),
    ],
)
def test_what_is_no_callback_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        parsed(**changes)
    assert refusal.value.message == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("!", "The callback configuration is not base64 encoded."),
        ("ä", "The callback configuration is not base64 encoded."),
        (base64.b64encode(b"{").decode(), "The callback configuration is not json format."),
        (base64.b64encode(b"\xff").decode(), "The callback configuration is not json format."),
        (base64_json({"callbackUrl": "a", "callbackBody": "\ud800"}), "The callback configuration is not json format."),
        (base64_json(["a"]), "The callback configuration is not json format."),
        (base64.b64encode(b"[" * 3000).decode(), "The callback configuration is not json format."),
        ("A" * 5121, "The callback configuration is larger than 5 KB."),
    ],
)
def test_what_can_t_be_read_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        parse_callback(text, {})
    assert refusal.value.message == message


def test_an_address_is_taken_apart() -> None:
    first, second = parsed(callbackUrl="app.example ; https://[2001:db8::1]:8443/a/b?c=d;").urls
    assert (first.is_tls, first.host, first.port, first.path, first.query) == (False, "app.example", 80, "/", "")
    assert (second.is_tls, second.host, second.port, second.path) == (True, "2001:db8::1", 8443, "/a/b")
    assert (second.query, second.authority) == ("?c=d", "[2001:db8::1]:8443")


def test_variables_begin_with_x() -> None:
    assert parse_variables(base64_json({"x:a": "b", "x:n": 1})) == {"x:a": "b", "x:n": "1"}
    with pytest.raises(InvalidArgument, match="callback-var configuration"):
        parse_variables(base64_json({"bucket": "b"}))


def test_none_is_asked_for() -> None:
    assert read_callback(Headers([(b"x-oss-callback-var", b"!")]), Query(b"callbacks=1")) is None


@pytest.mark.parametrize("name", ["callback", "callback-var"])
def test_both_places_are_one_too_many(name: str) -> None:
    headers = Headers([(b"x-oss-" + name.encode(), b"YQ==")])
    with pytest.raises(InvalidArgument, match=rf"Either the {name} query .* x-oss-{name} header .* not both"):
        read_callback(headers, Query(name.encode() + b"=YQ=="))


@given(st.text(st.characters(codec="utf-8")))
def test_a_value_never_leaves_its_place(value: str) -> None:
    form = parsed(callbackBody="a=${object}&b=1")
    assert render_body(form, {"object": value}).count(b"&") == 1
    template = '{"bare":${object},"in":"<${object}>","\\"":${size}}'
    made = render_body(parsed(callbackBody=template, callbackBodyType="application/json"), {"object": value, "size": 1})
    assert json.loads(made) == {"bare": value, "in": f"<{value}>", '"': 1}


def test_what_is_signed() -> None:
    (url,) = parsed(callbackUrl="a/b%20c?d=%20e").urls
    assert signature_text(url, b"body") == b"/b c?d=%20e\nbody"
