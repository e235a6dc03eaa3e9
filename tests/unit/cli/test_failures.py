"""Failures that hold another failure."""

from ossicle.cli.failures import Refused, describe, describe_as_json, hints
from ossicle.client.failures import ClientError
from ossicle.wire.errors import NoSuchBucket


class TransferFailed(ClientError):
    """As a transfer raises it."""

    def __init__(self, error: Exception) -> None:
        super().__init__("upload failed")
        self._error = error

    def unwrap(self) -> Exception:
        return self._error


def test_what_a_transfer_met_is_what_is_told() -> None:
    error = TransferFailed(NoSuchBucket("gone."))
    error.add_note("the upload stays")
    assert describe(error) == "NoSuchBucket (404): gone"
    assert describe_as_json(error)["code"] == "NoSuchBucket"
    assert describe_as_json(error)["status"] == 404
    assert hints(error)[0] == "the upload stays"


def test_a_refusal_of_ours_explains_itself() -> None:
    assert describe(Refused("the key\nhas two lines")) == "the key has two lines"
    assert describe_as_json(Refused("x")) == {
        "code": "Refused",
        "status": None,
        "message": "x",
        "request_id": None,
        "hints": [],
    }
