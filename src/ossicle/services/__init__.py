"""The semantics of OSS, written once: objects, buckets, identity, access, collection of dead blobs.

Rules of the room:

1. Only here is absence turned into an OSS error, and a store's failure translated, each in one place.
2. What a request was promised before its body is judged again under the lock that commits it.
3. Time, ids and the principal are arguments.
4. Inside a transaction nothing awaits.
"""
