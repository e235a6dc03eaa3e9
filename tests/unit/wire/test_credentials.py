from datetime import UTC, datetime

from ossicle.wire.credentials import Credentials


def test_what_is_secret_is_not_shown() -> None:
    credentials = Credentials(
        access_key_id="the-id",
        access_key_secret="the-secret",
        security_token="the-token",
        expiration=datetime(2024, 1, 1, tzinfo=UTC),
    )
    assert "the-id" in repr(credentials)
    for shown in (repr(credentials), str(credentials), f"{[credentials]}"):
        assert "the-secret" not in shown
        assert "the-token" not in shown
