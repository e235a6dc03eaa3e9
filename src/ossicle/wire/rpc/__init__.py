"""The RPC style of RAM and STS: an action and its parameters in a query or a form, signed, and an answer in JSON or XML.

Source: https://help.aliyun.com/zh/sdk/product-overview/rpc-mechanism
"""

from ossicle.wire.rpc.document import render
from ossicle.wire.rpc.header_signing import canonical_request, is_header_signed, sign_canonical
from ossicle.wire.rpc.parameters import Call, parse_call, parse_header_call
from ossicle.wire.rpc.shapes import read_fields, shape
from ossicle.wire.rpc.signing import sign, string_to_sign

__all__ = [
    "Call",
    "canonical_request",
    "is_header_signed",
    "parse_call",
    "parse_header_call",
    "read_fields",
    "render",
    "shape",
    "sign",
    "sign_canonical",
    "string_to_sign",
]
