"""Uploads whose parts come in order, because their beginning said so."""

import pytest

from tests.support.elements import text, texts
from tests.support.inprocess import Answer, InProcessServer
from tests.support.uploading import complete, etag_of, initiate, part_bytes, put_part

PATH = "/bucket/large"


async def begin(server: InProcessServer, query: str = "&sequential") -> str:
    answer = await server.call("POST", f"{PATH}?uploads{query}", headers=[("x-oss-tagging", "a=1")])
    assert answer.status == 200
    return text(answer, "UploadId") or ""


async def put(server: InProcessServer, upload_id: str, number: int) -> Answer:
    return await put_part(server, PATH, upload_id, number, part_bytes(number))


@pytest.mark.parametrize("query", ["&sequential", "&sequential=", "&sequential=1"])
async def test_parts_in_order_make_an_object(server: InProcessServer, query: str) -> None:
    upload_id = await begin(server, query)
    for number in (1, 2, 2, 4):  # the last one again, as after an answer that was lost
        assert (await put(server, upload_id, number)).status == 200
    listed = [(number, etag_of(part_bytes(number))) for number in (1, 2, 4)]
    assert (await complete(server, PATH, upload_id, *listed)).status == 200
    answer = await server.call("GET", PATH)
    assert answer.body == part_bytes(1) + part_bytes(2) + part_bytes(4)
    assert answer.header("x-oss-tagging-count") == "1"
    assert answer.header("content-md5") is None


async def test_a_part_out_of_order_is_refused_before_its_body(server: InProcessServer) -> None:
    upload_id = await begin(server)
    for number in (1, 3):
        assert (await put(server, upload_id, number)).status == 200
    for number in (1, 2):
        target = f"{PATH}?partNumber={number}&uploadId={upload_id}"
        exchange = server.exchange("PUT", target, headers=[*server.signed("PUT", target).items()], body=b"late")
        refused = await server.carry_out(exchange)
        assert refused.refusal == (400, "PartNotSequential", None)
        assert (refused.error.details["UploadId"], refused.error.details["PartNumber"]) == (upload_id, str(number))
        assert exchange.received == 0
    listed = await server.call("GET", f"{PATH}?uploadId={upload_id}")
    assert texts(listed, "Part/PartNumber") == ["1", "3"]
    assert texts(listed, "Part/Size") == [str(len(part_bytes(1)))] * 2


async def test_a_copied_part_has_its_place_as_well(server: InProcessServer) -> None:
    await server.put_object("/bucket/source", part_bytes(1))
    upload_id = await begin(server)
    source = ("x-oss-copy-source", "/bucket/source")
    for number, status in ((2, 200), (1, 400), (3, 200)):
        target = f"{PATH}?partNumber={number}&uploadId={upload_id}"
        answer = await server.call("PUT", target, headers=[source])
        assert answer.status == status
        assert status == 200 or answer.error.code == "PartNotSequential"


async def test_two_parts_at_a_time_are_judged_when_they_are_stored(server: InProcessServer) -> None:
    upload_id = await begin(server)
    target = f"{PATH}?partNumber=1&uploadId={upload_id}"
    exchange = server.exchange("PUT", target, headers=[*server.signed("PUT", target).items()], body=part_bytes(1))
    receive = exchange.receive

    async def be_overtaken() -> dict[str, object]:
        assert (await put(server, upload_id, 2)).status == 200
        return await receive()

    await server.edge(exchange.scope, be_overtaken, exchange.send)
    assert exchange.answer().refusal[1] == "PartNotSequential"
    assert len(await server.stored_blobs()) == 1


async def test_other_uploads_take_parts_in_any_order(server: InProcessServer) -> None:
    await begin(server)
    upload_id = await initiate(server, PATH)
    for number in (3, 1, 2):
        assert (await put(server, upload_id, number)).status == 200


@pytest.mark.parametrize("marker", ["-1", "-9223372036854775807"])
async def test_no_part_has_a_negative_number(server: InProcessServer, marker: str) -> None:
    upload_id = await initiate(server, PATH)
    answer = await server.call("GET", f"{PATH}?uploadId={upload_id}&part-number-marker={marker}")
    assert answer.refusal[:2] == (400, "InvalidArgument")
    assert answer.error.details["ArgumentName"] == "part-number-marker"
