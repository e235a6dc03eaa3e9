"""HTTP in and out: from the bytes of a request to a handler's typed input, and from its answer back to bytes.

Rules of the room:

1. Headers are copied into an immutable request before the first byte of a body is asked for; trailers are dropped.
2. Every refusal that needs no body is made before the body, and stays readable: the connection lingers.
3. Head, body, idle time and answer are each bounded, by a named limit.
4. An error is logged once, here, under its request id; targets are redacted wherever they are written.
5. No operation is known by name: what there is to know about one stands in its specification.
"""
