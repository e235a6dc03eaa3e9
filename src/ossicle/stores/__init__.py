"""Implementations of the ports: databases for the rows, places for the bytes.

Rules of the room:

1. A store knows no OSS code, no request and no document. It returns `None` for absence, and raises only what `ports` declares.
2. A store never imports another store.
3. Success is reported after the bytes are on disk, never before.
4. A failed fsync is final: the store stops, since what the page cache holds can no longer be trusted.
5. Whatever one store promises, the contract suite asks of all of them.
"""
