"""A website and its referers at a real server, by plain HTTP as browsers speak it."""

import http.client
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

import ossicle
from tests.integration.test_client import settings
from tests.support.server import ServerProcess

PAGES = {"index.html": b"start", "docs/index.html": b"documents", "error.html": b"nothing here"}
Answer = tuple[int, bytes, str | None]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder: Path = tmp_path_factory.mktemp("website")
    with ServerProcess(folder / "data") as running:
        yield running


@pytest.fixture
def bucket(server: ServerProcess) -> str:
    name = f"site-{uuid.uuid4().hex}"
    website = ossicle.WebsiteConfiguration(
        index_document=ossicle.IndexDocument(suffix="index.html", support_sub_dir=True, type=0),
        error_document=ossicle.ErrorDocument(key="error.html"),
    )
    with ossicle.Client(settings(server)) as client:
        client.put_bucket(ossicle.PutBucketRequest(bucket=name, acl="public-read"))
        for key, body in PAGES.items():
            client.put_object(ossicle.PutObjectRequest(bucket=name, key=key, body=body))
        client.put_bucket_website(ossicle.PutBucketWebsiteRequest(bucket=name, website_configuration=website))
    return name


def visit(server: ServerProcess, bucket: str, paths: list[str], method: str = "GET", **headers: str) -> list[Answer]:
    """Ask for pages of the bucket's host, all on one connection, which an answer of a wrong length would break."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    answers = []
    for path in paths:
        connection.request(method, path, headers={"Host": f"{bucket}.localhost:{server.port}", **headers})
        answer = connection.getresponse()
        answers.append((answer.status, answer.read(), answer.getheader("Location")))
    connection.close()
    return answers


def test_pages_are_read_on_one_connection(server: ServerProcess, bucket: str) -> None:
    paths = ["/", "/docs", "/docs/", "/nowhere", "/index.html"]
    assert visit(server, bucket, paths) == [
        (200, b"start", None),
        (302, b"", f"http://{bucket}.localhost:{server.port}/docs/"),
        (200, b"documents", None),
        (404, b"nothing here", None),
        (200, b"start", None),
    ]
    heads = visit(server, bucket, paths, "HEAD")
    assert [(status, body) for status, body, _ in heads] == [(status, b"") for status in (200, 302, 200, 404, 200)]


def test_a_website_and_its_referers_outlive_a_restart(server: ServerProcess, bucket: str) -> None:
    referers = ossicle.RefererConfiguration(
        allow_empty_referer=False, referer_list=ossicle.RefererList(referers=("http://*.example/*",))
    )
    with ossicle.Client(settings(server)) as client:
        client.put_bucket_referer(ossicle.PutBucketRefererRequest(bucket=bucket, referer_configuration=referers))
    server.kill()
    server.restart()
    # The error page is no way around: who may not link gets none.
    paths = ["/", "/docs", "/nowhere", "/docs/index.html"]
    for referer in ({"Referer": "http://elsewhere.test/"}, {}):
        for answer in visit(server, bucket, paths, **referer):
            assert answer[0] == 403
            assert b"You are denied by bucket referer policy." in answer[1]
    assert visit(server, bucket, ["/", "/nowhere"], Referer="http://a.example/page") == [
        (200, b"start", None),
        (404, b"nothing here", None),
    ]
