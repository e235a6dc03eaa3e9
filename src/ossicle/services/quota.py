"""How much a bucket may hold: judged in the transaction that would make it hold more."""

from functools import lru_cache
from typing import Final

from ossicle.model.objects import Bucket
from ossicle.ports import Reading
from ossicle.wire.api.bucket_storage_quota import STORAGE_QUOTA
from ossicle.wire.errors import StorageQuotaExceeded

STRICT: Final = "Strict"
_KNOWN_MAX: Final = 1000


def judge_growth(rows: Reading, bucket: Bucket, growth: int) -> None:
    """Return if a bucket may hold so many bytes more; what makes it hold less is always welcome.

    Raises:
        StorageQuotaExceeded: it has a strict quota, which would be exceeded.
    """
    if growth <= 0 or STORAGE_QUOTA.kind not in bucket.settings:
        return
    raw = rows.bucket_config(bucket.id, STORAGE_QUOTA.kind)
    limit = -1 if raw is None else _strict_limit(raw)
    if limit >= 0 and (rows.counted_size(bucket.id) or 0) + growth > limit:
        raise StorageQuotaExceeded(bucket_name=bucket.name)


@lru_cache(_KNOWN_MAX)
def _strict_limit(raw: bytes) -> int:
    quota = STORAGE_QUOTA.parse(raw)
    return -1 if quota.mode != STRICT or quota.storage_quota is None else quota.storage_quota
