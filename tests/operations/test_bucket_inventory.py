"""Inventories of a bucket: made, told one by one and by pages, forgotten; and what is refused."""

import pytest

from tests.support.elements import text, texts
from tests.support.inprocess import OTHER, OWNER, Answer, InProcessServer
from tests.support.inventories import inventory


@pytest.fixture
async def bucket(server: InProcessServer) -> InProcessServer:
    await server.put_bucket("bucket")
    await server.put_bucket("lists")
    return server


async def put(server: InProcessServer, name: str = "report", document: str | None = None) -> Answer:
    body = (inventory(name) if document is None else document).encode()
    return await server.call("PUT", f"/bucket/?inventory&inventoryId={name}", body=body)


async def test_what_was_put_is_told(bucket: InProcessServer) -> None:
    more = (
        "<Filter><Prefix>a/</Prefix><LowerSizeBound>1</LowerSizeBound><StorageClass>Standard,IA</StorageClass></Filter>"
    )
    document = inventory("report", fields=("ETag", "Size", "ETag"), more=more)
    assert (await put(bucket, document=document)).status == 200
    told = await bucket.call("GET", "/bucket/?inventory&inventoryId=report")
    target = "Destination/OSSBucketDestination/"
    for path, value in {
        "Id": "report",
        "IsEnabled": "true",
        "IncludedObjectVersions": "Current",
        "Schedule/Frequency": "Daily",
        "Filter/Prefix": "a/",
        "Filter/LowerSizeBound": "1",
        "Filter/StorageClass": "Standard,IA",
        f"{target}Format": "CSV",
        f"{target}AccountId": OWNER.id,
        f"{target}Bucket": "acs:oss:::lists",
        f"{target}Prefix": "p",
    }.items():
        assert texts(told, path) == [value]
    assert texts(told, "OptionalFields/Field") == ["ETag", "Size"]


async def test_one_is_not_replaced_and_can_be_made_again(bucket: InProcessServer) -> None:
    assert (await put(bucket)).status == 200
    assert (await put(bucket)).refusal == (409, "InventoryAlreadyExist", None)
    for _ in range(2):
        assert (await bucket.call("DELETE", "/bucket/?inventory&inventoryId=report")).status == 204
    missing = await bucket.call("GET", "/bucket/?inventory&inventoryId=report")
    assert missing.refusal == (404, "NoSuchInventory", None)
    assert (await put(bucket)).status == 200


async def test_pages_of_a_hundred(bucket: InProcessServer) -> None:
    assert (await bucket.call("GET", "/bucket/?inventory")).refusal == (404, "NoSuchInventory", None)
    names = [f"i{number:03}" for number in range(101)]
    for name in reversed(names):
        assert (await put(bucket, name)).status == 200
    first = await bucket.call("GET", "/bucket/?inventory")
    assert texts(first, "InventoryConfiguration/Id") == names[:100]
    assert text(first, "IsTruncated") == "true"
    assert texts(first, "ContinuationToken") == []
    token = text(first, "NextContinuationToken")
    second = await bucket.call("GET", f"/bucket/?inventory&continuation-token={token}")
    assert texts(second, "InventoryConfiguration/Id") == names[100:]
    assert (text(second, "IsTruncated"), text(second, "ContinuationToken")) == ("false", token)
    assert texts(second, "NextContinuationToken") == []
    wrong = await bucket.call("GET", "/bucket/?inventory&continuation-token=no")
    assert wrong.refusal[:2] == (400, "InvalidArgument")


@pytest.mark.parametrize(
    "element",
    ["Id", "IsEnabled", "Destination", "Format", "AccountId", "RoleArn", "Bucket", "Schedule", "Frequency",
     "IncludedObjectVersions"],
)  # fmt: skip
async def test_an_element_that_must_be_there(bucket: InProcessServer, element: str) -> None:
    document = inventory("report")
    begin, end = document.index(f"<{element}>"), document.index(f"</{element}>") + len(f"</{element}>")
    assert (await put(bucket, document=document[:begin] + document[end:])).refusal[:2] == (400, "MalformedXML")


@pytest.mark.parametrize(
    ("given", "wrong", "code"),
    [
        ("<Format>CSV<", "<Format>ORC<", "MalformedXML"),
        (">Daily<", ">Hourly<", "MalformedXML"),
        (">Current<", ">Some<", "MalformedXML"),
        (">Size<", ">Weight<", "MalformedXML"),
        (">true<", ">perhaps<", "MalformedXML"),
        (">report<", ">other<", "InvalidArgument"),
        (OWNER.id, OTHER.id, "InvalidArgument"),
        ("acs:ram::", "acs:sam::", "InvalidArgument"),
        ("acs:oss:::lists", "lists", "InvalidArgument"),
        ("acs:oss:::lists", "acs:oss:::missing", "InvalidArgument"),
        ("acs:oss:::lists", "acs:oss:::foreign", "InvalidArgument"),
        ("acs:oss:::lists", "acs:oss:::A", "InvalidArgument"),
        (">p<", ">/p<", "InvalidArgument"),
        (">p<", f">{'p' * 129}<", "InvalidArgument"),
        ("<LowerSizeBound>1<", "<LowerSizeBound>-1<", "InvalidArgument"),
        ("<LowerSizeBound>1<", "<LowerSizeBound>9<", "InvalidArgument"),
        (">Standard,IA<", ">Standard,Best<", "InvalidArgument"),
        (">Standard,IA<", ">Standard, IA<", "InvalidArgument"),
    ],
)
async def test_what_is_refused(bucket: InProcessServer, given: str, wrong: str, code: str) -> None:
    await bucket.put_bucket("foreign", by=OTHER)
    more = (
        "<Filter><LowerSizeBound>1</LowerSizeBound><UpperSizeBound>5</UpperSizeBound>"
        "<StorageClass>Standard,IA</StorageClass></Filter>"
    )
    document = inventory("report", fields=("Size",), more=more)
    assert given in document
    assert (await put(bucket, document=document.replace(given, wrong))).refusal[:2] == (400, code)
    assert (await put(bucket, document=document)).status == 200


async def test_an_id_that_could_lead_elsewhere(bucket: InProcessServer) -> None:
    for name in ("a/b", "..", "-a", "a-", "a b", "x" * 65):
        answer = await bucket.call(
            "PUT", f"/bucket/?inventory&inventoryId={name.replace('/', '%2F').replace(' ', '%20')}",
            body=inventory(name).encode(),
        )  # fmt: skip
        assert answer.refusal[:2] == (400, "InvalidArgument")


async def test_only_the_owner(bucket: InProcessServer) -> None:
    await put(bucket)
    for method, more in (
        ("PUT", "&inventoryId=a"),
        ("GET", "&inventoryId=report"),
        ("GET", ""),
        ("DELETE", "&inventoryId=report"),
    ):
        for caller in (OTHER, None):
            assert (await bucket.call(method, f"/bucket/?inventory{more}", by=caller)).status == 403
