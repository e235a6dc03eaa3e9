"""ListBuckets, and what the service level refuses."""

import pytest

from ossicle.wire.xml import Element
from tests.support.inprocess import OTHER, OWNER, Account, Answer, InProcessServer, build_server

PATHS_OF_THE_SERVICE = ("/", "//", "")


def names(answer: Answer) -> list[str]:
    buckets = answer.xml.find("Buckets")
    assert buckets is not None
    return [text(bucket, "Name") for bucket in buckets.children]


def text(element: Element, name: str) -> str:
    found = element.find(name)
    assert found is not None, name
    return found.text


async def test_list_buckets_tells_all_that_is_known_of_each() -> None:
    server = build_server()
    await server.call(
        "PUT", "/one/", body=b"<CreateBucketConfiguration><StorageClass>IA</StorageClass></CreateBucketConfiguration>"
    )

    answer = await server.call("GET", "/")

    assert (answer.status, answer.xml.name) == (200, "ListAllMyBucketsResult")
    assert answer.body.decode().startswith('<?xml version="1.0" encoding="UTF-8"?>\n<ListAllMyBucketsResult>')
    owner = answer.xml.find("Owner")
    assert owner is not None
    assert {child.name: child.text for child in owner.children} == {"ID": OWNER.id, "DisplayName": OWNER.id}
    buckets = answer.xml.find("Buckets")
    assert buckets is not None
    assert {child.name: child.text for child in buckets.children[0].children} == {
        "CreationDate": "2026-03-14T12:00:00.000Z",
        "ExtranetEndpoint": "http://127.0.0.1:8880",
        "IntranetEndpoint": "http://127.0.0.1:8880",
        "Location": "oss-cn-hangzhou",
        "Name": "one",
        "Region": "cn-hangzhou",
        "StorageClass": "IA",
        "ResourceGroupId": "rg-default",
    }


async def test_without_buckets_the_list_is_there_and_empty() -> None:
    answer = await build_server().call("GET", "/")
    assert names(answer) == []
    assert b"<Buckets></Buckets>" in answer.body
    assert answer.xml.find("NextMarker") is None


async def test_an_account_sees_its_own_buckets_only(server: InProcessServer) -> None:
    assert names(await server.call("GET", "/")) == ["bucket"]
    assert names(await server.call("GET", "/", by=OTHER)) == ["theirs"]


@pytest.mark.parametrize("path", PATHS_OF_THE_SERVICE)
@pytest.mark.parametrize("host", ["127.0.0.1:8880", "localhost:8880", "[::1]:8880", "oss-cn-hangzhou.aliyuncs.com"])
async def test_the_service_is_the_root_of_an_endpoint(server: InProcessServer, path: str, host: str) -> None:
    signed = server.signed("GET", "/", host="127.0.0.1")
    answer = await server.send("GET", path, host=host, headers=list(signed.items()))
    assert names(answer) == ["bucket"]
    assert f"<ExtranetEndpoint>http://{host}</ExtranetEndpoint>" in answer.body.decode()


async def test_the_pages_of_a_list_make_the_whole() -> None:
    server = build_server()
    made = [f"b-{number:02}" for number in (3, 1, 4, 15, 9, 26, 5)]
    for name in made:
        await server.put_bucket(name)
    found: list[str] = []
    marker = ""
    for _ in range(10):
        answer = await server.call("GET", f"/?max-keys=3&marker={marker}")
        found += names(answer)
        assert (text(answer.xml, "Marker"), text(answer.xml, "MaxKeys")) == (marker, "3")
        if text(answer.xml, "IsTruncated") == "false":
            assert answer.xml.find("NextMarker") is None
            break
        marker = text(answer.xml, "NextMarker")
        assert marker == found[-1]
    assert found == sorted(made)


async def test_a_page_that_holds_the_last_bucket_is_not_truncated(server: InProcessServer) -> None:
    answer = await server.call("GET", "/?max-keys=1")
    assert names(answer) == ["bucket"]
    assert text(answer.xml, "IsTruncated") == "false"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["alpha", "alpha-2", "beta"]),
        ("prefix=alpha", ["alpha", "alpha-2"]),
        ("prefix=alpha-", ["alpha-2"]),
        ("prefix=gamma", []),
        ("marker=alpha", ["alpha-2", "beta"]),
        ("marker=alpha-1", ["alpha-2", "beta"]),
        ("marker=zeta", []),
        ("prefix=alpha&marker=alpha", ["alpha-2"]),
        ("prefix=&marker=", ["alpha", "alpha-2", "beta"]),
    ],
)
async def test_prefix_and_marker(query: str, expected: list[str]) -> None:
    server = build_server()
    for name in ("beta", "alpha", "alpha-2"):
        await server.put_bucket(name)
    assert names(await server.call("GET", f"/?{query}")) == expected


@pytest.mark.parametrize("value", ["0", "-1", "1001", "x", "1.5", "", "１"])
async def test_a_page_size_out_of_range(server: InProcessServer, value: str) -> None:
    answer = await server.call("GET", f"/?max-keys={value}")
    assert answer.refusal == (400, "InvalidArgument", None)
    assert answer.error.details["ArgumentName"] == "max-keys"
    assert answer.error.details.get("ArgumentValue", "") == value


@pytest.mark.parametrize("parameter", ["prefix", "marker"])
async def test_a_text_of_more_than_1024_bytes(server: InProcessServer, parameter: str) -> None:
    assert (await server.call("GET", f"/?{parameter}={'a' * 1024}")).status == 200
    answer = await server.call("GET", f"/?{parameter}={'a' * 1025}")
    assert answer.refusal == (400, "InvalidArgument", None)
    assert answer.error.details["ArgumentName"] == parameter


async def test_anybody_is_nobody_here(server: InProcessServer) -> None:
    answer = await server.call("GET", "/", by=None)
    assert answer.refusal == (403, "AccessDenied", None)
    assert answer.error.message == "Anonymous access is forbidden for this operation."


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "HEAD", "PATCH", "TRACE", "OPTIONS"])
async def test_methods_that_the_service_has_not(server: InProcessServer, method: str) -> None:
    answer = await server.call(method, "/")
    assert answer.refusal == (405, "MethodNotAllowed", None)
    assert answer.error.details == {"Method": method, "ResourceType": "Service"}


async def test_what_the_server_calls_itself_can_be_set() -> None:
    server = build_server(advertise=("https://oss.example.com", None))
    await server.put_bucket("bucket")
    body = (await server.call("GET", "/")).body.decode()
    assert "<ExtranetEndpoint>https://oss.example.com</ExtranetEndpoint>" in body
    assert "<IntranetEndpoint>https://oss.example.com</IntranetEndpoint>" in body

    server = build_server(advertise=(None, "http://inside.example.com:81"))
    await server.put_bucket("bucket")
    body = (await server.call("GET", "/")).body.decode()
    assert "<ExtranetEndpoint>http://127.0.0.1:8880</ExtranetEndpoint>" in body
    assert "<IntranetEndpoint>http://inside.example.com:81</IntranetEndpoint>" in body


async def test_the_endpoint_in_use_is_told_with_its_scheme() -> None:
    server = build_server()
    server.scheme = "https"
    await server.put_bucket("bucket")
    assert (
        "<ExtranetEndpoint>https://127.0.0.1:8880</ExtranetEndpoint>" in (await server.call("GET", "/")).body.decode()
    )


# ------------------------------------------------------------------------------------------ reserved paths


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["healthz", "readyz", "metrics", "healthz/"])
async def test_the_server_s_own_paths_need_no_signature(server: InProcessServer, method: str, path: str) -> None:
    answer = await server.send(method, f"/_ossicle/{path}")
    assert answer.status == 200
    assert (answer.header("content-type") or "").startswith("text/plain")


async def test_readiness_follows_the_server(server: InProcessServer) -> None:
    assert (await server.send("GET", "/_ossicle/readyz")).body == b"ready\n"
    server.is_ready[0] = False
    answer = await server.send("GET", "/_ossicle/readyz")
    assert (answer.status, answer.body) == (503, b"not ready\n")
    assert (await server.send("GET", "/_ossicle/healthz")).status == 200


async def test_metrics_count_what_was_asked(server: InProcessServer) -> None:
    await server.call("GET", "/")
    await server.call("GET", "/nobucket/key")
    body = (await server.send("GET", "/_ossicle/metrics")).body.decode()
    assert 'ossicle_requests_total{code="",operation="ListBuckets",status="200"} 1.0' in body
    assert 'ossicle_requests_total{code="NoSuchBucket",operation="GetObject",status="404"} 1.0' in body
    assert "nobucket" not in body


async def test_reserved_paths_are_read_only(server: InProcessServer) -> None:
    answer = await server.send("PUT", "/_ossicle/healthz")
    assert answer.refusal == (405, "MethodNotAllowed", None)
    assert answer.header("allow") == "GET, HEAD"


async def test_no_bucket_can_stand_at_a_reserved_path(server: InProcessServer) -> None:
    for path in ("/_ossicle/", "/_ossicle/other", "/_ossicle", "/%5Fossicle/healthz"):
        assert (await server.call("PUT", path)).refusal == (400, "InvalidBucketName", None)


async def test_on_a_host_that_names_a_bucket_a_reserved_path_is_a_key(server: InProcessServer) -> None:
    host = "bucket.localhost:8880"
    assert (await server.call("PUT", "/_ossicle/healthz", host=host, body=b"mine")).status == 200
    assert (await server.call("GET", "/_ossicle/healthz", host=host)).body == b"mine"
    assert (await server.send("GET", "/_ossicle/healthz")).body == b"ok\n"


@pytest.fixture
async def tagged() -> InProcessServer:
    """A server with four buckets: `one` tagged a=1, `two` a=2 and b=1 and in a group, `plain` without, `theirs` of another account."""
    server = build_server()
    for name, tags in (("one", {"a": "1"}), ("plain", {}), ("two", {"a": "2", "b": "1"})):
        await server.put_bucket(name)
        await tag(server, name, tags)
    await server.call("PUT", "/theirs/", by=OTHER)
    await tag(server, "theirs", {"a": "1"}, by=OTHER)
    group = (
        "<BucketResourceGroupConfiguration><ResourceGroupId>rg-1</ResourceGroupId></BucketResourceGroupConfiguration>"
    )
    await server.call("PUT", "/two/?resourceGroup", body=group.encode())
    return server


async def tag(server: InProcessServer, bucket: str, tags: dict[str, str], by: Account = OWNER) -> None:
    inside = "".join(f"<Tag><Key>{key}</Key><Value>{value}</Value></Tag>" for key, value in tags.items())
    body = f"<Tagging><TagSet>{inside}</TagSet></Tagging>".encode()
    assert (await server.call("PUT", f"/{bucket}/?tagging", by=by, body=body)).status == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tag-key=a", ["one", "two"]),
        ("tag-key=a&tag-value=2", ["two"]),
        ("tag-key=a&tag-value=3", []),
        ("tag-key=A", []),
        ("tag-key=", ["one", "plain", "two"]),
        ("tagging=", ["one", "plain", "two"]),
        ("tagging=%22a%22:%221%22", ["one"]),
        ("tagging=%22a%22:%222%22,%22b%22:%221%22", ["two"]),
        ("tagging=%22a%22:%221%22,%22b%22:%221%22", []),
        ("tag-key=a&prefix=t", ["two"]),
        ("tag-key=a&marker=one", ["two"]),
    ],
)
async def test_buckets_are_found_by_their_tags(tagged: InProcessServer, query: str, found: list[str]) -> None:
    assert names(await tagged.call("GET", f"/?{query}")) == found


async def test_pages_are_full_of_buckets_that_fit(tagged: InProcessServer) -> None:
    first = await tagged.call("GET", "/?tag-key=a&max-keys=1")
    assert (names(first), text(first.xml, "IsTruncated"), text(first.xml, "NextMarker")) == (["one"], "true", "one")
    second = await tagged.call("GET", "/?tag-key=a&max-keys=1&marker=one")
    assert (names(second), text(second.xml, "IsTruncated")) == (["two"], "false")


async def test_buckets_are_found_by_their_resource_group(tagged: InProcessServer) -> None:
    for group, found in (
        ("rg-1", ["two"]),
        ("rg-default", ["one", "plain"]),
        ("rg-2", []),
        ("", ["one", "plain", "two"]),
    ):
        answer = await tagged.call("GET", "/", headers=[("x-oss-resource-group-id", group)])
        assert names(answer) == found
    buckets = (await tagged.call("GET", "/")).xml.find("Buckets")
    assert buckets is not None
    assert [text(bucket, "ResourceGroupId") for bucket in buckets.children] == ["rg-default", "rg-default", "rg-1"]


@pytest.mark.parametrize(
    "query", ["tag-value=1", "tagging=a", "tagging=%22a%22:1", "tagging=%22a%22", "tagging=%22a%22:%221%22&tag-key=a"]
)
async def test_a_question_for_tags_that_is_none(tagged: InProcessServer, query: str) -> None:
    assert (await tagged.call("GET", f"/?{query}")).refusal[:2] == (400, "InvalidArgument")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "HEAD"])
async def test_the_service_itself_has_no_tags(tagged: InProcessServer, method: str) -> None:
    assert (await tagged.call(method, "/?tagging")).status == 405
    assert names(await tagged.call("GET", "/")) == ["one", "plain", "two"]


@pytest.mark.parametrize("target", ["/?regions", "/?regions=", "/?regions=oss-cn-hangzhou"])
async def test_describe_regions_tells_the_one_there_is(server: InProcessServer, target: str) -> None:
    answer = await server.call("GET", target)
    assert answer.body.decode().endswith(
        "<RegionInfoList><RegionInfo><Region>oss-cn-hangzhou</Region><InternetEndpoint>http://127.0.0.1:8880"
        "</InternetEndpoint><InternalEndpoint>http://127.0.0.1:8880</InternalEndpoint></RegionInfo></RegionInfoList>"
    )


@pytest.mark.parametrize("region", ["cn-hangzhou", "oss-cn-beijing", "<x>"])
async def test_another_region_is_told_by_its_name_alone(server: InProcessServer, region: str) -> None:
    answer = await server.call("GET", f"/?regions={region}")
    assert answer.refusal[:2] == (404, "NoSuchRegion")
    assert answer.error.message == region


async def test_regions_are_for_those_who_have_an_account(server: InProcessServer) -> None:
    assert (await server.call("GET", "/?regions", by=OTHER)).status == 200
    assert (await server.call("GET", "/?regions", by=None)).refusal == (403, "AccessDenied", None)


async def test_an_account_is_not_limited(server: InProcessServer) -> None:
    told = await server.call("GET", "/?qosInfo")
    values = {child.name: child.text for child in told.xml.children}
    assert values.pop("Region") == "oss-cn-hangzhou"
    assert set(values.values()) == {"-1"}
    assert len(values) == 9
    assert (await server.call("GET", "/?qosInfo", by=None)).status == 403
