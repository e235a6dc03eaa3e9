"""What official clients signed is accepted, rebuilt text by text, and signed the same by us."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from ossicle.wire.errors import AuthorizationQueryParametersError, InvalidAccessKeyId, OssError, SignatureDoesNotMatch
from ossicle.wire.http import Query, Resource
from ossicle.wire.signing import (
    UNSIGNED_PAYLOAD,
    Claim,
    canonical_headers,
    canonical_query,
    canonical_query_as_received,
    canonical_request,
    canonical_uri,
    judge_scope,
    parse_claim,
    presign,
    sign_headers,
    signature,
    signing_key,
    string_to_sign,
    verify_signature,
)
from ossicle.wire.signing.canonical import additional_names
from ossicle.wire.text import encode
from tests.support.signing_vectors import (
    Mutation,
    Vector,
    addressed,
    document,
    mutations,
    signed_again,
    v4_claim,
    v4_vectors,
    vectors,
)

RAW_MARKS = "v4q-cs-raw-parens"
PAST_EXPIRY = "v4q-exp-negative"
SIGNED = [vector for vector in v4_vectors() if vector.auth_mode != "anonymous"]
IN_URL = [vector for vector in SIGNED if vector.auth_mode == "query"]
IN_HEADER = [vector for vector in SIGNED if vector.auth_mode == "header"]
V4_MUTATIONS = [mutation for mutation in mutations() if mutation.base.signature_version == "v4"]


def name_of(entry: Vector | Mutation) -> str:
    return entry.id


def judged(vector: Vector, resource: Resource, *, is_key_unknown: bool = False) -> Claim | None:
    """Judge a request in the order of a server that knows this vector's key only."""
    request = vector.wire.request()
    claim = v4_claim(request)
    if claim is None:
        return None
    judge_scope(claim, region=vector.region, products=frozenset({vector.product}), now=vector.verify_at)
    if is_key_unknown or claim.access_key_id != vector.access_key_id:
        raise InvalidAccessKeyId(access_key_id=claim.access_key_id)
    verify_signature(request, resource, claim, vector.credentials)
    return claim


def test_no_entry_of_the_file_is_passed_over() -> None:
    assert document()["counts"] == {
        "sdk_generated": len(document()["vectors"]),
        "derived": len(document()["derived_vectors"]),
        "post_policy": len(document()["post_policy_vectors"]),
        "mutations": len(mutations()),
        "crc64": len(document()["crc64_vectors"]),
    }
    kinds = Counter((vector.signature_version, vector.auth_mode) for vector in vectors())
    assert kinds == {
        ("v4", "query"): 62,
        ("v4", "header"): 41,
        ("v4", "anonymous"): 1,
        ("v1", "query"): 24,
        ("v1", "header"): 16,
        ("v2", "query"): 2,
        ("v2", "header"): 1,
    }
    assert len(IN_URL) + len(IN_HEADER) + 1 == len(v4_vectors()) == 104
    assert Counter(mutation.is_accepted for mutation in V4_MUTATIONS) == {True: 8, False: 18}
    assert len(V4_MUTATIONS) == len(mutations())


# ---------------------------------------------------------------------------------------- the verifying side


@pytest.mark.parametrize("vector", SIGNED, ids=name_of)
def test_the_verdict_is_the_expected_one(vector: Vector) -> None:
    if vector.id == PAST_EXPIRY:
        with pytest.raises(AuthorizationQueryParametersError) as refusal:
            judged(vector, vector.resource)
        assert refusal.value.ec == "0002-00000232"
        return
    assert vector.expect == "signature valid" or vector.id == RAW_MARKS
    claim = judged(vector, vector.resource)
    assert claim is not None
    assert (claim.expires_seconds is not None) == (vector.auth_mode == "query")
    assert claim.security_token == vector.security_token
    assert claim.signature == vector.signature
    assert claim.signed_at == vector.signed_at
    assert claim.expires_seconds == vector.expires_seconds


def test_an_unsigned_request_is_anonymous() -> None:
    (vector,) = (vector for vector in v4_vectors() if vector.auth_mode == "anonymous")
    assert parse_claim(vector.wire.request()) is None


@pytest.mark.parametrize("vector", SIGNED, ids=name_of)
def test_each_text_is_the_sdk_s(vector: Vector) -> None:
    request = vector.wire.request()
    claim = v4_claim(request)
    assert claim is not None
    additional = additional_names(claim.additional_headers)
    if vector.id == RAW_MARKS:
        query = canonical_query_as_received(request.query)
        assert query != canonical_query(request.query.pairs)
    else:
        query = canonical_query(request.query.pairs)
    form = canonical_request(
        method=request.method,
        uri=canonical_uri(vector.resource),
        query=query,
        headers=canonical_headers(request.headers, additional),
        additional=additional,
        payload=UNSIGNED_PAYLOAD,
    )
    text = string_to_sign(datetime_text=claim.datetime_text, scope=claim.scope, canonical=form)
    assert form == vector.canonical_request
    assert text == vector.string_to_sign
    assert signature(signing_key(vector.access_key_secret, claim.scope), text) == vector.signature


@pytest.mark.parametrize("vector", [v for v in SIGNED if v.id not in {RAW_MARKS, PAST_EXPIRY}], ids=name_of)
def test_a_mismatch_shows_the_texts_of_the_server(vector: Vector) -> None:
    with pytest.raises(SignatureDoesNotMatch) as refusal:
        judged(replace(vector, access_key_secret="another"), vector.resource)
    assert vector.string_to_sign is not None
    assert refusal.value.details == {
        "OSSAccessKeyId": vector.access_key_id,
        "SignatureProvided": vector.signature,
        "StringToSign": vector.string_to_sign,
        "StringToSignBytes": "".join(f"{byte:02X} " for byte in encode(vector.string_to_sign)),
        "CanonicalRequest": vector.canonical_request,
    }
    assert (refusal.value.status, refusal.value.ec) == (403, "0002-00000201")


# ------------------------------------------------------------------------------------------ the signing side


def query_to_sign(vector: Vector) -> list[tuple[str, str]]:
    signatures_own = {
        "x-oss-signature-version",
        "x-oss-credential",
        "x-oss-date",
        "x-oss-expires",
        "x-oss-additional-headers",
        "x-oss-security-token",
        "x-oss-signature",
    }
    return [(name, value) for name, value in Query(vector.wire.query).pairs if name not in signatures_own]


@pytest.mark.parametrize("vector", [v for v in IN_URL if v.id not in {RAW_MARKS, PAST_EXPIRY}], ids=name_of)
def test_we_presign_what_the_sdk_presigned(vector: Vector) -> None:
    assert vector.expires_seconds is not None
    made = presign(
        method=vector.wire.method,
        resource=vector.resource,
        query=query_to_sign(vector),
        headers=list(vector.wire.headers.items()),
        credentials=vector.credentials,
        region=vector.region,
        product=vector.product,
        now=vector.signed_at,
        expires=timedelta(seconds=vector.expires_seconds),
        additional_headers=vector.additional_headers_config or (),
    )
    assert Query(encode(made.query)).get("x-oss-signature") == vector.signature
    # Order and the `=` of an empty parameter are free.
    assert sorted(Query(encode(made.query)).pairs) == sorted(Query(vector.wire.query).pairs)
    assert made.signed_headers == vector.headers_uploader_must_send
    assert made.expiration == vector.signed_at + timedelta(seconds=vector.expires_seconds)


def test_the_two_that_we_do_not_presign_are_known() -> None:
    """One is signed over raw marks, which we never send raw; the other's lifetime is negative."""
    by_id = {vector.id: vector for vector in IN_URL}
    assert by_id[RAW_MARKS].expect.startswith("valid only under canonicalisation B")
    past = by_id[PAST_EXPIRY]
    with pytest.raises(ValueError, match="at least 1 second and at most 7 days"):
        presign(
            method=past.wire.method,
            resource=past.resource,
            query=(),
            headers=(),
            credentials=past.credentials,
            region=past.region,
            now=past.signed_at,
            expires=timedelta(seconds=past.expires_seconds or 0),
        )


@pytest.mark.parametrize("vector", IN_HEADER, ids=name_of)
def test_we_sign_headers_as_the_sdk_signed_them(vector: Vector) -> None:
    sent = {name.lower(): value for name, value in vector.wire.headers.items()}
    ours = {"authorization", "date", "x-oss-date", "x-oss-content-sha256", "x-oss-security-token"}
    made = sign_headers(
        method=vector.wire.method,
        resource=vector.resource,
        query=Query(vector.wire.query).pairs,
        headers=[(name, value) for name, value in vector.wire.headers.items() if name.lower() not in ours],
        credentials=vector.credentials,
        region=vector.region,
        product=vector.product,
        now=vector.signed_at,
        additional_headers=vector.additional_headers_config or (),
    )
    added = {name.lower(): value for name, value in made.items()}
    assert fields_of(added.pop("authorization")) == fields_of(sent["authorization"])
    if "date" not in sent:
        # Some SDKs leave it out; nothing hangs on it.
        del added["date"]
    assert added == {name: value for name, value in sent.items() if name in ours - {"authorization"}}


def fields_of(authorization: str) -> tuple[str, set[str]]:
    """The scheme and the fields, whose order and spaces are free."""
    scheme, _, text = authorization.partition(" ")
    return scheme, {field.strip() for field in text.split(",")}


# ------------------------------------------------------------------------------------------------ mutations


@pytest.mark.parametrize("vector", [v for v in v4_vectors() if v.auth_mode != "anonymous"], ids=name_of)
def test_the_address_of_a_vector_is_read_as_it_says(vector: Vector) -> None:
    """What the changes below rely on."""
    assert canonical_uri(addressed(vector)) == canonical_uri(vector.resource)


@pytest.mark.parametrize("mutation", V4_MUTATIONS, ids=name_of)
def test_a_change_is_judged_as_expected(mutation: Mutation) -> None:
    changed = mutation.changed
    if mutation.resign_with_expires is not None:
        changed = signed_again(changed, mutation.resign_with_expires)
    if mutation.is_accepted:
        assert judged(changed, addressed(changed)) is not None
        return
    with pytest.raises(OssError) as refusal:
        judged(changed, addressed(changed), is_key_unknown=mutation.is_key_unknown)
    assert (refusal.value.code, refusal.value.status) == (mutation.expect_code, mutation.expect_status)
    assert mutation.expect_ec in {None, refusal.value.ec}
    assert mutation.expect_message in {None, refusal.value.message}


@pytest.mark.parametrize("mutation", V4_MUTATIONS, ids=name_of)
def test_without_its_change_a_mutation_is_judged_as_its_base(mutation: Mutation) -> None:
    """A change that is refused is refused for that change, not for a base that is broken."""
    if mutation.base.id == PAST_EXPIRY:
        with pytest.raises(AuthorizationQueryParametersError):
            judged(mutation.base, addressed(mutation.base))
    else:
        assert judged(mutation.base, addressed(mutation.base)) is not None
