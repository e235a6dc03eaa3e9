"""Secrets at rest: sealed by the master key, which is not in the database. Tokens are sealed so, too.

What is sealed is bound to its purpose: a secret that was sealed for one access key opens for no other.
"""

import base64
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class NotSealedHereError(ValueError):
    """What was given was not sealed by this master key for this purpose."""


class Seal:
    """AES-256-GCM by one key. `read_key` is called at first need: most servers have nothing to seal."""

    def __init__(self, read_key: Callable[[], bytes], random: Callable[[int], bytes]) -> None:
        self._read_key = read_key
        self._random = random

    def close(self, plain: bytes, purpose: str) -> str:
        """Return `plain` sealed: base64 of nonce, ciphertext and tag."""
        nonce = self._random(_NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, plain, purpose.encode())).decode("ascii")

    def open(self, sealed: str, purpose: str) -> bytes:
        """Return what was sealed for this purpose.

        Raises:
            NotSealedHereError: it was not.
        """
        # Where nothing is sealed, nothing else needs the library.
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415

        try:
            raw = base64.b64decode(sealed, validate=True)
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode())
        except (ValueError, InvalidTag) as error:
            raise NotSealedHereError from error

    @cached_property
    def _cipher(self) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        return AESGCM(self._read_key())
