"""All ways in which a request makes an object, against a server in this process, as its owner."""

from collections.abc import Awaitable, Callable

from tests.support.elements import text
from tests.support.forms import FORM_TYPE, encoded_policy, form, signed_v4
from tests.support.inprocess import NOON, OWNER, Answer, InProcessServer

Write = Callable[[InProcessServer, str], Awaitable[Answer]]
"""Makes the object with this key in `bucket`."""


async def put(server: InProcessServer, key: str) -> Answer:
    return await server.call("PUT", f"/bucket/{key}", body=b"x")


async def copy(server: InProcessServer, key: str) -> Answer:
    """Of `plain`, which is there."""
    return await server.call("PUT", f"/bucket/{key}", headers=[("x-oss-copy-source", "/bucket/plain")])


async def append(server: InProcessServer, key: str) -> Answer:
    return await server.call("POST", f"/bucket/{key}?append&position=0", body=b"x")


async def link(server: InProcessServer, key: str) -> Answer:
    return await server.call("PUT", f"/bucket/{key}?symlink", headers=[("x-oss-symlink-target", "plain")])


async def post(server: InProcessServer, key: str) -> Answer:
    signature = signed_v4(encoded_policy(NOON), OWNER.credentials, NOON)
    return await server.send(
        "POST", "/bucket/", headers=[FORM_TYPE], body=form([("key", key), *signature.items()], b"x")
    )


async def upload(server: InProcessServer, key: str) -> Answer:
    initiated = await server.call("POST", f"/bucket/{key}?uploads")
    if initiated.status != 200:
        return initiated
    upload_id = text(initiated, "UploadId")
    await server.call("PUT", f"/bucket/{key}?partNumber=1&uploadId={upload_id}", body=b"x")
    return await server.call("POST", f"/bucket/{key}?uploadId={upload_id}", headers=[("x-oss-complete-all", "yes")])
