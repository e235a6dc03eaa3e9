"""Carries out the lifecycles of buckets: walks them in pages, and does what is due in short transactions between other writers.

What a page told may have changed since: each version is judged again in the transaction that changes it, and rules that are not the
bucket's any more do nothing.
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
from ossicle.model.objects import (
    Bucket,
    ListedVersion,
    MultipartUpload,
    ObjectVersion,
    UploadMarker,
    UploadPage,
    VersionMarker,
)
from ossicle.ports import Reading, Transaction
from ossicle.services.buckets import Buckets, current_bucket
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
    """What a run did: how often, by bucket, rule and effect; how many versions stayed because they are retained; what failed."""

    counts: Counter[tuple[BucketName, str, Effect]] = field(default_factory=Counter)
    retained: int = 0
    visited: int = 0
    failures: dict[BucketName, Exception] = field(default_factory=dict)


@record
class _Rules:
    """The rules that count, and the document that they are from, to tell whether it is still the bucket's."""

    raw: bytes
    rules: Sequence[LifecycleRule]

    def verify(self, rows: Reading, bucket: Bucket) -> None:
        """Raise _RulesChanged when the bucket has other rules by now, or none."""
        if rows.bucket_config(bucket.id, LIFECYCLE.kind) != self.raw:
            raise _RulesChanged


class _RulesChanged(Exception):
    """The rules of a bucket were replaced or deleted during a run, which then leaves the bucket to the next one."""


@record
class _Found:
    """A version for which something is due, and what was known of it then."""

    listed: ListedVersion
    facts: Facts
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

    def __init__(self, ground: Ground, buckets: Buckets, *, rest_share: float = 1.0) -> None:
        self._ground = ground
        self._buckets = buckets
        self._rest_share = rest_share

    async def run(self, now: datetime, *, is_dry: bool = False) -> Tally:
        """Do what is due at a moment in all buckets, or, dry, only count it.

        One that fails keeps no other from its turn. It is in the tally, and is begun anew by the next run.
        """
        tally = Tally()
        async for bucket in self._buckets.having(LIFECYCLE):
            try:
                await self._run_bucket(bucket, now, tally, is_dry=is_dry)
            except NoSuchBucket:
                continue  # it was deleted meanwhile
            except _RulesChanged:
                # Not begun anew at once: who changes rules all the time would keep the run from all other buckets.
                _log.info("the rules of %s changed: the rest of it waits for the next run", bucket.name)
            except Exception as error:  # a document or a row that is damaged is one bucket's matter
                tally.failures[bucket.name] = error
        return tally

    async def scheduled(self, now: datetime) -> None:
        """Do what is due, and log what that was."""
        tally = await self.run(now)
        for (bucket, rule, effect), count in tally.counts.items():
            _log.info("lifecycle of %s, rule %s: %d %s", bucket, rule, count, effect)
        for bucket, error in tally.failures.items():
            _log.error("the lifecycle of %s failed, and waits for the next run", bucket, exc_info=error)

    async def _run_bucket(self, bucket: Bucket, now: datetime, tally: Tally, *, is_dry: bool) -> None:
        raw = await self._ground.metadata.read(lambda rows: rows.bucket_config(bucket.id, LIFECYCLE.kind))
        if raw is None:
            return
        rules = _Rules(raw=raw, rules=enabled_rules(LIFECYCLE.parse(raw)))
        for prefix in prefixes_of(rules.rules):
            await self._walk(bucket, rules, prefix, now, tally, is_dry=is_dry)
        aborting = replace(rules, rules=[rule for rule in rules.rules if rule.abort_multipart_upload is not None])
        for prefix in prefixes_of(aborting.rules):
            await self._walk_uploads(bucket, aborting, prefix, now, tally, is_dry=is_dry)

    # -- versions

    async def _walk(
        self, bucket: Bucket, rules: _Rules, prefix: str, now: datetime, tally: Tally, *, is_dry: bool
    ) -> None:
        after: VersionMarker | None = None
        newer: ListedVersion | None = None
        while True:
            began = time.perf_counter()
            page = await self._ground.metadata.scan(partial(_look, bucket, rules.rules, prefix, after, newer, now))
            tally.visited += page.visited
            if is_dry:
                tally.counts.update((bucket.name, each.due.rule, each.due.effect) for each in page.found)
            else:
                await self._act(bucket, rules, page.found, now, tally)
            if page.next_marker is None:
                return
            after, newer = page.next_marker, page.last
            await asyncio.sleep((time.perf_counter() - began) * self._rest_share)

    async def _act(self, bucket: Bucket, rules: _Rules, found: Sequence[_Found], now: datetime, tally: Tally) -> None:
        while found:
            began = time.perf_counter()
            numbers = [self._ground.numbering.row() for _ in found[:BATCH]]
            # What is due may be asked of the future. Whether a version is retained is asked of the clock, or that would be a way around it.
            moment = to_second(min(now, self._ground.clock()))
            work = partial(_change, bucket, rules, found[:BATCH], numbers, now, moment)
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
        self, bucket: Bucket, rules: _Rules, prefix: str, now: datetime, tally: Tally, *, is_dry: bool
    ) -> None:
        after: UploadMarker | None = None
        while True:
            began = time.perf_counter()
            page = await self._ground.metadata.scan(
                partial(_list_uploads, bucket_id=bucket.id, prefix=prefix, after=after)
            )
            for upload in page.uploads:
                due = decide_upload(rules.rules, upload.key, upload.initiated_at, now)
                if due is not None and (is_dry or await self._abort(bucket, rules, upload)):
                    tally.counts[bucket.name, due.rule, due.effect] += 1
            if page.next_marker is None:
                return
            after = page.next_marker
            await asyncio.sleep((time.perf_counter() - began) * self._rest_share)

    async def _abort(self, bucket: Bucket, rules: _Rules, upload: MultipartUpload) -> bool:
        def delete(transaction: Transaction) -> bool:
            row = current_bucket(transaction, bucket)
            rules.verify(transaction, row)
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
            found.append(_Found(listed=version, facts=facts, due=due))
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
    bucket: Bucket,
    rules: _Rules,
    found: Sequence[_Found],
    numbers: Sequence[int],
    now: datetime,
    moment: datetime,
    transaction: Transaction,
) -> list[_Outcome]:
    """Do what is due, as much as one transaction may hold."""
    row = current_bucket(transaction, bucket)
    rules.verify(transaction, row)
    outcomes: list[_Outcome] = []
    for each, number in zip(found, numbers, strict=True):
        if sum(outcome.rows_dropped for outcome in outcomes) >= TURN_ROWS:
            break
        version = _unchanged(transaction, row, each.listed)
        if version is None or not _is_still_due(rules.rules, each, version, now):
            outcomes.append(_Outcome())
        else:
            outcomes.append(_carry_out(transaction, row, version, each.due, number, moment))
    return outcomes


def _unchanged(transaction: Transaction, bucket: Bucket, listed: ListedVersion) -> ObjectVersion | None:
    """Return the version that was listed, None when it is another one by now, or versions came or went around it."""
    version = transaction.version(bucket.id, listed.key, listed.version_id)
    if version is None or (version.rank, version.etag, version.last_modified, version.size) != (
        listed.rank, listed.etag, listed.last_modified, listed.size,
    ):  # fmt: skip
        return None
    latest = transaction.latest_version(bucket.id, listed.key)
    is_latest = latest is not None and latest.id == version.id
    return version if is_latest is listed.is_latest else None


def _is_still_due(rules: Sequence[LifecycleRule], found: _Found, version: ObjectVersion, now: datetime) -> bool:
    """Judge by what changes in place: tags and storage class."""
    facts = replace(found.facts, storage_class=version.storage_class)
    return decide(rules, facts, lambda: dict(version.traits.tags), now) == found.due


def _carry_out(
    transaction: Transaction, bucket: Bucket, version: ObjectVersion, due: Due, number: int, moment: datetime
) -> _Outcome:
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
