"""Forms as browsers post them, and policies that allow them."""

import base64
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from ossicle.wire.credentials import Credentials
from ossicle.wire.form import sign_policy
from ossicle.wire.signing import ALGORITHM, Scope
from ossicle.wire.text import encode, render_iso_basic, render_iso_millis

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
FORM_TYPE = ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")

Pairs = Iterable[tuple[str, str]]


def part(name: str, value: bytes, *, disposition: str = "", headers: Sequence[str] = ()) -> bytes:
    head = [f'Content-Disposition: form-data; name="{name}"{disposition}', *headers]
    return encode(f"--{BOUNDARY}\r\n" + "\r\n".join(head) + "\r\n\r\n") + value + b"\r\n"


def file_part(content: bytes, *, filename: str | None = "photo.jpg", content_type: str | None = "image/jpeg") -> bytes:
    disposition = "" if filename is None else f'; filename="{filename}"'
    headers = [] if content_type is None else [f"Content-Type: {content_type}"]
    return part("file", content, disposition=disposition, headers=headers)


def end() -> bytes:
    return encode(f"--{BOUNDARY}--\r\n")


def form(fields: Pairs, content: bytes = b"hello", **file: Any) -> bytes:
    """Return the body of a form with a file."""
    return b"".join(part(name, encode(value)) for name, value in fields) + file_part(content, **file) + end()


def encoded_policy(
    now: datetime, conditions: Sequence[object] = (), *, lifetime: timedelta = timedelta(hours=1)
) -> str:
    document = {"expiration": render_iso_millis(now + lifetime), "conditions": list(conditions)}
    return base64.b64encode(json.dumps(document).encode()).decode()


def signed_v4(policy: str, credentials: Credentials, now: datetime, *, region: str = "cn-hangzhou") -> dict[str, str]:
    """Return the fields that sign a policy in V4."""
    datetime_text = render_iso_basic(now)
    scope = Scope(date=datetime_text[:8], region=region)
    fields = {
        "policy": policy,
        "x-oss-signature-version": ALGORITHM,
        "x-oss-credential": f"{credentials.access_key_id}/{scope.text}",
        "x-oss-date": datetime_text,
        "x-oss-signature": sign_policy(policy, credentials, scope),
    }
    return fields | _token(credentials)


def signed_v1(policy: str, credentials: Credentials) -> dict[str, str]:
    """Return the fields that sign a policy in V1."""
    fields = {
        "policy": policy,
        "OSSAccessKeyId": credentials.access_key_id,
        "Signature": sign_policy(policy, credentials, None),
    }
    return fields | _token(credentials)


def _token(credentials: Credentials) -> dict[str, str]:
    return {} if credentials.security_token is None else {"x-oss-security-token": credentials.security_token}
