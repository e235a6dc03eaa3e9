"""What a V4 signature is good for: one day, one region, one product, seven days at most; and the key that is derived for that.

Source: https://help.aliyun.com/zh/oss/developer-reference/recommend-to-use-signature-version-4
"""

import hmac
from dataclasses import field
from functools import lru_cache
from typing import Final

from ossicle.wire.records import record
from ossicle.wire.text import encode

ALGORITHM: Final = "OSS4-HMAC-SHA256"
TERMINATOR: Final = "aliyun_v4_request"
EXPIRES_SECONDS_MAX: Final = 7 * 24 * 60 * 60
"""Longest life of a presigned URL."""


@record
class Scope:
    """The credential scope. `date` is `20231217`; `region` has no `oss-` in front: `cn-hangzhou`."""

    date: str
    region: str
    product: str = "oss"
    text: str = field(init=False)
    """The scope as it is signed, and as it follows the access key id in a credential."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", f"{self.date}/{self.region}/{self.product}/{TERMINATOR}")


def signing_key(secret: str, scope: Scope) -> bytes:
    """Return the 32 bytes that sign within `scope`, derived from an access key's secret."""
    return _signing_key(secret, scope.date, scope.region, scope.product)


# Deriving costs as much as the rest of a verification, and a key is asked for once a request but changes once a day.
@lru_cache(maxsize=1024)
def _signing_key(secret: str, date: str, region: str, product: str) -> bytes:
    key = b"aliyun_v4" + encode(secret)
    for part in (date, region, product, TERMINATOR):
        key = hmac.digest(key, encode(part), "sha256")
    return key
