"""What few uploads say of an object, its tags and its encryption: how a request tells it, and how an answer does."""

from datetime import datetime
from typing import Any, Protocol

from ossicle.model.objects import NO_TRAITS, ObjectVersion, Traits
from ossicle.operations.bucket_encryption import default_encryption
from ossicle.services.archive import describe_restoration
from ossicle.wire.encryption import judge_encryption
from ossicle.wire.setting import Documents
from ossicle.wire.tags import parse_tags


class Encrypting(Protocol):
    """A request that may ask for server-side encryption."""

    @property
    def server_side_encryption(self) -> str | None: ...
    @property
    def server_side_data_encryption(self) -> str | None: ...
    @property
    def server_side_encryption_key_id(self) -> str | None: ...


class Tagging(Encrypting, Protocol):
    """A request that may tag the object, too."""

    @property
    def tagging(self) -> str | None: ...


def traits_of(request: Tagging, documents: Documents) -> Traits:
    """Return what a request says of the object to be, and its bucket where the request says nothing.

    Raises:
        InvalidArgument, InvalidEncryptionAlgorithmError, InvalidTag, TooManyTags: see `wire.tags` and `wire.encryption`.
    """
    encryption = judge_encryption(
        request.server_side_encryption, request.server_side_encryption_key_id, request.server_side_data_encryption
    )
    if encryption is None and documents:
        encryption = default_encryption(documents)
    if encryption is None and not request.tagging:
        return NO_TRAITS
    return Traits(tags=parse_tags(request.tagging or ""), encryption=encryption)


def encryption_headers(version: ObjectVersion) -> dict[str, Any]:
    """Return what an answer tells of a version's encryption, by field."""
    encryption = version.traits.encryption
    if encryption is None:
        return {}
    return {
        "server_side_encryption": encryption.algorithm,
        "server_side_data_encryption": encryption.data_encryption,
        "server_side_encryption_key_id": encryption.key_id,
    }


def trait_headers(version: ObjectVersion, now: datetime) -> dict[str, Any]:
    """Return what GetObject and HeadObject tell of a version's traits, by field."""
    traits = version.traits
    return {
        "tagging_count": len(traits.tags) or None,
        "sealed_time": traits.sealed_at,
        "restore": describe_restoration(traits.restoration, now),
        **encryption_headers(version),
    }
