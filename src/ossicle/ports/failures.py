"""What a store may raise. Services translate each, once, into an OSS error."""


class StoreError(Exception):
    """Base of what a store raises."""


class StoreUnavailable(StoreError):
    """The store can't do it now: disk full, database gone, writer stopped. Nothing was changed."""


class Conflict(StoreError):
    """A row that the change relies on went away or appeared meanwhile. Nothing was changed."""


class Corrupt(StoreError):
    """Stored bytes or rows are not what was written: a blob is missing, short or unreadable."""
