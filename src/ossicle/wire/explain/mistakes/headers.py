"""The mistakes with headers other than `Content-Type`, which are signed when their name begins with `x-oss-`."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ossicle.wire.explain.attempt import Attempt, Suspicion
from ossicle.wire.signing import UNSIGNED_PAYLOAD, additional_names
from ossicle.wire.text import decode, encode, percent_decode, percent_encode

_PREFIX: Final = b"x-oss-"
_META: Final = b"x-oss-meta-"
_MD5: Final = b"content-md5"
_HASH: Final = b"x-oss-content-sha256"
_OF_SIGNATURE: Final = frozenset((b"x-oss-date", _HASH, b"x-oss-security-token"))
_NO_METADATA: Final = frozenset(
    (
        b"accept", b"accept-encoding", b"accept-language", b"authorization", b"cache-control", b"connection", b"content-disposition",
        b"content-encoding", b"content-language", b"content-length", b"content-md5", b"content-type", b"cookie", b"date", b"dnt",
        b"expect", b"expires", b"forwarded", b"host", b"if-match", b"if-modified-since", b"if-none-match", b"if-unmodified-since",
        b"keep-alive", b"origin", b"pragma", b"priority", b"range", b"referer", b"te", b"trailer", b"transfer-encoding", b"upgrade",
        b"user-agent", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-port", b"x-real-ip",
        b"x-request-id", b"x-requested-with",
    )
)  # fmt: skip
_USUAL: Final = (
    (b"x-oss-forbid-overwrite", b"true"),
    (b"x-oss-object-acl", b"public-read"),
    (b"x-oss-object-acl", b"private"),
    (b"x-oss-object-acl", b"default"),
    (b"x-oss-storage-class", b"Standard"),
    (b"x-oss-storage-class", b"IA"),
    (b"x-oss-storage-class", b"Archive"),
    (b"x-oss-server-side-encryption", b"AES256"),
    (b"x-oss-request-payer", b"requester"),
    (b"x-oss-forbid-overwrite", b"false"),
    (_HASH, UNSIGNED_PAYLOAD.encode()),
)
_HEADERS_MAX: Final = 12
"""How many headers of one request are suspected one by one."""
_SPACES: Final = re.compile(rb"\s+")
_EMPTY_HASH: Final = b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def suspect_headers(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that headers were added, dropped, renamed or changed."""
    names = _signed_names(start)
    yield from suspect_headers_added(start)
    yield from _digest(start)
    yield from _renamed(start, names)
    yield from _lost(start)
    for name in (_MD5, *names[:_HEADERS_MAX]):
        value = start.request.headers.get(name)
        if value:
            yield from _changed(start, name, value)
    yield from _listed(start)


def suspect_headers_added(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that `x-oss-*` headers were added."""
    names = _signed_names(start)
    for name in names[:_HEADERS_MAX]:
        yield Suspicion(cause="header-added", attempt=start.with_headers({name: None}), facts={"name": decode(name)})
    metadata = [name for name in names if name.startswith(_META)]
    others = [name for name in names if not name.startswith(_META)]
    for several in dict.fromkeys((tuple(names), tuple(metadata), tuple(others))):
        if len(several) > 1:
            facts = {"name": ", ".join(map(decode, several))}
            attempt = start.with_headers(dict.fromkeys(several))
            yield Suspicion(cause="headers-added", attempt=attempt, facts=facts)


def _signed_names(start: Attempt) -> list[bytes]:
    names = [name for name in start.request.headers.names() if name.startswith(_PREFIX)]
    return names if start.is_url_signed else [name for name in names if name not in _OF_SIGNATURE]


def _digest(start: Attempt) -> Iterator[Suspicion]:
    md5 = start.request.headers.get(_MD5)
    if md5:
        yield Suspicion(cause="content-md5-added", attempt=start.with_headers({_MD5: None}))
        other = _other_form(md5)
        if other is not None:
            yield Suspicion(cause="content-md5-form", attempt=start.with_headers({_MD5: other}))
    sent = start.request.headers.get(_HASH)
    if sent is not None:
        for signed in (UNSIGNED_PAYLOAD.encode(), _EMPTY_HASH):
            facts = {"sent": decode(sent), "signed": decode(signed)}
            yield Suspicion(cause="payload-hash", attempt=start.with_headers({_HASH: signed}), facts=facts)


def _other_form(md5: bytes) -> bytes | None:
    """Return a digest in base64 for one in hexadecimal, and the other way round."""
    try:
        return base64.b64encode(bytes.fromhex(md5.decode("ascii")))
    except ValueError:
        pass
    try:
        return base64.b64decode(md5, validate=True).hex().encode("ascii")
    except binascii.Error:
        return None


def _renamed(start: Attempt, names: list[bytes]) -> Iterator[Suspicion]:
    bare = [name for name in start.request.headers.names() if not name.startswith(_META) and name not in _NO_METADATA]
    bare = [name for name in bare if name not in _OF_SIGNATURE][:_HEADERS_MAX]
    if len(bare) > 1:
        yield _with_names(start, "metadata-prefix", {name: _META + _bare_name(name) for name in bare})
    for name in bare:
        for signed in dict.fromkeys((_META + _bare_name(name), _META + name)):
            yield _with_names(start, "metadata-prefix", {name: signed})
    twice = {name: name.removeprefix(_META) for name in names if name.startswith(_META + _META)}
    twice |= {name: _META + name[len(_META) + 5 :] for name in names if name.startswith(_META + b"meta-")}
    if twice:
        yield _with_names(start, "metadata-prefix-twice", twice)
    hyphened = {name: _PREFIX + name[len(_PREFIX) :].replace(b"_", b"-") for name in names}
    hyphened |= {name: name.replace(b"_", b"-") for name in bare if name.startswith(b"x_oss_")}
    underscored = {name: _META + name[len(_META) :].replace(b"-", b"_") for name in names if name.startswith(_META)}
    for marked in (hyphened, underscored):
        changed = {name: signed for name, signed in marked.items() if name != signed}
        if changed:
            yield _with_names(start, "metadata-name", changed)


def _bare_name(name: bytes) -> bytes:
    """Return the name of metadata without the prefix that another storage, or nobody, gives it."""
    _, mark, behind = name.partition(b"meta-")
    return behind if mark and behind else name.removeprefix(_PREFIX).removeprefix(b"x-")


def _with_names(start: Attempt, cause: str, signed: dict[bytes, bytes]) -> Suspicion:
    values = {new: start.request.headers.get(old) for old, new in signed.items()}
    attempt = start.with_headers({**dict.fromkeys(signed), **values})
    facts = {"name": ", ".join(map(decode, signed)), "signed": ", ".join(map(decode, signed.values()))}
    return Suspicion(cause=cause, attempt=attempt, facts=facts)


def _lost(start: Attempt) -> Iterator[Suspicion]:
    for name, signed in _USUAL:
        sent = start.request.headers.get(name)
        if sent is None:
            facts = {"name": decode(name), "signed": decode(signed)}
            yield Suspicion(cause="header-missing", attempt=start.with_headers({name: signed}), facts=facts)
        elif sent != signed:
            facts = {"name": decode(name), "how": f"{decode(signed)} was signed"}
            yield Suspicion(cause="header-changed", attempt=start.with_headers({name: signed}), facts=facts)


def suspect_twice(start: Attempt, name: bytes, value: bytes) -> Iterator[Suspicion]:
    """Suspect that a header was sent twice, and signed once: repeated ones arrive joined with a comma."""
    half = value[: len(value) // 2]
    is_same = value.replace(b" ", b"") == (half + b"," + half).replace(b" ", b"")
    first, _, rest = value.partition(b",")
    for signed in dict.fromkeys((half if is_same else first.strip(), rest.strip())):
        yield _with_value(start, "header-twice", name, signed, "")


def _changed(start: Attempt, name: bytes, value: bytes) -> Iterator[Suspicion]:
    if b"," in value:
        yield from suspect_twice(start, name, value)
    for how, signed in _forms(value).items():
        if signed != value:
            yield _with_value(start, "header-changed", name, signed, how)
    for how, signed in _charsets(value).items():
        if signed != value:
            yield _with_value(start, "header-charset", name, signed, how)


def _with_value(start: Attempt, cause: str, name: bytes, signed: bytes, how: str) -> Suspicion:
    return Suspicion(cause=cause, attempt=start.with_headers({name: signed}), facts={"name": decode(name), "how": how})


def _forms(value: bytes) -> dict[str, bytes]:
    """Return the values that may have become this one, by what happened to them."""
    return {
        "quotes were added": value.strip(b"\"'"),
        "double quotes were taken off": b'"%b"' % value,
        "single quotes were taken off": b"'%b'" % value,
        "spaces were added": _SPACES.sub(b" ", value),
        "all its spaces were taken out or put in": _SPACES.sub(b"", value),
        "letters became upper case": value.lower(),
        "the first letter became lower or upper case": value.swapcase()[:1] + value[1:],
        "it was percent-encoded after signing": percent_decode(value),
        "it was percent-decoded after signing": encode(percent_encode(value)),
        "a space was written as +": value.replace(b"+", b" "),
        "a + became a space": value.replace(b" ", b"+"),
    }


def _charsets(value: bytes) -> dict[str, bytes]:
    if value.isascii():
        return {}
    text = decode(value)
    found = {"UTF-8 was sent as if it were Latin-1, and encoded again": text.encode("latin-1", "replace")}
    if text.isprintable():  # it is UTF-8
        found["Latin-1 was signed, and UTF-8 sent"] = text.encode("latin-1", "replace")
        found["GBK was signed, and UTF-8 sent"] = text.encode("gbk", "replace")
        found["question marks were signed in place of its characters"] = text.encode("ascii", "replace")
    found["UTF-8 was signed, and Latin-1 sent"] = value.decode("latin-1").encode("utf-8")
    found["UTF-8 was signed, and GBK sent"] = value.decode("gbk", "replace").encode("utf-8")
    return found


def _listed(start: Attempt) -> Iterator[Suspicion]:
    listed = start.claim.additional_headers
    if listed:
        attempt = replace(start, claim=replace(start.claim, additional_headers=()))
        names = ", ".join(map(decode, additional_names(listed)))
        yield Suspicion(cause="additional-list", attempt=attempt, facts={"name": names})
