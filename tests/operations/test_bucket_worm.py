"""Retention policies of buckets: begun, completed, aborted, extended; and what they keep from being changed, on every way there is."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from ossicle.services.identity import Principal
from ossicle.wire.api.bucket_worm import WORM
from ossicle.wire.errors import FileImmutable
from ossicle.wire.names import BucketName, ObjectKey, Versioning
from tests.support.elements import text
from tests.support.forms import FORM_TYPE, encoded_policy, form, signed_v4
from tests.support.inprocess import OTHER, OWNER, Answer, InProcessServer
from tests.support.uploading import initiate, part_bytes, put_part
from tests.support.versioning import set_versioning

IMMUTABLE = (409, "FileImmutable", "0026-00000005")
NONE = (404, "NoSuchWORMConfiguration", None)
LOCKED = (403, "WORMConfigurationLocked", None)
EXISTS = (409, "WORMConfigurationAlreadyExists", None)
INVALID = (400, "InvalidWORMConfiguration", None)
MALFORMED = (400, "MalformedXML", "0027-00000004")


async def initiate_worm(server: InProcessServer, days: object = 1, bucket: str = "bucket") -> Answer:
    document = (
        f"<InitiateWormConfiguration><RetentionPeriodInDays>{days}</RetentionPeriodInDays></InitiateWormConfiguration>"
    )
    return await server.call("POST", f"/{bucket}/?worm", body=document.encode())


async def complete_worm(server: InProcessServer, worm_id: str) -> Answer:
    return await server.call("POST", f"/bucket/?wormId={worm_id}")


async def extend_worm(server: InProcessServer, worm_id: str, days: object) -> Answer:
    document = (
        f"<ExtendWormConfiguration><RetentionPeriodInDays>{days}</RetentionPeriodInDays></ExtendWormConfiguration>"
    )
    return await server.call("POST", f"/bucket/?wormId={worm_id}&wormExtend", body=document.encode())


async def begun(server: InProcessServer, days: int = 1) -> str:
    answer = await initiate_worm(server, days)
    assert (answer.status, answer.body) == (200, b"")
    worm_id = answer.header("x-oss-worm-id")
    assert worm_id
    return worm_id


async def locked(server: InProcessServer, days: int = 1) -> str:
    worm_id = await begun(server, days)
    answer = await complete_worm(server, worm_id)
    assert (answer.status, answer.body) == (200, b"")
    return worm_id


async def told(server: InProcessServer) -> dict[str, str]:
    answer = await server.call("GET", "/bucket/?worm")
    assert answer.status == 200, answer.body
    assert answer.xml.name == "WormConfiguration"
    return {child.name: child.text for child in answer.xml.children}


# --------------------------------------------------------------------------------------------------- the policy itself


async def test_a_policy_is_begun_locked_and_extended(server: InProcessServer) -> None:
    assert (await server.call("GET", "/bucket/?worm")).refusal == NONE
    worm_id = await begun(server, 3)
    assert len(worm_id) == 16
    assert await told(server) == {
        "WormId": worm_id,
        "State": "InProgress",
        "RetentionPeriodInDays": "3",
        "CreationDate": "2026-03-14T12:00:00",
        "ExpirationDate": "2026-03-15T12:00:00",
    }
    server.clock.advance(hours=23)
    assert (await complete_worm(server, worm_id)).status == 200
    kept = {"WormId": worm_id, "State": "Locked", "RetentionPeriodInDays": "3", "CreationDate": "2026-03-14T12:00:00"}
    assert await told(server) == kept
    server.clock.advance(days=1000)
    assert (await extend_worm(server, worm_id, 3)).status == 200
    assert await told(server) == kept
    assert (await extend_worm(server, worm_id, 25550)).status == 200
    assert await told(server) == {**kept, "RetentionPeriodInDays": "25550"}


async def test_a_policy_that_nobody_completes_ends_after_a_day(server: InProcessServer) -> None:
    await server.put_object("/bucket/key")
    worm_id = await begun(server, 10)
    server.clock.advance(hours=23, minutes=59, seconds=59)
    assert (await server.call("DELETE", "/bucket/key")).refusal == IMMUTABLE
    server.clock.advance(seconds=1)
    assert (await server.call("GET", "/bucket/?worm")).refusal == NONE
    assert (await complete_worm(server, worm_id)).refusal == NONE
    assert (await extend_worm(server, worm_id, 20)).refusal == NONE
    assert (await server.call("PUT", "/bucket/key", body=b"new")).status == 200
    assert (await server.call("DELETE", "/bucket/key")).status == 204
    assert await begun(server) != worm_id


async def test_a_policy_is_aborted_until_it_is_locked(server: InProcessServer) -> None:
    assert (await server.call("DELETE", "/bucket/?worm")).status == 204
    await server.put_object("/bucket/key")
    worm_id = await begun(server)
    assert (await server.call("DELETE", "/bucket/?worm")).status == 204
    assert (await server.call("GET", "/bucket/?worm")).refusal == NONE
    assert (await complete_worm(server, worm_id)).refusal == NONE
    assert (await server.call("PUT", "/bucket/key", body=b"new")).status == 200
    await locked(server)
    assert (await server.call("DELETE", "/bucket/?worm")).refusal == LOCKED
    server.clock.advance(days=1000)
    assert (await server.call("DELETE", "/bucket/?worm")).refusal == LOCKED


async def test_what_is_refused_changes_nothing(server: InProcessServer) -> None:
    for document in (b"", b"<InitiateWormConfiguration/>", b"<WormConfiguration/>", b"<Initiate"):
        assert (await server.call("POST", "/bucket/?worm", body=document)).refusal == MALFORMED
    assert (await initiate_worm(server, "soon")).refusal == MALFORMED
    for days in (0, -1, 25551):
        assert (await initiate_worm(server, days)).refusal == INVALID
    assert (await server.call("GET", "/bucket/?worm")).refusal == NONE
    assert (await complete_worm(server, "1666E2CFB2B3418")).refusal == NONE
    assert (await extend_worm(server, "1666E2CFB2B3418", 2)).refusal == NONE
    worm_id = await begun(server, 5)
    before = await told(server)
    assert (await initiate_worm(server, 7)).refusal == EXISTS
    assert (await extend_worm(server, worm_id, 7)).refusal == INVALID
    assert (await complete_worm(server, worm_id.lower() + "0")).refusal == NONE
    assert await told(server) == before
    await complete_worm(server, worm_id)
    before = await told(server)
    assert (await initiate_worm(server, 7)).refusal == EXISTS
    assert (await complete_worm(server, worm_id)).refusal == LOCKED
    assert (await extend_worm(server, "1666E2CFB2B3418", 7)).refusal == NONE
    for days in (0, 4, 25551):
        assert (await extend_worm(server, worm_id, days)).refusal == INVALID
    assert (await server.call("POST", f"/bucket/?wormId={worm_id}&wormExtend")).refusal == MALFORMED
    assert await told(server) == before


async def test_an_unknown_id_says_so(server: InProcessServer) -> None:
    await begun(server)
    answer = await complete_worm(server, "1666E2CFB2B3418")
    assert answer.error.message == "The specified WORM ID does not exist."


@pytest.mark.parametrize("by", [OTHER, None])
async def test_only_the_owner_may(server: InProcessServer, by: object) -> None:
    await server.call("PUT", "/bucket/?acl", headers=[("x-oss-acl", "public-read-write")])
    worm_id = await begun(server)
    for method, query in (
        ("POST", "worm"), ("DELETE", "worm"), ("GET", "worm"), ("POST", f"wormId={worm_id}"), ("POST", f"wormId={worm_id}&wormExtend"),
    ):  # fmt: skip
        answer = await server.call(method, f"/bucket/?{query}", by=by)  # type: ignore[arg-type]
        assert answer.refusal[:2] == (403, "AccessDenied")
    assert (await told(server))["State"] == "InProgress"


async def test_a_bucket_made_anew_has_no_policy(server: InProcessServer) -> None:
    await locked(server)
    await server.put_object("/bucket/key")
    assert (await server.call("DELETE", "/bucket/")).refusal[1] == "BucketNotEmpty"
    server.clock.advance(days=1)
    assert (await server.call("DELETE", "/bucket/key")).status == 204
    assert (await server.call("DELETE", "/bucket/")).status == 204
    await server.put_bucket("bucket")
    assert (await server.call("GET", "/bucket/?worm")).refusal == NONE
    await server.put_object("/bucket/key")
    assert (await server.call("DELETE", "/bucket/key")).status == 204


# ------------------------------------------------------------------------------------------- every way to change an object

Write = Callable[[InProcessServer], Awaitable[Answer]]


async def put(server: InProcessServer) -> Answer:
    return await server.call("PUT", "/bucket/key", body=b"new")


async def put_large(server: InProcessServer) -> Answer:
    return await server.call("PUT", "/bucket/key", body=part_bytes(1))


async def delete(server: InProcessServer) -> Answer:
    return await server.call("DELETE", "/bucket/key")


async def delete_version(server: InProcessServer) -> Answer:
    return await server.call("DELETE", "/bucket/key?versionId=null")


async def copy_onto(server: InProcessServer) -> Answer:
    return await server.call("PUT", "/bucket/key", headers=[("x-oss-copy-source", "/bucket/source")])


async def copy_onto_itself(server: InProcessServer) -> Answer:
    headers = [("x-oss-copy-source", "/bucket/key"), ("x-oss-metadata-directive", "REPLACE"), ("x-oss-meta-a", "b")]
    return await server.call("PUT", "/bucket/key", headers=headers)


async def link(server: InProcessServer) -> Answer:
    return await server.call("PUT", "/bucket/key?symlink", headers=[("x-oss-symlink-target", "source")])


async def begin_upload(server: InProcessServer) -> Answer:
    return await server.call("POST", "/bucket/key?uploads")


async def post_form(server: InProcessServer) -> Answer:
    policy = encoded_policy(server.clock.now, [{"bucket": "bucket"}])
    fields = [("key", "key"), *signed_v4(policy, OWNER.credentials, server.clock.now).items()]
    return await server.send("POST", "/bucket/", headers=[FORM_TYPE], body=form(fields, b"new"))


async def append(server: InProcessServer) -> Answer:
    return await server.call("POST", "/bucket/log?append&position=5", body=b" more")


async def seal(server: InProcessServer) -> Answer:
    return await server.call("POST", "/bucket/log?seal", headers=[("x-oss-position", "5")])


WRITES = (put, put_large, delete, delete_version, copy_onto, copy_onto_itself, link, begin_upload, post_form, append)


async def filled(server: InProcessServer) -> list[Answer]:
    await server.put_object("/bucket/key")
    await server.put_object("/bucket/source")
    await server.call("POST", "/bucket/log?append&position=0", body=b"hello")
    return await seen(server)


async def seen(server: InProcessServer) -> list[Answer]:
    answers = [await server.call("GET", f"/bucket/{key}") for key in ("key", "source", "log")]
    assert [answer.status for answer in answers] == [200] * 3
    return answers


def contents(answers: list[Answer]) -> list[object]:
    return [(answer.body, answer.header("etag"), answer.header("last-modified")) for answer in answers]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("is_locked", [True, False])
async def test_nothing_changes_an_object_that_is_retained(
    server: InProcessServer, write: Write, is_locked: bool
) -> None:
    before = await filled(server)
    await (locked(server) if is_locked else begun(server))
    blobs = await server.stored_blobs()
    assert (await write(server)).refusal == IMMUTABLE
    assert contents(await seen(server)) == contents(before)
    assert await server.stored_blobs() == blobs


@pytest.mark.parametrize("write", WRITES)
async def test_after_its_days_an_object_is_like_any_other(server: InProcessServer, write: Write) -> None:
    await filled(server)
    await locked(server, 2)
    server.clock.advance(days=1, hours=23, minutes=59, seconds=59)
    assert (await write(server)).refusal == IMMUTABLE
    server.clock.advance(seconds=1)
    assert (await write(server)).status in (200, 204)


async def test_a_sealing_is_a_change(server: InProcessServer) -> None:
    await filled(server)
    await locked(server)
    target = "/bucket/log?seal&position=5"
    assert (await server.call("POST", target)).refusal == IMMUTABLE
    server.clock.advance(days=1)
    assert (await server.call("POST", target)).status == 200


async def test_days_count_from_the_last_modification(server: InProcessServer) -> None:
    await server.call("POST", "/bucket/log?append&position=0", body=b"a")
    server.clock.advance(days=5)
    await locked(server, 2)
    await server.put_object("/bucket/key")
    assert (await server.call("POST", "/bucket/log?append&position=1", body=b"b")).status == 200
    server.clock.advance(days=1)
    assert (await server.call("DELETE", "/bucket/log")).refusal == IMMUTABLE
    server.clock.advance(days=1)
    assert (await server.call("DELETE", "/bucket/log")).status == 204
    assert (await put(server)).status == 200
    assert (await put(server)).refusal == IMMUTABLE


async def test_an_extension_counts_for_what_is_there(server: InProcessServer) -> None:
    worm_id = await locked(server, 1)
    await server.put_object("/bucket/key")
    server.clock.advance(days=1)
    await extend_worm(server, worm_id, 2)
    assert (await delete(server)).refusal == IMMUTABLE
    server.clock.advance(days=1)
    assert (await delete(server)).status == 204


async def test_what_is_new_may_be_written_and_read(server: InProcessServer) -> None:
    await filled(server)
    await locked(server)
    assert (await server.call("PUT", "/bucket/another", body=b"x")).status == 200
    assert (await server.call("PUT", "/bucket/copy", headers=[("x-oss-copy-source", "/bucket/key")])).status == 200
    assert (await server.call("POST", "/bucket/log2?append&position=0", body=b"x")).status == 200
    assert (await server.call("DELETE", "/bucket/nothing")).status == 204
    upload_id = await initiate(server, "/bucket/large")
    await put_part(server, "/bucket/large", upload_id, 1, b"part")
    assert (await server.call("DELETE", f"/bucket/large?uploadId={upload_id}")).status == 204
    assert (await server.call("PUT", "/bucket/key?acl", headers=[("x-oss-object-acl", "private")])).status == 200
    tagging = b"<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"
    assert (await server.call("PUT", "/bucket/key?tagging", body=tagging)).status == 200


async def test_an_upload_that_began_before_is_judged_when_it_is_completed(server: InProcessServer) -> None:
    await server.put_object("/bucket/key")
    upload_id = await initiate(server, "/bucket/key")
    await put_part(server, "/bucket/key", upload_id, 1, b"part")
    await locked(server)
    headers = [("x-oss-complete-all", "yes")]
    target = f"/bucket/key?uploadId={upload_id}"
    assert (await server.call("POST", target, headers=headers)).refusal == IMMUTABLE
    assert (await server.call("GET", "/bucket/key")).body == b"hello"
    server.clock.advance(days=1)
    assert (await server.call("POST", target, headers=headers)).status == 200


async def test_of_many_those_stay_that_are_retained(server: InProcessServer) -> None:
    await server.put_object("/bucket/old/é<&")
    server.clock.advance(days=1)
    await server.put_object("/bucket/new/é<&")
    await locked(server)
    asked = b"<Object><Key>new/\xc3\xa9&lt;&amp;</Key></Object><Object><Key>old/\xc3\xa9&lt;&amp;</Key></Object>"
    answer = await server.call("POST", "/bucket/?delete&encoding-type=url", body=b"<Delete>" + asked + b"</Delete>")
    assert answer.status == 200
    assert [child.name for child in answer.xml.children] == ["EncodingType", "Deleted", "Error"]
    deleted, error = answer.xml.children[1:]
    assert [(child.name, child.text) for child in deleted.children] == [("Key", "old%2F%C3%A9%3C%26")]
    assert [(child.name, child.text) for child in error.children] == [
        ("Key", "new%2F%C3%A9%3C%26"),
        ("Code", "FileImmutable"),
        ("Message", "The object you specified is immutable."),
        ("EC", "0026-00000005"),
    ]
    quiet = b"<Delete><Quiet>true</Quiet>" + asked + b"</Delete>"
    answer = await server.call("POST", "/bucket/?delete", body=quiet)
    assert [child.name for child in answer.xml.children] == ["Error"]
    server.clock.advance(days=1)
    assert (await server.call("POST", "/bucket/?delete", body=quiet)).body == b""
    assert text(await server.call("GET", "/bucket/?list-type=2"), "KeyCount") == "0"


async def test_who_may_not_write_is_told_that_first(server: InProcessServer) -> None:
    await filled(server)
    await locked(server)
    for method in ("PUT", "DELETE"):
        assert (await server.call(method, "/bucket/key", by=OTHER)).refusal[1] == "AccessDenied"
    headers = [("x-oss-forbid-overwrite", "true")]
    assert (await server.call("PUT", "/bucket/key", headers=headers)).refusal[1] == "FileAlreadyExists"
    await server.call("PUT", "/bucket/key?acl", headers=[("x-oss-object-acl", "public-read-write")])
    for by in (OTHER, None):
        assert (await server.call("PUT", "/bucket/key", by=by)).refusal == IMMUTABLE


async def test_a_refusal_does_not_wait_for_the_body(server: InProcessServer) -> None:
    await server.put_object("/bucket/key")
    await locked(server)
    headers = server.signed("PUT", "/bucket/key")
    exchange = server.exchange("PUT", "/bucket/key", headers=[*headers.items()], body=[b"x" * 1000] * 100)
    assert (await server.carry_out(exchange)).refusal == IMMUTABLE


@pytest.mark.parametrize("size", [10, 100_000])
@pytest.mark.parametrize(
    ("method", "target"), [("PUT", "/bucket/key"), ("POST", "/bucket/log?append&position=5"), ("POST", "/bucket/")]
)
async def test_a_policy_that_comes_while_a_body_does_counts(
    server: InProcessServer, method: str, target: str, size: int
) -> None:
    before = await filled(server)
    blobs = await server.stored_blobs()
    headers, body = list(server.signed(method, target).items()), bytes(size)
    if target == "/bucket/":
        policy = encoded_policy(server.clock.now, [{"bucket": "bucket"}])
        fields = [("key", "key"), *signed_v4(policy, OWNER.credentials, server.clock.now).items()]
        headers, body = [FORM_TYPE], form(fields, body)
    exchange = server.exchange(method, target, headers=headers, body=[body[:-5], body[-5:]])
    receive = exchange.receive

    async def late() -> dict[str, object]:
        if exchange.received == 1:
            await locked(server)
        return await receive()

    await server.edge(exchange.scope, late, exchange.send)
    assert exchange.answer().refusal == IMMUTABLE
    assert contents(await seen(server)) == contents(before)
    assert await server.stored_blobs() == blobs


async def test_who_saw_the_bucket_before_the_policy_is_judged_by_it(server: InProcessServer) -> None:
    await server.put_object("/bucket/key")
    stale = await server.services.buckets.find(BucketName("bucket"))
    assert stale is not None
    await locked(server)
    principal = Principal(account=OWNER.id)
    (deleted,) = await server.services.objects.delete(principal, stale, [(ObjectKey("key"), None)])
    assert isinstance(deleted.refusal, FileImmutable)
    assert WORM.kind not in stale.settings


async def test_deletions_that_race_with_a_policy(server: InProcessServer) -> None:
    """Each either comes first and deletes, or comes later and is refused: a deletion is never acknowledged and undone, or the reverse."""
    for number in range(20):
        await server.put_object(f"/bucket/{number}")
    answers = await asyncio.gather(
        *(server.call("DELETE", f"/bucket/{number}") for number in range(10)),
        initiate_worm(server),
        *(server.call("DELETE", f"/bucket/{number}") for number in range(10, 20)),
    )
    for number, answer in enumerate([*answers[:10], *answers[11:]]):
        there = (await server.call("HEAD", f"/bucket/{number}")).status == 200
        assert answer.refusal == (IMMUTABLE if there else (204, "", None))


# ----------------------------------------------------------------------------------------------------------- versions


async def test_where_there_are_versions_each_is_retained(server: InProcessServer) -> None:
    await server.put_object("/bucket/key", b"null")
    await set_versioning(server, "Enabled")
    await locked(server)
    first = (await server.put_object("/bucket/key", b"first")).header("x-oss-version-id")
    second = (await server.put_object("/bucket/key", b"second")).header("x-oss-version-id")
    marker = (await server.call("DELETE", "/bucket/key")).header("x-oss-version-id")
    for version in ("null", first, second):
        assert (await server.call("DELETE", f"/bucket/key?versionId={version}")).refusal == IMMUTABLE
    assert (await server.call("DELETE", f"/bucket/key?versionId={marker}")).status == 204
    assert (await server.call("GET", "/bucket/key")).body == b"second"
    server.clock.advance(days=1)
    for version in ("null", first, second):
        assert (await server.call("DELETE", f"/bucket/key?versionId={version}")).status == 204


async def test_versioning_stays_as_it_is(server: InProcessServer) -> None:
    worm_id = await begun(server)
    for status in ("Enabled", "Suspended"):
        document = f"<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>".encode()
        assert (await server.call("PUT", "/bucket/?versioning", body=document)).refusal == EXISTS
    assert (await server.call("DELETE", "/bucket/?worm")).status == 204
    await set_versioning(server, "Enabled")
    assert (await initiate_worm(server)).status == 200
    await set_versioning(server, "Enabled")
    document = b"<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"
    assert (await server.call("PUT", "/bucket/?versioning", body=document)).refusal == EXISTS
    assert (await complete_worm(server, worm_id)).refusal == NONE


async def test_where_versions_are_suspended_no_policy_is_begun(server: InProcessServer) -> None:
    await set_versioning(server, "Suspended")
    assert (await initiate_worm(server)).refusal == (400, "InvalidWORMConfiguration", "0027-00000003")
    await set_versioning(server, "Enabled")
    assert (await initiate_worm(server)).status == 200


async def test_a_version_that_a_suspension_would_replace_stays(server: InProcessServer) -> None:
    """A policy never gets there with suspended versions; one that is found there all the same counts."""
    await begun(server)
    await server.put_object("/bucket/key", b"null")
    row = await server.services.buckets.find(BucketName("bucket"))
    assert row is not None
    await server.metadata.transact(lambda rows: rows.update_bucket(replace(row, versioning=Versioning.SUSPENDED)))
    assert (await put(server)).refusal == IMMUTABLE
    assert (await delete(server)).refusal == IMMUTABLE
