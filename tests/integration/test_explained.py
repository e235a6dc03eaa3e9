"""The mistakes that people make, made by real clients with URLs that an official SDK signed, at a real server: each is named."""

import json
import re
from pathlib import Path

import pytest

import ossicle
from tests.integration.conftest import StartServer
from tests.integration.test_client import settings
from tests.support.mistaken import CASES, PAGE, Case, Owner
from tests.support.mistaken_clients import browser, by_requests
from tests.support.server import BUCKET, ServerProcess
from tests.support.waiting import wait_until

PAGE_FILE = Path(__file__).parent / "programs" / "explained.html"


@pytest.mark.parametrize("case", CASES, ids=lambda case: re.sub(r"\W+", "-", case.name))
def test_a_mistake_is_named(case: Case, server: ServerProcess) -> None:
    assert case.send(Owner.of(server)) == case.cause


def test_what_a_page_is_told(server: ServerProcess) -> None:
    owner = Owner.of(server)
    rule = ossicle.CORSRule(
        allowed_origins=("*",), allowed_methods=("PUT", "POST"), allowed_headers=("*",), max_age_seconds=0
    )
    with ossicle.Client(settings(server)) as client:
        rules = ossicle.CORSConfiguration(cors_rules=(rule,))
        client.put_bucket_cors(ossicle.PutBucketCorsRequest(bucket=BUCKET, cors_configuration=rules))
    acts = [
        (how, method, owner.url("PUT", headers=signed), kind, headers) for _, how, method, kind, headers, signed in PAGE
    ]
    assert browser(PAGE_FILE, acts) == [cause for cause, *_ in PAGE]


def test_the_log_tells_causes_and_no_signature(server: ServerProcess) -> None:
    url = Owner.of(server).url(key="told-in-the-log.txt")
    assert by_requests("PUT", url, json={}) == "content-type-json"
    wait_until(lambda: "told-in-the-log" in server.log, seconds=10, what="the line of the refusal")
    lines = [json.loads(line) for line in server.log.splitlines() if "told-in-the-log" in line]
    assert [line["explanation"] for line in lines] == ["content-type-json"]
    assert url.rpartition("=")[2] not in server.log


def test_it_can_be_switched_off(start_server: StartServer) -> None:
    server = start_server("silent", arguments=["--no-explain"])
    assert by_requests("PUT", Owner.of(server).url(), json={}) == ""
