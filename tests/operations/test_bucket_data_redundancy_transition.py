"""Changes of redundancy: a task that waits, told by its bucket and by the account."""

from tests.support.elements import text, texts
from tests.support.inprocess import OTHER, InProcessServer

TASKS = "BucketDataRedundancyTransition"


async def begin(server: InProcessServer, bucket: str) -> str:
    target = f"/{bucket}/?redundancyTransition&x-oss-target-redundancy-type=ZRS"
    answer = await server.call("POST", target)
    assert answer.status == 200
    return text(answer, "TaskId") or ""


async def test_a_task_is_told_and_forgotten(server: InProcessServer) -> None:
    await server.put_bucket("bucket")
    assert texts(await server.call("GET", "/bucket/?redundancyTransition"), f"{TASKS}/TaskId") == []
    task = await begin(server, "bucket")
    where = f"/bucket/?redundancyTransition&x-oss-redundancy-transition-taskid={task}"
    told = await server.call("GET", where)
    names = ("Bucket", "TaskId", "Status", "CreateTime", "StartTime")
    assert [text(told, name) for name in names] == ["bucket", task, "Queueing", "2026-03-14T12:00:00.000Z", None]
    listed = await server.call("GET", "/bucket/?redundancyTransition")
    assert (texts(listed, f"{TASKS}/TaskId"), text(listed, "IsTruncated")) == ([task], "false")
    for _ in range(2):
        assert (await server.call("DELETE", where)).status == 204
    assert (await server.call("GET", where)).refusal[0] == 404


async def test_an_account_is_told_all_of_its_own_in_pages(server: InProcessServer) -> None:
    for name in ("one", "two", "three"):
        await server.put_bucket(name)
        await begin(server, name)
    first = await server.call("GET", "/?redundancyTransition&max-keys=2")
    assert (texts(first, f"{TASKS}/Bucket"), text(first, "IsTruncated")) == (["one", "three"], "true")
    token = text(first, "NextContinuationToken")
    second = await server.call("GET", f"/?redundancyTransition&max-keys=2&continuation-token={token}")
    assert (texts(second, f"{TASKS}/Bucket"), text(second, "IsTruncated")) == (["two"], "false")
    assert texts(await server.call("GET", "/?redundancyTransition", by=OTHER), f"{TASKS}/Bucket") == []


async def test_what_is_refused(server: InProcessServer) -> None:
    await server.put_bucket("bucket")
    for kind, code in (("LRS", "InvalidArgument"), ("", "InvalidArgument")):
        target = f"/bucket/?redundancyTransition&x-oss-target-redundancy-type={kind}"
        assert (await server.call("POST", target)).refusal[:2] == (400, code)
    assert (await server.call("POST", "/bucket/?redundancyTransition")).status == 400
    for caller in (OTHER, None):
        assert (await server.call("GET", "/bucket/?redundancyTransition", by=caller)).status == 403
