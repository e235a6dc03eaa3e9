"""What the half without I/O decides after a failure: another attempt, and by how much the clock is wrong."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest

import ossicle
from ossicle.client.sync import Client
from ossicle.wire.digest import crc64
from ossicle.wire.errors import OssError
from ossicle.wire.signing import parse_claim
from tests.support.clients import AnsweringTransport, Prepared, config, frozen_clock, received_request

CONTENT = b"some bytes"
CRC = str(crc64(CONTENT))
STORED = Prepared(headers={"x-oss-hash-crc64ecma": CRC})
ERROR = b"<Error><Code>NoSuchKey</Code></Error>"


def put(**more: Any) -> ossicle.PutObjectRequest:
    return ossicle.PutObjectRequest(**{"bucket": "demo", "key": "a", "body": CONTENT, **more})


def impatient(*answers: Prepared, **settings: Any) -> tuple[Client, AnsweringTransport, list[float]]:
    slept: list[float] = []
    transport = AnsweringTransport(*answers)
    made = Client(config(**settings), clock=frozen_clock, transport=transport, sleep=slept.append, fraction=lambda: 0.5)
    return made, transport, slept


def test_what_may_pass_is_sent_again_whole_after_a_pause() -> None:
    mismatch = Prepared(headers={"x-oss-hash-crc64ecma": "1"})
    made, transport, slept = impatient(Prepared(500), mismatch, STORED)
    file = io.BytesIO(b"--" + CONTENT)
    file.seek(2)
    assert made.put_object(put(body=file)).hash_crc64 == CRC
    assert [sent.body for sent in transport.received] == [CONTENT] * 3
    assert slept == [0.1, 0.2]


def test_the_last_failure_is_raised() -> None:
    made, transport, slept = impatient(Prepared(500), Prepared(502), Prepared(503))
    with pytest.raises(OssError, match="503"):
        made.list_buckets(ossicle.ListBucketsRequest())
    assert (len(transport.received), len(slept)) == (3, 2)


@pytest.mark.parametrize("answer", [Prepared(501), Prepared(404, pieces=(ERROR,))])
def test_what_stays_is_not_asked_again(answer: Prepared) -> None:
    made, transport, slept = impatient(answer)
    with pytest.raises(OssError):
        made.list_buckets(ossicle.ListBucketsRequest())
    assert (len(transport.received), slept) == (1, [])


def test_a_body_that_is_gone_is_not_sent_again() -> None:
    made, transport, _ = impatient(Prepared(500))
    with pytest.raises(OssError):
        made.put_object(put(body=iter([CONTENT])))
    assert len(transport.received) == 1


SKEWED = Prepared(
    403,
    {"Date": "Sun, 17 Dec 2023 05:00:00 GMT"},
    (b"<Error><Code>RequestTimeTooSkewed</Code><Message>late</Message></Error>",),
)


def test_a_clock_that_is_wrong_is_corrected_for_every_signature_from_then_on() -> None:
    made, transport, _ = impatient(SKEWED, STORED, STORED)
    theirs = datetime(2023, 12, 17, 5, 0, 0, tzinfo=UTC)
    for _ in range(2):
        made.put_object(put())
        claim = parse_claim(received_request(transport.received[-1]))
        assert claim is not None
        assert claim.signed_at == theirs
    assert "x-oss-date=20231217T050000Z" in made.presign(put(body=None)).url
    assert transport.received[0].header("x-oss-date") == "20231217T035628Z"


def test_less_than_one_attempt_is_refused() -> None:
    with pytest.raises(ossicle.ConfigError, match="retry_max_attempts"):
        impatient(retry_max_attempts=0)


@pytest.mark.parametrize(("version", "scheme"), [("v1", "OSS "), ("v2", "OSS2 "), ("v4", "OSS4-HMAC-SHA256 ")])
def test_a_request_is_signed_as_the_settings_say(version: str, scheme: str) -> None:
    made, transport, _ = impatient(SKEWED, STORED, signature_version=version, endpoint="http://127.0.0.1:9")
    made.put_object(put())
    theirs = datetime(2023, 12, 17, 5, 0, 0, tzinfo=UTC)
    claim = parse_claim(received_request(transport.received[-1]))
    assert claim is not None
    assert claim.signed_at == theirs
    assert (transport.received[-1].header("Authorization") or "").startswith(scheme)


def test_a_version_that_nobody_speaks_is_refused() -> None:
    with pytest.raises(ossicle.ConfigError, match="'v3' is none of v1, v2, v4"):
        impatient(signature_version="v3")
