"""Forms that `ali-oss` signs, as a site does for its pages."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conformance.sdks import Speaker


def policy(*conditions: Any) -> dict[str, Any]:
    expiration = (datetime.now(UTC) + timedelta(minutes=10)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {"expiration": expiration, "conditions": list(conditions)}


def signed_v1(site: Speaker, conditions: list[Any]) -> dict[str, str]:
    """The fields of a form by `calculatePostSignature`."""
    fields: dict[str, str] = site("sign_form", policy=policy(*conditions))
    return fields


def signed_v4(site: Speaker, conditions: list[Any]) -> dict[str, str]:
    """The fields of a form by `signPostObjectPolicyV4`."""
    now = datetime.now(UTC)
    scope = f"{now:%Y%m%d}/{site.settings['region']}/oss/aliyun_v4_request"
    fields = {
        "x-oss-signature-version": "OSS4-HMAC-SHA256",
        "x-oss-credential": f"{site.settings['access_key_id']}/{scope}",
        "x-oss-date": f"{now:%Y%m%dT%H%M%SZ}",
    }
    whole = policy(*conditions, *({name: value} for name, value in fields.items()))
    # The SDK signs the policy as it would write it, and gives only the signature.
    text = json.dumps(whole, separators=(",", ":"))
    signature = site("sign_form_v4", policy=text, date=int(now.timestamp()))["signature"]
    return {**fields, "policy": base64.b64encode(text.encode()).decode(), "x-oss-signature": signature}


SIGNERS = {"v1": signed_v1, "v4": signed_v4}
