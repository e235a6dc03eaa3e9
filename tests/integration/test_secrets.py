"""A canary: whatever happens to a server, its outputs hold no secret, no signature, no token and no presigned query.

The story below makes it happen: uploads, refusals of every kind, failures of the server itself, a Referer that is a
presigned URL, a stop that cuts. Then everything that the server has ever said to anybody else is searched.
"""

import base64
import json
import re
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from ossicle.wire.credentials import Credentials
from ossicle.wire.http import Resource
from ossicle.wire.signing import Version, presign_dated, sign_headers, sign_headers_dated
from tests.integration.conftest import StartServer
from tests.support.connection import Answer, Connection
from tests.support.data_dir import look_at
from tests.support.owner import Owner, md5_of
from tests.support.server import BUCKET, REGION, ServerFailed, ServerProcess
from tests.support.waiting import wait_until

MIB = 1024 * 1024
ROOT = {"access_key_id": "root-id", "access_key_secret": "canary+root/secret=äöü"}
OTHER = {"access_key_id": "other-id", "access_key_secret": "canary:other%secret&x"}
TOKEN = "canary+security/token==&more"
PASSWORD = "canary password?"
SIGNATURE_V1 = "canaryV1signature/+0123456x="
ENV = {
    "OSSICLE_ROOT_ACCESS_KEY_ID": ROOT["access_key_id"],
    "OSSICLE_ROOT_ACCESS_KEY_SECRET": ROOT["access_key_secret"],
    "OSSICLE_ACCOUNTS": f"2000000000000002:{OTHER['access_key_id']}:{OTHER['access_key_secret']}",
}
SECRETS = [ROOT["access_key_secret"], OTHER["access_key_secret"], TOKEN, PASSWORD, SIGNATURE_V1]
SIGNATURE = re.compile(r"ignature=([0-9a-f]{64})")
# `-` is what the redaction leaves; the pages of the server's own documents name parameters without a value.
PRESIGNED = re.compile(
    r"(?:x-oss-(?:signature|credential|access-key-id)|security-token|OSSAccessKeyId|Signature)=(?!-(?:&|\W|$))[^&\s\"]+"
)


def forms_of(secret: str) -> set[str]:
    """The ways in which a text may be written down: as it is, escaped, quoted, encoded."""
    escaped = json.dumps(secret).strip('"')
    coded = base64.b64encode(secret.encode()).decode().rstrip("=")
    return {
        secret,
        escaped,
        repr(secret).strip("'"),
        quote(secret),
        quote(secret, safe=""),
        coded,
        secret.encode().hex(),
    }


class Story:
    """Talks to a server, remembers the signatures that it sent, and what others were told."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self.owner = Owner(server=server, **ROOT)
        self.ready = server.data_dir.with_name("data.ready.json").read_text()  # gone when the server has stopped
        self.told: dict[str, str] = {}
        self._signatures: set[str] = set()
        self._secrets = list(SECRETS)

    def ask(self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        self.sends(target, *(headers or {}).values())
        with Connection(self.server.port) as connection:
            return connection.ask(method, target, body, headers)

    def raw(self, *parts: str) -> Answer:
        self.sends(*parts)
        with Connection(self.server.port) as connection:
            connection.send("".join(parts).encode("latin-1"))
            return connection.answer()

    def sends(self, *texts: str) -> None:
        self._signatures.update(found for text in texts for found in SIGNATURE.findall(text))

    def sends_made(self, signature: str) -> None:
        """Note a signature of V1 or V2."""
        self._signatures.update(forms_of(signature))

    def learns(self, secret: str) -> None:
        """Note a secret that the server made and told once."""
        self._secrets.append(secret)

    def tell(self, name: str, answer: Answer) -> None:
        """Note an answer to somebody who sent no secret."""
        self.told[name] = f"{answer.headers}\n{answer.body.decode()}"

    def leaks(self, text: str) -> list[str]:
        """What stands in a text and should not."""
        hidden = [form for secret in self._secrets for form in forms_of(secret)]
        return [found for found in [*hidden, *self._signatures] if found in text] + PRESIGNED.findall(text)


# -- what happens


def uses(story: Story) -> None:
    """Everything that works."""
    for mine in (story.owner, Owner(server=story.server, bucket="theirs", **OTHER)):
        story.ask("PUT", mine.target("PUT", None))
        for body in (b"small", bytes(100_000)):
            assert story.ask("PUT", mine.target("PUT", "key"), body).status == 200
        assert story.ask("GET", mine.target("GET", "key")).status == 200
        assert story.ask("HEAD", mine.target("HEAD", "key")).status == 200
        assert story.ask("GET", mine.target("GET", None, parameters={"list-type": "2"})).status == 200
    signed = sign_headers(
        method="GET",
        resource=Resource(bucket=BUCKET, key=b"key"),
        query=[],
        headers=[],
        credentials=Credentials(access_key_id=ROOT["access_key_id"], access_key_secret=ROOT["access_key_secret"]),
        region=REGION,
        now=datetime.now(UTC),
    )
    assert story.ask("GET", f"/{BUCKET}/key", headers=signed).status == 200


def older_signatures(story: Story) -> None:
    """V1 and V2, in the header and in the URL: accepted, and refused with a token that is none."""
    keys = Credentials(access_key_id=ROOT["access_key_id"], access_key_secret=ROOT["access_key_secret"])
    resource, path = Resource(bucket=BUCKET, key=b"key"), f"/{BUCKET}/key"
    for version in (Version.V1, Version.V2):
        for credentials, status in ((keys, 200), (replace(keys, security_token=TOKEN), 403)):
            for method in ("GET", "DELETE"):
                added = sign_headers_dated(
                    version=version,
                    method="GET",
                    resource=resource,
                    query=[],
                    headers=[],
                    credentials=credentials,
                    now=datetime.now(UTC),
                )
                story.sends_made(added["Authorization"].rpartition(":")[2])
                expected = status if method == "GET" else 403
                assert story.ask(method, path, headers={**added, "Referer": f"http://a{path}"}).status == expected
                query = presign_dated(
                    version=version,
                    method="GET",
                    resource=resource,
                    query=[],
                    headers=[],
                    credentials=credentials,
                    now=datetime.now(UTC),
                    expires=timedelta(minutes=1),
                ).query
                story.sends_made(unquote(query.rpartition("ignature=")[2]))
                target = f"{path}?{query}"
                answer = story.ask(method, target, headers={"Referer": f"http://a.example{target}"})
                assert answer.status == expected
                if method == "DELETE":
                    assert not any(form in answer.body.decode() for form in forms_of(ROOT["access_key_secret"]))


def identities(story: Story) -> None:
    """A user whose key the server makes, used, listed and disabled, and the administration asked by URLs that are refused."""
    admin = replace(story.owner, bucket="_ossicle")

    def ask(method: str, path: str, body: bytes = b"") -> Answer:
        return story.ask(method, admin.target(method, f"admin/v1/{path}"), body)

    assert ask("POST", "users", b'{"user_name": "ann"}').status == 200
    made = json.loads(ask("POST", "users/ann/keys").body)
    story.learns(made["access_key_secret"])
    ann = Owner(server=story.server, access_key_id=made["access_key_id"], access_key_secret=made["access_key_secret"])
    assert story.ask("GET", ann.target("GET", "key")).code == "AccessDenied"
    assert ask("PUT", "users/ann/policies/AliyunOSSFullAccess").status == 200
    assert story.ask("GET", ann.target("GET", "key")).status == 200
    story.tell("keys of ann", ask("GET", "users/ann/keys"))
    assert ask("PUT", f"users/ann/keys/{ann.access_key_id}", b'{"status": "Inactive"}').status == 200
    story.tell("a key that is disabled", story.ask("GET", ann.target("GET", "key")))
    story.tell("a body that is none", ask("POST", "users", f'{{"user_name": "{PASSWORD}'.encode()))
    story.tell("no administrator", story.ask("GET", replace(ann, bucket="_ossicle").target("GET", "admin/v1/users")))


def refusals(story: Story) -> None:
    """Signed requests that are refused, each for another reason."""
    owner, at = story.owner, datetime.now(UTC)
    wrong_key = owner.target("PUT", "key", at=at).replace("/key?", "/kez?")
    refused = story.ask("PUT", wrong_key, b"body")
    assert refused.code == "SignatureDoesNotMatch"
    right = SIGNATURE.findall(owner.target("PUT", "kez", at=at))[0]
    assert right not in refused.body.decode(), "a refusal must not tell what would be right"
    assert not any(form in refused.body.decode() for form in forms_of(ROOT["access_key_secret"]))
    assert story.ask("PUT", owner.target("PUT", "key"), b"", {"Content-Type": "text/plain"}).status == 403
    assert story.ask("GET", owner.target("PUT", "key")).status == 403
    late = owner.target("GET", "key", at=at - timedelta(hours=2))
    assert story.ask("GET", late).error.message == "Request has expired."
    with_token = Owner(server=story.server, security_token=TOKEN, **ROOT)
    assert story.ask("GET", with_token.target("GET", "key")).status == 403
    nobody = Owner(server=story.server, access_key_id="nobody", access_key_secret=ROOT["access_key_secret"])
    assert story.ask("GET", nobody.target("GET", "key")).code == "InvalidAccessKeyId"
    target = owner.target("GET", "key")
    forged = target.replace(SIGNATURE.findall(target)[0], "0" * 64)
    assert story.ask("GET", forged).code == "SignatureDoesNotMatch"
    assert story.ask("GET", f"{target}&x-oss-signature={'0' * 64}").code == "AuthorizationQueryParametersError"
    v1 = f"/{BUCKET}/key?OSSAccessKeyId=root-id&Expires=2000000000&Signature={quote(SIGNATURE_V1, safe='')}"
    assert story.ask("GET", v1).status >= 400
    basic = base64.b64encode(f"user:{PASSWORD}".encode()).decode()
    assert story.ask("GET", f"/{BUCKET}/key", headers={"Authorization": f"Basic {basic}"}).status >= 400
    assert story.ask("OPTIONS", owner.target("PUT", "key"), headers={"Origin": "https://a.example"}).status == 400
    assert story.ask("GET", "/_ossicle/metrics?" + owner.query("GET", "key")).status == 200
    assert story.ask("POST", "/_ossicle/healthz?" + owner.query("GET", "key")).status == 405


def referring_pages(story: Story) -> None:
    """A browser may name the page that it came from, and that page's address may be a presigned URL."""
    for target in (story.owner.target("GET", "key"), f"/{BUCKET}/anonymous", "/_ossicle/healthz"):
        for page in (
            f"http://a.example{story.owner.target('GET', 'page.html')}",
            f"http://user:{quote(PASSWORD)}@a.example/page.html",
            f"http://a.example/page.html#{quote(TOKEN)}",
            f"/page.html?{story.owner.query('GET', 'key')}",
        ):
            story.ask("GET", target, headers={"Referer": page})


def mangled_urls(story: Story) -> None:
    """Presigned URLs whose query became a part of the key, or that were pasted where something else belongs."""
    target = story.owner.target("PUT", "key")
    with_token = Owner(server=story.server, security_token=TOKEN, **ROOT).target("PUT", "key")
    v1 = f"/{BUCKET}/key?OSSAccessKeyId=root-id&Expires=2000000000&Signature={quote(SIGNATURE_V1, safe='')}"
    for sent in (target, with_token, v1):
        path, _, query = sent.partition("?")
        for mangled in (
            f"{path}%3F{query}",
            f"{path}&{query}",
            f"{path}%3F{quote(query, safe='')}",
            f"{path}%253F{quote(quote(query, safe=''), safe='')}",
            f"/{query}",
            f"/{BUCKET}?prefix={quote(sent, safe='')}",
        ):
            story.sends(sent)
            assert story.ask("PUT" if "prefix" not in mangled else "GET", mangled).status >= 400
        story.ask("GET", f"/{BUCKET}/anonymous", headers={"User-Agent": f"curl {sent}"})
    authorization = f"OSS root-id:{SIGNATURE_V1}"
    story.ask("GET", f"/{BUCKET}/anonymous", headers={"User-Agent": authorization})


def refusals_of_the_protocol(story: Story) -> None:
    """What is refused before there is a request."""
    target = story.owner.target("PUT", "key")
    assert story.raw(f"PUT {target} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").status == 400
    assert story.raw(f"PUT {target} HTTP/1.1\r\nHost: a\r\n\r\n").status == 411
    assert story.raw(f"PUT {target}# HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status == 400
    assert story.raw(f"PUT {target}\xff HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status == 400
    assert story.raw(f"PUT http://user:{quote(PASSWORD)}@b{target} HTTP/1.1\r\nHost: a\r\n\r\n").status >= 400
    assert story.raw(f"PUT {target} HTTP/1.1\r\nHost: a\r\nA : {TOKEN}\r\n\r\n").status == 400
    assert story.raw(f"PUT {target} HTTP/1.1\r\nHost: a\r\nA: {TOKEN}", "a" * 70_000).status == 400
    assert story.raw(f"PUT {target} HTTP/1.1\r\nHost: a\r\nA: {TOKEN}").status == 400  # late


def uploads_that_fail(story: Story) -> None:
    """Refused after the body, or cut off within it."""
    wrong = {"Content-MD5": md5_of(b"another")}
    assert story.ask("PUT", story.owner.target("PUT", "key", headers=wrong), b"body", wrong).code == "InvalidDigest"
    target = story.owner.target("PUT", "cut-off")
    story.sends(target)
    with Connection(story.server.port) as connection:
        connection.begin("PUT", target, length=MIB)
        connection.send(bytes(100_000))
    with Connection(story.server.port) as connection:
        connection.begin("PUT", target)
        connection.send(f"{PASSWORD}\r\n".encode())
        assert connection.answer().status == 400


def failures_of_the_server(story: Story) -> None:
    """Bytes that are gone: before an answer has begun, and within one. Both leave a traceback in the log."""
    owner, blobs = story.owner, story.server.data_dir / "blobs"
    owner.put("broken", bytes(3 * MIB))
    [blob] = [path for path in blobs.rglob("*-*") if path.stat().st_size == 3 * MIB]
    with blob.open("r+b") as file:
        file.truncate(MIB + 1)
    target = owner.target("GET", "broken")
    story.sends(target)
    with Connection(story.server.port) as connection:
        connection.begin("GET", target, {"Referer": f"http://a.example{target}"})
        assert len(connection.read_end()) < 3 * MIB
    blob.unlink()
    broken = story.ask("GET", target, headers={"Referer": f"http://a.example{target}"})
    assert broken.code == "InternalError"
    assert str(story.server.data_dir) not in broken.body.decode()
    assert blob.name not in broken.body.decode()


def what_others_are_told(story: Story) -> None:
    for method, target in (("GET", "key"), ("PUT", "key"), ("GET", "broken"), ("GET", "never"), ("HEAD", "key")):
        story.tell(f"anonymous {method} {target}", story.ask(method, f"/{BUCKET}/{target}"))
        story.tell(f"other {method} {target}", Owner(server=story.server, **OTHER).ask(method, target))
    for path in ("/", "/_ossicle/metrics", "/_ossicle/readyz", "/_ossicle/none", f"/{BUCKET}?acl", "/nobodys/key"):
        story.tell(path, story.ask("GET", path))


def a_stop_that_cuts(story: Story) -> None:
    target = story.owner.target("PUT", "cut")
    story.sends(target)
    with Connection(story.server.port) as connection:
        connection.begin("PUT", target, length=4 * MIB)
        connection.send(bytes(3 * MIB))
        wait_until(lambda: bool(look_at(story.server.data_dir).staged), seconds=20, what="a part of the upload")
        story.server.signal(signal.SIGTERM)
        assert story.server.wait(20) == 0


STEPS: list[Callable[[Story], None]] = [
    uses,
    older_signatures,
    identities,
    refusals,
    referring_pages,
    mangled_urls,
    refusals_of_the_protocol,
    uploads_that_fail,
    failures_of_the_server,
    what_others_are_told,
    a_stop_that_cuts,
]


# -- what is left of it


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The story, told to its end."""
    data_dir = tmp_path_factory.mktemp("secrets") / "data"
    limits = ["--head-seconds", "0.3", "--shutdown-seconds", "1"]
    audit = ["--audit-log", str(data_dir.with_name("audit.log")), "--audit-reads"]
    with ServerProcess(data_dir, env=ENV, arguments=[*limits, *audit]) as server:
        story = Story(server)
        for step in STEPS:
            step(story)
        yield story


def test_the_search_finds_what_it_searches_for(told: Story) -> None:
    target = told.owner.target("GET", "key")
    assert told.leaks(f"GET {target}")
    told.sends(target)
    assert told.leaks(SIGNATURE.findall(target)[0])
    for secret in SECRETS:
        assert told.leaks(json.dumps({"a": [secret]}))
        assert told.leaks(f"/key?a={quote(secret, safe='')}")
    assert told.leaks('{"target": "/demo/key?x-oss-credential=-&x-oss-signature=-", "referer": "/?Signature=-"}') == []


def test_the_log(told: Story) -> None:
    entries = [json.loads(line) for line in told.server.log.splitlines()]
    assert len(entries) > 60, "the story was not written down"
    assert sum("traceback" in entry for entry in entries) == 2
    assert any("referer" in entry for entry in entries)
    assert any("x-oss-signature=-" in entry.get("target", "") for entry in entries)
    assert [leak for entry in entries for leak in told.leaks(json.dumps(entry, ensure_ascii=False))] == []
    assert told.leaks(told.server.log) == []


def test_the_audit_log(told: Story) -> None:
    text = told.server.data_dir.with_name("audit.log").read_text()
    entries = [json.loads(line) for line in text.splitlines()]
    assert len(entries) > 60, "the story was not written down"
    assert {"owner", "anonymous", "unproven"} <= {entry.get("principal") for entry in entries}
    assert [leak for entry in entries for leak in told.leaks(json.dumps(entry, ensure_ascii=False))] == []
    assert told.leaks(text) == []


def test_standard_output_and_the_ready_file(told: Story) -> None:
    assert told.server.output
    assert told.leaks(told.server.output) == []
    assert told.leaks(told.ready) == []


def test_answers_to_others_and_the_metrics(told: Story) -> None:
    assert 'code="SignatureDoesNotMatch"' in told.told["/_ossicle/metrics"]
    assert {name: leaks for name, text in told.told.items() if (leaks := told.leaks(text))} == {}


def test_the_data_directory(told: Story) -> None:
    files = [path for path in told.server.data_dir.rglob("*") if path.is_file()]
    assert any(path.name == "metadata.sqlite3" for path in files)
    assert {path.name: found for path in files if (found := told.leaks(path.read_bytes().decode("latin-1")))} == {}


@pytest.mark.parametrize(
    "env",
    [
        {"OSSICLE_ACCOUNTS": f"1:{ROOT['access_key_id']}:{TOKEN}"},
        {"OSSICLE_ACCOUNTS": f"1000000000000001:root-id:{TOKEN}"},
        {"OSSICLE_ROOT_ACCESS_KEY_SECRET": TOKEN, "OSSICLE_ROOT_ACCESS_KEY_ID": ""},
        {"OSSICLE_ROOT_ACCESS_KEY_SECRET_FILE": "/none", "OSSICLE_ROOT_ACCESS_KEY_SECRET": TOKEN},
        {"OSSICLE_PORT": "many", "OSSICLE_ROOT_ACCESS_KEY_SECRET": TOKEN},
    ],
    ids=["malformed account", "twice", "half a pair", "file and value", "another setting"],
)
def test_a_start_that_fails(start_server: StartServer, tmp_path: Path, env: dict[str, str]) -> None:
    arguments = ["--config", str(tmp_path / "none.toml")] if "OSSICLE_PORT" in env else []
    with pytest.raises(ServerFailed) as failure:
        start_server(env={**ENV, **env}, arguments=arguments)
    text = str(failure.value)
    assert "exited with status 2" in text
    assert not any(form in text for form in [*forms_of(TOKEN), *forms_of(ROOT["access_key_secret"])])
