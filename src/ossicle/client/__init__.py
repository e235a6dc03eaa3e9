"""The Python client: a synchronous and an asynchronous driver over one sans-IO half.

Rules of the room:

1. What is sent and what an answer means is decided without I/O, once; a driver only moves bytes.
2. Signing is local: it asks nobody and needs no network.
3. Nothing is sent that was not signed or asked for: no default Content-Type, no rewritten path.
4. It serves the real OSS as well as this server, so it knows only `wire`.
"""
