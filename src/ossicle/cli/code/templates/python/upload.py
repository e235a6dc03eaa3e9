"""Uploads a file to a presigned URL with requests (pip install requests): python upload.py FILE."""

import sys
from pathlib import Path

import requests

# presigned: begin
# Good until EXPIRATION. Until then whoever has this URL can use it.
URL = "URL"
# Exactly what was signed: no other Content-Type, Content-MD5 or x-oss-* may be sent.
HEADERS = {
    "NAME": "VALUE",
}
FILE = "FILE"
# presigned: end


def upload(file: Path) -> requests.Response:
    """PUT the file: requests streams an open file, gives its length and adds no Content-Type."""
    with file.open("rb") as body:
        # requests takes an empty file for one of unknown length.
        return requests.put(URL, data=body if file.stat().st_size else b"", headers=HEADERS, timeout=60)


def main(arguments: list[str]) -> int:
    """Upload, print what the server said, and return the exit code."""
    file = arguments[0] if arguments else FILE
    if not file:
        print("usage: python upload.py FILE", file=sys.stderr)
        return 2
    try:
        response = upload(Path(file))
    except requests.RequestException as error:
        # The name only: its text repeats the signed URL, which is as good as a password until it expires.
        print(f"upload: no answer from the server: {type(error).__name__}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"upload: {error}", file=sys.stderr)
        return 2
    request_id = response.headers.get("x-oss-request-id")
    if not response.ok:
        response.encoding = "utf-8"
        print(f"refused: {response.status_code}, request {request_id}\n{response.text}", file=sys.stderr)
        return 1
    print(f"uploaded: {response.status_code}, ETag {response.headers.get('ETag')}, request {request_id}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
