"""Objects, as the users of every official SDK put, get, describe and list them."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from ossicle.wire.digest import crc64
from tests.conformance.sdks import Outcome, Speaker
from tests.support.keys import KEYS, REWRITTEN

BODY = bytes(range(256)) * 40
LARGE = bytes(range(256)) * 2400 + b"the last part is smaller"
PART_BYTES = 200 * 1024
MD5 = hashlib.md5(BODY).hexdigest().upper()
REQUEST_ID = re.compile("[0-9A-F]{24}")

# What an SDK makes of keys before it asks: they can't be sent through it as they are.
ALTERED = {
    # It takes leading slashes away, and dot segments for what they mean in a path.
    "node": {"leading slash", "leading slashes", *REWRITTEN},
    # Dot segments, too.
    "java": set(REWRITTEN),
    "python": set(REWRITTEN),
    "oss2": set(REWRITTEN),
}


# They ask for names as they are, and XML can't hold every character.
WITHOUT_ENCODING = {"node", "java"}


def bare(etag: str) -> str:
    """Some SDKs take the quotes away."""
    return etag.strip('"')


def listed(result: Outcome) -> list[str]:
    return [key for page in result["pages"] for key in page["keys"]]


def test_a_body(sdk: Speaker) -> None:
    key = f"{sdk.name}/body"
    done = sdk("put_object", key=key, body=BODY)
    assert (bare(done["etag"]), done["crc64"]) == (MD5, str(crc64(BODY)))
    assert REQUEST_ID.fullmatch(done["request_id"])
    got = sdk("get_object", key=key)
    assert (got["body"], bare(got["etag"]), got["crc64"]) == (BODY, MD5, str(crc64(BODY)))
    meta = sdk("get_object_meta", key=key)
    assert (bare(meta["etag"]), meta["length"]) == (MD5, len(BODY))


def test_no_body(sdk: Speaker) -> None:
    key = f"{sdk.name}/empty"
    sdk("put_object", key=key, body=b"")
    assert sdk("get_object", key=key)["body"] == b""
    assert sdk("head_object", key=key)["length"] == 0


def test_a_body_of_unknown_length(sdk: Speaker) -> None:
    key = f"{sdk.name}/stream"
    sdk("put_stream", key=key, body=LARGE, metadata={"colour": "red"})
    got = sdk("get_object", key=key)
    assert (got["body"], got["crc64"], got["metadata"]) == (LARGE, str(crc64(LARGE)), {"colour": "red"})


@pytest.mark.parametrize("name", sorted(KEYS))
def test_a_key(sdk: Speaker, name: str) -> None:
    if name in ALTERED.get(sdk.name, ()):
        pytest.skip("this SDK alters such keys")
    key = KEYS[name]
    sdk("put_object", key=key, body=name.encode())
    assert sdk("get_object", key=key)["body"] == name.encode()
    # The Java SDK signs the values of a query without the spaces around them, and sends them with: no service takes that.
    prefix = {"prefix": key} if key == key.strip() else {}
    for call in ("list_objects", "list_objects_v2"):
        assert key in listed(sdk(call, **prefix))
    assert not sdk("delete_object", key=key)["delete_marker"]
    assert key not in listed(sdk("list_objects", **prefix))


def test_what_is_stored_with_an_object(sdk: Speaker) -> None:
    key = f"{sdk.name}/described.txt"
    stored = {
        "content_type": "text/plain; charset=utf-8",
        "cache_control": "max-age=60",
        "metadata": {"colour": "red", "note": "a b+c%20"},
        "storage_class": "IA",
    }
    sdk("put_object", key=key, body=BODY, **stored)
    for call in ("head_object", "get_object"):
        got = sdk(call, key=key)
        assert {name: got[name] for name in stored} == stored, call
        assert (got["length"], got["object_type"]) == (len(BODY), "Normal")


def test_a_content_type_is_guessed_by_the_sdk_or_left_to_the_service(sdk: Speaker) -> None:
    key = f"{sdk.name}/page.html"
    sdk("put_object", key=key, body=BODY)
    assert sdk("head_object", key=key)["content_type"].partition(";")[0] in {"text/html", "application/octet-stream"}


@pytest.mark.parametrize(
    ("ends", "expected"), [([5, 9], BODY[5:10]), ([-1, 7], BODY[-7:]), ([10_000, -1], BODY[10_000:])]
)
def test_a_part_of_an_object(sdk: Speaker, ends: list[int], expected: bytes) -> None:
    key = f"{sdk.name}/part"
    sdk("put_object", key=key, body=BODY)
    got = sdk("get_object", key=key, range=ends)
    assert got["body"] == expected
    assert got["content_range"].endswith(f"/{len(BODY)}")


def test_a_range_beyond_the_end_is_all_of_it_unless_told_otherwise(sdk: Speaker) -> None:
    key = f"{sdk.name}/beyond"
    sdk("put_object", key=key, body=BODY)
    assert sdk("get_object", key=key, range=[100_000, 100_010])["body"] == BODY


def test_conditions_that_are_met(sdk: Speaker) -> None:
    key = f"{sdk.name}/condition"
    etag = sdk("put_object", key=key, body=BODY)["etag"]
    for met in ({"if_match": etag}, {"if_none_match": '"other"'}, {"if_modified_since": 1_000_000_000}):
        assert sdk("get_object", key=key, **met)["body"] == BODY


def test_headers_that_the_reader_chooses(sdk: Speaker) -> None:
    key = f"{sdk.name}/overridden"
    sdk("put_object", key=key, body=BODY)
    assert sdk("get_object", key=key, response_content_type="text/x-mine")["content_type"] == "text/x-mine"


# -- many


def test_listings_by_pages(sdk: Speaker) -> None:
    prefix = f"{sdk.name}/list"
    keys = [f"{prefix}/{folder}/{number:02} ü+%" for folder in "abc" for number in range(3)]
    for key in keys:
        sdk("put_object", key=key, body=b"x")
    for call in ("list_objects", "list_objects_v2"):
        pages = sdk(call, prefix=f"{prefix}/", page_size=4)["pages"]
        assert [len(page["keys"]) for page in pages] == [4, 4, 1]
        assert listed({"pages": pages}) == keys
        [rolled_up] = sdk(call, prefix=f"{prefix}/", delimiter="/")["pages"]
        assert rolled_up == {"keys": [], "prefixes": [f"{prefix}/{folder}/" for folder in "abc"]}
        [late] = sdk(call, prefix=f"{prefix}/", start_after=keys[6])["pages"]
        assert late["keys"] == keys[7:]


@pytest.mark.parametrize("quiet", [False, True], ids=["verbose", "quiet"])
def test_many_are_deleted_at_once(sdk: Speaker, quiet: bool) -> None:
    names = ["a", "b c", "tab\tline\n", "é", "z+%&<>]]>'\"", "📎"]
    if sdk.name not in WITHOUT_ENCODING:
        names.append("control\x01\x1f")
    keys = [f"{sdk.name}/many/{name}" for name in names]
    for key in keys:
        sdk("put_object", key=key, body=b"x")
    done = sdk("delete_objects", keys=[*keys, f"{sdk.name}/many/never was"], quiet=quiet)
    if not quiet:
        assert done["deleted"] == [*keys, f"{sdk.name}/many/never was"]
    elif sdk.name != "oss2":  # which has no quiet form
        assert done["deleted"] == []
    [page] = sdk("list_objects_v2", prefix=f"{sdk.name}/many/")["pages"]
    assert page["keys"] == []


# -- copies


def test_a_copy(sdk: Speaker) -> None:
    source, target = f"{sdk.name}/é from + %", f"{sdk.name}/to"
    etag = sdk("put_object", key=source, body=BODY, metadata={"colour": "red"}, content_type="text/x-a")["etag"]
    copied = {"key": target, "source_bucket": sdk.bucket, "source_key": source}
    done = sdk("copy_object", **copied, if_match=etag)
    assert bare(done["etag"]) == MD5
    got = sdk("get_object", key=target)
    assert (got["body"], got["metadata"], got["content_type"]) == (BODY, {"colour": "red"}, "text/x-a")
    sdk("copy_object", **copied, metadata={"colour": "blue"})
    assert sdk("head_object", key=target)["metadata"] == {"colour": "blue"}


# -- large objects


def test_parts_by_hand(sdk: Speaker) -> None:
    key = f"{sdk.name}/by hand/é +&"
    upload: dict[str, Any] = {"key": key, "upload_id": sdk("initiate", key=key, metadata={"a": "b"})["upload_id"]}
    pieces = [LARGE[start : start + PART_BYTES] for start in range(0, len(LARGE), PART_BYTES)]
    parts = []
    for number, piece in enumerate(pieces, 1):
        done = sdk("upload_part", **upload, part_number=number, body=piece)
        assert done["crc64"] in {str(crc64(piece)), None}
        parts.append({"number": number, "etag": done["etag"]})
    listed = sdk("list_parts", **upload, page_size=2)["parts"]
    assert [(part["number"], bare(part["etag"]), part["size"]) for part in listed] == [
        (number, hashlib.md5(piece).hexdigest().upper(), len(piece)) for number, piece in enumerate(pieces, 1)
    ]
    done = sdk("complete", **upload, parts=parts)
    assert done["crc64"] in {str(crc64(LARGE)), None}
    got = sdk("get_object", key=key)
    assert (got["body"], got["metadata"], got["etag"].strip('"')) == (LARGE, {"a": "b"}, bare(done["etag"]))
    assert got["object_type"] == "Multipart"


def test_parts_that_are_copied(sdk: Speaker) -> None:
    source, key = f"{sdk.name}/é parts of", f"{sdk.name}/copied parts"
    sdk("put_object", key=source, body=LARGE)
    upload: dict[str, Any] = {"key": key, "upload_id": sdk("initiate", key=key)["upload_id"]}
    copied = {"source_bucket": sdk.bucket, "source_key": source}
    parts = []
    for number, ends in enumerate([[0, PART_BYTES - 1], [PART_BYTES, len(LARGE) - 1]], 1):
        done = sdk("upload_part_copy", **upload, **copied, part_number=number, range=ends)
        parts.append({"number": number, "etag": done["etag"]})
    sdk("complete", **upload, parts=parts)
    assert sdk("get_object", key=key)["body"] == LARGE


def test_uploads_are_listed_and_aborted(sdk: Speaker) -> None:
    prefix = f"{sdk.name}/aborted/"
    keys = [f"{prefix}{name}" for name in ("a", "b é", "c")]
    begun = [{"key": key, "upload_id": sdk("initiate", key=key)["upload_id"]} for key in keys]
    assert sdk("list_uploads", prefix=prefix, page_size=2)["uploads"] == begun
    for upload in begun:
        sdk("abort", **upload)
    assert sdk("list_uploads", prefix=prefix, page_size=2)["uploads"] == []


def test_files_go_and_come_in_parts(sdk: Speaker, tmp_path: Path) -> None:
    source, target, key = tmp_path / "source", tmp_path / "target", f"{sdk.name}/file"
    source.write_bytes(LARGE)
    sent = {"key": key, "part_size": PART_BYTES, "checkpoints": str(tmp_path)}
    done = sdk("upload_file", **sent, path=str(source), metadata={"a": "b"})
    assert done["crc64"] in {str(crc64(LARGE)), None}
    assert sdk("head_object", key=key)["metadata"] == {"a": "b"}
    sdk("download_file", **sent, path=str(target))
    assert target.read_bytes() == LARGE
