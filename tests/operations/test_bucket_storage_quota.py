"""The quota of a bucket: put, told with what the bucket holds, deleted."""

import pytest

from tests.support.elements import text
from tests.support.inprocess import OTHER, InProcessServer

QUOTA = "<QuotaConfiguration>{}</QuotaConfiguration>"
WHERE = "/bucket/?quota"


async def told(server: InProcessServer) -> tuple[str | None, str | None, str | None]:
    answer = await server.call("GET", WHERE)
    assert answer.status == 200
    return text(answer, "StorageQuota"), text(answer, "Mode"), text(answer, "CurrentUsage")


async def test_it_is_told_with_what_the_bucket_holds(server: InProcessServer) -> None:
    await server.put_object("/bucket/key", b"x" * 700)
    assert await told(server) == ("-1", "Strict", "700")
    for sent, wanted in (
        ("<StorageQuota>1024</StorageQuota><Mode>Warning</Mode>", ("1024", "Warning", "700")),
        ("<StorageQuota>2048</StorageQuota><CurrentUsage>7</CurrentUsage>", ("2048", "Strict", "700")),
    ):
        assert (await server.call("PUT", WHERE, body=QUOTA.format(sent).encode())).status == 200
        assert await told(server) == wanted
    for _ in range(2):
        assert (await server.call("DELETE", WHERE)).status == 204
    assert await told(server) == ("-1", "Strict", "700")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("", "MalformedXML"),
        ("<Mode>Strict</Mode>", "MalformedXML"),
        ("<StorageQuota>much</StorageQuota>", "MalformedXML"),
        ("<StorageQuota>1</StorageQuota><Mode>strict</Mode>", "MalformedXML"),
        ("<StorageQuota>-2</StorageQuota>", "InvalidArgument"),
    ],
)
async def test_what_is_refused_changes_nothing(server: InProcessServer, sent: str, code: str) -> None:
    await server.put_bucket("bucket")
    await server.call("PUT", WHERE, body=QUOTA.format("<StorageQuota>5</StorageQuota>").encode())
    assert (await server.call("PUT", WHERE, body=QUOTA.format(sent).encode())).refusal[:2] == (400, code)
    assert await told(server) == ("5", "Strict", "0")
    for caller in (OTHER, None):
        for method in ("PUT", "GET", "DELETE"):
            assert (await server.call(method, WHERE, by=caller)).status == 403
