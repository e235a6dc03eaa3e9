"""Providers: what they return, and what they say when there is nothing to return."""

import pytest

from ossicle.client.credentials import (
    AnonymousCredentialsProvider,
    Credentials,
    CredentialsProvider,
    CredentialsProviderFunc,
    EnvironmentVariableCredentialsProvider,
    StaticCredentialsProvider,
)
from ossicle.client.failures import CredentialsError

ID, SECRET, TOKEN = "OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET", "OSS_SESSION_TOKEN"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (ID, SECRET, TOKEN):
        monkeypatch.delenv(name, raising=False)


def test_static_credentials_take_the_arguments_of_the_official_sdk() -> None:
    found = StaticCredentialsProvider("id", "secret", "token").get_credentials()
    assert found == Credentials(access_key_id="id", access_key_secret="secret", security_token="token")
    assert StaticCredentialsProvider("id", "secret").get_credentials().security_token is None


@pytest.mark.parametrize(("access_key_id", "secret"), [("", "secret"), ("id", "")])
def test_half_a_key_is_no_key(access_key_id: str, secret: str) -> None:
    with pytest.raises(CredentialsError, match="must not be empty"):
        StaticCredentialsProvider(access_key_id, secret)


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ID, "id")
    monkeypatch.setenv(SECRET, "secret")
    assert EnvironmentVariableCredentialsProvider().get_credentials().security_token is None
    monkeypatch.setenv(TOKEN, "token")
    found = EnvironmentVariableCredentialsProvider().get_credentials()
    assert found == Credentials(access_key_id="id", access_key_secret="secret", security_token="token")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((), f"{ID} and {SECRET} not set in the environment"),
        ((ID,), f"{SECRET} not set in the environment"),
        ((SECRET,), f"{ID} not set in the environment"),
    ],
)
def test_the_variable_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], message: str
) -> None:
    for name in given:
        monkeypatch.setenv(name, "something")
    with pytest.raises(CredentialsError) as failure:
        EnvironmentVariableCredentialsProvider()
    assert str(failure.value) == message


def test_a_function_is_asked_every_time() -> None:
    made = iter(["first", "second"])
    provider = CredentialsProviderFunc(lambda: Credentials(access_key_id=next(made), access_key_secret="secret"))
    assert [provider.get_credentials().access_key_id for _ in range(2)] == ["first", "second"]


def test_anonymous_has_no_key() -> None:
    found = AnonymousCredentialsProvider().get_credentials()
    assert (found.access_key_id, found.access_key_secret) == ("", "")


def test_whatever_has_the_method_is_a_provider() -> None:
    assert isinstance(StaticCredentialsProvider("id", "secret"), CredentialsProvider)
    assert not isinstance(object(), CredentialsProvider)
