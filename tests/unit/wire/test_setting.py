"""What is kept of a setting is what was said."""

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from ossicle.wire.api import OPERATIONS, SETTINGS
from ossicle.wire.operation import Level
from ossicle.wire.setting import AnySetting
from tests.support.instances import instances


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: str(setting.kind))
@examples(max_examples=30)  # of each of many documents, some of them large
@given(data=st.data())
def test_what_is_rendered_is_parsed(setting: AnySetting, data: st.DataObject) -> None:
    document = data.draw(instances(setting.document))
    assert setting.parse(setting.render(document)) == document


def test_a_setting_has_its_operations() -> None:
    selected = {(operation.selectors, operation.method) for operation in OPERATIONS if operation.level is Level.BUCKET}
    for setting in SETTINGS:
        assert {(setting.selectors, "PUT"), (setting.selectors, "GET")} <= selected
    assert len({setting.kind for setting in SETTINGS}) == len(SETTINGS)
