"""Mistakes as people make them: a request signed by an official SDK and sent by a real client, and the cause that should be named."""

import base64
import hmac
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

import alibabacloud_oss_v2 as oss

from ossicle.wire.credentials import Credentials
from ossicle.wire.http import Resource
from ossicle.wire.signing import presign, sign_headers
from tests.support.mistaken_clients import by_requests, by_urllib, curl, node_fetch, node_http, raw, shell, wget
from tests.support.own_signer import BUGS, BUGS_V1, OwnSigner, OwnSignerV1
from tests.support.own_signer import HEADERS as OWN_HEADERS
from tests.support.server import BUCKET, REGION, ServerProcess
from tests.support.tools import need_package

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # escapes in its source that Python no longer likes
    oss2 = need_package("oss2")

NOTES = Resource(bucket=BUCKET, key=b"notes.txt")
FILE = "/etc/hostname"
TYPE = "Content-Type"


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Who signs, with the official `oss2`: with version 4 unless it is told otherwise."""

    endpoint: str
    access_key_id: str
    access_key_secret: str

    @classmethod
    def of(cls, server: ServerProcess) -> "Owner":
        return cls(
            endpoint=server.endpoint, access_key_id=server.access_key_id, access_key_secret=server.access_key_secret
        )

    @property
    def key(self) -> Credentials:
        """For what no SDK signs."""
        return Credentials(access_key_id=self.access_key_id, access_key_secret=self.access_key_secret)

    def bucket(
        self, *, v1: bool = False, region: str = REGION, secret: str | None = None, host: str | None = None
    ) -> Any:
        auth = (oss2.Auth if v1 else oss2.AuthV4)(self.access_key_id, secret or self.access_key_secret)
        return oss2.Bucket(auth, host or self.endpoint, BUCKET, region=region)

    def url(
        self,
        method: str = "PUT",
        key: str = "notes.txt",
        *,
        headers: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
        additional: list[str] | None = None,
        expires: int = 900,
        v1: bool = False,
        region: str = REGION,
        secret: str | None = None,
    ) -> str:
        bucket = self.bucket(v1=v1, region=region, secret=secret)
        more = {} if v1 else {"additional_headers": additional}
        url: str = bucket.sign_url(method, key, expires, headers=headers, params=params, slash_safe=True, **more)
        return url


@dataclass(frozen=True, kw_only=True)
class Case:
    """A mistake: `send` makes it and returns the id of the cause that was named."""

    name: str
    cause: str
    send: Callable[[Owner], str]


def case(name: str, cause: str, send: Callable[[Owner], str]) -> Case:
    return Case(name=name, cause=cause, send=send)


PLAIN = {TYPE: "text/plain"}
META = {"x-oss-meta-author": "ann lee"}


def _target(url: str, change: Callable[[str], str]) -> str:
    address = urlsplit(url)
    return f"{change(address.path)}?{address.query}"


def _prefix_removed(owner: Owner) -> str:
    auth = oss2.AuthV4(owner.access_key_id, owner.access_key_secret)
    below = oss2.Bucket(auth, owner.endpoint, "storage", region=REGION)
    address = urlsplit(below.sign_url("GET", f"{BUCKET}/notes.txt", 900, slash_safe=True))
    target = f"{address.path.removeprefix('/storage')}?{address.query}"
    return raw("GET", owner.endpoint, target=target, headers={"X-Forwarded-Prefix": "/storage"})


def _host_replaced(owner: Owner) -> str:
    host = f"http://{BUCKET}.oss.example.com"
    url = oss2.Bucket(
        oss2.AuthV4(owner.access_key_id, owner.access_key_secret), host, BUCKET, region=REGION, is_cname=True
    )
    address = urlsplit(url.sign_url("GET", "deep/notes.txt", 900, slash_safe=True))
    headers = {"X-Forwarded-Host": f"{BUCKET}.oss.example.com"}
    return raw("GET", owner.endpoint, target=f"{address.path}?{address.query}", headers=headers)


def _domain_unknown(owner: Owner) -> str:
    auth = oss2.AuthV4(owner.access_key_id, owner.access_key_secret)
    elsewhere = oss2.Bucket(auth, "http://oss.example.com", BUCKET, region=REGION)
    address = urlsplit(elsewhere.sign_url("GET", "notes.txt", 900, slash_safe=True))
    return raw("GET", owner.endpoint, target=f"{address.path}?{address.query}", headers={"Host": address.netloc})


def _host_signed(owner: Owner, sent: str, **more: str) -> str:
    """Sign a URL with its host, `localhost`, and send another."""
    address = urlsplit(owner.endpoint)
    signed = presign(
        method="GET", resource=NOTES, query=[], headers=[("host", f"localhost:{address.port}")], credentials=owner.key,
        region=REGION, now=datetime.now(UTC), expires=timedelta(minutes=15), additional_headers=["host"],
    )  # fmt: skip
    headers = {"Host": f"{sent}:{address.port}", **{name: value.format(address.port) for name, value in more.items()}}
    return raw("GET", f"{owner.endpoint}/{BUCKET}/notes.txt?{signed.query}", headers=headers)


def _without(owner: Owner, name: str) -> str:
    url = owner.url("GET", params={name: ""})
    return curl(url.replace(f"&{name}=", "").replace(f"{name}=&", "").replace(f"&{name}", "").replace(f"{name}&", ""))


def _longer(owner: Owner) -> str:
    url = owner.url("GET", v1=True)
    end = url.partition("Expires=")[2].partition("&")[0]
    return curl(url.replace(f"Expires={end}", f"Expires={int(end) + 3600}"))


def _upper(owner: Owner) -> str:
    start, _, made = owner.url("GET").rpartition("x-oss-signature=")
    return curl(f"{start}x-oss-signature={made.upper()}")


def _with_plus(owner: Owner) -> str:
    urls = (owner.url("GET", f"notes/{number}", v1=True) for number in range(1000))
    return curl(next(url for url in urls if "%2B" in url).replace("%2B", "+"))


def _by_v2(owner: Owner, secret: str) -> str:
    """Sign a URL by the SDK of today, which takes a secret as it stands."""
    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(owner.access_key_id, secret)
    config.region, config.endpoint = REGION, owner.endpoint
    signed = oss.Client(config).presign(oss.GetObjectRequest(bucket=BUCKET, key="notes.txt"))
    return str(signed.url)


def _client(owner: Owner, **signer: Any) -> str:
    """Make a call of the SDK itself, and return what its error tells."""
    try:
        owner.bucket(**signer).put_object("notes.txt", b"x")
    except oss2.exceptions.ServerError as error:
        return (error.headers.get("x-ossicle-explanation") or "").partition(":")[0]
    return ""


def _cut(url: str) -> str:
    """What a shell makes of a URL without quotes: the rest are commands."""
    return shell(f"curl {url} 2>/dev/null; wait")


def _past(owner: Owner, seconds: int, **given: object) -> str:
    """Sign a URL that is over, by the SDK itself: a negative lifetime of version 1."""
    return owner.url("GET", expires=-seconds, v1=True, **given)  # type: ignore[arg-type]  # what `url` takes


def _clock(owner: Owner, off: timedelta) -> str:
    """Sign a header with a clock that is off."""
    headers = sign_headers(
        method="GET",
        resource=NOTES,
        query=[],
        headers=[],
        credentials=owner.key,
        region=REGION,
        now=datetime.now(UTC) + off,
    )
    return by_requests("GET", f"{owner.endpoint}/{BUCKET}/notes.txt", headers=headers)


def _posted(owner: Owner, *, signs_json: bool, ending: str = "") -> str:
    """Post a form by curl, whose policy is signed by hand with version 1, as many web applications do."""
    end = datetime.now(UTC) + timedelta(hours=1)
    document = f'{{"expiration": "{end:%Y-%m-%dT%H:%M:%S}.000Z", "conditions": [["starts-with", "$key", ""]]}}'
    policy = base64.b64encode(document.encode()).decode()
    signed = document if signs_json else policy
    made = hmac.digest(owner.access_key_secret.encode(), signed.encode(), "sha1")
    fields = {
        "key": "notes.txt",
        "OSSAccessKeyId": owner.access_key_id,
        "policy": policy + ending,
        "Signature": base64.b64encode(made).decode(),
    }
    parts = [argument for name, value in fields.items() for argument in ("--form-string", f"{name}={value}")]
    return curl(*parts, "-F", f"file=@{FILE}", f"{owner.endpoint}/{BUCKET}/")


def _redirected(owner: Owner) -> str:
    headers = sign_headers(
        method="GET", resource=NOTES, query=[], headers=[], credentials=owner.key, region=REGION, now=datetime.now(UTC)
    )
    del headers["Authorization"]
    return by_requests("GET", f"{owner.endpoint}/{BUCKET}/notes.txt", headers=headers)


def _relative(owner: Owner) -> str:
    url = owner.url("GET", v1=True)
    return curl(url.replace("Expires=" + url.partition("Expires=")[2].partition("&")[0], "Expires=3600"))


def _temporary(owner: Owner) -> str:
    bucket = oss2.Bucket(oss2.AuthV4("STS.made-up", "made-up"), owner.endpoint, BUCKET, region=REGION)
    return curl(bucket.sign_url("GET", "notes.txt", 900))


HEADERS = (
    case("curl -X PUT -d", "content-type-form", lambda o: curl("-X", "PUT", "-d", "hello", o.url())),
    case(
        "curl -X PUT --data-binary, V1",
        "content-type-form",
        lambda o: curl("-X", "PUT", "--data-binary", "x", o.url(v1=True)),
    ),
    case("curl -X PUT -F", "content-type-multipart", lambda o: curl("-X", "PUT", "-F", f"file=@{FILE}", o.url())),
    case("curl -X PUT --json", "content-type-json", lambda o: curl("-X", "PUT", "--json", "{}", o.url())),
    case("curl -T without -H", "content-type-missing", lambda o: curl("-T", FILE, o.url(headers=PLAIN))),
    case("curl -T without -H, V1", "content-type-missing", lambda o: curl("-T", FILE, o.url(headers=PLAIN, v1=True))),
    case(
        "curl -H with another type",
        "content-type-changed",
        lambda o: curl("-T", FILE, "-H", "Content-Type: application/octet-stream", o.url(headers=PLAIN)),
    ),
    case(
        "curl -H without the space",
        "content-type-spelling",
        lambda o: curl(
            "-T", FILE, "-H", "Content-Type: text/plain;charset=utf8", o.url(headers={TYPE: "text/plain; charset=utf8"})
        ),
    ),
    case("requests data=dict", "content-type-form", lambda o: by_requests("PUT", o.url(), data={"a": "b"})),
    case("requests json=", "content-type-json", lambda o: by_requests("PUT", o.url(), json={"a": 1})),
    case("requests files=", "content-type-multipart", lambda o: by_requests("PUT", o.url(), files={"file": b"x"})),
    case(
        "requests with a default type",
        "content-type-octet-stream",
        lambda o: by_requests("PUT", o.url(), data=b"x", headers={TYPE: "application/octet-stream"}),
    ),
    case("urllib with a body", "content-type-form", lambda o: by_urllib("PUT", o.url(), b"hello")),
    case("urllib with a body, V1", "content-type-form", lambda o: by_urllib("PUT", o.url(v1=True), b"hello")),
    case("wget --body-data", "content-type-form", lambda o: wget("--method=PUT", "--body-data=hello", o.url())),
    case("fetch with a string", "content-type-text", lambda o: node_fetch("PUT", o.url(), "text")),
    case("fetch with a string, V1", "content-type-text", lambda o: node_fetch("PUT", o.url(v1=True), "text")),
    case("fetch with FormData", "content-type-multipart", lambda o: node_fetch("PUT", o.url(), "form")),
    case("fetch with URLSearchParams", "content-type-form", lambda o: node_fetch("PUT", o.url(), "search")),
    case("fetch with a Blob", "content-type-guessed", lambda o: node_fetch("PUT", o.url(), "blob")),
    case("fetch without the type", "content-type-missing", lambda o: node_fetch("PUT", o.url(headers=PLAIN), "bytes")),
    case("fetch sets a charset", "content-type-charset", lambda o: node_fetch("PUT", o.url(headers=PLAIN), "text")),
    case("http without the type", "content-type-missing", lambda o: node_http("PUT", o.url(headers=PLAIN))),
    case(
        "Content-MD5 added",
        "content-md5-added",
        lambda o: curl("-T", FILE, "-H", "Content-MD5: XrY7u+Ae7tCTyyK7j1rNww==", o.url()),
    ),
    case(
        "md5sum in a header",
        "content-md5-form",
        lambda o: curl(
            "-T",
            FILE,
            "-H",
            "Content-MD5: 5eb63bbbe01eeed093cb22bb8f5acdc3",
            o.url(headers={"Content-MD5": "XrY7u+Ae7tCTyyK7j1rNww=="}),
        ),
    ),
    case("ACL added", "header-added", lambda o: curl("-T", FILE, "-H", "x-oss-object-acl: private", o.url())),
    case("metadata added, V1", "header-added", lambda o: by_requests("PUT", o.url(v1=True), data=b"x", headers=META)),
    case(
        "headers of a gateway",
        "headers-added",
        lambda o: curl("-T", FILE, "-H", "x-oss-meta-a: 1", "-H", "x-oss-meta-b: 2", o.url()),
    ),
    case(
        "no overwriting, header forgotten",
        "header-missing",
        lambda o: curl("-T", FILE, o.url(headers={"x-oss-forbid-overwrite": "true"})),
    ),
    case(
        "prefix forgotten", "metadata-prefix", lambda o: curl("-T", FILE, "-H", "author: ann lee", o.url(headers=META))
    ),
    case(
        "another storage's prefix",
        "metadata-prefix",
        lambda o: by_requests("PUT", o.url(headers=META, v1=True), data=b"x", headers={"x-amz-meta-author": "ann lee"}),
    ),
    case(
        "prefix twice",
        "metadata-prefix-twice",
        lambda o: node_fetch("PUT", o.url(headers=META), "bytes", {"x-oss-meta-x-oss-meta-author": "ann lee"}),
    ),
    case(
        "underscore in a name",
        "metadata-name",
        lambda o: curl("-T", FILE, "-H", "x-oss-meta-first_name: ann", o.url(headers={"x-oss-meta-first-name": "ann"})),
    ),
    case(
        "quotes within quotes",
        "header-changed",
        lambda o: shell(f"""curl -T {FILE} -H 'x-oss-meta-author: "ann lee"' '{o.url(headers=META)}'"""),
    ),
    case(
        "a value that the client escapes",
        "header-changed",
        lambda o: curl("-T", FILE, "-H", "x-oss-meta-author: ann%20lee", o.url(headers=META)),
    ),
    case(
        "letters in upper case",
        "header-changed",
        lambda o: curl(
            "-T", FILE, "-H", "x-oss-storage-class: STANDARD", o.url(headers={"x-oss-storage-class": "Standard"})
        ),
    ),
    case(
        "fetch sends Latin-1",
        "header-charset",
        lambda o: node_fetch("PUT", o.url(headers={"x-oss-meta-author": "Zoë"}), "bytes", {"x-oss-meta-author": "Zoë"}),
    ),
    case(
        "a header twice",
        "header-twice",
        lambda o: curl(
            "-T", FILE, "-H", "x-oss-meta-author: ann lee", "-H", "x-oss-meta-author: ann lee", o.url(headers=META)
        ),
    ),
)


def _wrapped(url: str) -> str:
    """Return a URL as it is copied from lines of 72 characters; libraries encode the line breaks."""
    return "\n".join(url[start : start + 72] for start in range(0, len(url), 72))


METHODS = (
    case("curl -d", "curl-data", lambda o: curl("-d", "hello", o.url())),
    case("curl -d where a type was signed", "curl-data", lambda o: curl("-d", "hello", o.url(headers=PLAIN))),
    case(
        "curl -d with a header that was not signed",
        "curl-data+header-added",
        lambda o: curl("-d", "hello", "-H", "x-oss-object-acl: private", o.url()),
    ),
    case("curl -F", "posted-form", lambda o: curl("-F", f"file=@{FILE}", o.url(key="deep/notes.txt"))),
    case("curl without -T", "method", lambda o: curl(o.url())),
    case("curl -X POST -T", "method", lambda o: curl("-X", "POST", "-T", FILE, o.url())),
    case("curl -I", "method-head", lambda o: curl("-I", o.url("GET"))),
    case("a download link for an upload", "method", lambda o: curl("-T", FILE, o.url("GET"))),
    case("requests.post", "method", lambda o: by_requests("POST", o.url(v1=True), data=b"x")),
    case("fetch without a method", "method", lambda o: node_fetch("GET", o.url(), "none")),
    case("wget --post-data", "curl-data", lambda o: wget("--post-data=hello", o.url())),
    case("urllib for a deletion", "method", lambda o: by_urllib("GET", o.url("DELETE"), None)),
)


PATHS = (
    case(
        "encoded twice",
        "key-encoded-twice",
        lambda o: raw("PUT", o.url(key="a b.txt"), target=_target(o.url(key="a b.txt"), quote)),
    ),
    case(
        "signed encoded",
        "key-signed-encoded",
        lambda o: raw(
            "GET", o.url("GET", "a%20b.txt"), target=_target(o.url("GET", "a%20b.txt"), lambda p: p.replace("%25", "%"))
        ),
    ),
    case("+ for a space", "plus-in-path", lambda o: curl(o.url("GET", "a b.txt").replace("a%20b", "a+b"))),
    case(
        "a key encoded as forms are",
        "plus-in-path",
        lambda o: curl(o.url("GET", "a b+c.txt").replace("a%20b%2Bc", "a+b%2Bc")),
    ),
    case("a space for +", "space-in-path", lambda o: curl(o.url("GET", "a+b.txt").replace("a%2Bb", "a%20b"))),
    case("// by joining", "slash-doubled", lambda o: curl(o.url("GET", "a/b.txt").replace("/a/", "//a/"))),
    case("a slash at the end", "slash-added", lambda o: curl(o.url("GET", "a/b").replace("/b?", "/b/?"))),
    case(
        "a folder without its slash",
        "slash-removed",
        lambda o: curl("-T", FILE, o.url("PUT", "a/b/").replace("/b/?", "/b?")),
    ),
    case(
        "dots", "dot-segments", lambda o: curl("--path-as-is", o.url("GET", "b.txt").replace("/b.txt", "/a/../b.txt"))
    ),
    case(
        "a name from macOS",
        "key-unicode-form",
        lambda o: by_requests("GET", o.url("GET", "ä.txt").replace("%C3%A4", "a%CC%88")),
    ),
    case("GBK", "key-charset", lambda o: curl(o.url("GET", "文.txt").replace("%E6%96%87", "%CE%C4"))),
    case(
        "bucket in host and path",
        "bucket-twice",
        lambda o: raw("GET", o.url("GET"), headers={"Host": f"{BUCKET}.localhost"}),
    ),
    case(
        "a proxy's prefix",
        "path-prefix",
        lambda o: raw("GET", o.url("GET"), target=_target(o.url("GET"), lambda p: f"/storage{p}")),
    ),
    case("a prefix taken off", "path-prefix-removed", _prefix_removed),
    case("Host replaced by a proxy", "host-rewritten", _host_replaced),
    case("a domain that the server was not told", "domain-unknown", _domain_unknown),
    case("Host signed, and another one asked", "host-signed", lambda o: _host_signed(o, "127.0.0.1")),
    case(
        "Host signed, and replaced by a proxy",
        "host-signed",
        lambda o: _host_signed(o, "backend", **{"X-Forwarded-Host": "localhost:{}"}),
    ),
    case(
        "a line end in the path, V1",
        "path-ending",
        lambda o: raw("GET", o.url("GET", v1=True), target=_target(o.url("GET", v1=True), lambda p: p + "%0A")),
    ),
    case("upper case", "key-case", lambda o: curl(o.url("GET").replace("notes.txt", "Notes.txt"))),
)


QUERIES = (
    case("image processing added", "parameter-added", lambda o: curl(o.url("GET") + "&x-oss-process=image/info")),
    case(
        "a file name added, V1",
        "parameter-added",
        lambda o: curl(o.url("GET", v1=True) + "&response-content-type=text/html"),
    ),
    case("jQuery's _", "tracking-parameter", lambda o: by_requests("GET", o.url("GET"), params={"_": "1767323045000"})),
    case("a newsletter", "parameters-added", lambda o: curl(o.url("GET") + "&utm_source=a&utm_medium=b")),
    case("a parameter without a value", "parameter-lost", lambda o: _without(o, "acl")),
    case(
        "parameters handed over twice",
        "parameter-twice",
        lambda o: by_requests(
            "PUT", o.url("PUT", params={"uploadId": "U", "partNumber": "1"}), data=b"x", params={"partNumber": "1"}
        ),
    ),
    case(
        "partnumber",
        "parameter-case",
        lambda o: curl(
            "-T", FILE, o.url("PUT", params={"uploadId": "U", "partNumber": "1"}).replace("partNumber", "partnumber")
        ),
    ),
    case(
        "a value encoded twice",
        "query-encoded-twice",
        lambda o: curl(
            o.url("GET", params={"response-content-type": "text/html"}).replace("text%2Fhtml", "text%252Fhtml")
        ),
    ),
    case(
        "a value signed encoded",
        "query-signed-encoded",
        lambda o: curl(
            o.url("GET", params={"response-content-type": "text%2Fhtml"}).replace("text%252Fhtml", "text%2Fhtml")
        ),
    ),
    case(
        "a plain +", "plus-in-query", lambda o: curl(o.url("GET", params={"versionId": "a+b"}).replace("a%2Bb", "a+b"))
    ),
    case(
        "a longer life",
        "expires-changed",
        lambda o: curl(o.url("GET", expires=600).replace("x-oss-expires=600", "x-oss-expires=86400")),
    ),
    case("a longer life, V1", "expires-changed", _longer),
    case("a line end of DOS", "url-ending", lambda o: by_requests("GET", o.url("GET") + "%0D")),
    case("a bracket of Markdown", "url-ending", lambda o: curl(o.url("GET") + ")")),
    case("a quote that was kept, V1", "url-ending", lambda o: curl(o.url("GET", v1=True) + '"')),
)


SIGNERS = (
    case("%X", "signature-case", _upper),
    case("base64 in a URL", "signature-plus", _with_plus),
    case("a secret from a file", "secret-ending", lambda o: curl(_by_v2(o, o.access_key_secret + "\n"))),
    case("a secret from a file of DOS", "secret-ending", lambda o: curl(_by_v2(o, o.access_key_secret + "\r\n"))),
    case("a form whose policy is signed as JSON", "policy-not-encoded", lambda o: _posted(o, signs_json=True)),
    case("a form whose policy got a line end", "policy-changed", lambda o: _posted(o, signs_json=False, ending="\n")),
    case("a wrong secret", "unknown", lambda o: _client(o, secret="made-up")),
)


SEEN = (
    case("a shell without quotes", "url-cut", lambda o: _cut(o.url("GET"))),
    case("a shell without quotes, V1", "url-cut", lambda o: _cut(o.url("GET", v1=True))),
    case("a URL from a page's source", "html-ampersand", lambda o: curl(o.url("GET").replace("&", "&amp;"))),
    case(
        "a URL from a page's source, V1",
        "html-ampersand",
        lambda o: by_requests("GET", o.url("GET", v1=True).replace("&", "&amp;")),
    ),
    case("a URL wrapped by a mail", "url-wrapped", lambda o: by_requests("GET", _wrapped(o.url("GET")))),
    case("a URL wrapped by a mail, V1", "url-wrapped", lambda o: by_requests("GET", _wrapped(o.url("GET", v1=True)))),
    case("Authorization dropped by a redirect", "authorization-lost", _redirected),
    case("a query encoded twice", "url-encoded-twice", lambda o: curl(o.url("GET").replace("%", "%25"))),
    case("a URL as a path", "query-in-path", lambda o: curl(o.url("GET").replace("?", "%3F"))),
    case("the end cut off", "signature-cut", lambda o: curl(o.url("GET")[:-10])),
    case(
        "a token of an application",
        "signed-twice",
        lambda o: by_requests("GET", o.url("GET"), headers={"Authorization": "Bearer abc"}),
    ),
    case("user and password", "authorization-scheme", lambda o: curl("-u", "ann:secret", f"{o.endpoint}/{BUCKET}/a")),
    case(
        "curl for another storage",
        "other-storage",
        lambda o: curl("--aws-sigv4", "aws:amz:r:s3", "-u", "i:s", f"{o.endpoint}/{BUCKET}/a"),
    ),
    case("another region", "region", lambda o: curl(o.url("GET", region="cn-shanghai"))),
    case("another region, by the SDK", "region", lambda o: _client(o, region="cn-shanghai")),
    case("too late", "expired", lambda o: curl(_past(o, 7300))),
    case("a length for a moment", "expires-relative", _relative),
    case("a moment for a length", "expires-absolute", lambda o: curl(o.url("GET", expires=1767323045))),
    case("a clock that is off", "clock", lambda o: _clock(o, timedelta(minutes=-20))),
    case("local time", "local-time", lambda o: _clock(o, timedelta(hours=8))),
    case("a temporary key without its token", "token-missing", _temporary),
    case(
        "an additional header missing",
        "additional-missing",
        lambda o: curl("-T", FILE, o.url(headers={"cache-control": "no-cache"}, additional=["cache-control"])),
    ),
)


def _own(owner: Owner, signer: OwnSigner | OwnSignerV1) -> str:
    sent = [option for name, value in OWN_HEADERS.items() for option in ("-H", f"{name}: {value}")]
    return curl("-T", FILE, *sent, owner.endpoint + signer.url())


def _own_v4(owner: Owner, bug: str) -> str:
    """Sign by a program that uses no SDK, and has this bug."""
    host, key, secret = owner.endpoint.partition("//")[2], owner.access_key_id, owner.access_key_secret
    signer = OwnSigner(access_key_id=key, access_key_secret=secret, region=REGION, bucket=BUCKET, host=host, bug=bug)
    return _own(owner, signer)


def _own_v1(owner: Owner, bug: str) -> str:
    host, key, secret = owner.endpoint.partition("//")[2], owner.access_key_id, owner.access_key_secret
    return _own(owner, OwnSignerV1(access_key_id=key, access_key_secret=secret, bucket=BUCKET, host=host, bug=bug))


OWN = (
    *(case(f"own signer: {bug}", cause, partial(_own_v4, bug=bug)) for bug, cause in BUGS.items()),
    *(case(f"own signer, V1: {bug}", cause, partial(_own_v1, bug=bug)) for bug, cause in BUGS_V1.items()),
)
CASES = (*HEADERS, *METHODS, *PATHS, *QUERIES, *SIGNERS, *OWN, *SEEN)
# What a page of another origin does: how, method, body, the headers it sets; and the headers that were signed.
PAGE: tuple[tuple[str, str, str, str, dict[str, str], dict[str, str]], ...] = (
    ("content-type-text", "fetch", "PUT", "text", {}, {}),
    ("content-type-guessed", "fetch", "PUT", "picture", {}, {}),
    ("content-type-multipart", "fetch", "PUT", "form", {}, {}),
    ("content-type-form", "fetch", "PUT", "search", {}, {}),
    ("content-type-text", "xhr", "PUT", "text", {}, {}),
    ("content-type-guessed", "xhr", "PUT", "picture", {}, {}),
    (
        "content-type-spelling",
        "xhr",
        "PUT",
        "text",
        {TYPE: "text/plain; charset=utf8"},
        {TYPE: "text/plain; charset=utf8"},
    ),
    ("content-type-missing", "fetch", "PUT", "bytes", {}, PLAIN),
    ("metadata-prefix", "fetch", "PUT", "bytes", {"author": "ann lee"}, META),
    ("posted-form", "fetch", "POST", "form", {}, {}),
)
