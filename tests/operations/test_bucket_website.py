"""Websites: what is kept, and what a browser gets that asks the bucket's host."""

import pytest

from tests.support.inprocess import OTHER, Answer, InProcessServer

HOST = "bucket.localhost:8880"
INDEX = "<IndexDocument><Suffix>index.html</Suffix>{}</IndexDocument>"
FOLDERS = INDEX.format("<SupportSubDir>true</SupportSubDir><Type>{}</Type>")
ERROR = "<ErrorDocument><Key>error.html</Key></ErrorDocument>"


def rule(condition: str, redirect: str, number: int = 1) -> str:
    return f"<RoutingRule><RuleNumber>{number}</RuleNumber><Condition>{condition}</Condition><Redirect>{redirect}</Redirect></RoutingRule>"


def rules(*inside: str) -> str:
    return f"<RoutingRules>{''.join(inside)}</RoutingRules>"


async def put(server: InProcessServer, inside: str) -> Answer:
    body = f"<WebsiteConfiguration>{inside}</WebsiteConfiguration>".encode()
    return await server.call("PUT", "/bucket/?website", body=body)


async def browse(server: InProcessServer, path: str, method: str = "GET", *headers: tuple[str, str]) -> Answer:
    return await server.call(method, path, by=None, host=HOST, headers=list(headers))


@pytest.fixture
async def site(server: InProcessServer) -> InProcessServer:
    await server.put_bucket("bucket", acl="public-read")
    for key in ("index.html", "error.html", "docs/index.html", "docs/page", "plain"):
        await server.put_object(f"/bucket/{key}", key.encode())
    return server


async def test_the_root_is_the_index(site: InProcessServer) -> None:
    assert (await put(site, INDEX.format(""))).status == 200
    assert (await browse(site, "/")).body == b"index.html"
    head = await browse(site, "/", "HEAD")
    assert (head.status, head.header("content-length"), head.body) == (200, "10", b"")
    assert (await browse(site, "/plain")).body == b"plain"
    # Folders have no page unless that is said.
    assert (await browse(site, "/docs/")).refusal[1] == "NoSuchKey"


async def test_who_signs_gets_what_he_asks_for(site: InProcessServer) -> None:
    await put(site, INDEX.format("") + ERROR)
    assert (await site.call("GET", "/", host=HOST)).xml.name == "ListBucketResult"
    assert (await site.call("GET", "/missing", host=HOST)).refusal[1] == "NoSuchKey"
    # As does who names the bucket in the path, or asks for a list: that is the owner's.
    for path, host in (("/bucket/", "localhost:8880"), ("/?list-type=2", HOST)):
        assert (await site.call("GET", path, by=None, host=host)).refusal[:2] == (403, "AccessDenied")


@pytest.mark.parametrize(("kind", "status", "body"), [(0, 302, b""), (1, 404, None), (2, 200, b"docs/index.html")])
async def test_folders(site: InProcessServer, kind: int, status: int, body: bytes | None) -> None:
    await put(site, FOLDERS.format(kind))
    assert (await browse(site, "/docs/")).body == b"docs/index.html"
    answer = await browse(site, "/docs")
    assert answer.status == status
    assert body is None or answer.body == body
    assert answer.header("location") == ("http://bucket.localhost:8880/docs/" if kind == 0 else None)
    assert (await browse(site, "/nowhere")).status == 404
    assert (await browse(site, "/docs/page")).body == b"docs/page"


async def test_a_folder_that_looks_like_a_host_is_none(site: InProcessServer) -> None:
    await put(site, FOLDERS.format(0))
    await site.call("PUT", "//evil.example/index.html", host=HOST, body=b"x")
    assert (await browse(site, "//evil.example")).header("location") == "http://bucket.localhost:8880//evil.example/"


@pytest.mark.parametrize(("status", "told"), [("", 404), ("<HttpStatus>200</HttpStatus>", 200)])
async def test_the_error_page(site: InProcessServer, status: str, told: int) -> None:
    await put(site, ERROR.replace("</ErrorD", f"{status}</ErrorD"))
    for headers in ((), (("Range", "bytes=0-1"),), (("If-None-Match", "*"),)):
        answer = await browse(site, "/missing", "GET", *headers)
        assert (answer.status, answer.body) == (told, b"error.html")
    assert (await browse(site, "/missing", "HEAD")).status == told
    assert (await browse(site, "/")).status == told  # there is no index
    await site.call("DELETE", "/bucket/error.html")
    assert (await browse(site, "/missing")).refusal[:2] == (404, "NoSuchKey")


async def test_what_is_private_stays_private(site: InProcessServer) -> None:
    await put(site, INDEX.format("") + ERROR)
    await site.call("PUT", "/bucket/?acl", headers=[("x-oss-acl", "private")])
    for path in ("/", "/plain", "/missing"):
        assert (await browse(site, path)).refusal[:2] == (403, "AccessDenied")
    await site.call("PUT", "/bucket/index.html?acl", headers=[("x-oss-object-acl", "public-read")])
    assert (await browse(site, "/")).body == b"index.html"


REDIRECT = "<RedirectType>External</RedirectType><HostName>www.example.com</HostName>"


@pytest.mark.parametrize(
    ("condition", "redirect", "path", "status", "location"),
    [
        ("<KeyPrefixEquals>old/</KeyPrefixEquals>", "<ReplaceKeyPrefixWith>new/</ReplaceKeyPrefixWith>", "/old/a%20b?x=1", 301,
         "http://www.example.com/new/a%20b"),
        ("<KeyPrefixEquals>old/</KeyPrefixEquals>", "<PassQueryString>true</PassQueryString>", "/old/a?x=1&y", 301,
         "http://www.example.com/old/a?x=1&y"),
        ("<HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals>", "<ReplaceKeyWith>p/${key}.s</ReplaceKeyWith>", "/gone", 301,
         "http://www.example.com/p/gone.s"),
        ("<HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals>", "<Protocol>https</Protocol>", "/plain", 200, None),
        ("<KeyPrefixEquals>old/</KeyPrefixEquals>", "<EnableReplacePrefix>true</EnableReplacePrefix>", "/old/a", 301,
         "http://www.example.com/a"),
        ("<KeySuffixEquals>.old</KeySuffixEquals>", "<HttpRedirectCode>307</HttpRedirectCode>", "/a.old", 307,
         "http://www.example.com/a.old"),
        ("<KeySuffixEquals>.old</KeySuffixEquals>", "", "/a.new", 404, None),
        ("<IncludeHeader><Key>User-Agent</Key><StartsWith>Bot</StartsWith></IncludeHeader>", "", "/plain", 301,
         "http://www.example.com/plain"),
        ("<IncludeHeader><Key>User-Agent</Key><Equals>Bo</Equals></IncludeHeader>", "", "/plain", 200, None),
    ],
)  # fmt: skip
async def test_rules_send_elsewhere(
    site: InProcessServer, condition: str, redirect: str, path: str, status: int, location: str | None
) -> None:
    assert (await put(site, rules(rule(condition, REDIRECT + redirect)))).status == 200
    answer = await browse(site, path, "GET", ("User-Agent", "Bot/1"))
    assert (answer.status, answer.header("location")) == (status, location)


async def test_rules_are_tried_by_their_numbers(site: InProcessServer) -> None:
    internal = "<RedirectType>Internal</RedirectType><ReplaceKeyWith>plain</ReplaceKeyWith>"
    missing = "<HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals>"
    first = rule(missing + "<KeyPrefixEquals>x</KeyPrefixEquals>", internal, 1)
    await put(site, rules(rule(missing, REDIRECT, 7), first) + ERROR)
    assert (await browse(site, "/xyz")).body == b"plain"
    assert (await browse(site, "/yz")).status == 301
    mirror = "<RedirectType>Mirror</RedirectType><MirrorURL>http://127.0.0.1:1/</MirrorURL>"
    await put(site, rules(rule(missing, mirror)) + ERROR)
    assert (await browse(site, "/yz")).body == b"error.html"


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("", "MalformedXML"),
        ("<IndexDocument/>", "MalformedXML"),
        ("<IndexDocument><Suffix>a/b</Suffix></IndexDocument>", "InvalidArgument"),
        (FOLDERS.format(3), "InvalidArgument"),
        ("<ErrorDocument/>", "MalformedXML"),
        (ERROR.replace("</Key>", "</Key><HttpStatus>500</HttpStatus>"), "InvalidArgument"),
        (rules("<RoutingRule><RuleNumber>1</RuleNumber></RoutingRule>"), "MalformedXML"),
        (rules(rule("", REDIRECT, 0)), "InvalidArgument"),
        (rules(rule("", REDIRECT), rule("", REDIRECT)), "InvalidArgument"),
        (rules(*(rule("", REDIRECT, number) for number in range(1, 22))), "InvalidArgument"),
        (rules(rule("", "<RedirectType>Elsewhere</RedirectType>")), "MalformedXML"),
        (rules(rule("", REDIRECT + "<HttpRedirectCode>200</HttpRedirectCode>")), "InvalidArgument"),
        (rules(rule("", REDIRECT.replace("www.", "a b"))), "InvalidArgument"),
        (rules(rule("", REDIRECT + "<Protocol>ftp</Protocol>")), "InvalidArgument"),
        (rules(rule("", "<RedirectType>Mirror</RedirectType>")), "InvalidArgument"),
        (
            rules(
                rule("", REDIRECT + "<ReplaceKeyWith>a</ReplaceKeyWith><ReplaceKeyPrefixWith>b</ReplaceKeyPrefixWith>")
            ),
            "InvalidArgument",
        ),
    ],
)
async def test_what_is_no_website(site: InProcessServer, inside: str, code: str) -> None:
    assert (await put(site, inside)).refusal[:2] == (400, code)
    assert (await site.call("GET", "/bucket/?website")).refusal == (404, "NoSuchWebsiteConfiguration", None)


async def test_it_is_told_with_its_defaults_and_deleted(site: InProcessServer) -> None:
    await put(site, INDEX.format("") + ERROR + rules(rule("", REDIRECT)))
    told = (await site.call("GET", "/bucket/?website")).body.decode()
    assert "<Suffix>index.html</Suffix><SupportSubDir>false</SupportSubDir>" in told
    assert "<Key>error.html</Key><HttpStatus>404</HttpStatus>" in told
    assert "<EnableReplacePrefix>false</EnableReplacePrefix><PassQueryString>false</PassQueryString>" in told
    for caller in (OTHER, None):
        assert (await site.call("GET", "/bucket/?website", by=caller)).status == 403
    for _ in range(2):
        assert (await site.call("DELETE", "/bucket/?website")).status == 204
    assert (await browse(site, "/")).refusal[:2] == (403, "AccessDenied")
