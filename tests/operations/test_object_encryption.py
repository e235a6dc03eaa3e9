"""Server-side encryption: what is asked for is kept and told; see docs/differences.md for what is not done."""

import pytest

from tests.support.inprocess import Answer, InProcessServer

KEY = "/bucket/key"
NAMES = {
    "algorithm": "x-oss-server-side-encryption",
    "key_id": "x-oss-server-side-encryption-key-id",
    "data": "x-oss-server-side-data-encryption",
}


def asked(**values: str) -> list[tuple[str, str]]:
    return [(NAMES[name], value) for name, value in values.items()]


def told(answer: Answer) -> dict[str, str]:
    return {name: value for name, header in NAMES.items() if (value := answer.header(header)) is not None}


@pytest.mark.parametrize(
    "values",
    [
        {"algorithm": "AES256"},
        {"algorithm": "SM4"},
        {"algorithm": "KMS"},
        {"algorithm": "KMS", "key_id": "9468da86-3509-4f8d-a61e-6eab1eac0000"},
        {"algorithm": "KMS", "data": "SM4"},
    ],
)
async def test_what_is_asked_for_is_told(server: InProcessServer, values: dict[str, str]) -> None:
    assert told(await server.put_object(KEY, b"x", *asked(**values))) == values
    for method in ("GET", "HEAD"):
        assert told(await server.call(method, KEY)) == values


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"algorithm": "aes256"}, "InvalidEncryptionAlgorithmError"),
        ({"algorithm": ""}, "InvalidEncryptionAlgorithmError"),
        ({"algorithm": "AES256", "key_id": "k"}, "InvalidArgument"),
        ({"algorithm": "AES256", "data": "SM4"}, "InvalidArgument"),
        ({"algorithm": "KMS", "data": "AES256"}, "InvalidEncryptionAlgorithmError"),
        ({"key_id": "k"}, "InvalidArgument"),
        ({"data": "SM4"}, "InvalidArgument"),
    ],
)
async def test_what_oss_does_not_know_stores_nothing(
    server: InProcessServer, values: dict[str, str], code: str
) -> None:
    answer = await server.call("PUT", KEY, headers=asked(**values), body=b"x")
    assert answer.refusal[:2] == (400, code)
    assert (await server.call("HEAD", KEY)).status == 404


async def test_a_copy_is_encrypted_as_it_asks_for_itself(server: InProcessServer) -> None:
    await server.put_object(KEY, b"x", *asked(algorithm="AES256"))
    plain = await server.call("PUT", "/bucket/plain", headers=[("x-oss-copy-source", KEY)])
    assert (told(plain), told(await server.call("HEAD", "/bucket/plain"))) == ({}, {})
    headers = [("x-oss-copy-source", KEY), *asked(algorithm="KMS")]
    assert told(await server.call("PUT", "/bucket/other", headers=headers)) == {"algorithm": "KMS"}
    assert told(await server.call("HEAD", "/bucket/other")) == {"algorithm": "KMS"}
