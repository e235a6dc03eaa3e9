"""Who signs: an access key, with the token that a temporary one needs."""

from dataclasses import field
from datetime import datetime

from ossicle.wire.records import record


@record
class Credentials:
    """An access key. A temporary one has a security token and an expiration; secret and token stay out of `repr`."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)
    expiration: datetime | None = None
