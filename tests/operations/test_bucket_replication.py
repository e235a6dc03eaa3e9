"""Replication rules: kept with their defaults, told, ended; and that nothing of them has begun."""

import pytest

from tests.support.elements import text, texts
from tests.support.inprocess import OTHER, Answer, InProcessServer

TO = "<Destination><Bucket>copy</Bucket><Location>oss-cn-beijing</Location></Destination>"
FULL = (
    "<ID>r1</ID><RTC><Status>enabled</Status></RTC><PrefixSet><Prefix>a</Prefix><Prefix>b</Prefix></PrefixSet><Action>PUT</Action>"
    + TO.replace("</Destination>", "<TransferType>oss_acc</TransferType></Destination>")
    + "<HistoricalObjectReplication>disabled</HistoricalObjectReplication><SyncRole>role</SyncRole><SourceSelectionCriteria>"
    "<SseKmsEncryptedObjects><Status>Enabled</Status></SseKmsEncryptedObjects></SourceSelectionCriteria>"
    "<EncryptionConfiguration><ReplicaKmsKeyID>k</ReplicaKmsKeyID></EncryptionConfiguration>"
)


async def add(server: InProcessServer, *rules: str) -> Answer:
    inside = "".join(f"<Rule>{rule}</Rule>" for rule in rules)
    body = f"<ReplicationConfiguration>{inside}</ReplicationConfiguration>".encode()
    return await server.call("POST", "/bucket/?replication&comp=add", body=body)


async def end(server: InProcessServer, *ids: str) -> Answer:
    body = f"<ReplicationRules>{''.join(f'<ID>{each}</ID>' for each in ids)}</ReplicationRules>".encode()
    return await server.call("POST", "/bucket/?replication&comp=delete", body=body)


async def told(server: InProcessServer, path: str) -> list[str]:
    return texts(await server.call("GET", "/bucket/?replication"), f"Rule/{path}")


@pytest.fixture
async def bucket(server: InProcessServer) -> InProcessServer:
    await server.put_bucket("bucket")
    return server


async def test_rules_are_told_with_their_defaults(bucket: InProcessServer) -> None:
    absent = await bucket.call("GET", "/bucket/?replication")
    assert absent.refusal == (404, "NoSuchReplicationConfiguration", None)
    assert (await add(bucket, FULL)).header("x-oss-replication-rule-id") == "r1"
    made = (await add(bucket, TO)).header("x-oss-replication-rule-id")
    assert made
    assert await told(bucket, "ID") == ["r1", made]
    assert await told(bucket, "Action") == ["PUT", "ALL"]
    assert await told(bucket, "Status") == ["starting", "starting"]
    assert await told(bucket, "HistoricalObjectReplication") == ["disabled", "enabled"]
    assert await told(bucket, "PrefixSet/Prefix") == ["a", "b"]
    assert await told(bucket, "SourceSelectionCriteria/SseKmsEncryptedObjects/Status") == ["Enabled"]
    assert await told(bucket, "EncryptionConfiguration/ReplicaKmsKeyID") == ["k"]


async def test_a_rule_that_is_ended_closes_and_makes_room(bucket: InProcessServer) -> None:
    await add(bucket, FULL)
    assert (await add(bucket, FULL)).refusal[:2] == (400, "InvalidArgument")
    assert (await end(bucket, "r1")).status == 200
    assert await told(bucket, "Status") == ["closing"]
    assert (await add(bucket, FULL)).status == 200
    assert await told(bucket, "Status") == ["starting"]
    assert (await end(bucket, "r9")).refusal == (404, "NoSuchReplicationRule", None)


async def test_a_bucket_tells_that_it_has_rules(bucket: InProcessServer) -> None:
    async def state() -> list[str]:
        return texts(await bucket.call("GET", "/bucket/?bucketInfo"), "Bucket/CrossRegionReplication")

    assert await state() == ["Disabled"]
    await add(bucket, FULL)
    assert await state() == ["Enabled"]


async def test_nothing_has_begun(bucket: InProcessServer) -> None:
    await add(bucket, FULL)
    answer = await bucket.call("GET", "/bucket/?replicationProgress&rule-id=r1")
    assert texts(answer, "Rule/ID") == ["r1"]
    assert texts(answer, "Rule/Progress/HistoricalObject") == ["0"]
    assert texts(answer, "Rule/Progress/NewObject") == []
    missing = await bucket.call("GET", "/bucket/?replicationProgress&rule-id=r2")
    assert missing.refusal == (404, "NoSuchReplicationRule", None)
    assert text(await bucket.call("GET", "/bucket/?replicationLocation"), "Location") == "oss-cn-hangzhou"


async def test_time_control_is_switched(bucket: InProcessServer) -> None:
    await add(bucket, FULL)
    rule = "<ReplicationRule><ID>{}</ID><RTC><Status>{}</Status></RTC></ReplicationRule>"
    assert (await bucket.call("PUT", "/bucket/?rtc", body=rule.format("r1", "disabled").encode())).status == 200
    assert await told(bucket, "RTC/Status") == ["disabled"]
    for rule_id, status, code in (("r1", "maybe", "MalformedXML"), ("r2", "enabled", "NoSuchReplicationRule")):
        answer = await bucket.call("PUT", "/bucket/?rtc", body=rule.format(rule_id, status).encode())
        assert answer.refusal[1] == code


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "<Destination><Bucket>copy</Bucket></Destination>",
        TO + "<HistoricalObjectReplication>on</HistoricalObjectReplication>",
        TO + "<RTC><Status>on</Status></RTC>",
    ],
)
async def test_a_rule_that_is_none_adds_nothing(bucket: InProcessServer, rule: str) -> None:
    assert (await add(bucket, TO, rule)).refusal[:2] == (400, "MalformedXML")
    assert (await bucket.call("GET", "/bucket/?replication")).status == 404


async def test_what_else_is_refused(bucket: InProcessServer) -> None:
    assert (await add(bucket)).refusal[:2] == (400, "MalformedXML")
    assert (await end(bucket)).refusal[:2] == (400, "MalformedXML")
    assert (await add(bucket, FULL, FULL)).refusal[:2] == (400, "InvalidArgument")
    for caller in (OTHER, None):
        assert (await bucket.call("GET", "/bucket/?replication", by=caller)).status == 403
