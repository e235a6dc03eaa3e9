"""Request payment between two accounts: who must say that it pays, who cannot, and who is told that it did."""

import pytest

from tests.support.elements import text
from tests.support.forms import FORM_TYPE, encoded_policy, form, signed_v4
from tests.support.inprocess import NOON, OTHER, OWNER, TEMPORARY, Account, Answer, InProcessServer
from tests.support.uploading import initiate

KEY = "/bucket/key"
PAYING = ("x-oss-request-payer", "requester")
REFUSAL = (403, "AccessDenied", "0003-00000703")
BY_URL = (403, "AccessDenied", "0003-00000702")
ANONYMOUS = (403, "AccessDenied", "0003-00000701")
CHARGED = "x-oss-request-charged"


def document(payer: str) -> bytes:
    return f"<RequestPaymentConfiguration><Payer>{payer}</Payer></RequestPaymentConfiguration>".encode()


async def put_payer(server: InProcessServer, payer: str, bucket: str = "bucket", by: Account | None = OWNER) -> Answer:
    return await server.call("PUT", f"/{bucket}/?requestPayment", by=by, body=document(payer))


@pytest.fixture
async def paid(server: InProcessServer) -> InProcessServer:
    """A server with `bucket`, open to everybody who pays, and `key` in it."""
    await server.put_bucket("bucket", acl="public-read-write")
    await server.put_object(KEY, b"body")
    assert (await put_payer(server, "Requester")).status == 200
    return server


async def test_the_owner_pays_until_it_is_said_otherwise(server: InProcessServer) -> None:
    for payer in (None, "Requester", "BucketOwner"):
        if payer is not None:
            answer = await put_payer(server, payer)
            assert (answer.status, answer.body) == (200, b"")
        told = await server.call("GET", "/bucket/?requestPayment")
        assert (told.status, told.xml.name) == (200, "RequestPaymentConfiguration")
        assert text(told, "Payer") == (payer or "BucketOwner")


@pytest.mark.parametrize(
    ("body", "ec"),
    [
        (b"", "0035-00000001"),
        (b"<x/>", "0035-00000001"),
        (b"<Payer>BucketOwner</Payer>", "0035-00000001"),
        (b"<RequestPaymentConfiguration/>", "0035-00000001"),
        (b"<RequestPaymentConfiguration><Payer>BucketOwner</Payer>", "0035-00000001"),
        (document(""), "0035-00000002"),
        (document("bucketowner"), "0035-00000002"),
        (document("Other"), "0035-00000002"),
    ],
)
async def test_a_document_that_names_nobody_is_refused(paid: InProcessServer, body: bytes, ec: str) -> None:
    answer = await paid.call("PUT", "/bucket/?requestPayment", body=body)
    assert answer.refusal == (400, "MalformedXML", ec)
    assert text(await paid.call("GET", "/bucket/?requestPayment"), "Payer") == "Requester"


@pytest.mark.parametrize("caller", [OTHER, None], ids=["other", "anonymous"])
async def test_only_the_owner_sets_and_reads_it(paid: InProcessServer, caller: Account | None) -> None:
    for method in ("PUT", "GET"):
        body = document("BucketOwner") if method == "PUT" else b""
        answer = await paid.call(method, "/bucket/?requestPayment", by=caller, headers=[PAYING], body=body)
        assert answer.refusal == (403, "AccessDenied", None)
    assert text(await paid.call("GET", "/bucket/?requestPayment"), "Payer") == "Requester"


REQUESTS = [
    ("GET", KEY, b""),
    ("HEAD", KEY, b""),
    ("HEAD", f"{KEY}?objectMeta", b""),
    ("PUT", KEY, b"new"),
    ("DELETE", KEY, b""),
    ("POST", "/bucket/log?append&position=0", b"new"),
    ("POST", "/bucket/large?uploads", b""),
    ("POST", "/bucket/?delete", b"<Delete><Object><Key>key</Key></Object></Delete>"),
]
requests = pytest.mark.parametrize(("method", "target", "body"), REQUESTS, ids=lambda value: str(value)[:30])


@requests
async def test_another_account_has_to_say_that_it_pays(
    paid: InProcessServer, method: str, target: str, body: bytes
) -> None:
    refused = await paid.call(method, target, by=OTHER, body=body)
    assert refused.refusal == REFUSAL
    assert refused.error.message == "Access denied for requester pay bucket"
    assert refused.header(CHARGED) is None
    assert (await paid.call("GET", KEY)).body == b"body"

    paying = await paid.call(method, target, by=OTHER, body=body, headers=[PAYING])
    assert paying.status in (200, 204)
    assert paying.header(CHARGED) == "requester"


@requests
async def test_who_is_nobody_cannot_pay(paid: InProcessServer, method: str, target: str, body: bytes) -> None:
    for headers in ([], [PAYING]):
        refused = await paid.call(method, target, by=None, body=body, headers=headers)
        assert refused.refusal == ANONYMOUS
        assert refused.error.message == "Access denied for requester pay bucket"
        assert refused.header(CHARGED) is None
    assert (await paid.call("GET", KEY)).body == b"body"


@requests
@pytest.mark.parametrize("owner", [OWNER, TEMPORARY], ids=["owner", "token"])
async def test_the_owner_is_never_charged(
    paid: InProcessServer, owner: Account, method: str, target: str, body: bytes
) -> None:
    for headers in ([PAYING], []):
        answer = await paid.call(method, target, by=owner, body=body, headers=headers)
        assert answer.status in (200, 204, 404, 409)
        assert answer.refusal not in (REFUSAL, BY_URL, ANONYMOUS)
        assert answer.header(CHARGED) is None


@pytest.mark.parametrize("value", ["", "Requestor", "BucketOwner", "requester,requester", "true"])
async def test_another_word_is_no_consent(paid: InProcessServer, value: str) -> None:
    answer = await paid.call("GET", KEY, by=OTHER, headers=[("x-oss-request-payer", value)])
    assert answer.refusal == REFUSAL


async def test_a_presigned_url_says_it_in_its_query(paid: InProcessServer) -> None:
    url = paid.presigned("GET", f"{KEY}?x-oss-request-payer=requester", by=OTHER)
    answer = await paid.send("GET", url)
    assert (answer.body, answer.header(CHARGED)) == (b"body", "requester")
    for target in (KEY, f"{KEY}?x-oss-request-payer=no"):
        assert (await paid.send("GET", paid.presigned("GET", target, by=OTHER))).refusal == BY_URL


async def test_payment_buys_no_permission(paid: InProcessServer) -> None:
    await paid.call("PUT", "/bucket/?acl", headers=[("x-oss-acl", "private")])
    answer = await paid.call("GET", KEY, by=OTHER, headers=[PAYING])
    assert answer.refusal == (403, "AccessDenied", "0003-00000001")
    answer = await paid.call("GET", "/bucket/", by=OTHER, headers=[PAYING])
    assert answer.refusal == (403, "AccessDenied", None)


async def test_where_the_owner_pays_nobody_is_charged(paid: InProcessServer) -> None:
    await put_payer(paid, "BucketOwner")
    for caller, headers in ((OTHER, [PAYING]), (OTHER, []), (None, [])):
        answer = await paid.call("GET", KEY, by=caller, headers=headers)
        assert (answer.body, answer.header(CHARGED)) == (b"body", None)


@pytest.mark.parametrize("kind", ["copy", "part"])
async def test_a_copy_pays_for_its_source_as_well(paid: InProcessServer, kind: str) -> None:
    target = "/theirs/copied"
    if kind == "part":
        started = await paid.call("POST", "/theirs/copied?uploads", by=OTHER)
        target += f"?partNumber=1&uploadId={text(started, 'UploadId')}"
    source = ("x-oss-copy-source", KEY)
    assert (await paid.call("PUT", target, by=OTHER, headers=[source])).refusal == REFUSAL
    assert (await paid.call("PUT", target, by=OTHER, headers=[source, PAYING])).status == 200


async def test_a_form_says_it_in_a_field(paid: InProcessServer) -> None:
    signature = signed_v4(encoded_policy(NOON), OTHER.credentials, NOON)
    refused = [([("key", "new"), PAYING], ANONYMOUS), ([("key", "new"), *signature.items()], REFUSAL)]
    for fields, refusal in refused:
        assert (await paid.send("POST", "/bucket/", headers=[FORM_TYPE, PAYING], body=form(fields))).refusal == refusal
    assert (await paid.call("GET", "/bucket/new")).status == 404
    fields = [("key", "new"), PAYING, *signature.items()]
    answer = await paid.send("POST", "/bucket/", headers=[FORM_TYPE], body=form(fields))
    assert (answer.status, answer.header(CHARGED)) == (204, "requester")


async def test_not_one_byte_is_asked_of_who_does_not_pay(paid: InProcessServer) -> None:
    headers = [*paid.signed("PUT", KEY, by=OTHER).items()]
    exchange = paid.exchange("PUT", KEY, headers=headers, body=bytes(1000))
    assert (await paid.carry_out(exchange)).refusal == REFUSAL
    assert exchange.received == 0


async def test_an_upload_in_parts_pays_each_time(paid: InProcessServer) -> None:
    upload_id = await initiate(paid, "/bucket/large")
    target = f"/bucket/large?partNumber=1&uploadId={upload_id}"
    assert (await paid.call("PUT", target, by=OTHER, body=b"x")).refusal == REFUSAL
    assert (await paid.call("PUT", target, by=OTHER, body=b"x", headers=[PAYING])).header(CHARGED) == "requester"
