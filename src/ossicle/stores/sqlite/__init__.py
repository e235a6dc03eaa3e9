"""The metadata store on SQLite: one file, one server, group commit.

`store` ties the parts: `connection` opens and locks, `schema` migrates, `units` answers the verbs with the text of
`statements` and the mapping of `rows`, `writer` commits in groups, `readers` read, `checkpoint` empties the log,
`joint` is for a server of several processes.
"""

from ossicle.stores.sqlite.joint import Joint, claim_directory
from ossicle.stores.sqlite.store import SqliteMetadataStore

__all__ = ["Joint", "SqliteMetadataStore", "claim_directory"]
