"""Domains of a bucket: bound, told, unbound; and the token that nobody has to publish."""

import pytest

from tests.support.elements import text, texts
from tests.support.inprocess import OTHER, OWNER, Answer, InProcessServer

BODY = "<BucketCnameConfiguration><Cname><Domain>{}</Domain>{}</Cname></BucketCnameConfiguration>"
CERTIFICATE = (
    "<CertificateConfiguration><CertId>c-1</CertId><Certificate>pem</Certificate><PrivateKey>hush</PrivateKey>"
    "<Force>true</Force></CertificateConfiguration>"
)


async def post(server: InProcessServer, what: str, domain: str, more: str = "") -> Answer:
    return await server.call("POST", f"/bucket/?cname&comp={what}", body=BODY.format(domain, more).encode())


@pytest.fixture
async def bucket(server: InProcessServer) -> InProcessServer:
    await server.put_bucket("bucket")
    return server


async def test_domains_are_bound_told_and_unbound(bucket: InProcessServer) -> None:
    for domain in ("a.example.com", "b.example.com"):
        assert (await post(bucket, "add", domain)).status == 200
    assert (await post(bucket, "add", "a.example.com", CERTIFICATE)).status == 200
    told = await bucket.call("GET", "/bucket/?cname")
    assert (told.xml.name, text(told, "Bucket"), text(told, "Owner")) == ("ListCnameResult", "bucket", OWNER.id)
    assert texts(told, "Cname/Domain") == ["b.example.com", "a.example.com"]
    assert texts(told, "Cname/Status") == ["Enabled", "Enabled"]
    assert texts(told, "Cname/LastModified") == ["2026-03-14T12:00:00.000Z"] * 2
    assert texts(told, "Cname/Certificate/CertId") == ["c-1"]
    assert b"hush" not in told.body
    for _ in range(2):
        assert (await post(bucket, "delete", "b.example.com")).status == 200
    assert texts(await bucket.call("GET", "/bucket/?cname"), "Cname/Domain") == ["a.example.com"]
    await post(bucket, "delete", "a.example.com")
    assert texts(await bucket.call("GET", "/bucket/?cname"), "Cname/Domain") == []


async def test_a_private_key_is_not_kept(bucket: InProcessServer) -> None:
    await post(bucket, "add", "a.example.com", CERTIFICATE)
    row = await bucket.metadata.read(lambda rows: rows.buckets(OWNER.id, prefix="bucket", marker="", limit=1)[0])
    kept = await bucket.metadata.read(lambda rows: rows.bucket_config(row.id, "cname"))
    assert kept is not None
    assert b"c-1" in kept
    assert b"hush" not in kept
    assert b"pem" not in kept


async def test_the_token_is_the_same_each_time(bucket: InProcessServer) -> None:
    made = await post(bucket, "token", "a.example.com")
    again = await bucket.call("GET", "/bucket/?comp=token&cname=a.example.com")
    assert made.xml == again.xml
    assert (made.xml.name, text(made, "Cname"), text(made, "ExpireTime")) == (
        "CnameToken", "a.example.com", "Tue, 17 Mar 2026 12:00:00 GMT",
    )  # fmt: skip
    other = await post(bucket, "token", "b.example.com")
    assert text(other, "Token") != text(made, "Token")


@pytest.mark.parametrize("domain", ["", "nodot", "a b.com", "-a.com", "a..com", "x" * 64 + ".com", "a.com/"])
async def test_what_is_no_domain_is_refused(bucket: InProcessServer, domain: str) -> None:
    for what in ("add", "delete", "token"):
        assert (await post(bucket, what, domain)).refusal[:2] == (400, "InvalidArgument")


async def test_only_the_owner_may(bucket: InProcessServer) -> None:
    assert (await bucket.call("POST", "/bucket/?cname&comp=add", body=b"<x/>")).refusal[:2] == (400, "MalformedXML")
    for caller in (OTHER, None):
        assert (await bucket.call("GET", "/bucket/?cname", by=caller)).status == 403
        assert (await bucket.call("POST", "/bucket/?cname&comp=add", by=caller)).status == 403
