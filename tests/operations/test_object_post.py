"""PostObject: forms as browsers post them."""

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.elements import text
from tests.support.forms import BOUNDARY, FORM_TYPE, encoded_policy, end, file_part, form, part, signed_v1, signed_v4
from tests.support.inprocess import (
    OBJECT_BYTES_MAX,
    OTHER,
    OWNER,
    STRANGER,
    TEMPORARY,
    Account,
    Answer,
    InProcessServer,
)

CONTENT = bytes(range(256)) * 1000
ETAG = f'"{hashlib.md5(CONTENT).hexdigest().upper()}"'
KEY = ("key", "user/photo.jpg")


def signed(
    server: InProcessServer, *conditions: object, by: Account = OWNER, version: int = 4, **policy: Any
) -> list[tuple[str, str]]:
    made = encoded_policy(server.clock.now, conditions, **policy)
    now = server.clock.now
    return [*(signed_v4(made, by.credentials, now) if version == 4 else signed_v1(made, by.credentials)).items()]


async def post(server: InProcessServer, body: bytes, *, target: str = "/bucket/", **request: Any) -> Answer:
    chunks = [body[at : at + 10_000] for at in range(0, len(body), 10_000)]
    headers = [FORM_TYPE, *request.pop("headers", ())]
    return await server.send("POST", target, headers=headers, body=chunks, **request)


async def holds_nothing(server: InProcessServer, bucket: str = "bucket") -> bool:
    listing = await server.call("GET", f"/{bucket}/?list-type=2", by=OTHER if bucket == "theirs" else OWNER)
    return text(listing, "KeyCount") == "0" and not await server.stored_blobs()


# ---------------------------------------------------------------------------------------------------- what is stored


@pytest.mark.parametrize("version", [1, 4])
@pytest.mark.parametrize("content", [b"", b"hello", CONTENT])
async def test_a_form_stores_its_file(server: InProcessServer, version: int, content: bytes) -> None:
    fields = [KEY, *signed(server, {"bucket": "bucket"}, ["starts-with", "$key", "user/"], version=version)]
    answer = await post(server, form(fields, content))
    assert (answer.status, answer.body) == (204, b"")
    assert answer.header("location") == "http://127.0.0.1:8880/bucket/user%2Fphoto.jpg"
    stored = await server.call("GET", "/bucket/user/photo.jpg")
    assert stored.body == content
    assert stored.header("content-type") == "image/jpeg"
    assert stored.header("etag") == answer.header("etag")
    assert stored.header("x-oss-hash-crc64ecma") == answer.header("x-oss-hash-crc64ecma")


@pytest.mark.parametrize("target", ["/bucket", "/bucket/?x-oss-ac-source-ip=1.2.3.4&OSSAccessKeyId=no&Signature=no"])
async def test_url_and_headers_sign_nothing(server: InProcessServer, target: str) -> None:
    answer = await post(
        server, form([KEY, *signed(server)]), target=target, headers=[("Authorization", "OSS nobody:nothing")]
    )
    assert answer.status == 204


async def test_on_the_host_of_the_bucket(server: InProcessServer) -> None:
    body = form([KEY, *signed(server), ("success_action_status", "201")])
    answer = await post(server, body, target="/", host="bucket.localhost:8880")
    assert text(answer, "Location") == "http://bucket.localhost:8880/user%2Fphoto.jpg"


async def test_everything_a_form_may_say_of_an_object(server: InProcessServer) -> None:
    said = {
        "Cache-Control": "no-cache",
        "Content-Disposition": "attachment",
        "Content-Encoding": "identity",
        "Expires": "Fri, 28 Feb 2031 05:38:42 GMT",
        "x-oss-meta-Owner": "ümläut",
        "x-oss-storage-class": "IA",
        "x-oss-object-acl": "public-read",
        "Content-MD5": base64.b64encode(hashlib.md5(CONTENT).digest()).decode(),
    }
    answer = await post(server, form([KEY, *said.items(), *signed(server)], CONTENT))
    assert answer.status == 204
    stored = await server.send("GET", "/bucket/user/photo.jpg")  # anybody may
    for name in ("Cache-Control", "Content-Disposition", "Content-Encoding", "Expires", "x-oss-storage-class"):
        assert stored.header(name) == said[name]
    assert stored.header("x-oss-meta-owner") == "ümläut"
    assert stored.body == CONTENT


async def test_tags_and_encryption(server: InProcessServer) -> None:
    said = [("x-oss-tagging", "a=b&c=d"), ("x-oss-server-side-encryption", "AES256")]
    answer = await post(server, form([KEY, *said, *signed(server)]))
    assert answer.header("x-oss-server-side-encryption") == "AES256"
    stored = await server.call("HEAD", "/bucket/user/photo.jpg")
    assert stored.header("x-oss-server-side-encryption") == "AES256"
    assert stored.header("x-oss-tagging-count") == "2"


async def test_a_version_of_its_own(server: InProcessServer) -> None:
    versioning = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    assert (await server.call("PUT", "/bucket/?versioning", body=versioning)).status == 200
    answers = [await post(server, form([KEY, *signed(server)], content)) for content in (b"first", b"second")]
    assert [answer.status for answer in answers] == [204, 204]
    for answer, content in zip(answers, (b"first", b"second"), strict=True):
        version_id = answer.header("x-oss-version-id")
        assert (await server.call("GET", f"/bucket/user/photo.jpg?versionId={version_id}")).body == content


@pytest.mark.parametrize(
    ("fields", "of_the_part", "stored_as"),
    [
        ({"x-oss-content-type": "a/a", "Content-Type": "b/b"}, "c/c", "a/a"),
        ({"Content-Type": "b/b"}, "c/c", "b/b"),
        ({}, "c/c", "c/c"),
        ({}, None, "application/octet-stream"),
    ],
)
async def test_the_content_type(
    server: InProcessServer, fields: dict[str, str], of_the_part: str | None, stored_as: str
) -> None:
    await post(server, form([KEY, *fields.items(), *signed(server)], content_type=of_the_part))
    assert (await server.call("HEAD", "/bucket/user/photo.jpg")).header("content-type") == stored_as


@pytest.mark.parametrize(
    ("key", "filename", "stored_as"),
    [
        ("user/${filename}", "a b.txt", "user/a%20b.txt"),
        ("${filename}/${filename}", "x", "x/x"),
        ("user/${filename}", None, "user/"),
        (" spaces ", "x", "%20spaces%20"),
        ("../${filename}", "../x", "../../x"),
    ],
)
async def test_the_name_of_the_file(server: InProcessServer, key: str, filename: str | None, stored_as: str) -> None:
    answer = await post(server, form([("key", key), *signed(server, {"key": key})], filename=filename))
    assert answer.status == 204
    assert (await server.call("HEAD", f"/bucket/{stored_as}")).status == 200


async def test_what_follows_the_file_is_ignored(server: InProcessServer) -> None:
    body = form([KEY, *signed(server)]).removesuffix(end())
    answer = await post(
        server, body + part("x-oss-object-acl", b"nonsense") + part("key", b"other") + end() + b"epilogue"
    )
    assert answer.status == 204
    assert (await server.call("HEAD", "/bucket/user/photo.jpg")).status == 200


# ---------------------------------------------------------------------------------------------------- what is answered


@pytest.mark.parametrize(
    ("asked", "status"), [(None, 204), ("200", 200), ("201", 201), ("204", 204), ("404", 204), ("", 204)]
)
async def test_the_status_that_is_asked_for(server: InProcessServer, asked: str | None, status: int) -> None:
    fields = [] if asked is None else [("success_action_status", asked)]
    answer = await post(server, form([KEY, *fields, *signed(server)], CONTENT))
    assert (answer.status, answer.header("etag")) == (status, ETAG)
    if status == 201:
        assert answer.xml.name == "PostResponse"
        assert [text(answer, name) for name in ("Bucket", "ETag", "Key")] == ["bucket", ETAG, KEY[1]]
        assert text(answer, "Location") == answer.header("location")
    else:
        assert answer.body == b""


@pytest.mark.parametrize("address", ["https://example.com/done", "https://example.com/done?a=b#c"])
async def test_a_page_goes_on(server: InProcessServer, address: str) -> None:
    fields = [("success_action_redirect", address), ("success_action_status", "200")]
    answer = await post(server, form([KEY, *fields, *signed(server)], CONTENT))
    assert answer.status == 303
    location = urlsplit(answer.header("location") or "")
    assert (location.netloc, location.path) == ("example.com", "/done")
    assert parse_qs(location.query).items() >= {"bucket": ["bucket"], "key": [KEY[1]], "etag": [ETAG]}.items()
    assert location.fragment == urlsplit(address).fragment


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "/done", "https://", "http://a/\r\nSet-Cookie: b", "http://[/"]
)
async def test_an_address_to_which_no_page_can_go(server: InProcessServer, address: str) -> None:
    answer = await post(server, form([KEY, ("success_action_redirect", address), *signed(server)]))
    assert answer.refusal == (400, "InvalidArgument", None)
    assert await holds_nothing(server)


async def test_a_page_of_another_origin_may_read_the_answer(server: InProcessServer) -> None:
    rules = (
        b"<CORSConfiguration><CORSRule><AllowedOrigin>https://app.example</AllowedOrigin>"
        b"<AllowedMethod>POST</AllowedMethod><ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>"
    )
    assert (await server.call("PUT", "/bucket/?cors", body=rules)).status == 200
    for fields, status in ((signed(server), 204), ([], 403)):
        answer = await post(server, form([KEY, *fields]), headers=[("Origin", "https://app.example")])
        assert answer.status == status
        assert answer.header("access-control-allow-origin") == "https://app.example"


# ---------------------------------------------------------------------------------------------------- who may


async def test_anybody_where_everybody_may_write(server: InProcessServer) -> None:
    await server.put_bucket("open", acl="public-read-write")
    assert (await post(server, form([KEY]), target="/open/")).status == 204
    assert (await server.call("GET", "/open/user/photo.jpg")).body == b"hello"


@pytest.mark.parametrize("bucket", ["bucket", "theirs"])
async def test_nobody_elsewhere(server: InProcessServer, bucket: str) -> None:
    fields = signed(server) if bucket == "theirs" else []
    answer = await post(server, form([KEY, *fields], CONTENT), target=f"/{bucket}/")
    assert answer.refusal[:2] == (403, "AccessDenied")
    assert await holds_nothing(server, bucket)


async def test_an_anonymous_form_to_a_bucket_that_is_not_there(server: InProcessServer) -> None:
    assert (await post(server, form([KEY]), target="/missing/")).refusal[:2] == (404, "NoSuchBucket")


async def test_a_temporary_key(server: InProcessServer) -> None:
    fields = dict(signed(server, by=TEMPORARY))
    assert (await post(server, form([KEY, *fields.items()]))).status == 204
    wrong = {**fields, "x-oss-security-token": "another"}
    assert (await post(server, form([KEY, *wrong.items()]))).refusal[:2] == (403, "InvalidSecurityToken")
    del fields["x-oss-security-token"]
    assert (await post(server, form([KEY, *fields.items()]))).refusal[:2] == (403, "InvalidAccessKeyId")
    server.clock.advance(hours=2)
    late = signed(server, by=TEMPORARY)
    assert (await post(server, form([KEY, *late]))).refusal[:2] == (403, "SecurityTokenExpired")


@pytest.mark.parametrize("version", [1, 4])
async def test_a_key_that_nobody_has(server: InProcessServer, version: int) -> None:
    answer = await post(server, form([KEY, *signed(server, by=STRANGER, version=version)]))
    assert answer.refusal == (403, "InvalidAccessKeyId", "0002-00000902")


@pytest.mark.parametrize(("version", "name"), [(1, "Signature"), (4, "x-oss-signature"), (1, "policy"), (4, "policy")])
async def test_another_signature(server: InProcessServer, version: int, name: str) -> None:
    fields = dict(signed(server, version=version))
    fields[name] = encoded_policy(server.clock.now, [{"bucket": "b"}]) if name == "policy" else "0" * 64
    answer = await post(server, form([KEY, *fields.items()]))
    assert answer.refusal == (403, "SignatureDoesNotMatch", "0002-00000705")
    assert await holds_nothing(server)


@pytest.mark.parametrize(
    ("region", "product", "ec"), [("cn-beijing", "oss", "0002-00000226"), ("cn-hangzhou", "ecs", "0002-00000227")]
)
async def test_a_scope_of_elsewhere(server: InProcessServer, region: str, product: str, ec: str) -> None:
    fields = dict(signed(server))
    fields["x-oss-credential"] = fields["x-oss-credential"].replace("cn-hangzhou/oss", f"{region}/{product}")
    assert (await post(server, form([KEY, *fields.items()]))).refusal == (400, "InvalidArgument", ec)


@pytest.mark.parametrize("name", ["Cache-Control", "x-oss-content-type", "x-oss-meta-a"])
@pytest.mark.parametrize("value", ["a\r\nX-Other: 1", "a\nb", "a\rb", "a\0b", "\x7f"])
async def test_a_value_that_no_header_can_have(server: InProcessServer, name: str, value: str) -> None:
    answer = await post(server, form([KEY, (name, value), *signed(server)]))
    assert answer.refusal[:2] == (400, "InvalidArgument")
    assert await holds_nothing(server)


async def test_a_control_character_in_the_type_of_the_part(server: InProcessServer) -> None:
    answer = await post(server, form([KEY, *signed(server)], content_type="text/plain\nX-Other: 1"))
    assert answer.refusal[:2] == (400, "InvalidArgument")


@pytest.mark.parametrize("name", ["Cache-Control", "Expires", "x-oss-content-type", "success_action_redirect"])
async def test_a_value_too_long_for_a_header(server: InProcessServer, name: str) -> None:
    fitting = "http://a/" + "a" * (8 * 1024 - 9)
    assert (await post(server, form([KEY, (name, fitting), *signed(server)]))).status in (204, 303)
    answer = await post(server, form([("key", "other"), (name, fitting + "a"), *signed(server)]))
    assert answer.refusal[:2] == (400, "FieldItemTooLong")
    assert (await server.call("HEAD", "/bucket/other")).status == 404


async def test_the_policy_ends(server: InProcessServer) -> None:
    body = form([KEY, *signed(server, lifetime=timedelta(seconds=1))])
    server.clock.advance(seconds=1)
    assert (await post(server, body)).status == 204
    server.clock.advance(milliseconds=1)
    assert (await post(server, body)).refusal == (403, "AccessDenied", "0006-00000213")


@pytest.mark.parametrize(
    "condition",
    [{"bucket": "other"}, ["eq", "$key", "other"], ["starts-with", "$key", "other/"], ["in", "$success_action_status", ["200"]],
     ["not-in", "$x-oss-object-acl", ["public-read"]]],
)  # fmt: skip
async def test_a_condition_that_fails(server: InProcessServer, condition: object) -> None:
    fields = [KEY, ("x-oss-object-acl", "public-read"), *signed(server, condition)]
    exchange = server.exchange(
        "POST", "/bucket/", headers=[FORM_TYPE], body=[form(fields, CONTENT)[:-100], b"more", b"and more"]
    )
    answer = await server.carry_out(exchange)
    assert answer.refusal == (403, "AccessDenied", "0006-00000227")
    assert "Policy Condition failed: [" in answer.error.message
    assert exchange.received == 1  # the file was not asked for
    assert await holds_nothing(server)


@pytest.mark.parametrize(
    "condition", [["not-in", "$content-type", ["text/html"]], ["in", "$content-type", ["", "image/png"]]]
)
@pytest.mark.parametrize(
    "fields", [[], [("x-oss-content-type", "")], [("x-oss-content-type", ""), ("Content-Type", "text/html")]]
)
async def test_a_content_type_is_judged_as_it_is_stored(
    server: InProcessServer, condition: object, fields: list[tuple[str, str]]
) -> None:
    body = form([KEY, *fields, *signed(server, condition)], content_type="text/html")
    assert (await post(server, body)).refusal == (403, "AccessDenied", "0006-00000227")
    assert await holds_nothing(server)


async def test_the_file_s_name_is_put_in_after_the_policy(server: InProcessServer) -> None:
    fields = [("key", "user/${filename}"), *signed(server, ["eq", "$key", "user/photo.jpg"])]
    assert (await post(server, form(fields))).refusal[:2] == (403, "AccessDenied")


@pytest.mark.parametrize(
    ("size", "code"),
    [(99, "EntityTooSmall"), (100, ""), (5000, ""), (5001, "EntityTooLarge"), (CONTENT, "EntityTooLarge")],
)
async def test_the_size_of_the_file(server: InProcessServer, size: int | bytes, code: str) -> None:
    content = bytes(size) if isinstance(size, int) else size
    answer = await post(server, form([KEY, *signed(server, ["content-length-range", 100, 5000])], content))
    assert answer.refusal[1] == code
    assert answer.status == (400 if code else 204)
    assert await holds_nothing(server) is bool(code)


# ---------------------------------------------------------------------------------------------------- what is refused


async def test_what_is_no_form(server: InProcessServer) -> None:
    for headers in ([], [("Content-Type", "application/x-www-form-urlencoded")]):
        answer = await server.send("POST", "/bucket/", headers=headers, body=b"key=k")
        assert answer.refusal == (400, "RequestIsNotMultiPartContent", None)
    answer = await server.send("POST", "/bucket/", headers=[("Content-Type", "multipart/form-data")], body=b"x")
    assert answer.refusal == (400, "MalformedPOSTRequest", None)


@pytest.mark.parametrize("kept", [0, 10, 500, 1500, 100_000, -1, -30])
async def test_a_form_that_breaks_off(server: InProcessServer, kept: int) -> None:
    whole = form([KEY, *signed(server)], CONTENT).removesuffix(b"--\r\n")
    answer = await post(server, whole[:kept] if kept else b"")
    assert answer.refusal == (400, "MalformedPOSTRequest", None)
    assert await holds_nothing(server)


@pytest.mark.parametrize("kept", [10, 1500, 100_000, -1])
async def test_a_connection_that_breaks_off(server: InProcessServer, kept: int) -> None:
    whole = form([KEY, *signed(server)], CONTENT)
    answer = await post(server, whole[:kept], is_cut_off=True, length=len(whole))
    assert answer.refusal[:2] == (400, "IncompleteBody")
    assert await holds_nothing(server)


async def test_two_files(server: InProcessServer) -> None:
    body = form([KEY, *signed(server)], CONTENT).removesuffix(end()) + file_part(b"another") + end()
    assert (await post(server, body)).refusal[1] == "IncorrectNumberOfFilesInPOSTRequest"
    assert await holds_nothing(server)


async def test_no_file(server: InProcessServer) -> None:
    body = b"".join(part(name, value.encode()) for name, value in [KEY, *signed(server)]) + end()
    assert (await post(server, body)).refusal[1] == "IncorrectNumberOfFilesInPOSTRequest"


@pytest.mark.parametrize(
    ("key", "code", "message"),
    [
        (None, "InvalidArgument", "The bucket POST must contain the specified field name."),
        ("", "InvalidObjectName", None),
        ("k" * 1024, "InvalidObjectName", None),
        ("\udcff", "InvalidObjectName", None),
    ],
)
async def test_keys_that_are_none(server: InProcessServer, key: str | None, code: str, message: str | None) -> None:
    answer = await post(server, form([*([] if key is None else [("key", key)]), *signed(server)]))
    assert answer.refusal[:2] == (400, code)
    assert message in (None, answer.error.message)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (("Content-MD5", "nonsense"), "InvalidDigest"),
        (("Content-MD5", base64.b64encode(bytes(16)).decode()), "InvalidDigest"),
        (("x-oss-object-acl", "everybody"), "InvalidArgument"),
        (("x-oss-storage-class", "Cold"), "InvalidArgument"),
        (("x-oss-meta-a b", "c"), "InvalidArgument"),
        (("callback", "e30="), "InvalidArgument"),
        (("x-oss-persistent-headers", "a:Yg=="), "NotImplemented"),
        (("x-oss-object-worm-legal-hold", "ON"), "NotImplemented"),
        (("x-oss-object-worm-mode", "COMPLIANCE"), "NotImplemented"),
        (("x-oss-tagging", "a=b&a=c"), "InvalidArgument"),
    ],
)
async def test_fields_that_are_refused(server: InProcessServer, field: tuple[str, str], code: str) -> None:
    assert (await post(server, form([KEY, field, *signed(server)], CONTENT))).refusal[:2] == (400, code)
    assert await holds_nothing(server)


async def test_a_key_that_is_taken(server: InProcessServer) -> None:
    await server.put_object("/bucket/user/photo.jpg", b"first")
    body = form([KEY, ("x-oss-forbid-overwrite", "true"), *signed(server)])
    assert (await post(server, body)).refusal[:2] == (409, "FileAlreadyExists")
    assert (await server.call("GET", "/bucket/user/photo.jpg")).body == b"first"


async def test_a_file_beyond_the_limit(server: InProcessServer) -> None:
    answer = await post(server, form([KEY, *signed(server)], bytes(OBJECT_BYTES_MAX + 1)))
    assert answer.refusal[:2] == (400, "EntityTooLarge")
    assert await holds_nothing(server)


async def test_of_two_fields_the_first_is_judged_and_used(server: InProcessServer) -> None:
    fields = [KEY, ("KEY", "admin/secret"), *signed(server, ["starts-with", "$key", "user/"])]
    assert (await post(server, form(fields))).status == 204
    assert (await server.call("HEAD", "/bucket/admin/secret")).status == 404


async def test_a_quoted_boundary(server: InProcessServer) -> None:
    headers = [("Content-Type", f'multipart/form-data; boundary="{BOUNDARY}"')]
    answer = await server.send("POST", "/bucket/", headers=headers, body=form([KEY, *signed(server)]), is_chunked=True)
    assert answer.status == 204
