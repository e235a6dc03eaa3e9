"""Carries out the lifecycles of buckets: walks them in pages, and does what is due in short transactions between other writers.

What a page told may have changed since: each version is looked at again in the transaction that changes it.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from ossicle.model.lifecycle import Due, Effect, Facts, decide, decide_upload, enabled_rules, prefixes_of
from ossicle.model.objects import Bucket, ListedVersion, MultipartUpload, UploadMarker, UploadPage, VersionMarker
from ossicle.ports import Reading, Transaction
from ossicle.services.buckets import current_bucket
from ossicle.services.deletion import TURN_ROWS, Doomed, delete_one, rows_of
from ossicle.services.ground import Ground
from ossicle.services.writing import to_second
from ossicle.wire.api.bucket_lifecycle import LIFECYCLE, LifecycleRule
from ossicle.wire.errors import FileImmutable, NoSuchBucket
from ossicle.wire.names import BucketName
from ossicle.wire.records import record

PAGE: Final = 1000
BATCH: Final = 200
"""Changes a transaction: so many that the commit is shared, so few that uploads wait for some milliseconds only."""
_log = logging.getLogger("ossicle.lifecycle")


@dataclass(slots=True)
class Tally:
    """What a run did: how often, by bucket, rule and effect; and how many versions stayed because they are retained."""

    counts: Counter[tuple[BucketName, str, Effect]] = field(default_factory=Counter)
    retained: int = 0
    visited: int = 0


@record
class _Found:
    """A version for which something is due."""

    listed: ListedVersion
    due: Due


@record
class _Page:
    """What a page of a walk told: what is due, how many versions it had, and where the next one begins."""

    found: tuple[_Found, ...]
    visited: int
    last: ListedVersion | None
    next_marker: VersionMarker | None


class Lifecycles:
    """The lifecycles of all buckets. `rest_share` is how long a run rests for each second that it works, for others to get on."""

    def __init__(self, ground: Ground, *, rest_share: float = 1.0) -> None:
        self._ground = ground
        self._rest_share = rest_share

    async def run(self, now: datetime, *, is_dry: bool = False) -> Tally:
        """Do what is due at a moment in all buckets, or, dry, only count it. One that fails is begun anew by the next run."""
        tally = Tally()
        for bucket in await self._ground.metadata.scan(lambda rows: rows.buckets_with(LIFECYCLE.kind)):
            try:
                await self._run_bucket(bucket, now, tally, is_dry=is_dry)
            except NoSuchBucket:
                continue  # it was deleted meanwhile
        return tally

    async def scheduled(self, now: datetime) -> None:
        """Do what is due, and log what that was."""
        tally = await self.run(now)
        for (bucket, rule, effect), count in tally.counts.items():
            _log.info("lifecycle of %s, rule %s: %d %s", bucket, rule, count, effect)

    async def _run_bucket(self, bucket: Bucket, now: datetime, tally: Tally, *, is_dry: bool) -> None:
        raw = await self._ground.metadata.read(lambda rows: rows.bucket_config(bucket.id, LIFECYCLE.kind))
        rules = () if raw is None else enabled_rules(LIFECYCLE.parse(raw))
        for prefix in prefixes_of(rules):
            await self._walk(bucket, rules, prefix, now, tally, is_dry=is_dry)
        aborting = tuple(rule for rule in rules if rule.abort_multipart_upload is not None)
        for prefix in prefixes_of(aborting):
            await self._walk_uploads(bucket, aborting, prefix, now, tally, is_dry=is_dry)

    # -- versions

    async def _walk(
        self, bucket: Bucket, rules: Sequence[LifecycleRule], prefix: str, now: datetime, tally: Tally, *, is_dry: bool
    ) -> None:
        after: VersionMarker | None = None
        newer: ListedVersion | None = None
        while True:
            began = time.perf_counter()
            page = await self._ground.metadata.scan(partial(_look, bucket, rules, prefix, after, newer, now))
            tally.visited += page.visited
            if is_dry:
                tally.counts.update((bucket.name, each.due.rule, each.due.effect) for each in page.found)
            else:
                await self._act(bucket, page.found, now, tally)
            if page.next_marker is None:
                return
            after, newer = page.next_marker, page.last
            await asyncio.sleep((time.perf_counter() - began) * self._rest_share)

    async def _act(self, bucket: Bucket, found: Sequence[_Found], now: datetime, tally: Tally) -> None:
        while found:
            began = time.perf_counter()
            numbers = [self._ground.numbering.row() for _ in found[:BATCH]]
            # What is due may be asked of the future. Whether a version is retained is asked of the clock, or that would be a way around it.
            moment = to_second(min(now, self._ground.clock()))
            work = partial(_change, bucket, found[:BATCH], numbers, moment)
            outcomes = await self._ground.metadata.transact_bulk(work)
            if any(outcome.has_freed for outcome in outcomes):
                self._ground.collection.wake()
            for each, outcome in zip(found, outcomes, strict=False):
                tally.retained += outcome.is_retained
                tally.counts[bucket.name, each.due.rule, each.due.effect] += outcome.is_done
            found = found[len(outcomes) :]
            await asyncio.sleep((time.perf_counter() - began) * self._rest_share)

    # -- uploads

    async def _walk_uploads(
        self, bucket: Bucket, rules: Sequence[LifecycleRule], prefix: str, now: datetime, tally: Tally, *, is_dry: bool
    ) -> None:
        after: UploadMarker | None = None
        while True:
            page = await self._ground.metadata.scan(
                partial(_list_uploads, bucket_id=bucket.id, prefix=prefix, after=after)
            )
            for upload in page.uploads:
                due = decide_upload(rules, upload.key, upload.initiated_at, now)
                if due is not None and (is_dry or await self._abort(bucket, upload)):
                    tally.counts[bucket.name, due.rule, due.effect] += 1
            if page.next_marker is None:
                return
            after = page.next_marker

    async def _abort(self, bucket: Bucket, upload: MultipartUpload) -> bool:
        def delete(transaction: Transaction) -> bool:
            row = current_bucket(transaction, bucket)
            found = transaction.upload(row.id, upload.upload_id)
            if found is not None:
                transaction.delete_upload(found.id)
            return found is not None

        is_done = await self._ground.metadata.transact_bulk(delete)
        self._ground.collection.wake()
        return is_done


def _list_uploads(rows: Reading, *, bucket_id: int, prefix: str, after: UploadMarker | None) -> UploadPage:
    return rows.list_uploads(bucket_id, prefix=prefix, delimiter="", after=after, limit=PAGE)


def _look(
    bucket: Bucket,
    rules: Sequence[LifecycleRule],
    prefix: str,
    after: VersionMarker | None,
    newer: ListedVersion | None,
    now: datetime,
    rows: Reading,
) -> _Page:
    """Return what is due on a page. `newer` is the version before it, after which one of the same key ceased to be the latest."""
    page = rows.list_versions(bucket.id, prefix=prefix, delimiter="", after=after, limit=PAGE)
    found = []
    for version in page.versions:
        since = newer.last_modified if newer is not None and newer.key == version.key else None
        facts = Facts(
            key=version.key,
            size=version.size,
            type=version.type,
            storage_class=version.storage_class,
            last_modified=version.last_modified,
            noncurrent_since=since,
            is_alone=version.is_delete_marker and _is_alone(rows, bucket, version),
        )
        due = decide(rules, facts, partial(_tags, rows, bucket, version), now)
        if due is not None:
            found.append(_Found(listed=version, due=due))
        newer = version
    return _Page(found=tuple(found), visited=len(page.versions), last=newer, next_marker=page.next_marker)


def _is_alone(rows: Reading, bucket: Bucket, version: ListedVersion) -> bool:
    """Whether a version is the oldest one of its key."""
    behind = VersionMarker(key=version.key, rank=version.rank)
    page = rows.list_versions(bucket.id, prefix=version.key, delimiter="", after=behind, limit=1)
    return all(other.key != version.key for other in page.versions)


def _tags(rows: Reading, bucket: Bucket, version: ListedVersion) -> Mapping[str, str]:
    found = rows.version(bucket.id, version.key, version.version_id)
    return {} if found is None else dict(found.traits.tags)


@record
class _Outcome:
    """What came of one change, and how many rows it dropped."""

    is_done: bool = False
    is_retained: bool = False
    has_freed: bool = False
    rows_dropped: int = 1


def _change(
    bucket: Bucket, found: Sequence[_Found], numbers: Sequence[int], moment: datetime, transaction: Transaction
) -> list[_Outcome]:
    """Do what is due, as much as one transaction may hold."""
    row = current_bucket(transaction, bucket)
    outcomes: list[_Outcome] = []
    for each, number in zip(found, numbers, strict=True):
        if sum(outcome.rows_dropped for outcome in outcomes) >= TURN_ROWS:
            break
        outcomes.append(_carry_out(transaction, row, each, number, moment))
    return outcomes


def _carry_out(transaction: Transaction, bucket: Bucket, found: _Found, number: int, moment: datetime) -> _Outcome:
    listed, due = found.listed, found.due
    version = transaction.version(bucket.id, listed.key, listed.version_id)
    if version is None or (version.rank, version.etag, version.last_modified, version.size) != (
        listed.rank, listed.etag, listed.last_modified, listed.size,
    ):  # fmt: skip
        return _Outcome()  # it is another one by now
    latest = transaction.latest_version(bucket.id, listed.key)
    is_latest = latest is not None and latest.id == version.id
    if is_latest is not listed.is_latest:
        return _Outcome()  # versions came or went
    if due.storage_class is not None:
        traits = replace(version.traits, restoration=None)
        transaction.update_version(replace(version, storage_class=due.storage_class, traits=traits))
        return _Outcome(is_done=True)
    version_id = None if due.effect is Effect.EXPIRE else version.version_id
    doomed = Doomed(key=version.key, version_id=version_id, number=number)
    try:
        removed = delete_one(transaction, bucket, doomed, version, moment, is_bypassing=False).removed
    except FileImmutable:
        return _Outcome(is_retained=True)
    has_freed = removed is not None and not removed.is_inline
    return _Outcome(is_done=True, has_freed=has_freed, rows_dropped=rows_of(removed))
