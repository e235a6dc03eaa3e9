"""The audit log: who did what from where with which result; what has a line, and what is in it."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from ossicle.edge.audit import AuditLog, render_loss
from tests.support.forms import FORM_TYPE, encoded_policy, form, signed_v4
from tests.support.inprocess import OTHER, OWNER, InProcessServer, build_server
from tests.support.ram import allow, assume, document, make_user
from tests.support.rpc import RAM, call, told

DELETION = (
    b"<Delete><Object><Key>a\xc3\xbc</Key></Object><Object><Key>b</Key><VersionId>null</VersionId></Object></Delete>"
)


class Audited:
    """A server, and the lines that it has written since they were last asked for."""

    def __init__(self, *, has_reads: bool = False) -> None:
        self._written: list[bytes] = []
        self.server: InProcessServer = build_server(audit=AuditLog(self._written.append, has_reads=has_reads))

    def lines(self) -> list[dict[str, Any]]:
        told = [json.loads(line) for line in self._written]
        assert [line.count(b"\n") for line in self._written] == [1] * len(told)
        self._written.clear()
        return told

    def line(self) -> dict[str, Any]:
        [line] = self.lines()
        return line


@pytest.fixture
async def audited() -> Audited:
    made = Audited()
    await made.server.put_bucket("bucket")
    await made.server.put_bucket("theirs", by=OTHER)
    made.lines()
    return made


async def test_an_upload(audited: Audited) -> None:
    headers = [("User-Agent", 'an "agent"\\\xe9')]
    answer = await audited.server.call("PUT", "/bucket/a%20%C3%BC", body=b"hello", headers=headers)
    line = audited.line()
    assert line.pop("milliseconds") >= 0
    assert line == {
        "time": "2026-03-14T12:00:00.750Z",
        "request_id": answer.request_id,
        "operation": "PutObject",
        "action": "oss:PutObject",
        "principal": "owner",
        "account": OWNER.id,
        "name": None,
        "access_key_id": OWNER.credentials.access_key_id,
        "bucket": "bucket",
        "key": "a ü",
        "version_id": None,
        "remote": "192.0.2.7",
        "user_agent": 'an "agent"\\é',
        "scheme": "http",
        "method": "PUT",
        "status": 200,
        "code": "",
        "ec": None,
        "received_bytes": 5,
        "sent_bytes": 0,
    }


async def test_reads_have_a_line_where_they_are_asked_for(audited: Audited) -> None:
    targets = ("/", "/bucket/", "/bucket/?acl", "/bucket/a", "/_ossicle/healthz", "/_ossicle/admin/v1/users")
    for made, count in ((audited, 0), (Audited(has_reads=True), len(targets))):
        await made.server.put_bucket("bucket")
        await made.server.put_object("/bucket/a")
        made.lines()
        for target in targets:
            assert (await made.server.call("GET", target)).status == 200
        assert len(made.lines()) == count


async def test_refusals_have_a_line_even_of_reads(audited: Audited) -> None:
    server = audited.server
    refused = await server.call("GET", "/theirs/")
    line = audited.line()
    assert (line["operation"], line["status"], line["code"]) == ("ListObjects", 403, "AccessDenied")
    assert (line["principal"], line["bucket"], line["ec"]) == ("owner", "theirs", refused.header("x-oss-ec"))
    await server.send("GET", "/bucket/key")
    assert (audited.line()["principal"], audited.lines()) == ("anonymous", [])
    await server.call("GET", "/none/key")
    line = audited.line()
    assert (line["bucket"], line["key"], line["code"]) == ("none", "key", "NoSuchBucket")
    await server.send("PUT", "/B/key")
    line = audited.line()
    assert (line["bucket"], line["code"], line["target"]) == (None, "InvalidBucketName", "/B/key")
    await server.send("GET", "/_ossicle/none")
    assert audited.line()["status"] == 400


async def test_who_proves_nothing_is_not_named(audited: Audited) -> None:
    for query in ("OSSAccessKeyId=i&Expires=1&Signature=s", "x-oss-signature-version=OSS4-HMAC-SHA256"):
        await audited.server.send("PUT", f"/bucket/key?{query}")
        line = audited.line()
        assert line["status"] >= 400
        assert (line["principal"], line["account"], line["access_key_id"]) == ("unproven", None, None)
    await audited.server.send("PUT", "/bucket/key", headers=[("Authorization", "OSS secret-as-id:signature")])
    line = audited.line()
    assert line["principal"] == "unproven"
    assert "secret-as-id" not in json.dumps(line)


async def test_users_and_sessions_have_their_names(audited: Audited) -> None:
    server = audited.server
    user = await make_user(server, "ann", allow("oss:PutObject"))
    await server.call("PUT", "/bucket/key", body=b"a", by=user)
    line = audited.line()
    assert (line["principal"], line["name"], line["account"]) == ("user", "ann", OWNER.id)
    assert line["access_key_id"] == user.credentials.access_key_id
    session = await assume(server, "role", allow("oss:PutObject"))
    await server.call("PUT", "/bucket/key", body=b"a", by=session)
    line = audited.line()
    assert (line["principal"], line["account"]) == ("session", OWNER.id)
    assert line["name"].startswith("role/")


async def test_versions_that_are_written_and_named(audited: Audited) -> None:
    server = audited.server
    on = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    await server.call("PUT", "/bucket/?versioning", body=on)
    written = await server.call("PUT", "/bucket/key", body=b"a")
    version_id = written.header("x-oss-version-id")
    assert version_id
    assert audited.lines()[1]["version_id"] == version_id
    await server.call("DELETE", f"/bucket/key?versionId={version_id}")
    line = audited.line()
    assert (line["action"], line["version_id"]) == ("oss:DeleteObjectVersion", version_id)


async def test_all_objects_of_one_deletion(audited: Audited) -> None:
    assert (await audited.server.call("POST", "/bucket/?delete", body=DELETION)).status == 200
    line = audited.line()
    assert line["operation"] == "DeleteMultipleObjects"
    assert line["objects"] == [{"key": "aü", "version_id": None}, {"key": "b", "version_id": "null"}]


async def test_a_form(audited: Audited) -> None:
    policy = encoded_policy(audited.server.clock.now, [{"bucket": "bucket"}, ["starts-with", "$key", ""]])
    proof = signed_v4(policy, OWNER.credentials, audited.server.clock.now)
    for changed, principal, status in (({}, "owner", 204), ({"x-oss-signature": "0" * 64}, "unproven", 403)):
        fields = [("key", "in/${filename}"), *{**proof, **changed}.items()]
        answer = await audited.server.send("POST", "/bucket/", headers=[FORM_TYPE], body=form(fields, b"hello"))
        assert answer.status == status
        line = audited.line()
        assert (line["operation"], line["principal"], line["key"]) == ("PostObject", principal, "in/photo.jpg")


async def test_the_administration(audited: Audited) -> None:
    body = b'{"user_name": "ann", "comments": "nobody\'s business"}'
    answer = await audited.server.call("POST", "/_ossicle/admin/v1/users", body=body)
    assert answer.status == 200
    line = audited.line()
    assert (line["operation"], line["action"], line["principal"]) == ("CreateUser", "ram:CreateUser", "owner")
    assert (line["bucket"], line["asked"]) == (None, {"user_name": "ann"})
    assert "target" not in line
    made = json.loads((await audited.server.call("POST", "/_ossicle/admin/v1/users/ann/keys")).body)
    asked = {"user_name": "ann", "made_access_key_id": made["access_key_id"]}
    assert audited.line()["asked"] == asked
    path = f"/_ossicle/admin/v1/users/ann/keys/{made['access_key_id']}"
    await audited.server.call("PUT", path, body=b'{"status": "Inactive"}')
    assert audited.line()["asked"] == {
        "user_name": "ann",
        "access_key_id": made["access_key_id"],
        "status": "Inactive",
    }
    await audited.server.call("PUT", "/_ossicle/admin/v1/users/ann", body=b'{"new_user_name": "bob"}')
    assert audited.line()["asked"] == {"user_name": "ann", "new_user_name": "bob"}
    refused = await audited.server.call("PUT", "/_ossicle/admin/v1/users/bob", body=b'{"new": "eve"}')
    assert refused.status == 400
    assert audited.line()["asked"] == {"user_name": "bob"}
    long = json.dumps({"user_name": "x" * 10_000}).encode()
    await audited.server.call("POST", "/_ossicle/admin/v1/users", body=long)
    assert audited.line()["asked"] == {"user_name": "x" * 256}


async def test_the_administration_and_sts_over_rpc(audited: Audited) -> None:
    server = audited.server
    assert (await call(server, "CreateUser", by=OWNER, version=RAM, UserName="ann", Comments="a")).status == 200
    line = audited.line()
    assert (line["action"], line["asked"]) == ("ram:CreateUser", {"user_name": "ann"})
    made = told(await call(server, "CreateAccessKey", by=OWNER, version=RAM, UserName="ann"))["AccessKey"]
    assert audited.line()["asked"] == {"user_name": "ann", "made_access_key_id": made["AccessKeyId"]}
    await assume(server, "uploader", allow("oss:PutObject"))
    user = await make_user(server, "bob", allow("sts:AssumeRole"))
    given = {"RoleArn": f"acs:ram::{OWNER.id}:role/uploader", "RoleSessionName": "phone"}
    session = told(await call(server, "AssumeRole", by=user, Policy=document(allow("oss:*")), **given))
    line = audited.line()
    assert (line["operation"], line["action"], line["name"]) == ("AssumeRole", "sts:AssumeRole", "bob")
    assert line["asked"] == {
        "role_arn": given["RoleArn"],
        "role_session_name": "phone",
        "made_access_key_id": session["Credentials"]["AccessKeyId"],
    }
    await call(server, "AssumeRole", by=OWNER, **given)
    line = audited.line()
    assert (line["code"], line["asked"]["role_session_name"]) == ("NoPermission", "phone")


PROOF = "x-oss-credential=id%2F20260314&x-oss-security-token=CAIS%2Bx&x-oss-signature=c0ffee"
PROOF_V1 = "OSSAccessKeyId=id&Expires=1&Signature=c0ffee%2Bx%3D&security-token=CAIS"


@pytest.mark.parametrize("proof", [PROOF, PROOF_V1])
async def test_a_mangled_url_leaves_no_signature(audited: Audited, proof: str) -> None:
    """Its `?` was encoded, or became `&`: the query is a part of the key then, and the request anonymous."""
    for target in (f"/bucket/key%3F{proof}", f"/bucket/key&{proof}", f"/bucket/key%3F{quote(proof)}", f"/{proof}"):
        agent = [("User-Agent", f"curl http://a{target}")]
        assert (await audited.server.send("PUT", target, body=b"a", headers=agent)).status >= 400
        line = json.dumps(audited.line())
        assert "c0ffee" not in line
        assert "CAIS" not in line
        assert "ignature=-" in line
    named = f"<Delete><Object><Key>key?{proof.replace('&', '&amp;')}</Key></Object></Delete>"
    assert (await audited.server.call("POST", "/bucket/?delete", body=named.encode())).status == 200
    assert "c0ffee" not in json.dumps(audited.line())


def test_a_gap_has_a_line() -> None:
    told = json.loads(render_loss(7))
    assert (told["operation"], told["lost_lines"]) == ("-", 7)
