"""Default encryption: every way to write an object says it of the object, unless the request says something else."""

import pytest

from tests.support.inprocess import Answer, InProcessServer
from tests.support.writes import Write, append, copy, post, put, upload

ALGORITHM = "x-oss-server-side-encryption"
KEY_ID = "x-oss-server-side-encryption-key-id"
RULE = (
    "<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>KMS</SSEAlgorithm>"
    "<KMSMasterKeyID>k</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>"
)


@pytest.fixture
async def encrypting(server: InProcessServer) -> InProcessServer:
    """A server with `bucket`, whose objects are said to be encrypted, and `plain` in it from before."""
    await server.put_object("/bucket/plain", b"body")
    assert (await server.call("PUT", "/bucket/?encryption", body=RULE.encode())).status == 200
    return server


def told(answer: Answer) -> tuple[str | None, str | None]:
    return answer.header(ALGORITHM), answer.header(KEY_ID)


@pytest.mark.parametrize("write", [put, copy, append, upload, post])
async def test_new_objects_have_it(encrypting: InProcessServer, write: Write) -> None:
    answer = await write(encrypting, "key")
    assert answer.status in (200, 204)
    assert told(answer) == ("KMS", "k")
    for method in ("GET", "HEAD"):
        assert told(await encrypting.call(method, "/bucket/key")) == ("KMS", "k")


async def test_what_a_request_says_itself_counts(encrypting: InProcessServer) -> None:
    answer = await encrypting.put_object("/bucket/key", b"x", (ALGORITHM, "AES256"))
    assert told(answer) == ("AES256", None)


async def test_objects_from_before_stay_as_they_are_and_so_do_those_of_the_time(encrypting: InProcessServer) -> None:
    await put(encrypting, "key")
    assert (await encrypting.call("DELETE", "/bucket/?encryption")).status == 204
    assert told(await encrypting.call("HEAD", "/bucket/plain")) == (None, None)
    assert told(await encrypting.call("HEAD", "/bucket/key")) == ("KMS", "k")
    assert told(await put(encrypting, "later")) == (None, None)


async def test_bucket_info_tells_the_rule(encrypting: InProcessServer) -> None:
    info = (await encrypting.call("GET", "/bucket/?bucketInfo")).body
    assert (
        b"<ServerSideEncryptionRule><SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID></Server" in info
    )
