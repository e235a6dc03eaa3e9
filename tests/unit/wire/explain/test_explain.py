"""The search: never a cause for the signature of another secret, never more work than is said, two mistakes at once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.credentials import Credentials
from ossicle.wire.explain import CAUSES, HEAD_BYTES_MAX, PARTS_MAX, TRIES_MAX, Group, explain
from ossicle.wire.explain.attempt import Attempt
from ossicle.wire.signing import Version, parse_claim
from tests.support.mistakes import KEY, Sent, header_signed, presigned

every_version = pytest.mark.parametrize("version", Version)
SEEN = {cause.id for cause in CAUSES.values() if cause.group is Group.SEEN}


def other(secret: str) -> Credentials:
    return Credentials(access_key_id=KEY.access_key_id, access_key_secret=secret)


names = st.sampled_from(
    [
        "content-type",
        "content-md5",
        "x-oss-meta-a",
        "x-oss-object-acl",
        "author",
        "x-forwarded-host",
        "x-forwarded-prefix",
    ]
)
values = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)


@given(
    version=st.sampled_from(Version),
    in_url=st.booleans(),
    key=st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
    method=st.sampled_from(["PUT", "GET", "POST", "HEAD", "DELETE"]),
    headers=st.dictionaries(names, values, max_size=4),
    added=st.text("ab&=+%20;/", max_size=12),
    secret=st.text("abc", min_size=1, max_size=4),
)
def test_the_signature_of_another_secret_is_never_explained(
    version: Version, in_url: bool, key: str, method: str, headers: dict[str, str], added: str, secret: str
) -> None:
    sent = (presigned if in_url else header_signed)(version, key=f"k{key}".replace("?", "").replace("&", ""))
    sent = sent.but(method=method, headers={**headers, **sent.headers}, query=f"{sent.query}&{added}".lstrip("&"))
    explanation = sent.explained(other(secret))
    assert explanation is None or explanation.id in SEEN


@every_version
def test_two_mistakes_at_once(version: Version) -> None:
    sent = presigned(version, method="GET").but(method="PUT").having(content_type="application/json")
    explanation = sent.explained()
    assert explanation is not None
    assert set(explanation.id.split("+")) == {"method", "content-type-json"}
    sent = presigned(version).having(content_type="application/octet-stream", x_oss_object_acl="private")
    explanation = sent.explained()
    assert explanation is not None
    assert set(explanation.id.split("+")) == {"content-type-octet-stream", "header-added"}


@every_version
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_for_a_url_with_a_type(version: Version, kind: str) -> None:
    sent = presigned(version, headers=[("Content-Type", "image/jpeg")]).but(method="POST").having(content_type=kind)
    explanation = sent.explained()
    assert explanation is not None
    assert explanation.id == ("curl-data" if "urlencoded" in kind else "posted-form")
    if explanation.id == "curl-data":
        assert "curl -T FILE -H 'Content-Type: image/jpeg' URL" in explanation.text


@every_version
def test_a_url_for_an_upload_that_is_opened(version: Version) -> None:
    sent = presigned(version, headers=[("Content-Type", "text/plain")]).but(method="GET").having(content_type=None)
    assert sent.cause() == "method+content-type-missing"


@every_version
def test_a_request_as_it_was_signed_has_no_mistake(version: Version) -> None:
    assert presigned(version).explained() is None
    assert header_signed(version).explained() is None


def laden() -> Sent:
    """Return a request with as much as possible to suspect, whose secret is wrong."""
    headers = {f"x-oss-meta-{number}": f'"Ä{number}, {number}" x' for number in range(40)}
    query = "&".join(f"Q{number}=%2525{number}+%20." for number in range(40))
    sent = presigned(key="Ä b+c//../d/")
    return sent.but(query=f"{query}&{sent.query}", headers={**headers, "content-type": "Text/Plain; charset=UTF-8"})


@every_version
def test_tries_are_bounded(version: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = 0
    fits = Attempt.fits

    def counted(attempt: Attempt, credentials: Credentials) -> bool:
        nonlocal tries
        tries += 1
        return fits(attempt, credentials)

    monkeypatch.setattr(Attempt, "fits", counted)
    sent = laden().but(query=f"{presigned(version).query}&{laden().query}") if version is not Version.V4 else laden()
    claim = parse_claim(sent.request) if version is Version.V4 else parse_claim(presigned(version).request)
    assert claim is not None
    assert explain(sent.request, sent.resource, claim, other("x")) is None
    assert tries == TRIES_MAX
    tries = 0
    assert explain(sent.request, sent.resource, claim, other("x"), tries_max=10) is None
    assert tries == 10


def test_nothing_is_tried_for_a_head_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Attempt, "fits", lambda *_: pytest.fail("it was tried"))
    assert presigned().having(x_oss_meta_long="x" * HEAD_BYTES_MAX).explained() is None
    assert presigned().but(path="/demo/" + "x" * HEAD_BYTES_MAX).explained() is None
    assert presigned().but(query=presigned().query + "&+" * PARTS_MAX).explained() is None


@every_version
def test_nothing_of_the_signature_is_told(version: Version) -> None:
    token = replace(KEY, security_token="made-up-token")
    sent = presigned(version, credentials=token).having(content_type="image/jpeg")
    explanation = sent.explained(token)
    assert explanation is not None
    made = sent.query.rpartition("ignature=")[2]
    for secret in (KEY.access_key_secret, KEY.access_key_id, "made-up-token", made):
        assert secret not in explanation.text
