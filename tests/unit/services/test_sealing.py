"""What is sealed opens by the same key for the same purpose, and for no other."""

import base64
import secrets

import pytest

from ossicle.services.sealing import KEY_BYTES, NotSealedHereError, Seal

SEAL = Seal(lambda: bytes(KEY_BYTES), secrets.token_bytes)


def test_what_was_sealed_opens() -> None:
    sealed = SEAL.close(b"secret", "key/1")
    assert SEAL.open(sealed, "key/1") == b"secret"
    assert b"secret" not in base64.b64decode(sealed)
    assert SEAL.close(b"secret", "key/1") != sealed


def test_nothing_else_does() -> None:
    sealed = SEAL.close(b"secret", "key/1")
    raw = base64.b64decode(sealed)
    changed = [base64.b64encode(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]).decode() for at in range(len(raw))]
    for text in (*changed, "", "AAAA", "not base64!", sealed[:-4], "\udcff"):
        with pytest.raises(NotSealedHereError):
            SEAL.open(text, "key/1")
    for seal, purpose in ((SEAL, "key/2"), (Seal(lambda: bytes(31) + b"1", secrets.token_bytes), "key/1")):
        with pytest.raises(NotSealedHereError):
            seal.open(sealed, purpose)


def test_the_key_is_read_when_something_is_sealed() -> None:
    def missing() -> bytes:
        raise LookupError

    seal = Seal(missing, secrets.token_bytes)
    with pytest.raises(LookupError):
        seal.close(b"", "")
