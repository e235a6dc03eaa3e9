"""Every operation: what its request and result say survives the wire, and the router finds it by what they put there."""

import ast
import re
from dataclasses import fields, is_dataclass, replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, get_type_hints

import alibabacloud_oss_v2
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from ossicle.wire import api
from ossicle.wire.api import OPERATIONS, unserved
from ossicle.wire.binding import (
    Message,
    RequestBase,
    ResultBase,
    parse_request,
    parse_result,
    render_request,
    render_result,
)
from ossicle.wire.document import parse_document, render_document, tag_of
from ossicle.wire.http import Headers, Query
from ossicle.wire.operation import AnyOperation, Level
from ossicle.wire.routing import Router
from ossicle.wire.text import encode, percent_encode
from ossicle.wire.xml import parse_xml
from tests.support.instances import instances

FAMILIES = [import_module(f"{api.__name__}.{module.name}") for module in iter_modules(api.__path__)]
CLASSES: list[type] = [
    kind
    for family in FAMILIES
    for kind in vars(family).values()
    if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == family.__name__
]
DOCUMENTS = [
    kind
    for kind in CLASSES
    if not issubclass(kind, ResultBase) and any(map(tag_of, get_type_hints(kind, include_extras=True).values()))
]
BOUND = [operation for operation in OPERATIONS if operation not in unserved.OPERATIONS]
ROUTER = Router(OPERATIONS)

by_name = pytest.mark.parametrize("operation", BOUND, ids=lambda operation: str(operation.name))


def query_of(message: Message) -> Query:
    pairs = (f"{percent_encode(encode(name))}={percent_encode(encode(value))}" for name, value in message.query)
    return Query("&".join(pairs).encode("ascii"))


def headers_of(message: Message) -> Headers:
    return Headers((name.encode("ascii"), encode(value)) for name, value in message.headers)


@by_name
@given(st.data())
def test_a_request_survives_the_wire(operation: AnyOperation, data: st.DataObject) -> None:
    request = data.draw(instances(operation.request))

    resource, message = render_request(operation, request)
    query, headers = query_of(message), headers_of(message)

    assert ROUTER.match(operation.level, operation.method, query, headers) is operation
    assert parse_request(operation, resource, query, headers, message.document) == request


@by_name
@given(st.data())
def test_a_result_survives_the_wire(operation: AnyOperation, data: st.DataObject) -> None:
    result = data.draw(instances(operation.result))

    answer = render_result(operation, result)
    parsed = parse_result(operation, 200, Headers.received(answer.headers), answer.document or b"")

    assert replace(parsed, status_code=None, headers={}) == result
    assert parsed.status_code == 200


@pytest.mark.parametrize("document", DOCUMENTS)
@given(st.data())
def test_a_document_survives_the_wire(document: type, data: st.DataObject) -> None:
    value = data.draw(instances(document))
    raw = render_document("Root", value)
    parsed: Any = parse_document(document, "Root", parse_xml(raw, limit_bytes=len(raw)))
    assert parsed == value


def sprinkled(raw: bytes) -> bytes:
    """The document in a namespace, and in it elements and attributes of which nobody has heard."""
    named = re.sub(rb"<(/?)(?=\w)", rb"<\1later:", raw)
    with_space = named.replace(
        b"<later:Root>", b'<later:Root xmlns:later="http://later.example.com/doc" since="2030">', 1
    )
    return re.sub(rb"(?<=[^?]>)(?=<later:)", b'<Unheard of="1"><Inside/>x</Unheard>', with_space)


@pytest.mark.parametrize("document", DOCUMENTS)
@examples(max_examples=20)  # of each of many documents, some of them large
@given(st.data())
def test_what_is_unknown_in_a_document_means_nothing(document: type, data: st.DataObject) -> None:
    value = data.draw(instances(document))
    raw = sprinkled(render_document("Root", value))
    assert b"Unheard" in raw or raw.count(b"<later:") <= 1
    parsed: Any = parse_document(document, "Root", parse_xml(raw, limit_bytes=len(raw)))
    assert parsed == value


def test_every_class_is_drawn_from() -> None:
    drawn = {kind for operation in BOUND for kind in (operation.request, operation.result)} | set(DOCUMENTS)
    # The fields that two results share.
    assert {kind.__name__ for kind in set(CLASSES) - drawn} == {"ObjectHeaders"}


@pytest.mark.parametrize("kind", CLASSES)
def test_classes_are_slotted_records(kind: Any) -> None:
    assert all(field.kw_only for field in fields(kind))
    assert "__slots__" in vars(kind)


def test_a_constant_is_named_as_its_operation() -> None:
    wrong = [
        (constant, value.name)
        for family in FAMILIES
        for constant, value in vars(family).items()
        if type(value).__name__ == "Operation"
        and constant.replace("_", "").lower() != value.name.replace("_", "").lower()
    ]
    assert wrong == []


def test_each_operation_is_told_from_all_others() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert len(names) == len(set(names))
    places = [(o.level, o.method, frozenset(o.selectors), o.header_selector) for o in OPERATIONS]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: str(operation.name))
def test_an_operation_is_complete(operation: AnyOperation) -> None:
    assert re.fullmatch(r"[A-Z][A-Za-z0-9]+", operation.name)
    assert operation.source.startswith("https://help.aliyun.com/")
    assert operation.method in {"GET", "PUT", "POST", "DELETE", "HEAD"}
    assert operation.success_status in {200, 202, 204}
    # Not a parametrised alias: Python 3.11 can't call one of a frozen and slotted class.
    assert isinstance(operation.result, type)
    request = get_type_hints(operation.request)
    if operation in BOUND:
        assert ("bucket" in request) == (operation.level is not Level.SERVICE)
        assert ("key" in request) == (operation.level is Level.OBJECT)


# -- beside the official SDK

# Answered by the edge, before any operation.
NOT_AN_OPERATION = {"OptionObject"}
# Told from other operations by parameters of a sub-resource that is known; they are refused under those names.
UNDER_ANOTHER_NAME = {
    "PutAccessPointPublicAccessBlock",
    "GetAccessPointPublicAccessBlock",
    "DeleteAccessPointPublicAccessBlock",
    "SelectObject",
    "CreateSelectObjectMeta",
}


def operations_of_the_sdk() -> dict[str, tuple[str, list[str]]]:
    """Name, method and fixed query parameters of every operation that the SDK's source spells out."""
    found = {}
    for path in sorted((Path(alibabacloud_oss_v2.__file__).parent / "operations").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "OperationInput":
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                parameters = given.get("parameters")
                names = [key.value for key in parameters.keys] if isinstance(parameters, ast.Dict) else []  # type: ignore[union-attr]  # literals
                found[ast.literal_eval(given["op_name"])] = (ast.literal_eval(given["method"]), names)
    return found


def test_the_operations_of_the_official_sdk_are_known() -> None:
    known = {operation.name.lower(): operation for operation in OPERATIONS}
    theirs = operations_of_the_sdk()
    assert len(theirs) > 100

    unknown = {name for name in theirs if name.lower() not in known} - NOT_AN_OPERATION - UNDER_ANOTHER_NAME

    assert unknown == set()
    for name, (method, parameters) in theirs.items():
        ours = known.get(name.lower())
        if ours is not None:
            assert ours.method == method, name
            named = {selector.partition("=")[0] for selector in ours.selectors}
            ignorable = {"encoding-type", "position"}
            assert set(parameters) - named - ignorable == set(), name


# Fields of ours that the SDK's class has not, each of them read off the documentation.
OURS_ALONE = {
    "ListInventoryConfigurationsResult.continuation_token",
    "GetBucketStatResult.multi_part_part_count",
    "DeleteMultipleObjectsResult.errors",
    "BucketProperties.comment",
    "CreateBucketConfiguration.location_constraint",
    "PutBucketResult.location",
    "PutBucketAclResult.location",
    "PutObjectRequest.content_language",
    "PutObjectRequest.hash_crc64",
    "AppendObjectRequest.content_language",
    "AppendObjectRequest.hash_crc64",
    "AppendObjectResult.etag",
    "PutSymlinkRequest.tagging",
    "PutSymlinkResult.etag",
    "GetSymlinkResult.last_modified",
    "UploadPartRequest.hash_crc64",
    "UploadPartCopyResult.hash_crc64",
    "InitiateMultipartUploadRequest.acl",
    "CopyObjectRequest.content_language",
    "InitiateMultipartUploadRequest.content_language",
    "InitiateMultipartUploadRequest.sequential",
    "Upload.storage_class",
    "ListMultipartUploadsResult.common_prefixes",
    "GetObjectResult.content_language",
    "GetObjectResult.accept_ranges",
    "HeadObjectResult.content_language",
    "HeadObjectResult.accept_ranges",
    "CleanRestoredObjectRequest.version_id",
    "DeleteBucketTagsRequest.tagging",
    "LifecycleRuleAbortMultipartUpload.date",
    "LifecycleRuleExpiration.date",
    "PutObjectResult.server_side_encryption",
    "PutObjectResult.server_side_data_encryption",
    "PutObjectResult.server_side_encryption_key_id",
    "CompleteMultipartUploadResult.server_side_encryption",
    "CompleteMultipartUploadResult.server_side_data_encryption",
    "CompleteMultipartUploadResult.server_side_encryption_key_id",
}


def place_in_the_sdk(entry: dict[str, Any], name: str) -> str:
    return str(entry.get("rename", name)).lower()


def our_place(hint: Any, name: str) -> str:
    mark = hint.__metadata__[0] if hasattr(hint, "__metadata__") else None
    for attribute in ("name", "path", "prefix", "root"):
        if hasattr(mark, attribute):
            return str(getattr(mark, attribute)).lower()
    return name


@pytest.mark.parametrize("kind", [kind for kind in CLASSES if hasattr(alibabacloud_oss_v2.models, kind.__name__)])
def test_fields_are_named_and_placed_as_in_the_official_sdk(kind: type) -> None:
    theirs = getattr(alibabacloud_oss_v2.models, kind.__name__)._attribute_map
    hints = get_type_hints(kind, include_extras=True)
    carried_apart = {field.name for base in (RequestBase, ResultBase) for field in fields(base)}
    for field in fields(kind):
        if field.name in carried_apart:
            continue
        if field.name not in theirs:
            assert f"{kind.__name__}.{field.name}" in OURS_ALONE
        elif theirs[field.name].get("position") not in {"host", "path", "nop", "body"}:
            assert our_place(hints[field.name], field.name) == place_in_the_sdk(theirs[field.name], field.name)


def test_the_sdk_has_most_of_our_classes() -> None:
    without = {kind.__name__ for kind in CLASSES if not hasattr(alibabacloud_oss_v2.models, kind.__name__)}
    forms = {"PostObjectRequest", "PostObjectResult", "PostResponse"}
    # These settings only other SDKs know.
    others = (".bucket_storage_capacity", ".bucket_qos_info", ".bucket_callback_policy")
    settings = {kind.__name__ for kind in CLASSES if kind.__module__.endswith(others)}
    settings |= {"DeleteBucketTransferAccelerationRequest", "DeleteBucketTransferAccelerationResult"}
    # `BoundCnames` is how domains are kept, `KeptInventories` how inventories are.
    assert (
        without
        == {"BoundCnames", "DeleteError", "HeadBucketRequest", "HeadBucketResult", "KeptInventories", "KeptInventory"}
        | {"ObjectHeaders"}
        | forms
        | settings
    )
