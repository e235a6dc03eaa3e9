"""Rules that forbid overwriting: every way to replace an object is judged by them, and only those that fit."""

import pytest

from tests.support.inprocess import OTHER, OWNER, InProcessServer
from tests.support.writes import Write, copy, link, post, put, upload

RULE = "<Rule><ID>1</ID><Action>forbid</Action><Prefix>{}</Prefix><Suffix>{}</Suffix>{}</Rule>"
TAKEN = (409, "FileAlreadyExists", None)


async def forbid(server: InProcessServer, prefix: str = "", suffix: str = "", whom: str = "") -> None:
    body = f"<OverwriteConfiguration>{RULE.format(prefix, suffix, whom)}</OverwriteConfiguration>".encode()
    assert (await server.call("PUT", "/bucket/?overwriteConfig", body=body)).status == 200


@pytest.fixture
async def kept(server: InProcessServer) -> InProcessServer:
    """A server with `bucket`, and `plain` and `a/x.txt` in it."""
    await server.put_object("/bucket/plain", b"body")
    await server.put_object("/bucket/a/x.txt", b"first")
    return server


@pytest.mark.parametrize("write", [put, copy, upload, post, link])
async def test_no_way_of_writing_replaces_an_object(kept: InProcessServer, write: Write) -> None:
    await forbid(kept, "a/", ".txt")
    answer = await write(kept, "a/x.txt")
    assert answer.refusal == TAKEN
    assert (await kept.call("GET", "/bucket/a/x.txt")).body == b"first"
    assert (await write(kept, "a/new.txt")).status in (200, 204)


@pytest.mark.parametrize(("prefix", "suffix"), [("b/", ""), ("", ".jpg"), ("a/", ".jpg"), ("x", ".txt")])
async def test_other_keys_are_replaced_as_ever(kept: InProcessServer, prefix: str, suffix: str) -> None:
    await forbid(kept, prefix, suffix)
    assert (await put(kept, "a/x.txt")).status == 200
    assert (await kept.call("GET", "/bucket/a/x.txt")).body == b"x"


async def test_a_rule_may_be_about_some_accounts_only(kept: InProcessServer) -> None:
    await kept.call("PUT", "/bucket/?acl", headers=[("x-oss-acl", "public-read-write")])
    await forbid(kept, whom=f"<Principals><Principal>{OTHER.id}</Principal></Principals>")
    refused = await kept.call("PUT", "/bucket/a/x.txt", by=OTHER, body=b"theirs")
    assert refused.refusal[:2] == TAKEN[:2]
    assert (await kept.call("PUT", "/bucket/a/x.txt", by=OWNER, body=b"ours")).status == 200


async def test_where_there_are_versions_nothing_is_lost_and_nothing_forbidden(kept: InProcessServer) -> None:
    await forbid(kept)
    body = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    await kept.call("PUT", "/bucket/?versioning", body=body)
    assert (await put(kept, "a/x.txt")).status == 200


async def test_adding_to_an_object_replaces_nothing(kept: InProcessServer) -> None:
    await forbid(kept)
    for position, piece in ((0, b"ab"), (2, b"cd")):
        assert (await kept.call("POST", f"/bucket/log?append&position={position}", body=piece)).status == 200
    assert (await kept.call("GET", "/bucket/log")).body == b"abcd"


async def test_without_the_rules_everything_is_replaced_again(kept: InProcessServer) -> None:
    await forbid(kept)
    await kept.call("DELETE", "/bucket/?overwriteConfig")
    assert (await put(kept, "a/x.txt")).status == 200
