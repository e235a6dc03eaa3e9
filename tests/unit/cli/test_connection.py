"""Whose keys, and which region: from one place, or told that they are not."""

import pytest

from tests.support.command_line import ossicle, set_variables


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    set_variables(monkeypatch, endpoint="http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["-i", "other"], "--access-key-id with OSS_ACCESS_KEY_SECRET from the environment"),
        (["-k", "other"], "--access-key-secret with OSS_ACCESS_KEY_ID from the environment"),
        (["-t", "token"], "--security-token with OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET from the environment"),
    ],
)
def test_a_flag_and_the_environment_are_not_mixed(flags: list[str], told: str) -> None:
    outcome = ossicle("presign", "oss://demo/a", *flags)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert outcome.stderr == f"ossicle: {told}: id, secret and token have to come from one place\n"


def test_a_token_of_the_environment_is_not_that_of_keys_from_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSS_SESSION_TOKEN", "of-somebody-else")
    with_flags = ossicle("presign", "oss://demo/a", "-i", "id", "-k", "secret")
    assert with_flags.status == 0
    assert "security-token" not in with_flags.stdout
    assert "security-token" in ossicle("presign", "oss://demo/a").stdout


def test_a_missing_region_is_told_with_the_ways_to_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OSS_REGION")
    outcome = ossicle("ls")
    assert outcome.status == 2
    for way in ("--region", "OSS_REGION", "`ossicle config set region`"):
        assert way in outcome.stderr
