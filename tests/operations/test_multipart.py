"""Multipart uploads: parts in any order, joined as OSS joins them, and refusals that change nothing."""

import base64
import hashlib
import re
from urllib.parse import quote

import pytest

from ossicle.wire.digest import crc64
from tests.support.elements import text
from tests.support.inprocess import OTHER, OWNER, Account, InProcessServer
from tests.support.uploading import (
    PART_BYTES,
    begun,
    complete,
    completion,
    etag_of,
    initiate,
    multipart_etag,
    part_bytes,
    put_part,
)

PATH = "/bucket/large"
PARTS = (part_bytes(1), part_bytes(2), part_bytes(3, 7))
GONE = (404, "NoSuchUpload", "0042-00000002")


async def is_usable(server: InProcessServer, upload_id: str) -> bool:
    return (await server.call("GET", f"{PATH}?uploadId={upload_id}")).status == 200


# ------------------------------------------------------------------------------------------------- the way through


async def test_from_initiation_to_object(server: InProcessServer) -> None:
    begin = await server.call(
        "POST",
        f"{PATH}?uploads&encoding-type=url",
        headers=[("Content-Type", "text/plain"), ("Content-Language", "eo"), ("x-oss-meta-colour", "red")],
    )
    upload_id = text(begin, "UploadId") or ""
    assert begin.body.decode().endswith(
        "<InitiateMultipartUploadResult><EncodingType>url</EncodingType><Bucket>bucket</Bucket><Key>large</Key>"
        f"<UploadId>{upload_id}</UploadId></InitiateMultipartUploadResult>"
    )
    assert re.fullmatch("[0-9A-F]{32}", upload_id)
    for number in (3, 1, 2):
        body = PARTS[number - 1]
        answer = await put_part(server, PATH, upload_id, number, body)
        assert (answer.status, answer.body) == (200, b"")
        assert answer.header("etag") == f'"{etag_of(body)}"'
        assert answer.header("x-oss-hash-crc64ecma") == str(crc64(body))
        assert answer.header("content-md5") == base64.b64encode(hashlib.md5(body).digest()).decode()
    assert (await server.call("GET", PATH)).refusal[1] == "NoSuchKey"
    server.clock.advance(hours=1)
    listed = [(number, etag_of(body)) for number, body in enumerate(PARTS, 1)]
    done = await complete(server, f"{PATH}", upload_id, *listed)
    whole = b"".join(PARTS)
    assert done.status == 200
    assert done.header("x-oss-hash-crc64ecma") == str(crc64(whole))
    assert text(done, "ETag") == f'"{multipart_etag(PARTS)}"'
    assert (text(done, "Bucket"), text(done, "Key")) == ("bucket", "large")
    assert text(done, "Location") == "http://127.0.0.1:8880/bucket/large"
    answer = await server.call("GET", PATH)
    assert answer.body == whole
    assert answer.header("etag") == f'"{multipart_etag(PARTS)}"'
    assert answer.header("x-oss-object-type") == "Multipart"
    assert answer.header("content-md5") is None
    assert answer.header("x-oss-hash-crc64ecma") == str(crc64(whole))
    assert (answer.header("content-type"), answer.header("content-language")) == ("text/plain", "eo")
    assert answer.header("x-oss-meta-colour") == "red"
    assert answer.header("last-modified") == "Sat, 14 Mar 2026 13:00:00 GMT"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (0, 0),
        (PART_BYTES - 1, PART_BYTES),
        (PART_BYTES, PART_BYTES),
        (5, 2 * PART_BYTES + 3),
        (2 * PART_BYTES, 2 * PART_BYTES + 6),
    ],
)
async def test_a_range_reaches_over_parts(server: InProcessServer, start: int, end: int) -> None:
    upload_id, listed = await begun(server, PATH, *PARTS)
    assert (await complete(server, PATH, upload_id, *listed)).status == 200
    answer = await server.call("GET", PATH, headers=[("Range", f"bytes={start}-{end}")])
    assert (answer.status, answer.body) == (206, b"".join(PARTS)[start : end + 1])


async def test_the_location_is_in_the_style_of_the_request(server: InProcessServer) -> None:
    host = "bucket.localhost:8880"
    begin = await server.call("POST", "/a%20b?uploads", host=host)
    upload_id = text(begin, "UploadId")
    part = await server.call("PUT", f"/a%20b?partNumber=1&uploadId={upload_id}", host=host, body=b"x")
    body = completion((1, part.header("etag") or ""))
    done = await server.call("POST", f"/a%20b?uploadId={upload_id}&encoding-type=url", host=host, body=body)
    assert text(done, "Location") == "http://bucket.localhost:8880/a%20b"
    assert (text(done, "EncodingType"), text(done, "Key")) == ("url", "a%20b")


async def test_a_part_sent_again_replaces_the_first(server: InProcessServer) -> None:
    upload_id, _ = await begun(server, PATH, b"first")
    assert (await put_part(server, PATH, upload_id, 1, b"second")).status == 200
    await server.collection.delete_condemned()
    assert len(await server.stored_blobs()) == 1
    assert (await complete(server, PATH, upload_id, (1, etag_of(b"first")))).refusal[1] == "InvalidPart"
    assert (await complete(server, PATH, upload_id, (1, etag_of(b"second")))).status == 200
    assert (await server.call("GET", PATH)).body == b"second"


@pytest.mark.parametrize("spelt", ['"{}"', "{}", "&quot;{}&quot;"])
@pytest.mark.parametrize("is_lower", [False, True])
async def test_an_etag_may_be_quoted_or_not_in_either_case(
    server: InProcessServer, spelt: str, *, is_lower: bool
) -> None:
    upload_id, [(_, etag)] = await begun(server, PATH, b"body")
    etag = etag.lower() if is_lower else etag
    assert (await complete(server, PATH, upload_id, (1, spelt.format(etag)))).status == 200


async def test_parts_that_are_not_listed_are_dropped(server: InProcessServer) -> None:
    upload_id, listed = await begun(server, PATH, *PARTS)
    assert (await complete(server, PATH, upload_id, listed[1])).status == 200
    await server.collection.delete_condemned()
    assert await server.stored_blobs() == await server.blobs_of("bucket", "large")
    answer = await server.call("GET", PATH)
    assert (answer.body, answer.header("etag")) == (PARTS[1], f'"{multipart_etag(PARTS[1:2])}"')


async def test_all_parts_without_a_list(server: InProcessServer) -> None:
    upload_id, _ = await begun(server, PATH, *PARTS)
    target = f"{PATH}?uploadId={upload_id}"
    both = await server.call("POST", target, headers=[("x-oss-complete-all", "yes")], body=completion((1, "x")))
    assert both.refusal == (400, "InvalidArgument", "0042-00000216")
    done = await server.call("POST", target, headers=[("x-oss-complete-all", "yes")])
    assert done.status == 200
    assert (await server.call("GET", PATH)).body == b"".join(PARTS)


async def test_an_object_of_no_bytes(server: InProcessServer) -> None:
    upload_id, listed = await begun(server, PATH, b"")
    assert (await complete(server, PATH, upload_id, *listed)).status == 200
    answer = await server.call("GET", PATH)
    assert (answer.status, answer.body, answer.header("content-length")) == (200, b"", "0")
    assert answer.header("x-oss-hash-crc64ecma") == "0"
    assert await server.stored_blobs() == []


async def test_what_is_displaced_goes(server: InProcessServer) -> None:
    await server.put_object(PATH, bytes(1000))
    upload_id, listed = await begun(server, PATH, *PARTS)
    assert (await server.call("GET", PATH)).body == bytes(1000)
    assert (await complete(server, PATH, upload_id, *listed)).status == 200
    await server.collection.delete_condemned()
    assert len(await server.stored_blobs()) == len(PARTS)
    assert (await server.call("DELETE", PATH)).status == 204
    await server.collection.delete_condemned()
    assert await server.stored_blobs() == []


async def test_every_step_can_be_presigned(server: InProcessServer) -> None:
    begin = await server.send("POST", server.presigned("POST", f"{PATH}?uploads"))
    upload_id = text(begin, "UploadId")
    targets = [server.presigned("PUT", f"{PATH}?partNumber={number}&uploadId={upload_id}") for number in (1, 2, 3)]
    etags = {}
    for number in (2, 3, 1):
        answer = await server.send("PUT", targets[number - 1], body=PARTS[number - 1])
        assert answer.status == 200
        etags[number] = answer.header("etag") or ""
    listed = await server.send("GET", server.presigned("GET", f"{PATH}?uploadId={upload_id}"))
    assert [child.name for child in listed.xml.children].count("Part") == 3
    document = completion(*sorted(etags.items()))
    done = await server.send("POST", server.presigned("POST", f"{PATH}?uploadId={upload_id}"), body=document)
    assert done.status == 200
    again = await initiate(server, PATH)
    assert (await server.send("DELETE", server.presigned("DELETE", f"{PATH}?uploadId={again}"))).status == 204
    assert (await server.call("GET", PATH)).body == b"".join(PARTS)


async def test_a_url_for_one_part_is_none_for_another(server: InProcessServer) -> None:
    upload_id = await initiate(server, PATH)
    target = server.presigned("PUT", f"{PATH}?partNumber=1&uploadId={upload_id}")
    answer = await server.send("PUT", target.replace("partNumber=1", "partNumber=2"), body=b"x")
    assert answer.refusal[1] == "SignatureDoesNotMatch"


# ------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ([2, 1], "InvalidPartOrder"),
        ([1, 1], "InvalidPartOrder"),
        ([1, 2, 4], "InvalidPart"),
        ([1, 3, 2], "InvalidPartOrder"),
        ([3], None),
    ],
)
async def test_lists_that_do_not_fit(server: InProcessServer, order: list[int], code: str | None) -> None:
    upload_id, listed = await begun(server, PATH, *PARTS)
    etags = dict(listed)
    answer = await complete(server, PATH, upload_id, *((number, etags.get(number, "0")) for number in order))
    if code is None:
        assert answer.status == 200
        return
    assert answer.refusal == (400, code, None)
    assert answer.error.details["UploadId"] == upload_id
    assert answer.error.details["PartNumber"] == str(order[-1] if code == "InvalidPart" or order[1] < 3 else 2)
    assert await is_usable(server, upload_id)
    assert (await complete(server, PATH, upload_id, *listed)).status == 200


async def test_only_the_last_part_may_be_small(server: InProcessServer) -> None:
    upload_id, listed = await begun(server, PATH, bytes(PART_BYTES), bytes(PART_BYTES - 1), b"x")
    answer = await complete(server, PATH, upload_id, *listed)
    assert answer.refusal == (400, "EntityTooSmall", None)
    details = answer.error.details
    assert (details["PartNumber"], details["ProposedSize"], details["MinSizeAllowed"]) == ("2", "102399", "102400")
    assert (await complete(server, PATH, upload_id, *listed[:2])).status == 200


async def test_a_wrong_etag_is_no_part(server: InProcessServer) -> None:
    upload_id, _ = await begun(server, PATH, b"x")
    assert (await complete(server, PATH, upload_id, (1, etag_of(b"y")))).refusal == (400, "InvalidPart", None)
    assert await is_usable(server, upload_id)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<CompleteMultipartUpload/>",
        b"<Complete/>",
        b"text",
        b"<CompleteMultipartUpload><Part><PartNumber>x</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>",
        b"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>",
    ],
)
async def test_a_completion_needs_a_list(server: InProcessServer, document: bytes) -> None:
    upload_id, _ = await begun(server, PATH, b"x")
    answer = await server.call("POST", f"{PATH}?uploadId={upload_id}", body=document)
    assert answer.refusal[:2] == (400, "MalformedXML")
    assert await is_usable(server, upload_id)


async def test_all_of_nothing(server: InProcessServer) -> None:
    upload_id = await initiate(server, PATH)
    answer = await server.call("POST", f"{PATH}?uploadId={upload_id}", headers=[("x-oss-complete-all", "yes")])
    assert answer.refusal == (400, "InvalidPart", None)
    assert await is_usable(server, upload_id)


async def test_an_upload_ends_once(server: InProcessServer) -> None:
    upload_id, listed = await begun(server, PATH, b"x")
    assert (await complete(server, PATH, upload_id, *listed)).status == 200
    again = await complete(server, PATH, upload_id, *listed)
    assert again.refusal == GONE
    assert again.error.details["UploadId"] == upload_id
    assert (await server.call("DELETE", f"{PATH}?uploadId={upload_id}")).refusal == GONE
    assert (await server.call("GET", f"{PATH}?uploadId={upload_id}")).refusal == GONE
    late = await put_part(server, PATH, upload_id, 2, b"y")
    assert late.refusal == (404, "NoSuchUpload", "0042-00000104")
    assert len(await server.stored_blobs()) == 1


@pytest.mark.parametrize("upload_id", ["0" * 32, "", "x", "%C3%A9", "%FF", "A" * 5000])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_an_upload_that_never_was(server: InProcessServer, method: str, upload_id: str) -> None:
    selector = "partNumber=1&" if method == "PUT" else ""
    body = completion((1, "0")) if method == "POST" else b""
    answer = await server.call(method, f"{PATH}?{selector}uploadId={upload_id}", body=body)
    assert answer.refusal[:2] == (404, "NoSuchUpload")


@pytest.mark.parametrize("path", ["/bucket/other", "/second/large"])
async def test_an_upload_of_another_key_or_bucket(server: InProcessServer, path: str) -> None:
    await server.put_bucket("second")
    upload_id, listed = await begun(server, PATH, b"x")
    assert (await put_part(server, path, upload_id, 1, b"y")).refusal == (404, "NoSuchUpload", "0042-00000104")
    assert (await complete(server, path, upload_id, *listed)).refusal == GONE
    assert (await server.call("DELETE", f"{path}?uploadId={upload_id}")).refusal == GONE
    assert (await server.call("GET", f"{path}?uploadId={upload_id}")).refusal == GONE
    assert (await complete(server, PATH, upload_id, *listed)).status == 200


@pytest.mark.parametrize("number", ["0", "10001", "-1", "x", "1.5", "99999999999999999999"])
async def test_numbers_of_parts(server: InProcessServer, number: str) -> None:
    upload_id = await initiate(server, PATH)
    exchange = server.exchange("PUT", f"{PATH}?partNumber={number}&uploadId={upload_id}", body=b"x")
    target = f"{PATH}?partNumber={number}&uploadId={upload_id}"
    signed = list(server.signed("PUT", target).items())
    exchange = server.exchange("PUT", target, headers=signed, body=b"x")
    answer = await server.carry_out(exchange)
    assert answer.refusal[:2] == (400, "InvalidArgument")
    assert answer.error.details["ArgumentName"] == "partNumber"
    assert answer.error.details["ArgumentValue"] == number
    assert exchange.received == 0, "nothing of the body was asked for"


async def test_a_part_for_no_upload_is_refused_before_its_body(server: InProcessServer) -> None:
    target = f"{PATH}?partNumber=1&uploadId={'0' * 32}"
    exchange = server.exchange("PUT", target, headers=list(server.signed("PUT", target).items()), body=b"x")
    assert (await server.carry_out(exchange)).refusal == (404, "NoSuchUpload", "0042-00000104")
    assert exchange.received == 0


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (("Content-MD5", base64.b64encode(bytes(16)).decode()), "InvalidDigest"),
        (("Content-MD5", "x"), "InvalidDigest"),
        (("x-oss-hash-crc64ecma", "1"), "InvalidCRC64"),
        (("x-oss-hash-crc64ecma", "x"), "InvalidArgument"),
        (("x-oss-traffic-limit", "1"), "InvalidArgument"),
        (("x-oss-server-side-encryption", "AES256"), "InvalidArgument"),
        (("x-oss-callback", "e30="), "NotImplemented"),
    ],
)
async def test_a_part_that_is_refused_leaves_nothing(
    server: InProcessServer, header: tuple[str, str], code: str
) -> None:
    upload_id = await initiate(server, PATH)
    target = f"{PATH}?partNumber=1&uploadId={upload_id}"
    answer = await server.call("PUT", target, headers=[header], body=b"body")
    assert answer.refusal[:2] == (400, code)
    assert await server.stored_blobs() == []
    assert b"<Part>" not in (await server.call("GET", f"{PATH}?uploadId={upload_id}")).body


async def test_a_part_that_breaks_off_leaves_nothing(server: InProcessServer) -> None:
    upload_id = await initiate(server, PATH)
    target = f"{PATH}?partNumber=1&uploadId={upload_id}"
    answer = await server.call("PUT", target, body=b"body", length=10, is_cut_off=True)
    assert answer.refusal[1] == "IncompleteBody"
    assert await server.stored_blobs() == []


@pytest.mark.parametrize("header", ["if-match", "x-oss-persistent-headers"])
async def test_what_is_not_served_is_refused_by_name(server: InProcessServer, header: str) -> None:
    answer = await server.call("POST", f"{PATH}?uploads", headers=[(header, "x")])
    assert answer.refusal[:2] == (400, "NotImplemented")
    assert answer.error.details["Header"] == header
    upload_id, listed = await begun(server, PATH, b"x")
    answer = await complete(server, PATH, upload_id, *listed, headers=[(header, "x")])
    assert answer.refusal[:2] == (400, "NotImplemented")


async def test_encryption_is_said_at_the_beginning_and_not_later(server: InProcessServer) -> None:
    header = ("x-oss-server-side-encryption", "AES256")
    upload_id, listed = await begun(server, PATH, b"x")
    answer = await complete(server, PATH, upload_id, *listed, headers=[header])
    assert answer.refusal[:2] == (400, "InvalidArgument")


async def test_forbidding_to_overwrite_counts_at_both_ends(server: InProcessServer) -> None:
    forbid = ("x-oss-forbid-overwrite", "true")
    upload_id = await initiate(server, PATH, forbid)
    await put_part(server, PATH, upload_id, 1, b"x")
    await server.put_object(PATH, b"there")
    answer = await server.call("POST", f"{PATH}?uploads", headers=[forbid])
    assert answer.refusal == (409, "FileAlreadyExists", None)
    answer = await complete(server, PATH, upload_id, (1, etag_of(b"x")), headers=[forbid])
    assert answer.refusal == (409, "FileAlreadyExists", None)
    assert (await server.call("GET", PATH)).body == b"there"
    assert (await complete(server, PATH, upload_id, (1, etag_of(b"x")))).status == 200


# ------------------------------------------------------------------------------------------------- who may


@pytest.mark.parametrize("by", [None, OTHER])
async def test_others_may_not(server: InProcessServer, by: Account | None) -> None:
    upload_id, listed = await begun(server, PATH, b"x")
    answers = [
        await server.call("POST", f"{PATH}?uploads", by=by),
        await put_part(server, PATH, upload_id, 2, b"y", by=by),
        await complete(server, PATH, upload_id, *listed, by=by),
        await server.call("GET", f"{PATH}?uploadId={upload_id}", by=by),
        await server.call("DELETE", f"{PATH}?uploadId={upload_id}", by=by),
        await server.call("GET", "/bucket/?uploads", by=by),
    ]
    assert {answer.refusal[:2] for answer in answers} == {(403, "AccessDenied")}
    assert await is_usable(server, upload_id)


@pytest.mark.parametrize("by", [None, OTHER])
async def test_anybody_may_where_anybody_may_write(server: InProcessServer, by: Account | None) -> None:
    await server.put_bucket("open", acl="public-read-write")
    upload_id = await initiate(server, "/open/key", by=by)
    answer = await put_part(server, "/open/key", upload_id, 1, b"x", by=by)
    assert (await complete(server, "/open/key", upload_id, (1, answer.header("etag") or ""), by=by)).status == 200
    assert (await server.call("GET", "/open/key", by=None)).body == b"x"


async def test_an_object_s_own_acl_counts_at_both_ends(server: InProcessServer) -> None:
    await server.put_bucket("open", acl="public-read-write")
    upload_id = await initiate(server, "/open/key", by=None)
    part = await put_part(server, "/open/key", upload_id, 1, b"x", by=None)
    await server.put_object("/open/key", b"mine", ("x-oss-object-acl", "private"))
    listed = (1, part.header("etag") or "")
    assert (await complete(server, "/open/key", upload_id, listed, by=None)).refusal[:2] == (403, "AccessDenied")
    assert (await server.call("POST", "/open/key?uploads", by=None)).refusal[:2] == (403, "AccessDenied")
    headers = [("x-oss-object-acl", "public-read")]
    assert (await complete(server, "/open/key", upload_id, listed, headers=headers, by=OWNER)).status == 200
    assert (await server.call("GET", "/open/key", by=None)).body == b"x"
    assert (await server.call("PUT", "/open/key", by=None, body=b"y")).refusal[:2] == (403, "AccessDenied")


async def test_a_bucket_with_uploads_is_not_empty(server: InProcessServer) -> None:
    upload_id = await initiate(server, PATH)
    assert (await server.call("DELETE", "/bucket/")).refusal[1] == "BucketNotEmpty"
    assert (await server.call("DELETE", f"{PATH}?uploadId={upload_id}")).status == 204
    assert (await server.call("DELETE", "/bucket/")).status == 204


async def test_aborting_leaves_nothing(server: InProcessServer) -> None:
    upload_id, _ = await begun(server, PATH, *PARTS)
    assert len(await server.stored_blobs()) == 3
    assert (await server.call("DELETE", f"{PATH}?uploadId={upload_id}")).status == 204
    await server.collection.delete_condemned()
    assert await server.stored_blobs() == []


async def test_names_that_need_encoding(server: InProcessServer) -> None:
    path = "/bucket/" + quote("é +/%\u0001")
    upload_id = await initiate(server, path)
    part = await put_part(server, path, upload_id, 1, b"x")
    assert part.status == 200
    assert (await complete(server, path, upload_id, (1, part.header("etag") or ""))).status == 200
    assert (await server.call("GET", path)).body == b"x"


async def test_a_stranger_is_refused_before_its_document_is_read(server: InProcessServer) -> None:
    for account in (OTHER, None):
        answer = await server.call("POST", "/bucket/key?uploadId=X", body=b"<bad", by=account)
        assert answer.refusal[:2] == (403, "AccessDenied")


async def test_an_acl_named_at_the_beginning_is_the_objects(server: InProcessServer) -> None:
    answer = await server.call("POST", "/bucket/key?uploads", headers=[("x-oss-object-acl", "bogus")])
    assert answer.refusal[:2] == (400, "InvalidArgument")
