"""ACS3-HMAC-SHA256, by the example of its documentation."""

import hashlib

import pytest

from ossicle.wire.http import Headers
from ossicle.wire.ram_errors import RamError
from ossicle.wire.rpc.header_signing import (
    canonical_request,
    is_header_signed,
    parse_header_signature,
    sign_canonical,
)

EMPTY = hashlib.sha256(b"").hexdigest()
EXAMPLE = [
    ("host", "ecs.cn-shanghai.aliyuncs.com"),
    ("x-acs-action", "RunInstances"),
    ("x-acs-content-sha256", EMPTY),
    ("x-acs-date", "2023-10-26T10:22:32Z"),
    ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
    ("x-acs-version", "2014-05-26"),
]
QUERY = [("RegionId", "cn-shanghai"), ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd")]
NAMES = [name for name, _ in EXAMPLE]
SIGNATURE = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


def headers(*more: tuple[str, str]) -> Headers:
    return Headers((name.encode(), value.encode()) for name, value in (*EXAMPLE, *more))


def authorization(names: list[str], signature: str = SIGNATURE) -> tuple[str, str]:
    text = f"ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders={';'.join(names)},Signature={signature}"
    return "authorization", text


def test_the_documented_example() -> None:
    canonical = canonical_request("POST", QUERY, headers(), NAMES)
    assert canonical.startswith(
        "POST\n/\nImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai\n"
        "host:ecs.cn-shanghai.aliyuncs.com\nx-acs-action:RunInstances\n"
    )
    assert canonical.endswith(f"x-acs-version:2014-05-26\n\n{';'.join(NAMES)}\n{EMPTY}")
    assert sign_canonical(canonical, "YourAccessKeySecret") == SIGNATURE


def test_what_the_header_says() -> None:
    found = parse_header_signature(headers(authorization(NAMES)), b"")
    assert (found.access_key_id, list(found.signed_headers), found.signature) == ("YourAccessKeyId", NAMES, SIGNATURE)
    assert is_header_signed(headers(authorization(NAMES)))
    assert not is_header_signed(headers())
    assert not is_header_signed(headers(("authorization", "OSS4-HMAC-SHA256 Credential=x")))


@pytest.mark.parametrize(
    ("more", "body", "code"),
    [
        ([authorization(NAMES)], b"x", "SignatureDoesNotMatch"),
        ([authorization(NAMES[1:])], b"", "IncompleteSignature"),
        ([authorization(NAMES[:-1])], b"", "IncompleteSignature"),
        ([authorization(NAMES), ("x-acs-security-token", "t")], b"", "IncompleteSignature"),
        ([authorization(NAMES, "short")], b"", "IncompleteSignature"),
        ([("authorization", "ACS3-HMAC-SHA256 ")], b"", "IncompleteSignature"),
    ],
)
def test_what_is_not_signed_or_not_whole_is_refused(more: list[tuple[str, str]], body: bytes, code: str) -> None:
    with pytest.raises(RamError) as refusal:
        parse_header_signature(headers(*more), body)
    assert refusal.value.code == code
