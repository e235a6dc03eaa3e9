"""Signature version 1.0 of RPC: HMAC-SHA1 over the method and all parameters.

Source: https://help.aliyun.com/zh/sdk/product-overview/rpc-mechanism
"""

import base64
import hmac
from collections.abc import Mapping
from typing import Final

from ossicle.wire.text import encode, percent_encode

SIGNATURE: Final = "Signature"
METHOD: Final = "HMAC-SHA1"
VERSION: Final = "1.0"


def string_to_sign(method: str, parameters: Mapping[str, str]) -> str:
    """Return what is signed of a request: its method, the path, which is always `/`, and its parameters by the bytes of their names."""
    pairs = sorted(
        (percent_encode(encode(name)), percent_encode(encode(value)))
        for name, value in parameters.items()
        if name != SIGNATURE
    )
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    return f"{method}&%2F&{percent_encode(encode(joined))}"


def sign(method: str, parameters: Mapping[str, str], secret: str) -> str:
    """Return the signature, base64."""
    return base64.b64encode(
        hmac.digest(encode(secret) + b"&", encode(string_to_sign(method, parameters)), "sha1")
    ).decode()
