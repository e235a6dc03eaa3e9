"""Forms whose policy `ali-oss` signed, sent by a program; test_browser.py has a page that sends one."""

from xml.etree import ElementTree

import pytest
import requests

from tests.conformance.forms import SIGNERS
from tests.conformance.sdks import Sdks, Speaker
from tests.conformance.service import Service

BODY = b"photo" * 10_000
SECONDS = 30


@pytest.fixture
def site(sdks: Sdks, shared_bucket: str) -> Speaker:
    return sdks.speaker("node", shared_bucket)


@pytest.mark.parametrize("version", SIGNERS)
def test_a_form(site: Speaker, service: Service, version: str) -> None:
    key = f"forms/{version}/é +%.png"
    conditions = [{"bucket": site.bucket}, ["starts-with", "$key", "forms/"], ["content-length-range", 1, 100_000]]
    fields = {**SIGNERS[version](site, conditions), "key": key, "success_action_status": "201"}
    fields |= {"x-oss-meta-colour": "red", "Content-Type": "image/png"}
    sent = requests.post(service.url(site.bucket), data=fields, files={"file": ("é.png", BODY)}, timeout=SECONDS)
    assert sent.status_code == 201, sent.text
    assert ElementTree.fromstring(sent.content).findtext("Key") == key
    got = site("get_object", key=key)
    assert (got["body"], got["metadata"], got["content_type"]) == (BODY, {"colour": "red"}, "image/png")


@pytest.mark.parametrize("version", SIGNERS)
def test_what_a_policy_forbids(site: Speaker, service: Service, version: str) -> None:
    conditions = [{"bucket": site.bucket}, ["starts-with", "$key", "forms/"], ["content-length-range", 1, 10]]
    good = {**SIGNERS[version](site, conditions), "key": "forms/never"}
    signature = "Signature" if version == "v1" else "x-oss-signature"
    for changes, body, status, code in (
        ({"key": "elsewhere"}, b"x", 403, "AccessDenied"),
        ({}, BODY, 400, "EntityTooLarge"),
        ({signature: good[signature][::-1]}, b"x", 403, "SignatureDoesNotMatch"),
    ):
        refused = requests.post(
            service.url(site.bucket), data={**good, **changes}, files={"file": ("a", body)}, timeout=SECONDS
        )
        assert (refused.status_code, ElementTree.fromstring(refused.content).findtext("Code")) == (status, code)
