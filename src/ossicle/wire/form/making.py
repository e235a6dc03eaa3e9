"""The fields of a form that its owner allows somebody to post.

Source: https://help.aliyun.com/zh/oss/developer-reference/postobject
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from ossicle.wire.credentials import Credentials
from ossicle.wire.form.fields import POLICY
from ossicle.wire.form.signature import sign_policy
from ossicle.wire.signing import ALGORITHM, Scope
from ossicle.wire.text import render_iso_basic, render_iso_millis

_BYTES_MAX: Final = 5 * 1024**3
"""The largest file that OSS takes in one piece."""


def sign_form(
    *,
    bucket: str,
    key: str,
    credentials: Credentials,
    region: str,
    now: datetime,
    expires: timedelta,
    bytes_max: int | None = None,
    bytes_min: int = 0,
    fields: Mapping[str, str] | None = None,
    conditions: Sequence[object] = (),
) -> dict[str, str]:
    """Return the fields that a form must have before its `file` to be taken, signed with V4.

    Args:
        bucket: where the file goes; the form is posted to the address of the bucket.
        key: the object's name; with `${filename}` in it, that of the file is put in there by the server.
        credentials: a security token becomes one of the fields.
        region: without `oss-` in front.
        now: aware.
        expires: how long the form may be posted.
        bytes_max: the largest file that is taken.
        bytes_min: the smallest one.
        fields: further fields with their values, such as `success_action_status`; the form must have them exactly so.
        conditions: further conditions, such as `["starts-with", "$x-oss-meta-note", ""]`, on fields that the sender fills in.

    Raises:
        ValueError: `now` is naive, or `expires` is not positive.
    """
    if now.tzinfo is None or expires <= timedelta(0):
        raise ValueError(f"now must be an aware datetime and expires positive, not {now} and {expires}")
    signed_at = now.astimezone(UTC)
    date = render_iso_basic(signed_at)
    scope = Scope(date=date[:8], region=region)
    made = {
        "key": key,
        **(fields or {}),
        "x-oss-signature-version": ALGORITHM,
        "x-oss-credential": f"{credentials.access_key_id}/{scope.text}",
        "x-oss-date": date,
    }
    if credentials.security_token:
        made["x-oss-security-token"] = credentials.security_token
    rules: list[object] = [{"bucket": bucket}, *({name: value} for name, value in made.items()), *conditions]
    if bytes_max is not None or bytes_min:
        rules.append(["content-length-range", bytes_min, _BYTES_MAX if bytes_max is None else bytes_max])
    policy = _encode(signed_at + expires, rules)
    return {**made, POLICY: policy, "x-oss-signature": sign_policy(policy, credentials, scope)}


def _encode(expiration: datetime, rules: Sequence[object]) -> str:
    document = {"expiration": render_iso_millis(expiration), "conditions": rules}
    return base64.b64encode(json.dumps(document, ensure_ascii=False).encode()).decode()
