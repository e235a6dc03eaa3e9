"""Documents of settings as JSON and for people."""

import json

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from ossicle.cli.documents import lines_of, read_document, to_plain
from ossicle.wire.api import SETTINGS
from ossicle.wire.setting import AnySetting
from tests.support.instances import instances

settings = pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: str(setting.kind))


@settings
@examples(max_examples=30)  # of each of many documents, some of them large
@given(data=st.data())
def test_json_and_xml_say_the_same(setting: AnySetting, data: st.DataObject) -> None:
    document = data.draw(instances(setting.document))
    for raw in (json.dumps(to_plain(document)).encode(), setting.render(document)):
        assert read_document(setting.document, setting.root, raw) == document


def test_people_read_lines() -> None:
    value = {"rules": [{"names": ["a", "b"], "is_on": True}, {"names": []}], "depth": {"of_it": 3}}
    assert lines_of(value) == [
        "rules:", "  names: a, b", "  is on: yes", "rules:", "  names:", "depth:", "  of it: 3",
    ]  # fmt: skip
