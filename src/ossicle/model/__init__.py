"""Domain types and pure rules of object storage: what a bucket and an object are, and who may do what with them.

Rules of the room:

1. Frozen values and pure functions only; no I/O, no clock.
2. One vocabulary: types that travel (a CORS rule, say) are those of `wire`, never a second set.
3. A rule that could be a table is a table.
"""
