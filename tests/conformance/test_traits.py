"""Tags, archived objects, symbolic links, appends, ACLs and versions by every official SDK."""

import pytest

from tests.conformance.sdks import Refused, Speaker

BODY = b"body" * 1000
SECONDS = 30


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
