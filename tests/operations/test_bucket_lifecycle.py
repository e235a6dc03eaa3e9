"""Lifecycles: which rules are kept, and what is done by them with objects, versions and uploads."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ossicle.model.lifecycle import Effect
from ossicle.services import lifecycles
from ossicle.services.lifecycles import Lifecycles, Tally
from ossicle.wire.names import BucketName
from tests.support.elements import text, texts
from tests.support.inprocess import OTHER, Answer, InProcessServer
from tests.support.uploading import initiate

MALFORMED = (400, "MalformedXML", "0015-00000231")
EXPIRE = "<Expiration><Days>{}</Days></Expiration>"
IA = "<Transition><Days>{}</Days><StorageClass>IA</StorageClass></Transition>"
ARCHIVE = IA.replace("IA", "Archive")
ACCESS = "<Transition><Days>1</Days><StorageClass>IA</StorageClass><IsAccessTime>true</IsAccessTime>{}</Transition>"


def rule(inside: str, name: str = "r", prefix: str = "", status: str = "Enabled") -> str:
    return f"<Rule><ID>{name}</ID><Prefix>{prefix}</Prefix><Status>{status}</Status>{inside}</Rule>"


async def put(server: InProcessServer, *rules: str, headers: list[tuple[str, str]] | None = None) -> Answer:
    body = f"<LifecycleConfiguration>{''.join(rules)}</LifecycleConfiguration>".encode()
    return await server.call("PUT", "/bucket/?lifecycle", headers=headers or [], body=body)


async def told(server: InProcessServer, path: str) -> list[str]:
    return texts(await server.call("GET", "/bucket/?lifecycle"), f"Rule/{path}")


async def run(server: InProcessServer, days: float = 0, *, is_dry: bool = False) -> Tally:
    """Let so many days pass, and do what is due then."""
    server.clock.now += timedelta(days=days)
    return await Lifecycles(server.ground, server.services.buckets, rest_share=0).run(server.clock.now, is_dry=is_dry)


async def keys(server: InProcessServer) -> list[str]:
    return texts(await server.call("GET", "/bucket/?list-type=2"), "Contents/Key")


@pytest.fixture
async def bucket(server: InProcessServer) -> InProcessServer:
    await server.put_bucket("bucket")
    return server


@pytest.fixture
async def versioned(bucket: InProcessServer) -> InProcessServer:
    body = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    await bucket.call("PUT", "/bucket/?versioning", body=body)
    return bucket


# ---------------------------------------------------------------------------------------- what is kept


async def test_rules_are_told_with_their_defaults(bucket: InProcessServer) -> None:
    assert (await bucket.call("GET", "/bucket/?lifecycle")).refusal == (404, "NoSuchLifecycle", None)
    full = (
        "<Tag><Key>k</Key><Value>v</Value></Tag><Filter><Not><Prefix>log/keep/</Prefix></Not><ObjectSizeGreaterThan>500"
        "</ObjectSizeGreaterThan></Filter>"
        + EXPIRE.format(30)
        + IA.format(10)
        + ARCHIVE.format(20)
        + "<AbortMultipartUpload><Days>7</Days></AbortMultipartUpload>"
        "<NoncurrentVersionExpiration><NoncurrentDays>10</NoncurrentDays></NoncurrentVersionExpiration>"
        "<NoncurrentVersionTransition><NoncurrentDays>5</NoncurrentDays><StorageClass>IA</StorageClass></NoncurrentVersionTransition>"
    )
    unnamed = f"<Rule><Prefix>x</Prefix><Status>Disabled</Status>{EXPIRE.format(1)}</Rule>"
    assert (
        await put(bucket, rule(full, "first", "log/"), unnamed, unnamed.replace("<Prefix>x</Prefix>", ""))
    ).status == 200
    names = await told(bucket, "ID")
    assert names[0] == "first"
    assert len(set(names)) == 3
    assert await told(bucket, "Prefix") == ["log/", "x", ""]
    assert await told(bucket, "Transition/StorageClass") == ["IA", "Archive"]
    assert await told(bucket, "Transition/IsAccessTime") == ["false", "false"]
    assert await told(bucket, "NoncurrentVersionTransition/IsAccessTime") == ["false"]
    assert await told(bucket, "Filter/Not/Prefix") == ["log/keep/"]
    assert await told(bucket, "AtimeBase") == []
    for _ in range(2):
        assert (await bucket.call("DELETE", "/bucket/?lifecycle")).status == 204
    assert (await bucket.call("GET", "/bucket/?lifecycle")).status == 404


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("", "MalformedXML"),
        ("<Expiration/>", "MalformedXML"),
        ("<Expiration><Days>1</Days><Date>2026-01-01T00:00:00.000Z</Date></Expiration>", "MalformedXML"),
        (EXPIRE.format(0), "InvalidArgument"),
        (EXPIRE.format("x"), "MalformedXML"),
        ("<Expiration><Date>tomorrow</Date></Expiration>", "MalformedXML"),
        ("<Transition><Days>1</Days></Transition>", "MalformedXML"),
        ("<Transition><StorageClass>IA</StorageClass></Transition>", "MalformedXML"),
        (IA.replace("IA", "Cold").format(1), "InvalidArgument"),
        (IA.replace("IA", "Standard").format(1), "InvalidArgument"),
        (IA.format(10) + EXPIRE.format(9), "InvalidArgument"),
        (IA.format(10) + EXPIRE.format(10), "InvalidArgument"),
        (IA.format(10) + ARCHIVE.format(9), "InvalidArgument"),
        (IA.format(10) + "<Expiration><Date>2026-01-01T00:00:00.000Z</Date></Expiration>", "InvalidArgument"),
        ("<NoncurrentVersionExpiration/>", "MalformedXML"),
        (
            "<NoncurrentVersionExpiration><NoncurrentDays>0</NoncurrentDays></NoncurrentVersionExpiration>",
            "InvalidArgument",
        ),
        ("<AbortMultipartUpload/>", "MalformedXML"),
        (EXPIRE.format(1) + "<Filter><Not/></Filter>", "MalformedXML"),
        (EXPIRE.format(1) + "<Filter><ObjectSizeLessThan>x</ObjectSizeLessThan></Filter>", "MalformedXML"),
        (ACCESS.format(""), "MalformedXML"),
        (IA.format(1).replace("</Tr", "<AllowSmallFile>true</AllowSmallFile></Tr"), "MalformedXML"),
    ],
)
async def test_what_is_refused_changes_nothing(bucket: InProcessServer, inside: str, code: str) -> None:
    await put(bucket, rule(EXPIRE.format(3), "kept"))
    assert (await put(bucket, rule(inside))).refusal[:2] == (400, code)
    assert await told(bucket, "ID") == ["kept"]


@pytest.mark.parametrize(
    ("low", "high", "ec"),
    [
        (0, None, "0014-00000039"),
        (-1, None, "0014-00000039"),
        (5 * 1024**4 + 1, None, "0014-00000039"),
        (None, 0, "0014-00000040"),
        (None, -100, "0014-00000040"),
        (None, 5 * 1024**4 + 1, "0014-00000040"),
        (200, 100, "0014-00000041"),
        (100, 100, "0014-00000041"),
        (99, 100, None),
        (1, 5 * 1024**4, None),
    ],
)
async def test_sizes_that_make_sense(
    bucket: InProcessServer, low: int | None, high: int | None, ec: str | None
) -> None:
    sizes = "" if low is None else f"<ObjectSizeGreaterThan>{low}</ObjectSizeGreaterThan>"
    sizes += "" if high is None else f"<ObjectSizeLessThan>{high}</ObjectSizeLessThan>"
    answer = await put(bucket, rule(f"{EXPIRE.format(1)}<Filter>{sizes}</Filter>"))
    if ec is None:
        assert answer.status == 200
    else:
        assert answer.refusal == (400, "InvalidArgument", ec)


async def test_documents_that_are_none(bucket: InProcessServer) -> None:
    one = rule(EXPIRE.format(1))
    assert (await put(bucket)).refusal == MALFORMED
    assert (await put(bucket, one.replace("Enabled", "On"))).refusal == MALFORMED
    assert (await put(bucket, rule(EXPIRE.format(1), "x" * 256))).refusal[1] == "InvalidArgument"
    assert (await put(bucket, one, rule(EXPIRE.format(1), prefix="b", status="Disabled"))).refusal[
        1
    ] == "InvalidArgument"
    many = [rule(EXPIRE.format(1), str(number), f"{number}/") for number in range(1001)]
    assert (await put(bucket, *many)).refusal == MALFORMED
    assert (await put(bucket, *many[:1000])).status == 200
    for caller in (OTHER, None):
        assert (await bucket.call("GET", "/bucket/?lifecycle", by=caller)).status == 403


async def test_two_rules_that_do_the_same_to_one_object(bucket: InProcessServer) -> None:
    one, other = rule(EXPIRE.format(1), "1", "a/"), rule(EXPIRE.format(2), "2", "a/b/")
    refused = await put(bucket, one, other)
    assert refused.refusal[:2] == (400, "InvalidArgument")
    assert refused.error.message == "Overlap for same action type Expiration"
    assert (await put(bucket, one, other, headers=[("x-oss-allow-same-action-overlap", "true")])).status == 200
    assert (await put(bucket, one, other.replace("Enabled", "Disabled"))).status == 200
    assert (await put(bucket, one, rule(IA.format(1), "2", "a/b/"))).status == 200
    tagged = rule("<Tag><Key>k</Key><Value>v</Value></Tag>" + EXPIRE.format(1), "2", "a/")
    assert (await put(bucket, one, tagged)).status == 200


async def test_the_time_of_access_needs_the_monitor(bucket: InProcessServer) -> None:
    def monitor(status: str) -> bytes:
        return f"<AccessMonitorConfiguration><Status>{status}</Status></AccessMonitorConfiguration>".encode()

    await bucket.call("PUT", "/bucket/?accessmonitor", body=monitor("Enabled"))
    flags = "<ReturnToStdWhenVisit>false</ReturnToStdWhenVisit>"
    assert (await put(bucket, rule(ACCESS.format(flags)))).status == 200
    assert await told(bucket, "Transition/ReturnToStdWhenVisit") == ["false"]
    assert await told(bucket, "Transition/AllowSmallFile") == ["true"]
    assert await told(bucket, "AtimeBase") == [str(int(bucket.clock.now.timestamp()))]
    off = await bucket.call("PUT", "/bucket/?accessmonitor", body=monitor("Disabled"))
    assert off.refusal[:2] == (400, "AccessMonitorDisableNotAllowed")
    await bucket.call("DELETE", "/bucket/?lifecycle")
    assert (await bucket.call("PUT", "/bucket/?accessmonitor", body=monitor("Disabled"))).status == 200


# ---------------------------------------------------------------------------------------- what is done


async def test_objects_expire_at_midnight_after_their_days(bucket: InProcessServer) -> None:
    await put(bucket, rule(EXPIRE.format(2), "logs", "log/"))
    for key in ("log/a", "log/b", "other"):
        await bucket.put_object(f"/bucket/{key}", b"x" * 2000)
    # Made at noon of the 14th: two days are over at noon of the 16th, and due at the end of that day.
    for days in (0, 1, 1.49):
        assert not (await run(bucket, days)).counts
    assert bucket.clock.now < datetime(2026, 3, 17, tzinfo=UTC)
    assert (await run(bucket, 0.02, is_dry=True)).counts.total() == 2
    assert await keys(bucket) == ["log/a", "log/b", "other"]
    tally = await run(bucket)
    assert dict(tally.counts) == {("bucket", "logs", Effect.EXPIRE): 2}
    assert await keys(bucket) == ["other"]
    assert not (await run(bucket, 100)).counts


async def test_nothing_is_done_by_rules_that_are_off_or_gone(bucket: InProcessServer) -> None:
    await bucket.put_object("/bucket/key")
    await put(bucket, rule(EXPIRE.format(1), status="Disabled"))
    assert not (await run(bucket, 9)).counts
    await put(bucket, rule(EXPIRE.format(1)))
    await bucket.call("DELETE", "/bucket/?lifecycle")
    assert not (await run(bucket, 9)).counts
    assert await keys(bucket) == ["key"]


async def test_tags_sizes_and_exceptions_choose_the_objects(bucket: InProcessServer) -> None:
    for key, size, tags in (("a", 5, "k=v"), ("b", 5, "k=w"), ("c", 50, "k=v"), ("keep/d", 5, "k=v"), ("e", 5, "")):
        headers = [("x-oss-tagging", tags)] if tags else []
        await bucket.put_object(f"/bucket/{key}", b"x" * size, *headers)
    chosen = (
        "<Tag><Key>k</Key><Value>v</Value></Tag><Filter><ObjectSizeLessThan>50</ObjectSizeLessThan>"
        "<Not><Prefix>keep/</Prefix></Not></Filter>"
    )
    await put(bucket, rule(chosen + EXPIRE.format(1)))
    await run(bucket, 3)
    assert await keys(bucket) == ["b", "c", "e", "keep/d"]


async def test_objects_get_colder_and_never_warmer(bucket: InProcessServer) -> None:
    await bucket.put_object("/bucket/new", b"body")
    await bucket.put_object("/bucket/cold", b"body", ("x-oss-storage-class", "ColdArchive"))
    made = (await bucket.call("HEAD", "/bucket/new")).header("last-modified")
    await put(bucket, rule(IA.format(1) + ARCHIVE.format(3)))

    async def classes() -> list[str | None]:
        answers = [await bucket.call("HEAD", f"/bucket/{key}") for key in ("new", "cold")]
        return [answer.header("x-oss-storage-class") for answer in answers]

    assert (await run(bucket, 2)).counts == {("bucket", "r", Effect.TRANSITION): 1}
    assert await classes() == ["IA", "ColdArchive"]
    assert (await bucket.call("GET", "/bucket/new")).body == b"body"
    await run(bucket, 2)
    assert await classes() == ["Archive", "ColdArchive"]
    head = await bucket.call("HEAD", "/bucket/new")
    assert head.header("last-modified") == made
    assert (await bucket.call("GET", "/bucket/new")).refusal[1] == "InvalidObjectState"
    assert not (await run(bucket, 90)).counts


async def test_uploads_that_nobody_completes_are_given_up(bucket: InProcessServer) -> None:
    await put(bucket, rule("<AbortMultipartUpload><Days>7</Days></AbortMultipartUpload>", prefix="up/"))
    old, other = await initiate(bucket, "/bucket/up/a"), await initiate(bucket, "/bucket/b")
    await bucket.call("PUT", f"/bucket/up/a?partNumber=1&uploadId={old}", body=b"x" * 3000)
    bucket.clock.now += timedelta(days=5)
    young = await initiate(bucket, "/bucket/up/c")
    assert (await run(bucket, 4)).counts == {("bucket", "r", Effect.ABORT): 1}
    left = texts(await bucket.call("GET", "/bucket/?uploads"), "Upload/UploadId")
    assert sorted(left) == sorted([other, young])


@pytest.mark.parametrize("kept", [b"<Lifecycle", b"<Other/>"])
async def test_a_bucket_that_fails_keeps_no_other_from_its_turn(
    bucket: InProcessServer, kept: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("another", "zoo"):
        await bucket.put_bucket(name)
        await bucket.put_object(f"/{name}/key", b"body")
        document = f"<LifecycleConfiguration>{rule(EXPIRE.format(1))}</LifecycleConfiguration>"
        await bucket.call("PUT", f"/{name}/?lifecycle", body=document.encode())
    await put(bucket, rule(EXPIRE.format(1)))
    row = await bucket.services.buckets.find(BucketName("bucket"))
    assert row is not None
    await bucket.ground.metadata.transact(lambda rows: rows.put_bucket_config(row.id, "lifecycle", kept))
    tally = await run(bucket, 3)
    assert list(tally.failures) == ["bucket"]
    assert tally.counts == {("another", "r", Effect.EXPIRE): 1, ("zoo", "r", Effect.EXPIRE): 1}
    await Lifecycles(bucket.ground, bucket.services.buckets).scheduled(bucket.clock.now)
    (told,) = (each for each in caplog.records if each.name == "ossicle.lifecycle")
    assert "lifecycle of bucket failed" in told.getMessage()
    assert told.exc_info is not None


async def test_a_walk_rests_between_its_pages(bucket: InProcessServer, monkeypatch: pytest.MonkeyPatch) -> None:
    await put(bucket, rule("<AbortMultipartUpload><Days>7</Days></AbortMultipartUpload>"))
    for key in "abc":
        await initiate(bucket, f"/bucket/{key}")
    rested: list[float] = []
    sleep = asyncio.sleep

    async def rest(seconds: float) -> None:
        rested.append(seconds)
        await sleep(0)

    monkeypatch.setattr(lifecycles, "PAGE", 1)
    monkeypatch.setattr(asyncio, "sleep", rest)
    runner = Lifecycles(bucket.ground, bucket.services.buckets, rest_share=1000.0)
    assert (await runner.run(bucket.clock.now)).counts == {}
    assert len(rested) == 2
    assert min(rested) > 0


async def test_where_there_are_versions_an_expired_object_gets_a_marker(versioned: InProcessServer) -> None:
    await versioned.put_object("/bucket/key", b"body")
    await put(versioned, rule(EXPIRE.format(1)))
    await run(versioned, 3)
    listed = await versioned.call("GET", "/bucket/?versions")
    assert (texts(listed, "DeleteMarker/Key"), texts(listed, "Version/Key")) == (["key"], ["key"])
    assert await keys(versioned) == []
    # The marker is no object: it does not expire in its turn.
    assert not (await run(versioned, 30)).counts


async def test_older_versions_go_by_the_time_they_were_replaced(versioned: InProcessServer) -> None:
    for content in (b"one", b"two", b"three"):
        await versioned.put_object("/bucket/key", content)
        versioned.clock.now += timedelta(days=10)
    end = "<NoncurrentVersionExpiration><NoncurrentDays>15</NoncurrentDays></NoncurrentVersionExpiration>"
    step = "<NoncurrentVersionTransition><NoncurrentDays>5</NoncurrentDays><StorageClass>IA</StorageClass></NoncurrentVersionTransition>"
    await put(versioned, rule(end + step))
    # one was replaced 20 days ago, two 10 days ago.
    tally = await run(versioned)
    assert tally.counts == {("bucket", "r", Effect.REMOVE): 1, ("bucket", "r", Effect.TRANSITION): 1}
    listed = await versioned.call("GET", "/bucket/?versions")
    assert texts(listed, "Version/Size") == ["5", "3"]
    assert texts(listed, "Version/StorageClass") == ["Standard", "IA"]


async def test_markers_that_are_alone_go(versioned: InProcessServer) -> None:
    await put(versioned, rule("<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"))
    for key in ("alone", "over"):
        await versioned.put_object(f"/bucket/{key}", b"body")
        first = text(await versioned.call("GET", f"/bucket/?versions&prefix={key}"), "Version/VersionId")
        await versioned.call("DELETE", f"/bucket/{key}")
        ids = texts(await versioned.call("GET", f"/bucket/?versions&prefix={key}"), "Version/VersionId")
        assert first is None or first in ids
        if key == "alone":
            await versioned.call("DELETE", f"/bucket/{key}?versionId={ids[0]}")
    assert (await run(versioned)).counts == {("bucket", "r", Effect.REMOVE_MARKER): 1}
    listed = await versioned.call("GET", "/bucket/?versions")
    assert texts(listed, "DeleteMarker/Key") == ["over"]


async def test_what_is_retained_stays_and_is_told(bucket: InProcessServer) -> None:
    await bucket.put_object("/bucket/key", b"body")
    body = b"<InitiateWormConfiguration><RetentionPeriodInDays>30</RetentionPeriodInDays></InitiateWormConfiguration>"
    begun = await bucket.call("POST", "/bucket/?worm", body=body)
    await bucket.call("POST", f"/bucket/?wormId={begun.header('x-oss-worm-id')}")
    await put(bucket, rule(EXPIRE.format(1)))
    tally = await run(bucket, 3)
    assert (tally.retained, tally.counts.total()) == (1, 0)
    assert await keys(bucket) == ["key"]
    assert (await run(bucket, 30)).counts.total() == 1


async def test_a_run_for_the_future_does_not_outwit_retention(bucket: InProcessServer) -> None:
    await bucket.put_object("/bucket/key", b"body")
    body = b"<InitiateWormConfiguration><RetentionPeriodInDays>30</RetentionPeriodInDays></InitiateWormConfiguration>"
    await bucket.call("POST", "/bucket/?worm", body=body)
    await put(bucket, rule(EXPIRE.format(1)))
    later = bucket.clock.now + timedelta(days=365)
    tally = await Lifecycles(bucket.ground, bucket.services.buckets, rest_share=0).run(later)
    assert (tally.retained, tally.counts.total()) == (1, 0)
    assert await keys(bucket) == ["key"]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_pages_and_batches_do_not_matter(
    versioned: InProcessServer, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(lifecycles, "PAGE", size)
    monkeypatch.setattr(lifecycles, "BATCH", 2)
    for _ in range(3):
        for key in "abc":
            await versioned.put_object(f"/bucket/{key}", b"body")
        versioned.clock.now += timedelta(days=10)
    await put(
        versioned,
        rule("<NoncurrentVersionExpiration><NoncurrentDays>15</NoncurrentDays></NoncurrentVersionExpiration>"),
    )
    tally = await run(versioned)
    assert (tally.visited, tally.counts.total()) == (9, 3)
    assert texts(await versioned.call("GET", "/bucket/?versions"), "Version/Key") == ["a", "a", "b", "b", "c", "c"]


async def test_an_object_that_was_replaced_since_it_was_seen_stays(
    bucket: InProcessServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("a", "b"):
        await bucket.put_object(f"/bucket/{key}", b"old")
    await put(bucket, rule(EXPIRE.format(1)))
    bucket.clock.now += timedelta(days=3)
    runner = Lifecycles(bucket.ground, bucket.services.buckets, rest_share=0)
    act = runner._act

    async def late(*arguments: object) -> None:
        await bucket.put_object("/bucket/a", b"new")
        await act(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(runner, "_act", late)
    tally = await runner.run(bucket.clock.now)
    assert tally.counts.total() == 1
    assert await keys(bucket) == ["a"]
    assert (await bucket.call("GET", "/bucket/a")).body == b"new"


async def _run_late(server: InProcessServer, monkeypatch: pytest.MonkeyPatch, request: str, body: bytes = b"") -> Tally:
    """Do what is due three days later, and send a request between a page being looked at and acted upon."""
    server.clock.now += timedelta(days=3)
    runner = Lifecycles(server.ground, server.services.buckets, rest_share=0)
    act = runner._act

    async def late(*arguments: object) -> None:
        method, target = request.split()
        assert (await server.call(method, target, body=body)).status < 300
        await act(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(runner, "_act", late)
    return await runner.run(server.clock.now)


async def test_an_object_that_was_tagged_otherwise_since_it_was_seen_stays(
    bucket: InProcessServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = "<Tagging><TagSet><Tag><Key>k</Key><Value>{}</Value></Tag></TagSet></Tagging>"
    for key in ("a", "b"):
        await bucket.put_object(f"/bucket/{key}", b"body")
        await bucket.call("PUT", f"/bucket/{key}?tagging", body=tags.format("go").encode())
    await put(bucket, rule("<Tag><Key>k</Key><Value>go</Value></Tag>" + EXPIRE.format(1)))
    tally = await _run_late(bucket, monkeypatch, "PUT /bucket/a?tagging", tags.format("stay").encode())
    assert tally.counts.total() == 1
    assert await keys(bucket) == ["a"]


@pytest.mark.parametrize("request_line", ["DELETE /bucket/?lifecycle", "PUT /bucket/?lifecycle"])
async def test_rules_that_are_gone_since_they_were_read_do_nothing_more(
    bucket: InProcessServer, monkeypatch: pytest.MonkeyPatch, request_line: str
) -> None:
    await bucket.put_object("/bucket/a", b"body")
    await initiate(bucket, "/bucket/b")
    await put(bucket, rule(EXPIRE.format(1) + "<AbortMultipartUpload><Days>1</Days></AbortMultipartUpload>"))
    other = f"<LifecycleConfiguration>{rule(EXPIRE.format(9))}</LifecycleConfiguration>".encode()
    tally = await _run_late(bucket, monkeypatch, request_line, other if request_line.startswith("PUT") else b"")
    assert tally.counts.total() == 0
    assert await keys(bucket) == ["a"]
    assert texts(await bucket.call("GET", "/bucket/?uploads"), "Upload/Key") == ["b"]


async def test_an_upload_is_kept_when_its_rule_goes_before_it(
    bucket: InProcessServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await initiate(bucket, "/bucket/b")
    await put(bucket, rule("<AbortMultipartUpload><Days>1</Days></AbortMultipartUpload>"))
    runner = Lifecycles(bucket.ground, bucket.services.buckets, rest_share=0)
    abort = runner._abort

    async def late(*arguments: object) -> bool:
        await bucket.call("DELETE", "/bucket/?lifecycle")
        return await abort(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(runner, "_abort", late)
    assert (await runner.run(bucket.clock.now + timedelta(days=3))).counts.total() == 0
    assert texts(await bucket.call("GET", "/bucket/?uploads"), "Upload/Key") == ["b"]


async def test_days_beyond_all_dates_do_not_keep_other_buckets_from_their_turn(bucket: InProcessServer) -> None:
    await bucket.put_bucket("a-first")
    body = f"<LifecycleConfiguration>{rule(EXPIRE.format(2**31 - 1))}</LifecycleConfiguration>".encode()
    assert (await bucket.call("PUT", "/a-first/?lifecycle", body=body)).status == 200
    await bucket.put_object("/a-first/key", b"body")
    await bucket.put_object("/bucket/key", b"body")
    await put(bucket, rule(EXPIRE.format(1)))
    assert (await run(bucket, 3)).counts.total() == 1
    assert await keys(bucket) == []


async def test_dates(bucket: InProcessServer) -> None:
    await bucket.put_object("/bucket/old/1")
    await bucket.put_object("/bucket/all/1")
    before = "<Expiration><CreatedBeforeDate>2026-03-16T00:00:00.000Z</CreatedBeforeDate></Expiration>"
    on = "<Expiration><Date>2026-03-20T00:00:00.000Z</Date></Expiration>"
    await put(bucket, rule(before, "b", "old/"), rule(on, "d", "all/"))
    bucket.clock.now += timedelta(days=2)
    await bucket.put_object("/bucket/old/2")
    await run(bucket)
    assert await keys(bucket) == ["all/1", "old/2"]
    await run(bucket, 4)
    assert await keys(bucket) == ["old/2"]
