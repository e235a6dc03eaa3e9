"""Signatures of policies."""

import pytest

from ossicle.wire import errors
from ossicle.wire.credentials import Credentials
from ossicle.wire.form import Fields, parse_form_claim, parse_policy, sign_policy, verify_policy
from tests.support.signing_vectors import document

VECTORS = {vector["id"]: vector for vector in document()["post_policy_vectors"]}
V1 = {"OSSAccessKeyId": "id", "policy": "p", "Signature": "s"}
V4 = {
    "x-oss-signature-version": "OSS4-HMAC-SHA256",
    "x-oss-credential": "id/20231217/cn-hangzhou/oss/aliyun_v4_request",
    "x-oss-date": "20231217T035628Z",
    "policy": "p",
    "x-oss-signature": "s",
}


def credentials_of(vector: dict[str, str]) -> Credentials:
    return Credentials(access_key_id=vector["access_key_id"], access_key_secret=vector["access_key_secret"])


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_vectors(name: str) -> None:
    vector = VECTORS[name]
    claim = parse_form_claim(Fields.of(vector["form_fields"]))
    assert claim is not None
    assert claim.access_key_id == vector["access_key_id"]
    verify_policy(claim, credentials_of(vector))
    assert sign_policy(claim.policy, credentials_of(vector), claim.scope) == vector["signature"]
    policy = parse_policy(claim.policy)
    policy.judge(Fields.of(vector["form_fields"]), bucket="examplebucket", now=policy.expiration)


@pytest.mark.parametrize("name", sorted(VECTORS))
@pytest.mark.parametrize("changed", ["policy", "signature", "x-oss-signature"])
def test_another_policy_or_signature(name: str, changed: str) -> None:
    fields = {name.lower(): value for name, value in VECTORS[name]["form_fields"].items()}
    if changed not in fields:
        return
    claim = parse_form_claim(Fields.of(fields | {changed: "A" + fields[changed][1:]}))
    assert claim is not None
    with pytest.raises(errors.SignatureDoesNotMatch) as caught:
        verify_policy(claim, credentials_of(VECTORS[name]))
    assert caught.value.ec == "0002-00000705"


def test_anonymous() -> None:
    assert parse_form_claim(Fields.of({"key": "k", "x-oss-security-token": "t"})) is None


@pytest.mark.parametrize("whole", [V1, V4])
def test_only_some_fields_of_a_signature(whole: dict[str, str]) -> None:
    for name in whole.keys() - {"x-oss-signature-version"}:
        for fields in ({**whole, name: ""}, {key: value for key, value in whole.items() if key != name}):
            with pytest.raises(errors.InvalidArgument):
                parse_form_claim(Fields.of(fields))


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("OSSAccessKeyId", "Post request accessKeyId is empty."),
        ("Signature", "Post request signature is empty."),
    ],
)
def test_the_messages_of_oss(missing: str, message: str) -> None:
    with pytest.raises(errors.InvalidArgument) as caught:
        parse_form_claim(Fields.of({**V1, missing: ""}))
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("changed", "ec"),
    [
        ({"x-oss-signature-version": "OSS2"}, "0002-00000066"),
        ({"x-oss-credential": "id/20231217/cn-hangzhou/oss"}, None),
        ({"x-oss-date": "yesterday"}, "0002-00000709"),
        ({"x-oss-date": "20231218T035628Z"}, "0002-00000709"),
    ],
)
def test_malformed_v4(changed: dict[str, str], ec: str | None) -> None:
    with pytest.raises(errors.InvalidArgument) as caught:
        parse_form_claim(Fields.of({**V4, **changed}))
    assert caught.value.ec == ec
