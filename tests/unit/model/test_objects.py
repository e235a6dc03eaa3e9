"""The stored things are values: equal ones are equal."""

from dataclasses import replace

from ossicle.model.objects import ListedObject, ObjectPage
from ossicle.wire.names import ObjectAcl
from tests.support.stored import make_bucket, make_version


def test_equal_values_are_equal() -> None:
    assert make_version(7) == make_version(7)
    assert make_version(7) != replace(make_version(7), acl=ObjectAcl.PRIVATE)
    assert hash(make_bucket()) == hash(make_bucket())


def test_an_empty_page_is_the_last() -> None:
    page = ObjectPage()
    assert (page.objects, page.common_prefixes, page.next_marker) == ((), (), None)
    version = make_version(1)
    listed = ListedObject(
        key=version.key,
        last_modified=version.last_modified,
        etag=version.etag,
        type=version.type,
        size=version.size,
        storage_class=version.storage_class,
    )
    assert ObjectPage(objects=(listed,)).objects == (listed,)
