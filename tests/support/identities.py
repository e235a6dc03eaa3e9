"""Identities of keys that are known by heart, with nothing in the store."""

import secrets
from collections.abc import Iterable

from ossicle.services.identity import AccessKey, Identity
from ossicle.services.sealing import KEY_BYTES, Seal
from ossicle.stores.memory import MemoryMetadataStore


def identity_of(keys: Iterable[AccessKey]) -> Identity:
    """Return an identity that knows these keys."""
    return Identity(keys, MemoryMetadataStore(), Seal(lambda: bytes(KEY_BYTES), secrets.token_bytes))
