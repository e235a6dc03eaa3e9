"""A website and hot links in a real browser, which sends the Referer and follows redirects as it does for everybody."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

import ossicle
from tests.integration.conftest import StartServer
from tests.integration.test_client import settings
from tests.support.server import ServerProcess
from tests.support.tools import need
from tests.uploaders.browser import CHROMIUM

SITE, PICTURES = "the-site", "pictures"
IMAGE = b'<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"><rect width="7" height="5" fill="red"/></svg>'
PAGES = {
    "index.html": "the start",
    "docs/index.html": "the documents",
    "new/page.html": "the page",
    "error.html": "nothing here",
}
SECONDS = 55


def publish(server: ServerProcess) -> None:
    """Make the site, with a rule that sends on from where pages were once, and a bucket of pictures that few may link to."""
    moved = ossicle.RoutingRule(
        rule_number=1,
        condition=ossicle.RoutingRuleCondition(key_prefix_equals="old/"),
        redirect=ossicle.RoutingRuleRedirect(
            redirect_type="External", http_redirect_code=302, replace_key_prefix_with="new/", pass_query_string=True
        ),
    )
    website = ossicle.WebsiteConfiguration(
        index_document=ossicle.IndexDocument(suffix="index.html", support_sub_dir=True, type=0),
        error_document=ossicle.ErrorDocument(key="error.html", http_status=404),
        routing_rules=ossicle.RoutingRules(routing_rules=(moved,)),
    )
    referers = ossicle.RefererConfiguration(
        allow_empty_referer=False, referer_list=ossicle.RefererList(referers=("http://localhost:*",))
    )
    with ossicle.Client(settings(server)) as client:
        for bucket in (SITE, PICTURES):
            client.put_bucket(ossicle.PutBucketRequest(bucket=bucket, acl="public-read"))
        for key, text in PAGES.items():
            body = f"<!doctype html><title>{key}</title><p>{text}".encode()
            client.put_object(ossicle.PutObjectRequest(bucket=SITE, key=key, body=body, content_type="text/html"))
        client.put_object(
            ossicle.PutObjectRequest(bucket=PICTURES, key="red.svg", body=IMAGE, content_type="image/svg+xml")
        )
        client.put_bucket_website(ossicle.PutBucketWebsiteRequest(bucket=SITE, website_configuration=website))
        client.put_bucket_referer(ossicle.PutBucketRefererRequest(bucket=PICTURES, referer_configuration=referers))


@pytest.fixture
def seen(start_server: StartServer) -> tuple[str, dict[str, Any]]:
    """The address of the site, and what a browser made of it and of the picture."""
    need(CHROMIUM, "chromium")
    server = start_server()
    publish(server)
    site = f"http://{SITE}.localhost:{server.port}"
    addresses = [f"{site}{path}" for path in ("/", "/docs", "/old/page.html?x=1", "/nowhere", "/docs/")]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.integration.programs.visit",
            f"http://{PICTURES}.localhost:{server.port}/red.svg",
            *addresses,
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return site, json.loads(done.stdout)


def test_what_a_reader_sees(seen: tuple[str, dict[str, Any]]) -> None:
    site, told = seen
    assert [(each["status"], each["address"], each["text"]) for each in told["visits"]] == [
        (200, f"{site}/", "the start"),
        (200, f"{site}/docs/", "the documents"),
        (200, f"{site}/new/page.html?x=1", "the page"),
        (404, f"{site}/nowhere", "nothing here"),
        (200, f"{site}/docs/", "the documents"),
    ]
    allowed, refused = told["images"]
    assert allowed["referer"].startswith("http://localhost:")
    assert allowed["width"] == 7
    assert refused["referer"].startswith("http://127.0.0.1:")
    assert refused["width"] == 0
