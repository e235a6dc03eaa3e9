"""`ossicle bucket`: settings put from files, shown to people and to programs, and deleted."""

import json
import re
from pathlib import Path

import pytest

from ossicle.wire.api import SETTINGS
from tests.support.server import ServerProcess
from tests.support.shell import Shell

RULES = {
    "cors_rules": [
        {
            "allowed_origins": ["*"],
            "allowed_methods": ["PUT", "GET"],
            "allowed_headers": ["content-type"],
            "expose_headers": [],
            "max_age_seconds": 60,
        }
    ],
    "response_vary": True,
}


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path) -> Shell:
    return Shell(server, tmp_path)


@pytest.fixture
def place(shell: Shell, request: pytest.FixtureRequest) -> str:
    name = f"oss://settings-{abs(hash(request.node.nodeid)):x}"
    shell.done("mb", name)
    return name


def write(shell: Shell, text: str) -> str:
    path = shell.folder / "document"
    path.write_text(text)
    return str(path)


def test_json_goes_in_and_comes_out(shell: Shell, place: str) -> None:
    shell.done("bucket", "put", "cors", place, "--file", write(shell, json.dumps(RULES)))
    assert shell.done("bucket", "get", "cors", place, "--json").document == RULES
    assert shell.done("bucket", "get", "cors", place).text.splitlines() == [
        "cors rules:",
        "  allowed origins: *",
        "  allowed methods: PUT, GET",
        "  allowed headers: content-type",
        "  expose headers:",
        "  max age seconds: 60",
        "response vary: yes",
    ]
    for _ in range(2):
        done = shell.done("bucket", "delete", "cors", place, "--json").document
        assert done == {"bucket": place.removeprefix("oss://"), "setting": "cors"}
    assert "NoSuchCORSConfiguration" in shell.owner("bucket", "get", "cors", place).stderr


def test_xml_goes_in(shell: Shell, place: str) -> None:
    text = "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.3</TLSVersion></TLS></HttpsConfiguration>"
    shell.done("bucket", "put", "https-config", place, "--file", write(shell, text))
    assert shell.done("bucket", "get", "httpsConfig", place, "--json").document == {
        "tls": {"enable": True, "tls_versions": ["TLSv1.3"]}
    }


@pytest.mark.parametrize("kind", [setting.kind for setting in SETTINGS])
def test_every_setting_can_be_asked_for(shell: Shell, place: str, kind: str) -> None:
    asked = shell.owner("bucket", "get", kind, place)
    assert asked.status == 0 or (asked.status == 1 and re.search("NoSuch|NotExist", asked.stderr))


@pytest.mark.parametrize(
    ("arguments", "document", "message"),
    [
        (("put", "cors"), None, "put what?"),
        (("get", "cors"), "{}", "--file goes with put"),
        (("get", "colour"), None, "no setting"),
        (("delete", "request-payment"), None, "there is no delete of requestPayment"),
        (("put", "cors"), "neither", "neither XML nor JSON"),
        (("put", "cors"), "<Other/>", "not a document CORSConfiguration"),
        (("put", "cors"), "[]", "has to be an object"),
        (("put", "cors"), '{"rules": []}', "has no rules"),
        (("put", "cors"), "{}", "is not complete"),
        (("put", "cors"), '{"cors_rules": {}}', "has to be a list"),
        (("put", "transferAcceleration"), '{"enabled": "true"}', "has to be bool"),
        (("put", "qos"), '{"storage_capacity": true}', "has to be int"),
        (("put", "lifecycle"), '{"rules": [{"expiration": {"date": "soon"}}]}', "has to be a time"),
    ],
)
def test_what_is_not_understood(
    shell: Shell, place: str, arguments: tuple[str, str], document: str | None, message: str
) -> None:
    given = [] if document is None else ["--file", write(shell, document)]
    refused = shell.owner("bucket", *arguments, place, *given)
    assert refused.status == 2
    assert message in refused.stderr


def test_what_the_server_refuses(shell: Shell, place: str) -> None:
    refused = shell.owner("bucket", "put", "qos", place, "--file", write(shell, '{"storage_capacity": -5}'))
    assert refused.status == 1
    assert "InvalidArgument" in refused.stderr
