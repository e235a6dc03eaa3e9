"""Large files in parts: up, down and from bucket to bucket, in parallel, resumable.

`plan`, `ledger` and `journal` say what is to be sent and what has arrived; `upload`, `download` and `copy` do it with threads, since
files have no other way. An `AsyncClient` runs the same in a thread.
"""
