"""The metadata store on SQLite: one file, one process, group commit.

`store` ties the parts: `connection` opens and locks, `schema` migrates, `units` answers the verbs with the text of
`statements` and the mapping of `rows`, `writer` commits in groups, `readers` read, `checkpoint` empties the log.
"""

from ossicle.stores.sqlite.store import SqliteMetadataStore

__all__ = ["SqliteMetadataStore"]
