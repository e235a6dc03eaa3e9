"""Settings: defaults, names and what the environment changes."""

import pytest
from alibabacloud_oss_v2.config import Config as SdkConfig

from ossicle.client.config import Config, load_default


def test_settings_can_be_assigned_one_by_one() -> None:
    config = Config()
    config.region = "cn-hangzhou"
    config.use_path_style = True
    assert (config.region, config.use_path_style, config.use_cname) == ("cn-hangzhou", True, False)


def test_a_setting_that_does_not_exist_is_refused_instead_of_being_forgotten() -> None:
    with pytest.raises(AttributeError):
        Config().use_pathstyle = True  # type: ignore[attr-defined]


def test_every_setting_has_the_name_that_it_has_in_the_official_sdk() -> None:
    ours = set(Config.__dataclass_fields__)
    assert ours - set(vars(SdkConfig())) == set()


def test_region_and_endpoint_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSS_REGION", "cn-beijing")
    monkeypatch.setenv("OSS_ENDPOINT", "http://localhost:8880")
    config = load_default()
    assert (config.region, config.endpoint) == ("cn-beijing", "http://localhost:8880")


@pytest.mark.parametrize("value", [None, ""])
def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    for name in ("OSS_REGION", "OSS_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    config = load_default()
    assert (config.region, config.endpoint) == (None, None)
