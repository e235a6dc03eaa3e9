"""URLs that each official SDK signs, misused by real clients: Ossicle names the mistake, whoever signed."""

from collections.abc import Callable

import pytest

from tests.conformance.sdks import NAMES, Sdks
from tests.conformance.service import Service
from tests.support.mistaken_clients import by_requests, curl, node_fetch

TYPED: dict[str, object] = {"content_type": "text/plain"}
MISTAKES: dict[str, tuple[str, dict[str, object], Callable[[str], str]]] = {
    "form": ("content-type-form", {}, lambda url: curl("-X", "PUT", "-d", "hello", url)),
    "curl-d": ("curl-data", {}, lambda url: curl("-d", "hello", url)),
    "octet-stream": (
        "content-type-octet-stream",
        {},
        lambda url: by_requests("PUT", url, data=b"x", headers={"Content-Type": "application/octet-stream"}),
    ),
    "string": ("content-type-text", {}, lambda url: node_fetch("PUT", url, "text")),
    "no type": ("content-type-missing", TYPED, lambda url: node_fetch("PUT", url, "bytes")),
    "charset": ("content-type-charset", TYPED, lambda url: node_fetch("PUT", url, "text")),
    "metadata": (
        "metadata-prefix",
        {"metadata": {"author": "ann"}},
        lambda url: by_requests("PUT", url, data=b"x", headers={"author": "ann"}),
    ),
    "acl": (
        "header-added",
        {},
        lambda url: by_requests("PUT", url, data=b"x", headers={"x-oss-object-acl": "private"}),
    ),
    "method": ("method", {}, lambda url: by_requests("GET", url)),
    "space": ("url-ending", {}, lambda url: by_requests("PUT", url + "%20", data=b"x")),
    "cut": ("url-cut", {}, lambda url: by_requests("GET", url.partition("&")[0])),
    "html": ("html-ampersand", {}, lambda url: by_requests("GET", url.replace("&", "&amp;"))),
}


@pytest.mark.parametrize("signature", ["v4", "v1"])
@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.parametrize("signer", NAMES)
def test_a_mistake_with_a_url_of_any_sdk(
    service: Service, sdks: Sdks, shared_bucket: str, signer: str, name: str, signature: str
) -> None:
    if service.hosts is None:
        pytest.skip("only Ossicle explains")
    cause, signed, misuse = MISTAKES[name]
    sdk = sdks.speaker(signer, shared_bucket, style="path", signature=signature)
    url = sdk("presign", key="notes/may.txt", method="PUT", expires=600, **signed)["url"]
    if (signer, name, signature) == ("go", "space", "v4"):
        cause = "signature-parameter-ending"  # its URLs end with the version of the signature
    assert misuse(url) == cause
