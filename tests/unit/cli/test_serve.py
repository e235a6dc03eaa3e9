"""`ossicle serve`: only the flags that were given reach the settings, and a setting that can't be used is a usage error."""

from pathlib import Path
from typing import Any

import pytest

from ossicle.app import settings as settings_module
from ossicle.app.settings import ServerSettings, environment_name, options
from ossicle.cli import serve as serve_module
from tests.support.command_line import ossicle


@pytest.fixture
def given_flags(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What `serve` hands to `app`; no server is started."""
    seen: list[dict[str, Any]] = []

    def load(flags: dict[str, Any], environ: object, *, config: Path | None) -> ServerSettings:
        seen.append({**flags, "config": config})
        raise settings_module.SettingsError("enough seen")

    monkeypatch.setattr(serve_module, "load_settings", load)
    return seen


def test_nothing_is_handed_on_that_was_not_given(given_flags: list[dict[str, Any]]) -> None:
    outcome = ossicle("serve")
    assert given_flags == [{"config": None}]
    assert (outcome.status, outcome.stderr) == (2, "ossicle: enough seen (see: ossicle serve --help)\n")


def test_flags_are_typed_and_repeatable(given_flags: list[dict[str, Any]]) -> None:
    ossicle(
        *("serve", "--port", "0", "--host", "127.0.0.1", "--host", "::1", "--data-dir", "d", "--config", "c.toml"),
        *("--bucket", "a-1", "--no-access-log", "--first-upload", "--head-seconds", "1.5"),
    )
    assert given_flags == [
        {
            "port": 0,
            "host": ("127.0.0.1", "::1"),
            "data_dir": Path("d"),
            "config": Path("c.toml"),
            "bucket": ("a-1",),
            "access_log": False,
            "first_upload": True,
            "head_seconds": 1.5,
        }
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--port", "x"], "--port"),
        (["--port", "70000"], "70000"),
        (["--durability", "none"], "durability 'none'"),
        (["--bucket", "A"], "'A' is not a bucket name"),
        (["--config", "/no/such/file.toml"], "/no/such/file.toml"),
        (["--no-such-setting"], "No such option"),
        (["extra"], "extra"),
    ],
)
def test_a_setting_that_can_not_be_used(arguments: list[str], told: str) -> None:
    outcome = ossicle("serve", *arguments)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert told in outcome.stderr


def test_every_setting_has_its_option_with_variable_and_meaning() -> None:
    shown = " ".join(ossicle("serve", "--help").stdout.split())
    for option in options():
        assert f"--{option.name.replace('_', '-')}" in shown
        assert f"[env: {environment_name(option)}]" in shown
