"""curl commands: what can't be read, and what is said of those that can; tests/integration compares with curl itself."""

import pytest

from ossicle.cli.explaining.curl_command import parse_curl
from ossicle.cli.explaining.unreadable import Unreadable


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is no curl command"),
        ("wget http://h/", "it is no curl command"),
        ("http://h/?a=curl", "it is no curl command"),
        ("curl", "the curl command has no URL"),
        ("curl -s --next http://h/", "the curl command has no URL"),
        ("curl http://h/ -H", "the curl command ends after -H, which takes a value"),
        ("curl http://h/ --request", "the curl command ends after request, which takes a value"),
        ("curl 'http://h/", "a quote is never closed"),
    ],
)
def test_what_is_no_command(text: str, told: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse_curl(text)
    assert str(refusal.value) == told


@pytest.mark.parametrize(
    "start", ["curl", "$ curl", "/usr/bin/curl", "A=b curl", "sudo curl", "C:/tools/curl.exe", "curl.exe"]
)
def test_how_commands_begin(start: str) -> None:
    assert parse_curl(f"{start} 'http://h/k'").url == "http://h/k"


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("curl http://h/$KEY", "variables of a shell"),
        ("curl http://h/a http://h/b", "several requests"),
        ("curl http://h/a --next http://h/b", "several requests"),
        ("curl 'http://h/a[1-3]'", "-g"),
        ("curl -K rest http://h/", "(-K)"),
        ("curl -H @headers http://h/", "(-H @...)"),
        ("curl -F a=b http://h/", "form"),
    ],
)
def test_what_is_remarked(text: str, remark: str) -> None:
    (found,) = parse_curl(text).remarks
    assert remark in found


def test_a_plain_command_needs_no_remark() -> None:
    sent = parse_curl("curl -g -T f 'http://h/a[1]?x=1&y=2'")
    assert (sent.remarks, sent.is_cut) == ((), False)


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("curl http://h/?a=1&b=2", True),
        ("curl http://h/?a=1&b=2 -T f", True),
        ("curl http://h/?a=1 & ", False),
        ("curl http://h/?a=1 && echo b", False),
        ("curl 'http://h/?a=1&b=2'", False),
    ],
)
def test_whether_a_shell_cuts_the_url(text: str, is_cut: bool) -> None:
    assert parse_curl(text).is_cut is is_cut


def test_a_command_copied_from_chromium_for_cmd() -> None:
    text = (
        'curl ^"http://demo.localhost/k^%^2Fl?a=1^&b=^%^3D^" ^\r\n  -X ^"PUT^" ^\r\n'
        '  -H ^"Content-Type: text/plain; a=^\\^"b^\\^"^" ^\r\n  --data-raw ^"x^" ^\r\n  --insecure'
    )
    sent = parse_curl(text)
    assert (sent.method, sent.url) == ("PUT", "http://demo.localhost/k%2Fl?a=1&b=%3D")
    assert ("Content-Type", 'text/plain; a="b"') in sent.headers
