"""The web console: pages for the owner and for the people who upload.

Rules of the room:

1. It is a client like any other: it knows the wire, and nothing behind the edge.
2. Bytes of objects move between the browser and a presigned URL, never through the console.
3. The server runs without it.
"""
