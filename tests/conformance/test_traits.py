"""Tags, archived objects, symbolic links, appends, ACLs and versions by every official SDK."""

from collections.abc import Iterator

import alibabacloud_oss_v2 as oss
import pytest

from ossicle.wire.digest import crc64
from tests.conformance.sdks import Refused, Speaker
from tests.conformance.service import Service

BODY = b"body" * 1000


def test_tags(sdk: Speaker) -> None:
    key = f"{sdk.name}/tagged"
    sdk("put_object", key=key, body=BODY, headers={"x-oss-tagging": "colour=red&size=a%20b"})
    assert sdk("get_tags", key=key)["tags"] == {"colour": "red", "size": "a b"}
    sdk("put_tags", key=key, tags={"owner": "a+b", "place": "x/y"})
    assert sdk("get_tags", key=key)["tags"] == {"owner": "a+b", "place": "x/y"}
    sdk("delete_tags", key=key)
    assert sdk("get_tags", key=key)["tags"] == {}
    with pytest.raises(Refused) as missing:
        sdk("put_tags", key="never was", tags={"a": "b"})
    assert missing.value.code == "NoSuchKey"


def test_an_archived_object(sdk: Speaker) -> None:
    key = f"{sdk.name}/archived"
    sdk("put_object", key=key, body=BODY, storage_class="Archive")
    with pytest.raises(Refused) as frozen:
        sdk("get_object", key=key)
    assert (frozen.value.status or 403, frozen.value.code) == (403, "InvalidObjectState")
    assert sdk("head_object", key=key)["storage_class"] == "Archive"
    assert sdk("restore_object", key=key)["status"] == 202
    assert sdk("head_object", key=key)["restore"] == 'ongoing-request="true"'
    with pytest.raises(Refused) as again:
        sdk("restore_object", key=key)
    assert (again.value.status or 409, again.value.code) == (409, "RestoreAlreadyInProgress")


def test_appends(sdk: Speaker) -> None:
    key = f"{sdk.name}/appended"
    assert sdk("append_object", key=key, position=0, body=b"one ")["next_position"] == 4
    assert sdk("append_object", key=key, position=4, body=b"two ")["next_position"] == 8
    done = sdk("append_object", key=key, position=8, body=b"three")
    got = sdk("get_object", key=key)
    assert (got["body"], got["object_type"]) == (b"one two three", "Appendable")
    assert got["crc64"] == done["crc64"] == str(crc64(b"one two three"))
    with pytest.raises(Refused) as elsewhere:
        sdk("append_object", key=key, position=4, body=b"x")
    assert (elsewhere.value.status or 409, elsewhere.value.code) == (409, "PositionNotEqualToLength")
    sdk("put_object", key=f"{key} not", body=BODY)
    with pytest.raises(Refused) as normal:
        sdk("append_object", key=f"{key} not", position=0, body=b"x")
    assert (normal.value.status or 409, normal.value.code) == (409, "ObjectNotAppendable")


def test_symbolic_links(sdk: Speaker) -> None:
    key, target = f"{sdk.name}/link", f"{sdk.name}/target é +%"
    sdk("put_object", key=target, body=BODY)
    sdk("put_symlink", key=key, target=target, metadata={"colour": "red"})
    assert sdk("get_symlink", key=key)["target"] == target
    got = sdk("get_object", key=key)
    assert (got["body"], got["object_type"]) == (BODY, "Symlink")
    sdk("delete_object", key=target)
    with pytest.raises(Refused) as dangling:
        sdk("get_object", key=key)
    assert (dangling.value.status or 404, dangling.value.code) == (404, "SymlinkTargetNotExist")
    with pytest.raises(Refused) as no_link:
        sdk("get_symlink", key="never was")
    assert no_link.value.code == "NoSuchKey"


@pytest.fixture
def versioned(sdk: Speaker, service: Service) -> Iterator[Speaker]:
    """A bucket with versions."""
    owner = sdk.with_bucket(service.new_name())
    service.client().put_bucket(oss.PutBucketRequest(bucket=owner.bucket))
    try:
        assert not owner("get_versioning").get("status")
        owner("put_versioning", status="Enabled")
        assert owner("get_versioning")["status"] == "Enabled"
        yield owner
    finally:
        service.empty_and_remove(owner.bucket)


def test_versions(versioned: Speaker) -> None:
    key = "a/é +%"
    first = versioned("put_object", key=key, body=b"first")["version_id"]
    second = versioned("put_object", key=key, body=b"second")["version_id"]
    assert first != second
    assert versioned("get_object", key=key)["version_id"] == second
    assert versioned("get_object", key=key, version_id=first)["body"] == b"first"
    assert versioned("head_object", key=key, version_id=first)["length"] == 5
    marker = versioned("delete_object", key=key)
    assert marker["delete_marker"]
    with pytest.raises(Refused) as deleted:
        versioned("get_object", key=key)
    assert deleted.value.code == "NoSuchKey"
    listed = versioned("list_versions", prefix="a/", page_size=2)
    assert [item["version_id"] for item in listed["versions"]] == [second, first]
    assert [item["version_id"] for item in listed["markers"]] == [marker["version_id"]]
    assert {item["key"] for kind in listed.values() for item in kind} == {key}
    versioned("delete_object", key=key, version_id=marker["version_id"])
    assert versioned("get_object", key=key)["body"] == b"second"
    versioned("delete_object", key=key, version_id=second)
    assert versioned("get_object", key=key)["body"] == b"first"
    with pytest.raises(Refused) as gone:
        versioned("get_object", key=key, version_id=second)
    assert (gone.value.status or 404, gone.value.code) == (404, "NoSuchVersion")


def test_versions_that_are_suspended(versioned: Speaker) -> None:
    first = versioned("put_object", key="a", body=b"first")["version_id"]
    versioned("put_versioning", status="Suspended")
    assert versioned("get_versioning")["status"] == "Suspended"
    versioned("put_object", key="a", body=b"second")
    versioned("put_object", key="a", body=b"third")
    listed = versioned("list_versions", prefix="a", page_size=10)["versions"]
    assert [item["version_id"] for item in listed] == ["null", first]
    assert versioned("get_object", key="a", version_id="null")["body"] == b"third"
