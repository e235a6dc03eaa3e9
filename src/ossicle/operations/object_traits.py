"""What few uploads say of an object, its tags, its encryption and its retention: how a request tells it, and how an answer does."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from ossicle.model.objects import NO_TRAITS, ObjectVersion, Retention, Traits
from ossicle.operations.bucket_encryption import default_encryption
from ossicle.operations.context import Context
from ossicle.services.archive import describe_restoration
from ossicle.services.retention import judge_until, require_object_worm
from ossicle.wire.encryption import judge_encryption
from ossicle.wire.errors import InvalidArgument
from ossicle.wire.names import ObjectLegalHoldStatusType, ObjectRetentionModeType
from ossicle.wire.setting import Documents
from ossicle.wire.tags import parse_tags
from ossicle.wire.text import parse_iso, render_iso_millis


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


class Retaining(Tagging, Protocol):
    """A request that may retain the object, too."""

    @property
    def object_worm_mode(self) -> str | None: ...
    @property
    def object_worm_retain_until_date(self) -> str | None: ...
    @property
    def object_worm_legal_hold(self) -> str | None: ...


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


def retained_traits_of(request: Retaining, context: Context, documents: Documents) -> Traits:
    """Return what `traits_of` does, with the retention that a request says.

    Raises:
        InvalidArgument: a mode without a date, or the reverse, or a date that is none or is past; or see `traits_of`.
        InvalidRequest: the bucket's objects can't be retained one by one.
    """
    traits = traits_of(request, documents)
    mode, until, hold = (
        request.object_worm_mode,
        request.object_worm_retain_until_date,
        request.object_worm_legal_hold,
    )
    if mode is None and until is None and hold is None:
        return traits
    require_object_worm(context.bucket)
    retention = None if mode is None and until is None else _retention(mode, until)
    if retention is not None:
        judge_until(retention, context.clock())
    return replace(traits, retention=retention, is_held=hold == ObjectLegalHoldStatusType.ON)


def _retention(mode: str | None, until: str | None) -> Retention:
    moment = parse_iso(until or "")
    if mode is None:
        raise InvalidArgument(argument_name="x-oss-object-worm-mode")
    if moment is None:
        raise InvalidArgument(argument_name="x-oss-object-worm-retain-until-date", argument_value=until)
    return Retention(mode=ObjectRetentionModeType(mode), until=moment)


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
        "object_worm_mode": None if traits.retention is None else traits.retention.mode,
        "object_worm_retain_until_date": None
        if traits.retention is None
        else render_iso_millis(traits.retention.until),
        "object_worm_legal_hold": ObjectLegalHoldStatusType.ON if traits.is_held else None,
        "restore": describe_restoration(traits.restoration, now),
        **encryption_headers(version),
    }
