"""Requests of RAM and STS as a client of the RPC style makes them."""

import hashlib
import json
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import urlencode

from ossicle.wire.http import Headers
from ossicle.wire.rpc import canonical_request, sign, sign_canonical
from tests.support.inprocess import HOST, OWNER, Account, Answer, InProcessServer

RAM = "2015-05-01"
STS = "2015-04-01"
_NONCES = count(1)


def signed(
    action: str, by: Account, now: datetime, *, method: str = "POST", version: str = STS, **given: str
) -> dict[str, str]:
    """Return all parameters of a request, the signature among them; what is given comes last, and an empty text takes one away."""
    credentials = by.credentials
    parameters = {
        "Action": action,
        "Version": version,
        "Format": "JSON",
        "AccessKeyId": credentials.access_key_id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": f"nonce-{next(_NONCES)}",
        "Timestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        **({} if credentials.security_token is None else {"SecurityToken": credentials.security_token}),
        **given,
    }
    parameters = {name: value for name, value in parameters.items() if value}
    return {"Signature": sign(method, parameters, credentials.access_key_secret), **parameters}


async def call(
    server: InProcessServer, action: str, *, by: Account = OWNER, method: str = "POST", version: str = STS, **given: str
) -> Answer:
    """Make a request, in a form or in a query."""
    parameters = signed(action, by, server.clock.now, method=method, version=version, **given)
    return await send(server, parameters, method=method)


async def send(server: InProcessServer, parameters: dict[str, str], *, method: str = "POST") -> Answer:
    """Send parameters as they are."""
    text = urlencode(parameters)
    if method == "GET":
        return await server.send("GET", f"/?{text}")
    headers = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]
    return await server.send("POST", "/", headers=headers, body=text.encode())


def header_signed(action: str, by: Account, now: datetime, *, version: str = STS, **given: str) -> dict[str, str]:
    """Return the headers of a GET that `ACS3-HMAC-SHA256` signs, of these parameters and without a body."""
    credentials = by.credentials
    headers = {
        "host": HOST,
        "x-acs-action": action,
        "x-acs-version": version,
        "x-acs-date": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": f"nonce-{next(_NONCES)}",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        **({} if credentials.security_token is None else {"x-acs-security-token": credentials.security_token}),
    }
    sent = Headers((name.encode(), value.encode()) for name, value in headers.items())
    signature = sign_canonical(
        canonical_request("GET", given.items(), sent, sorted(headers)), credentials.access_key_secret
    )
    names = ";".join(sorted(headers))
    headers["authorization"] = (
        f"ACS3-HMAC-SHA256 Credential={credentials.access_key_id},SignedHeaders={names},Signature={signature}"
    )
    del headers["host"]
    return headers


async def send_headers(server: InProcessServer, headers: dict[str, str], **given: str) -> Answer:
    """Send a GET with these headers and parameters as they are."""
    return await server.send("GET", f"/?{urlencode(given)}", headers=list(headers.items()))


def told(answer: Answer) -> dict[str, Any]:
    """Return what an answer in JSON says."""
    found: dict[str, Any] = json.loads(answer.body)
    assert found.pop("RequestId") == answer.request_id
    return found
