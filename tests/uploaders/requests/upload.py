"""Uploads a file with requests to a presigned URL: upload.py URL FILE ['HEADER: VALUE']..."""

import json
import sys
from pathlib import Path

import requests


def upload(url: str, file: Path, headers: dict[str, str]) -> requests.Response:
    """PUT the file: requests streams an open file, gives its length and adds no Content-Type."""
    with file.open("rb") as body:
        return requests.put(url, data=body, headers=headers, timeout=60)


def main(arguments: list[str]) -> int:
    """Upload, print one line of JSON, and return the exit code."""
    url, file, *lines = arguments
    headers = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    try:
        response = upload(url, Path(file), headers)
    except requests.RequestException as error:
        # The name only: its text repeats the signed URL, which is as good as a password until it expires.
        print(f"upload.py: no answer from the server: {type(error).__name__}", file=sys.stderr)
        return 2
    response.encoding = "utf-8"
    answer = {
        "status": response.status_code,
        "etag": response.headers.get("ETag"),
        "request_id": response.headers.get("x-oss-request-id"),
        "body": response.text,
    }
    print(json.dumps(answer))
    return 0 if response.ok else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
