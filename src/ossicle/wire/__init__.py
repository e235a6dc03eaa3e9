"""The sans-IO floor: what travels between an OSS client and an OSS server, and nothing else.

Rules of the room:

1. Bytes in, values out. No socket, file, clock, thread or random number; time and ids are arguments.
2. Bytes stay raw until they are judged: paths, queries and header values are decoded once, here.
3. Client and server use the same functions, so `parse(render(x)) == x` is a property of every document.
4. A refusal is an `OssError`; nothing in this room raises anything else on bad input.
5. Names are the ones OSS uses.
"""
