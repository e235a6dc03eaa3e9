"""What a store may raise. Services translate each, once, into an OSS error."""


class StoreError(Exception):
    """Base of what a store raises."""


class StoreUnavailable(StoreError):
    """The store can't do it: disk full, database gone, writer stopped.

    Whether a change took place is unknown: a commit whose sync failed may be found after a restart. So nothing that the change
    would have named may be thrown away.
    """


class Conflict(StoreError):
    """A row that the change relies on went away or appeared meanwhile. Nothing was changed."""


class Corrupt(StoreError):
    """Stored bytes or rows are not what was written: a blob is missing, short or unreadable."""
