"""Symbolic links: objects that name another one of their bucket, and are read as that one.

What is asked of a link itself (its target, its deletion, a copy of it) never comes here to be followed.
"""

import hashlib
from dataclasses import replace

from ossicle.model.objects import Bucket, ObjectVersion, StoredHeaders, Traits
from ossicle.ports import Reading, Transaction
from ossicle.services.access import authorize_object
from ossicle.services.buckets import current_bucket
from ossicle.services.ground import Ground
from ossicle.services.identity import Principal
from ossicle.services.writing import judge_write, replace_current, to_second
from ossicle.wire.digest import render_etag
from ossicle.wire.errors import InvalidTargetType, SymlinkTargetNotExist
from ossicle.wire.names import NULL_VERSION, ObjectAcl, ObjectKey, ObjectType, StorageClass, parse_object_key
from ossicle.wire.operation import Access
from ossicle.wire.records import record
from ossicle.wire.text import encode, percent_decode


@record
class Link:
    """What a PutSymlink says. `target` is the header as received."""

    key: ObjectKey
    target: str
    headers: StoredHeaders
    traits: Traits
    metadata: tuple[tuple[str, str], ...]
    acl: ObjectAcl
    storage_class: StorageClass
    is_overwrite_forbidden: bool


@record
class Seen:
    """What a reader of an object gets: `version` as it is told, and whose bytes these are, which for a link is its target."""

    version: ObjectVersion
    holder: ObjectVersion


class Links:
    """The symbolic links of all buckets."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def put(self, principal: Principal, bucket: Bucket, link: Link) -> ObjectVersion:
        """Store a link. Whether its target is there is not asked.

        Raises:
            AccessDenied: the caller may not write here, or not replace what is here.
            FileAlreadyExists: the key is taken and the link forbids overwriting.
            FileImmutable: what is here is retained.
            InvalidObjectName: the target can be no key.
            NoSuchBucket: the bucket was deleted meanwhile.
        """
        target_of(link.target)
        version = self._version(link)

        def change(transaction: Transaction) -> tuple[ObjectVersion, ObjectVersion | None]:
            row, forbidden = current_bucket(transaction, bucket), link.is_overwrite_forbidden
            displaced = judge_write(transaction, principal, row, link.key, is_overwrite_forbidden=forbidden)
            return replace_current(transaction, row, version, b"", displaced)

        stored, removed = await self._ground.metadata.transact(change)
        if removed is not None and not removed.is_inline:
            self._ground.collection.wake()
        return stored

    def _version(self, link: Link) -> ObjectVersion:
        target = encode(link.target)
        return ObjectVersion(
            id=self._ground.numbering.row(),
            key=link.key,
            version_id=NULL_VERSION,
            type=ObjectType.SYMLINK,
            size=0,
            # OSS: size and ETag of the link itself, as listings show them, are unverified.
            etag=render_etag(hashlib.md5(target, usedforsecurity=False).digest()),
            content_md5=None,
            crc64=0,
            storage_class=link.storage_class,
            acl=link.acl,
            last_modified=to_second(self._ground.clock()),
            headers=link.headers,
            metadata=link.metadata,
            is_inline=True,
            traits=replace(link.traits, symlink_target=link.target),
        )


def target_of(text: str) -> ObjectKey:
    """Return the key that a target names: percent-decoded, as most SDKs encode it.

    Raises:
        InvalidObjectName: it is none.
    """
    return parse_object_key(percent_decode(encode(text)))


def follow(rows: Reading, principal: Principal, bucket: Bucket, link: ObjectVersion) -> tuple[Seen, bytes | None]:
    """Return what a reader of a link gets, the target's bytes under the link's headers, with the target's small body if it has one.

    Raises:
        AccessDenied: the caller may read the link, but not the target.
        InvalidTargetType: the target is a link.
        SymlinkTargetNotExist: there is no target.
    """
    # OSS: that reading through a link needs the right to read the target as well is unverified.
    key = target_of(link.traits.symlink_target or "")
    target, body = rows.current_object(bucket.id, key) or (None, None)
    authorize_object(rows, principal.doing("GetObject"), bucket, key, target, Access.READ)
    if target is None:
        raise SymlinkTargetNotExist
    if target.type is ObjectType.SYMLINK:
        raise InvalidTargetType
    told = replace(
        link,
        size=target.size,
        etag=target.etag,
        content_md5=target.content_md5,
        crc64=target.crc64,
        last_modified=max(link.last_modified, target.last_modified),
    )
    return Seen(version=told, holder=target), body
