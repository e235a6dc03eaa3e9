"""The pair of keys that signs callbacks: made at first need, kept in the data folder, the same for every worker."""

import asyncio
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_BITS: Final = 2048
_EXPONENT: Final = 65537


class CallbackKey:
    """Reads or makes the pair when it is first asked for, on a thread: making one takes a tenth of a second."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "callback-key.pem"

    async def sign(self, text: bytes) -> bytes:
        """Return the RSA-MD5 signature of a text."""
        return await asyncio.to_thread(self._sign, text)

    async def public_key(self) -> bytes:
        """Return the public key, PEM."""
        return await asyncio.to_thread(lambda: self._public_pem)

    def _sign(self, text: bytes) -> bytes:
        key = self._key
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
        from cryptography.hazmat.primitives.hashes import MD5  # noqa: PLC0415

        return key.sign(text, PKCS1v15(), MD5())  # noqa: S303  # what the protocol says

    @cached_property
    def _key(self) -> "RSAPrivateKey":
        from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415
        from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

        if not self._path.exists():
            self._keep(rsa.generate_private_key(_EXPONENT, _BITS))
        key = load_pem_private_key(self._path.read_bytes(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError(f"{self._path} does not hold an RSA key")
        return key

    def _keep(self, key: "RSAPrivateKey") -> None:
        """Write a new key whole, unless another worker was first."""
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        staged = self._path.with_name(f"{self._path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
                file.flush()
                os.fsync(file.fileno())
            if not self._path.exists():
                os.link(staged, self._path)
        except FileExistsError:
            return
        finally:
            staged.unlink()

    @cached_property
    def _public_pem(self) -> bytes:
        key = self._key.public_key()
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
