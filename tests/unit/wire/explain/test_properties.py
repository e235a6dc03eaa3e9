"""One mistake of many with requests of all kinds: it is named, whatever else there is to be mistaken for it."""

from collections.abc import Callable

from hypothesis import assume, given
from hypothesis import strategies as st

from ossicle.wire.signing import Version
from tests.support.mistakes import Pairs, Sent, header_signed, presigned

KEYS = (
    "a.txt",
    "photos/2026/IMG 0001.JPG",
    "文档/报告 final.pdf",
    "a+b (1).csv",
    "deep/er/x.tar.gz",
    "ümlaut",
    "50%.txt",
    "~/.profile",
)
HEADERS = (
    ("Content-Type", "text/plain; charset=utf8"),
    ("Content-Type", "image/png"),
    ("x-oss-meta-author", "ann lee"),
    ("x-oss-meta-place", "Zoë's"),
    ("x-oss-object-acl", "private"),
    ("x-oss-tagging", "a=b&c=d"),
)
QUERIES: tuple[Pairs, ...] = (
    (),
    (("partNumber", "3"), ("uploadId", "0004B999EF5A239BB9138C6227D69F95")),
    (("acl", ""),),
    (("response-content-type", "text/html; charset=utf-8"),),
)
requests = st.builds(
    lambda sign, version, method, key, headers, query: sign(
        version, method=method, key=key, headers=headers, query=query
    ),
    st.sampled_from([presigned, header_signed]),
    st.sampled_from(Version),
    st.sampled_from(["PUT", "GET"]),
    st.sampled_from(KEYS),
    st.lists(st.sampled_from(HEADERS), unique_by=lambda header: header[0], max_size=4),
    st.sampled_from(QUERIES),
)
Make = Callable[[Sent], Sent]
MISTAKES: dict[str, Make] = {
    "content-type-octet-stream": lambda sent: sent.having(content_type="application/octet-stream"),
    "content-type-missing": lambda sent: sent.having(content_type=None),
    "method": lambda sent: sent.but(method="DELETE"),
    "header-added": lambda sent: sent.having(x_oss_storage_class="IA"),
    "header-missing": lambda sent: sent.having(x_oss_object_acl=None),
    "header-changed": lambda sent: sent.having(x_oss_meta_author='"ann lee"'),
    "metadata-prefix": lambda sent: sent.having(x_oss_meta_author=None, author="ann lee"),
    "parameter-added": lambda sent: sent.but(query=f"{sent.query}&versionId=v"),
    "key-encoded-twice": lambda sent: sent.but(path=sent.path.replace("%", "%25")),
    "slash-added": lambda sent: sent.but(path=f"{sent.path}/"),
    "path-ending": lambda sent: sent.but(path=f"{sent.path}%0A"),
    "url-ending": lambda sent: sent.but(query=f"{sent.query}%20"),
}
NEEDED = {
    "content-type-missing": "Content-Type", "header-missing": "x-oss-object-acl",
    "header-changed": "x-oss-meta-author", "metadata-prefix": "x-oss-meta-author",
}  # fmt: skip


@given(sent=requests, cause=st.sampled_from(sorted(MISTAKES)))
def test_one_mistake_is_named(sent: Sent, cause: str) -> None:
    assume(NEEDED.get(cause, "") in {"", *sent.headers})
    assume(cause != "content-type-octet-stream" or "Content-Type" not in sent.headers)
    assume(cause != "url-ending" or "ignature=" in sent.query)
    mistaken = MISTAKES[cause](sent)
    assume(mistaken != sent)
    assert mistaken.cause() == cause
