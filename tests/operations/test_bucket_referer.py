"""Referers: who is asked for one, and who is not."""

import pytest

from tests.support.inprocess import OTHER, Answer, InProcessServer

CONFIGURATION = (
    "<RefererConfiguration><AllowEmptyReferer>{}</AllowEmptyReferer><RefererList><Referer>http://*.example/*</Referer></RefererList>"
    "<RefererBlacklist><Referer>http://bad.example/*</Referer></RefererBlacklist></RefererConfiguration>"
)
DENIED = (403, "AccessDenied", None)
GOOD, BAD = ("Referer", "http://good.example/page?x=1"), ("Referer", "http://bad.example/")


async def put(server: InProcessServer, is_empty_allowed: str = "false") -> Answer:
    return await server.call("PUT", "/bucket/?referer", body=CONFIGURATION.format(is_empty_allowed).encode())


@pytest.fixture
async def public(server: InProcessServer) -> InProcessServer:
    await server.put_bucket("bucket", acl="public-read")
    await server.put_object("/bucket/key", b"body")
    assert (await put(server)).status == 200
    return server


async def test_anonymous_callers_are_asked(public: InProcessServer) -> None:
    for method in ("GET", "HEAD"):
        assert (await public.call(method, "/bucket/key", by=None, headers=[GOOD])).status == 200
        for headers in ([BAD], [("Referer", "http://elsewhere/")], []):
            assert (await public.call(method, "/bucket/key", by=None, headers=headers)).status == 403
    refused = await public.call("GET", "/bucket/key", by=None, headers=[BAD])
    assert refused.refusal == DENIED
    assert refused.error.message == "You are denied by bucket referer policy."
    await put(public, "true")
    assert (await public.call("GET", "/bucket/key", by=None)).status == 200
    assert (await public.call("GET", "/bucket/?list-type=2", by=None, headers=[BAD])).refusal == DENIED


async def test_a_presigned_url_is_asked_too(public: InProcessServer) -> None:
    target = public.presigned("GET", "/bucket/key")
    assert (await public.send("GET", target, headers=[GOOD])).status == 200
    for headers in ([BAD], []):
        assert (await public.send("GET", target, headers=headers)).refusal == DENIED
    forged = target.replace("x-oss-signature=", "x-oss-signature=0")
    assert (await public.send("GET", forged, headers=[BAD])).refusal[1] == "SignatureDoesNotMatch"


async def test_who_signs_a_header_is_not_asked(public: InProcessServer) -> None:
    assert (await public.call("GET", "/bucket/key", headers=[BAD])).status == 200
    assert (await public.call("GET", "/bucket/key", by=OTHER, headers=[BAD])).status == 200


async def test_the_defaults_let_everybody_in(server: InProcessServer) -> None:
    await server.put_bucket("bucket", acl="public-read")
    await server.put_object("/bucket/key", b"body")
    told = (await server.call("GET", "/bucket/?referer")).body.partition(b"?>\n")[2].decode()
    assert told == (
        "<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer><AllowTruncateQueryString>true"
        "</AllowTruncateQueryString><TruncatePath>false</TruncatePath><RefererList></RefererList></RefererConfiguration>"
    )
    assert (await server.call("GET", "/bucket/key", by=None, headers=[BAD])).status == 200
    await put(server)
    reset = b"<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer><RefererList/></RefererConfiguration>"
    assert (await server.call("PUT", "/bucket/?referer", body=reset)).status == 200
    assert (await server.call("GET", "/bucket/key", by=None, headers=[BAD])).status == 200


@pytest.mark.parametrize(
    ("document", "ec"),
    [
        (b"", "0033-00000001"),
        (b"<RefererConfiguration>", "0033-00000001"),
        (b"<Referers/>", "0033-00000001"),
        (b"<RefererConfiguration/>", "0033-00000002"),
        (b"<RefererConfiguration><RefererList/></RefererConfiguration>", "0033-00000002"),
        (b"<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer></RefererConfiguration>", "0033-00000005"),
        (
            b"<RefererConfiguration><AllowEmptyReferer>maybe</AllowEmptyReferer><RefererList/></RefererConfiguration>",
            "0033-00000001",
        ),
    ],
)
async def test_what_is_no_configuration(public: InProcessServer, document: bytes, ec: str) -> None:
    refused = await public.call("PUT", "/bucket/?referer", body=document)
    assert refused.refusal == (400, "MalformedXML", ec)
    assert (await public.call("DELETE", "/bucket/?referer")).refusal[1] == "MethodNotAllowed"
