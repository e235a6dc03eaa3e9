"""Retention and legal hold of single versions: asked for, told, extended, bypassed; and what it keeps from being removed."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from ossicle.wire.text import render_iso_millis
from tests.support.elements import text
from tests.support.forms import FORM_TYPE, encoded_policy, form, signed_v4
from tests.support.inprocess import NOON, OTHER, OWNER, Answer, InProcessServer
from tests.support.ram import allow, deny, make_user
from tests.support.uploading import initiate, put_part
from tests.support.versioning import put_versioning, set_versioning

IMMUTABLE = (409, "FileImmutable", "0026-00000005")
MALFORMED = (400, "MalformedXML", "0015-00000231")
NOT_ENABLED = (400, "InvalidRequest", None)
INVALID = (400, "InvalidArgument", None)
DENIED = (403, "AccessDenied", None)
EXISTS = (409, "WORMConfigurationAlreadyExists", None)
UNSUPPORTED = (400, "OperationNotSupported", "0016-00000702")
NONE = (404, "NoSuchWORMConfiguration", None)
BYPASS = ("x-oss-bypass-governance-retention", "true")
MODE, UNTIL, HOLD = (
    "x-oss-object-worm-mode",
    "x-oss-object-worm-retain-until-date",
    "x-oss-object-worm-legal-hold",
)


def after(**delta: float) -> str:
    return render_iso_millis(NOON.replace(microsecond=0) + timedelta(**delta))


async def put_worm(server: InProcessServer, inside: str = "<ObjectWormEnabled>Enabled</ObjectWormEnabled>") -> Answer:
    document = f"<ObjectWormConfiguration>{inside}</ObjectWormConfiguration>"
    return await server.call("PUT", "/bucket/?objectWorm", body=document.encode())


def rule(inside: str) -> str:
    return f"<ObjectWormEnabled>Enabled</ObjectWormEnabled><Rule><DefaultRetention>{inside}</DefaultRetention></Rule>"


async def enable(server: InProcessServer, inside: str | None = None) -> None:
    await set_versioning(server, "Enabled")
    answer = await (put_worm(server) if inside is None else put_worm(server, rule(inside)))
    assert (answer.status, answer.body) == (200, b"")


async def retain(
    server: InProcessServer,
    mode: str,
    until: str,
    *headers: tuple[str, str],
    version: str | None = None,
    key: str = "key",
) -> Answer:
    document = f"<Retention><Mode>{mode}</Mode><RetainUntilDate>{until}</RetainUntilDate></Retention>"
    target = f"/bucket/{key}?retention" + ("" if version is None else f"&versionId={version}")
    return await server.call("PUT", target, headers=headers, body=document.encode())


async def hold(server: InProcessServer, status: str, version: str | None = None) -> Answer:
    target = "/bucket/key?legalHold" + ("" if version is None else f"&versionId={version}")
    return await server.call("PUT", target, body=f"<LegalHold><Status>{status}</Status></LegalHold>".encode())


async def put(server: InProcessServer, *headers: tuple[str, str], body: bytes = b"hello") -> str:
    version = (await server.put_object("/bucket/key", body, *headers)).header("x-oss-version-id")
    assert version is not None
    return version


async def remove(server: InProcessServer, version: str, *headers: tuple[str, str]) -> Answer:
    return await server.call("DELETE", f"/bucket/key?versionId={version}", headers=headers)


async def told(server: InProcessServer, target: str = "/bucket/key") -> tuple[str | None, str | None, str | None]:
    head = await server.call("HEAD", target)
    got = await server.call("GET", target)
    names = (MODE, UNTIL, HOLD)
    assert [head.header(name) for name in names] == [got.header(name) for name in names]
    return head.header(MODE), head.header(UNTIL), head.header(HOLD)


# ----------------------------------------------------------------------------------------------- what a bucket says of it


@pytest.mark.parametrize(
    "inside",
    [
        "<ObjectWormEnabled>Enabled</ObjectWormEnabled>",
        rule("<Mode>COMPLIANCE</Mode><Days>1</Days>"),
        rule("<Mode>GOVERNANCE</Mode><Years>100</Years>"),
        rule("<Mode>GOVERNANCE</Mode><Days>36500</Days>"),
    ],
)
async def test_what_is_put_is_told(server: InProcessServer, inside: str) -> None:
    assert (await server.call("GET", "/bucket/?objectWorm")).refusal == NONE
    await set_versioning(server, "Enabled")
    assert (await put_worm(server, inside)).status == 200
    answer = await server.call("GET", "/bucket/?objectWorm")
    assert answer.body.decode().endswith(f"<ObjectWormConfiguration>{inside}</ObjectWormConfiguration>")


@pytest.mark.parametrize(
    ("inside", "refusal"),
    [
        ("", MALFORMED),
        ("<ObjectWormEnabled>Disabled</ObjectWormEnabled>", MALFORMED),
        ("<ObjectWormEnabled>Enabled</ObjectWormEnabled><Rule/>", MALFORMED),
        (rule(""), MALFORMED),
        (rule("<Mode>COMPLIANCE</Mode>"), MALFORMED),
        (rule("<Days>1</Days>"), MALFORMED),
        (rule("<Mode>compliance</Mode><Days>1</Days>"), MALFORMED),
        (rule("<Mode>COMPLIANCE</Mode><Days>1</Days><Years>1</Years>"), MALFORMED),
        (rule("<Mode>COMPLIANCE</Mode><Days>soon</Days>"), MALFORMED),
        (rule("<Mode>COMPLIANCE</Mode><Days>0</Days>"), INVALID),
        (rule("<Mode>COMPLIANCE</Mode><Days>36501</Days>"), INVALID),
        (rule("<Mode>COMPLIANCE</Mode><Years>0</Years>"), INVALID),
        (rule("<Mode>COMPLIANCE</Mode><Years>101</Years>"), INVALID),
    ],
)
async def test_what_is_refused_changes_nothing(
    server: InProcessServer, inside: str, refusal: tuple[int, str, str | None]
) -> None:
    await enable(server)
    before = (await server.call("GET", "/bucket/?objectWorm")).body
    assert (await put_worm(server, inside)).refusal == refusal
    assert (await server.call("GET", "/bucket/?objectWorm")).body == before


async def test_it_needs_versions_and_keeps_them(server: InProcessServer) -> None:
    assert (await put_worm(server)).refusal == NOT_ENABLED
    await set_versioning(server, "Suspended")
    assert (await put_worm(server)).refusal == NOT_ENABLED
    await enable(server)
    assert (await put_versioning(server, "<Status>Suspended</Status>")).refusal == EXISTS
    assert (await put_versioning(server, "<Status>Enabled</Status>")).status == 200
    assert (await server.call("DELETE", "/bucket/?objectWorm")).refusal[1] == "MethodNotAllowed"


async def test_the_two_kinds_exclude_each_other(server: InProcessServer) -> None:
    days = b"<InitiateWormConfiguration><RetentionPeriodInDays>1</RetentionPeriodInDays></InitiateWormConfiguration>"
    await set_versioning(server, "Enabled")
    assert (await server.call("POST", "/bucket/?worm", body=days)).status == 200
    assert (await put_worm(server)).refusal == EXISTS
    server.clock.advance(days=1)
    assert (await put_worm(server)).status == 200
    assert (await server.call("POST", "/bucket/?worm", body=days)).refusal == EXISTS


async def test_appendable_objects_are_not_made(server: InProcessServer) -> None:
    await server.call("POST", "/bucket/log?append&position=0", body=b"hello")
    await enable(server)
    assert (await server.call("POST", "/bucket/log?append&position=5", body=b"x")).refusal == UNSUPPORTED
    assert (await server.call("POST", "/bucket/log2?append&position=0", body=b"x")).refusal == UNSUPPORTED
    assert (await retain(server, "COMPLIANCE", after(days=1), key="log")).refusal == UNSUPPORTED


# --------------------------------------------------------------------------------------------------- what a version says


async def test_a_version_is_retained_until_its_date(server: InProcessServer) -> None:
    await enable(server)
    first = await put(server)
    second = await put(server, body=b"second")
    assert (await server.call("GET", "/bucket/key?retention")).refusal == NONE
    answer = await retain(server, "COMPLIANCE", after(days=2), version=first)
    assert (answer.status, answer.body) == (200, b"")
    got = await server.call("GET", f"/bucket/key?retention&versionId={first}")
    assert got.body.decode().endswith(
        f"<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>{after(days=2)}</RetainUntilDate></Retention>"
    )
    assert await told(server, f"/bucket/key?versionId={first}") == ("COMPLIANCE", after(days=2), None)
    assert await told(server) == (None, None, None)
    assert (await remove(server, second)).status == 204
    server.clock.advance(days=1, hours=23, minutes=59, seconds=59)
    for headers in ((), (BYPASS,)):
        assert (await remove(server, first, *headers)).refusal == IMMUTABLE
    server.clock.advance(seconds=1)
    assert (await remove(server, first)).status == 204


async def test_a_legal_hold_has_no_end(server: InProcessServer) -> None:
    await enable(server)
    version = await put(server)
    assert text(await server.call("GET", "/bucket/key?legalHold"), "Status") == "OFF"
    assert (await hold(server, "ON")).status == 200
    assert text(await server.call("GET", f"/bucket/key?legalHold&versionId={version}"), "Status") == "ON"
    assert await told(server) == (None, None, "ON")
    server.clock.advance(days=36500)
    assert (await remove(server, version, BYPASS)).refusal == IMMUTABLE
    assert (await hold(server, "OFF", version)).status == 200
    assert await told(server) == (None, None, None)
    assert (await remove(server, version)).status == 204


async def test_an_upload_says_it_in_headers(server: InProcessServer) -> None:
    await enable(server)
    headers = [(MODE, "GOVERNANCE"), (UNTIL, after(days=1)), (HOLD, "ON")]
    expected = ("GOVERNANCE", after(days=1), "ON")
    version = await put(server, *headers)
    assert await told(server) == expected
    copied = await server.call("PUT", "/bucket/copy", headers=[("x-oss-copy-source", "/bucket/key")])
    assert copied.status == 200
    assert await told(server, "/bucket/copy") == (None, None, None)
    await server.put_object("/bucket/source")
    copied = await server.call("PUT", "/bucket/copy", headers=[("x-oss-copy-source", "/bucket/source"), *headers])
    assert copied.status == 200
    assert await told(server, "/bucket/copy") == expected
    upload_id = await initiate(server, "/bucket/large", *headers)
    await put_part(server, "/bucket/large", upload_id, 1, b"part")
    done = await server.call("POST", f"/bucket/large?uploadId={upload_id}", headers=[("x-oss-complete-all", "yes")])
    assert done.status == 200
    assert await told(server, "/bucket/large") == expected
    await hold(server, "OFF", version)
    assert (await remove(server, version)).refusal == IMMUTABLE


@pytest.mark.parametrize(
    "headers",
    [
        [(MODE, "COMPLIANCE")],
        [(UNTIL, after(days=1))],
        [(MODE, "COMPLIANCE"), (UNTIL, "tomorrow")],
        [(MODE, "COMPLIANCE"), (UNTIL, "")],
        [(MODE, "COMPLIANCE"), (UNTIL, after(seconds=0))],
        [(MODE, "compliance"), (UNTIL, after(days=1))],
        [(HOLD, "on")],
        [(HOLD, "")],
    ],
)
async def test_headers_that_make_no_sense_are_refused(
    server: InProcessServer, headers: Sequence[tuple[str, str]]
) -> None:
    await enable(server)
    assert (await server.call("PUT", "/bucket/key", headers=headers)).refusal[:2] == INVALID[:2]
    assert (await server.call("POST", "/bucket/key?uploads", headers=headers)).refusal[:2] == INVALID[:2]
    assert (await server.call("HEAD", "/bucket/key")).status == 404


async def test_where_it_was_not_allowed_it_is_refused(server: InProcessServer) -> None:
    await set_versioning(server, "Enabled")
    await server.put_object("/bucket/key")
    for headers in ([(MODE, "COMPLIANCE"), (UNTIL, after(days=1))], [(HOLD, "ON")], [(HOLD, "OFF")]):
        assert (await server.call("PUT", "/bucket/new", headers=headers)).refusal == NOT_ENABLED
    assert (await retain(server, "COMPLIANCE", after(days=1))).refusal == NOT_ENABLED
    assert (await hold(server, "ON")).refusal == NOT_ENABLED


@pytest.mark.parametrize(
    "target", ["/bucket/key?append&position=0", "/bucket/key?symlink", "/bucket/key?partNumber=1&uploadId=A"]
)
async def test_other_writes_do_not_take_it(server: InProcessServer, target: str) -> None:
    await enable(server)
    method = "POST" if "append" in target else "PUT"
    headers = [(HOLD, "ON"), ("x-oss-symlink-target", "a")]
    answer = await server.call(method, target, headers=headers)
    assert answer.refusal == (400, "NotImplemented", None)
    assert answer.error.details == {"Header": HOLD}


@pytest.mark.parametrize(
    "document",
    [
        b"", b"<Retention/>", b"<Retention><Mode>COMPLIANCE</Mode></Retention>",
        b"<Retention><RetainUntilDate>2030-01-01T00:00:00.000Z</RetainUntilDate></Retention>",
        b"<Retention><Mode>FOREVER</Mode><RetainUntilDate>2030-01-01T00:00:00.000Z</RetainUntilDate></Retention>",
        b"<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>tomorrow</RetainUntilDate></Retention>",
    ],
)  # fmt: skip
async def test_a_malformed_retention_changes_nothing(server: InProcessServer, document: bytes) -> None:
    await enable(server)
    await put(server)
    assert (await server.call("PUT", "/bucket/key?retention", body=document)).refusal == MALFORMED
    assert (await retain(server, "COMPLIANCE", after(seconds=0))).refusal == INVALID
    for held in (b"", b"<LegalHold/>", b"<LegalHold><Status>on</Status></LegalHold>"):
        assert (await server.call("PUT", "/bucket/key?legalHold", body=held)).refusal == MALFORMED
    assert await told(server) == (None, None, None)


async def test_what_is_not_there_has_neither(server: InProcessServer) -> None:
    await enable(server)
    nobody = "CAEQNRiBgICAgICAgEAiIDNlNzk5NGE2M2Y3ZjRhZTViYTAxZGE0ZTEyMWYyYTU3"
    for name in ("retention", "legalHold"):
        assert (await server.call("GET", f"/bucket/key?{name}")).refusal[1] == "NoSuchKey"
        assert (await server.call("GET", f"/bucket/key?{name}&versionId={nobody}")).refusal[1] == "NoSuchVersion"
    assert (await retain(server, "COMPLIANCE", after(days=1))).refusal[1] == "NoSuchKey"
    assert (await hold(server, "ON", nobody)).refusal[1] == "NoSuchVersion"


@pytest.mark.parametrize("by", [OTHER, None])
async def test_only_the_owner_may(server: InProcessServer, by: object) -> None:
    await enable(server)
    await server.call("PUT", "/bucket/?acl", headers=[("x-oss-acl", "public-read-write")])
    version = await put(server, (MODE, "GOVERNANCE"), (UNTIL, after(days=1)))
    for method in ("GET", "PUT"):
        for target in ("/bucket/key?retention", "/bucket/key?legalHold", "/bucket/?objectWorm"):
            assert (await server.call(method, target, by=by)).refusal[1] == "AccessDenied"  # type: ignore[arg-type]
    answer = await server.call("DELETE", f"/bucket/key?versionId={version}", by=by, headers=[BYPASS])  # type: ignore[arg-type]
    assert answer.refusal == IMMUTABLE


# ---------------------------------------------------------------------------------------------- changing what there is


@pytest.mark.parametrize(
    ("there", "wanted", "plain", "bypassing"),
    [
        (("COMPLIANCE", 5), ("COMPLIANCE", 6), True, True),
        (("COMPLIANCE", 5), ("COMPLIANCE", 5), True, True),
        (("COMPLIANCE", 5), ("COMPLIANCE", 4), False, False),
        (("COMPLIANCE", 5), ("GOVERNANCE", 6), False, False),
        (("GOVERNANCE", 5), ("GOVERNANCE", 6), True, True),
        (("GOVERNANCE", 5), ("COMPLIANCE", 5), True, True),
        (("GOVERNANCE", 5), ("GOVERNANCE", 4), False, True),
        (("GOVERNANCE", 5), ("COMPLIANCE", 4), False, True),
    ],
)
async def test_a_retention_grows_and_only_governance_shrinks(
    server: InProcessServer, there: tuple[str, int], wanted: tuple[str, int], plain: bool, bypassing: bool
) -> None:
    await enable(server)
    for headers, is_allowed in (((), plain), ((BYPASS,), bypassing)):
        await put(server)
        assert (await retain(server, there[0], after(days=there[1]))).status == 200
        answer = await retain(server, wanted[0], after(days=wanted[1]), *headers)
        assert answer.refusal == ((200, "", None) if is_allowed else DENIED)
        mode, days = wanted if is_allowed else there
        assert (await told(server))[:2] == (mode, after(days=days))


async def test_what_is_over_may_be_replaced_by_anything(server: InProcessServer) -> None:
    await enable(server)
    await put(server, (MODE, "COMPLIANCE"), (UNTIL, after(days=5)))
    server.clock.advance(days=5)
    assert (await retain(server, "GOVERNANCE", after(days=5, seconds=1))).status == 200


async def test_governance_is_bypassed_by_who_says_so(server: InProcessServer) -> None:
    await enable(server)
    version = await put(server, (MODE, "GOVERNANCE"), (UNTIL, after(days=5)))
    asked = f"<Delete><Object><Key>key</Key><VersionId>{version}</VersionId></Object></Delete>".encode()
    assert (await remove(server, version)).refusal == IMMUTABLE
    assert (await remove(server, version, (BYPASS[0], "false"))).refusal == IMMUTABLE
    answer = await server.call("POST", "/bucket/?delete", body=asked)
    assert [child.name for child in answer.xml.children] == ["Error"]
    answer = await server.call("POST", "/bucket/?delete", body=asked, headers=[BYPASS])
    assert [child.name for child in answer.xml.children] == ["Deleted"]
    version = await put(server, (MODE, "GOVERNANCE"), (UNTIL, after(days=5)))
    assert (await remove(server, version, BYPASS)).status == 204


# --------------------------------------------------------------------------------------------- what new objects get


async def test_new_objects_get_the_default(server: InProcessServer) -> None:
    await server.put_object("/bucket/old")
    await enable(server, "<Mode>COMPLIANCE</Mode><Days>3</Days>")
    expected = ("COMPLIANCE", after(days=3), None)
    await put(server)
    await server.call("PUT", "/bucket/copy", headers=[("x-oss-copy-source", "/bucket/old")])
    upload_id = await initiate(server, "/bucket/large")
    await put_part(server, "/bucket/large", upload_id, 1, b"part")
    await server.call("POST", f"/bucket/large?uploadId={upload_id}", headers=[("x-oss-complete-all", "yes")])
    policy = encoded_policy(server.clock.now, [{"bucket": "bucket"}])
    fields = [("key", "form"), *signed_v4(policy, OWNER.credentials, server.clock.now).items()]
    await server.send("POST", "/bucket/", headers=[FORM_TYPE], body=form(fields, b"new"))
    await server.call("PUT", "/bucket/link?symlink", headers=[("x-oss-symlink-target", "old")])
    for key in ("key", "copy", "large", "form", "link"):
        assert await told(server, f"/bucket/{key}") == expected, key
    assert await told(server, "/bucket/old") == (None, None, None)
    await put(server, (HOLD, "ON"))
    assert await told(server) == (*expected[:2], "ON")
    await put(server, (MODE, "GOVERNANCE"), (UNTIL, after(days=1)))
    assert await told(server) == ("GOVERNANCE", after(days=1), None)


async def test_markers_are_not_retained(server: InProcessServer) -> None:
    await enable(server, "<Mode>COMPLIANCE</Mode><Days>3</Days>")
    version = await put(server)
    marker = await server.call("DELETE", "/bucket/key")
    assert marker.header("x-oss-delete-marker") == "true"
    assert (await server.call("GET", "/bucket/key")).status == 404
    assert (await remove(server, version)).refusal == IMMUTABLE
    assert (await remove(server, marker.header("x-oss-version-id") or "")).status == 204
    assert (await server.call("GET", "/bucket/key")).body == b"hello"


async def test_years_are_those_of_the_calendar(server: InProcessServer) -> None:
    await enable(server, "<Mode>GOVERNANCE</Mode><Years>2</Years>")
    await put(server)
    assert (await told(server))[1] == "2028-03-14T12:00:00.000Z"
    server.clock.now = server.clock.now.replace(year=2028, month=2, day=29)
    await put_worm(server, rule("<Mode>GOVERNANCE</Mode><Years>1</Years>"))
    await put(server)
    assert (await told(server))[1] == "2029-03-01T12:00:00.000Z"


async def test_a_default_that_is_taken_away_counts_for_what_was_written(server: InProcessServer) -> None:
    await enable(server, "<Mode>COMPLIANCE</Mode><Days>3</Days>")
    version = await put(server)
    assert (await put_worm(server)).status == 200
    free = await put(server)
    assert (await remove(server, free)).status == 204
    assert (await remove(server, version)).refusal == IMMUTABLE


async def test_a_bucket_with_retained_versions_is_not_deleted(server: InProcessServer) -> None:
    await enable(server)
    version = await put(server, (MODE, "COMPLIANCE"), (UNTIL, after(days=1)))
    assert (await server.call("DELETE", "/bucket/")).refusal[1] == "BucketNotEmpty"
    server.clock.advance(days=1)
    assert (await remove(server, version)).status == 204
    assert (await server.call("DELETE", "/bucket/")).status == 204
    await server.put_bucket("bucket")
    assert (await server.call("GET", "/bucket/?objectWorm")).refusal == NONE


async def test_attributes_of_what_is_retained_may_change(server: InProcessServer) -> None:
    await enable(server)
    await put(server, (MODE, "COMPLIANCE"), (UNTIL, after(days=1)), (HOLD, "ON"))
    tagging = b"<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"
    assert (await server.call("PUT", "/bucket/key?tagging", body=tagging)).status == 200
    assert (await server.call("DELETE", "/bucket/key?tagging")).status == 204
    assert (await server.call("PUT", "/bucket/key?acl", headers=[("x-oss-object-acl", "private")])).status == 200
    assert await told(server) == ("COMPLIANCE", after(days=1), "ON")


@pytest.mark.parametrize(
    ("headers", "action"),
    [
        ([(MODE, "COMPLIANCE"), (UNTIL, after(days=1))], "oss:PutObjectRetention"),
        ([(HOLD, "ON")], "oss:PutObjectLegalHold"),
    ],
)
async def test_who_may_only_put_keeps_nothing(
    server: InProcessServer, headers: list[tuple[str, str]], action: str
) -> None:
    await set_versioning(server, "Enabled")
    assert (await put_worm(server)).status == 200
    assert (await server.call("PUT", "/bucket/?acl", headers=[("x-oss-acl", "public-read-write")])).status == 200
    putter = await make_user(server, "putter", allow("oss:PutObject"))
    denied = await make_user(server, "denied", allow("oss:*"), deny(action))
    keeper = await make_user(server, "keeper", allow("oss:PutObject", action))
    for caller in (putter, denied, OTHER, None):
        for target in ("/bucket/key", "/bucket/key?uploads"):
            method = "POST" if target.endswith("uploads") else "PUT"
            answer = await server.call(method, target, by=caller, headers=headers)
            assert answer.refusal[:2] == (403, "AccessDenied"), (target, caller)
        copied = [*headers, ("x-oss-copy-source", "/bucket/other")]
        assert (await server.call("PUT", "/bucket/key", by=caller, headers=copied)).refusal[0] in (403, 404)
    assert (await server.call("PUT", "/bucket/key", by=putter)).status == 200
    assert (await server.call("PUT", "/bucket/key", by=None)).status == 200
    for caller in (keeper, OWNER):
        assert (await server.call("PUT", "/bucket/key", by=caller, headers=headers)).status == 200
