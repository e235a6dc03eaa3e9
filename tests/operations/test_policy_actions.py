"""Every operation needs the action that policies name it by, and no other."""

import pytest

from ossicle.model.policy.actions import actions_of
from ossicle.operations import HANDLERS
from ossicle.wire.api import OPERATIONS
from ossicle.wire.operation import AnyOperation, Level
from tests.support.inprocess import OWNER, Account, Answer, InProcessServer, build_server
from tests.support.ram import allow, deny, make_user

SERVED = [operation for operation in OPERATIONS if operation.name in HANDLERS and not operation.is_form]
COPIES = ("CopyObject", "UploadPartCopy")
# An object that is not there is not worth more than a key that names it: `DeleteMultipleObjects` names its keys in a document.
DELETION = b"<Delete><Object><Key>key</Key></Object></Delete>"
MORE = {
    "AppendObject": "position=0",
    "SealAppendObject": "position=0",
    "UploadPart": "partNumber=1&uploadId=0",
    "UploadPartCopy": "partNumber=1&uploadId=0",
}
"""Without which what was asked for would be refused before anybody is judged."""
PATHS = {Level.SERVICE: "/", Level.BUCKET: "/bucket/", Level.OBJECT: "/bucket/key"}


def target_of(operation: AnyOperation) -> str:
    path = PATHS[operation.level]
    if operation.name in ("PutBucket", "DeleteBucket"):
        path = "/another/" if operation.name == "PutBucket" else "/bucket/"
    if operation.name in MORE:
        given = "&".join(name for name in operation.selectors if name not in MORE[operation.name])
        return f"{path}?{given}&{MORE[operation.name]}".replace("?&", "?")
    query = "&".join(f"{name}={value}" if value else name for name, value in operation.selector_pairs)
    return f"{path}?{query}" if query else path


async def ask(server: InProcessServer, operation: AnyOperation, user: Account) -> Answer:
    headers = []
    if operation.name in COPIES:
        headers.append(("x-oss-copy-source", "/bucket/key"))
    elif operation.name == "PutSymlink":
        headers.append(("x-oss-symlink-target", "key"))
    elif operation.header_selector is not None:
        headers.append((operation.header_selector.decode(), "x"))
    body = DELETION if operation.name == "DeleteMultipleObjects" else b""
    return await server.call(operation.method, target_of(operation), by=user, headers=headers, body=body)


def is_denied(answer: Answer) -> bool:
    return answer.status == 403 and (answer.method == "HEAD" or answer.error.code == "AccessDenied")


async def setting() -> InProcessServer:
    server = build_server()
    await server.put_bucket("bucket")
    await server.put_object("/bucket/key")
    return server


@pytest.mark.parametrize("operation", SERVED, ids=lambda operation: operation.name)
async def test_an_operation_needs_its_action(operation: AnyOperation) -> None:
    server = await setting()
    needed = [*actions_of(operation.name), *(["oss:GetObject"] if operation.name in COPIES else [])]
    nobody = await make_user(server, "nobody")
    assert is_denied(await ask(server, operation, nobody)), "without a policy"
    others = await make_user(server, "others", {"Effect": "Allow", "NotAction": needed, "Resource": "*"})
    assert is_denied(await ask(server, operation, others)), "with all other actions"
    denied = await make_user(server, "denied", allow("oss:*"), deny(needed[0]))
    assert is_denied(await ask(server, operation, denied)), "with everything but this"
    allowed = await make_user(server, "allowed", allow(*needed))
    assert not is_denied(await ask(server, operation, allowed)), "with its action"


@pytest.mark.parametrize("operation", SERVED, ids=lambda operation: operation.name)
async def test_an_operation_needs_its_resource(operation: AnyOperation) -> None:
    server = await setting()
    prefix = f"acs:oss:*:{OWNER.id}:"
    wrong = [f"{prefix}buckets", f"{prefix}bucket/keys", f"{prefix}other", f"{prefix}another/key"]
    right = {
        Level.SERVICE: [f"{prefix}*"],
        Level.BUCKET: [f"{prefix}another", f"{prefix}bucket"],
        Level.OBJECT: [f"{prefix}bucket/key"],
    }[operation.level]
    if operation.name == "DeleteMultipleObjects":
        right = [f"{prefix}bucket/key"]
    elsewhere = await make_user(server, "elsewhere", allow("oss:*", on=wrong))
    assert is_denied(await ask(server, operation, elsewhere))
    here = await make_user(server, "here", allow("oss:*", on=right))
    assert not is_denied(await ask(server, operation, here))


@pytest.mark.parametrize(
    ("method", "target", "action"),
    [
        ("GET", "/bucket/key?versionId=null", "oss:GetObjectVersion"),
        ("HEAD", "/bucket/key?versionId=null", "oss:GetObjectVersion"),
        ("DELETE", "/bucket/key?versionId=null", "oss:DeleteObjectVersion"),
        ("GET", "/bucket/key?acl&versionId=null", "oss:GetObjectVersionAcl"),
        ("GET", "/bucket/key?tagging&versionId=null", "oss:GetObjectVersionTagging"),
        ("DELETE", "/bucket/key?tagging&versionId=null", "oss:DeleteObjectVersionTagging"),
    ],
)
async def test_a_version_needs_an_action_of_its_own(method: str, target: str, action: str) -> None:
    server = await setting()
    plain = await make_user(server, "plain", {"Effect": "Allow", "NotAction": action, "Resource": "*"})
    assert is_denied(await server.call(method, target, by=plain))
    versions = await make_user(server, "versions", allow(action))
    assert not is_denied(await server.call(method, target, by=versions))


async def test_a_deletion_of_a_version_among_many_needs_it_too() -> None:
    server = await setting()
    body = b"<Delete><Object><Key>key</Key><VersionId>null</VersionId></Object></Delete>"
    user = await make_user(server, "user", allow("oss:DeleteObject"))
    assert is_denied(await server.call("POST", "/bucket/?delete", by=user, body=body))
    versions = await make_user(server, "versions", allow("oss:DeleteObjectVersion"))
    assert (await server.call("POST", "/bucket/?delete", by=versions, body=body)).status == 200


async def test_tags_of_a_write_need_an_action_of_their_own() -> None:
    server = await setting()
    headers = [("x-oss-tagging", "a=b")]
    plain = await make_user(server, "plain", allow("oss:PutObject"))
    assert (await server.call("PUT", "/bucket/new", by=plain)).status == 200
    assert is_denied(await server.call("PUT", "/bucket/new", by=plain, headers=headers))
    both = await make_user(server, "both", allow("oss:PutObject", "oss:PutObjectTagging"))
    assert (await server.call("PUT", "/bucket/new", by=both, headers=headers)).status == 200
