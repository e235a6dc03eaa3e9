"""The mistakes with the path of a URL, and with the host that may name its bucket."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ossicle.wire.explain.attempt import Attempt, Suspicion
from ossicle.wire.explain.mistakes.queries import ENDING
from ossicle.wire.http import Resource
from ossicle.wire.signing import Claim, Version, additional_names
from ossicle.wire.text import decode, encode, percent_decode, percent_encode, percent_encode_path

_CHARSETS: Final = ("gbk", "big5", "shift_jis", "latin-1")
_FORWARDED: Final = b"x-forwarded-host"
_PREFIX: Final = b"x-forwarded-prefix"


def suspect_key(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that the key was encoded, decoded or rewritten on the way."""
    key = start.resource.key or b""
    bucket = encode(start.resource.bucket or "")
    for cause, signed in _keys(key, bucket).items():
        if signed != key:
            yield Suspicion(cause=cause, attempt=start.with_key(signed))
    formed = _formed(start, bucket)
    if formed not in (key, key.replace(b"+", b" ")):
        yield Suspicion(cause="plus-in-path", attempt=start.with_key(formed))
    yield from _characters(start, key)
    ending = ENDING.search(decode(key))
    if ending is not None:
        attempt = start.with_key(encode(decode(key)[: ending.start()]))
        yield Suspicion(cause="path-ending", attempt=attempt, facts={"sent": ending[0]})


def suspect_path_text(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that the path was signed in a form that canonical requests don't have."""
    bucket, key = start.resource.bucket, start.resource.key or b""
    if bucket is None:
        return
    plain = f"/{bucket}/{decode(key)}"
    if isinstance(start.claim, Claim):
        yield _text(start, "bucket-not-signed", "/" + percent_encode_path(key))
        yield _text(start, "key-not-encoded", plain)
        yield _text(start, "slash-encoded", f"/{bucket}/{percent_encode(key)}")
    elif start.claim.version is Version.V1:
        yield _text(start, "bucket-not-signed", "/" + decode(key))
        yield _text(start, "slash-encoded", f"/{bucket}/{percent_encode(key)}")
    else:
        yield _text(start, "slash-not-encoded", percent_encode_path(encode(plain)))
        yield _text(start, "bucket-not-signed", percent_encode(b"/" + key))


def suspect_place(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that a proxy changed the path in front of the key, or the host that named the bucket."""
    bucket, key = start.resource.bucket, start.resource.key or b""
    if bucket is None:
        return
    name, slash, rest = key.partition(b"/")
    if slash and name:
        moved = replace(start, resource=Resource(bucket=decode(name), key=rest or None))
        yield Suspicion(cause="path-prefix", attempt=moved, facts={"sent": f"/{bucket}"})
        yield Suspicion(cause="path-prefix", attempt=start.with_key(rest), facts={"sent": f"/{decode(name)}"})
    whole = encode(bucket) + (b"/" + key if key else b"")
    prefix = (start.request.headers.get(_PREFIX) or b"").strip(b"/")
    if prefix:
        first, _, deeper = prefix.partition(b"/")
        below = Resource(bucket=decode(first), key=(deeper + b"/" if deeper else b"") + whole)
        shown = {"signed": "/" + decode(prefix)}
        yield Suspicion(cause="path-prefix-removed", attempt=replace(start, resource=below), facts=shown)
    forwarded = (start.request.headers.get(_FORWARDED) or b"").partition(b",")[0].strip()
    for cause, asked in (("host-rewritten", forwarded), ("domain-unknown", start.request.host)):
        label, dot, parent = decode(asked).partition(".")
        if dot and label != bucket:
            for signed in (whole, key):
                attempt = replace(start, resource=Resource(bucket=label, key=signed or None))
                facts = {"signed": label, "sent": decode(asked), "name": parent.partition(":")[0]}
                yield Suspicion(cause=cause, attempt=attempt, facts=facts)


def suspect_host(start: Attempt) -> Iterator[Suspicion]:
    """Suspect that a host that is signed was another one."""
    sent = start.request.headers.get(b"host") or b""
    if b"host" not in additional_names(start.claim.additional_headers) or not sent:
        return
    headers, bucket = start.request.headers, encode(start.resource.bucket or "")
    name = sent.partition(b":")[0]
    guesses = [
        (headers.get(_FORWARDED) or b"").partition(b",")[0].strip(), name, sent.lower(), name + b":80", name + b":443",
        name + b":8080", name + b":8880", bucket + b"." + sent, bucket + b"." + name, sent.removeprefix(bucket + b"."),
        name.removeprefix(bucket + b"."), b"localhost" + sent[len(name) :], b"127.0.0.1" + sent[len(name) :],
    ]  # fmt: skip
    for signed in dict.fromkeys(guesses):
        if signed and signed != sent:
            facts = {"sent": decode(sent), "signed": decode(signed)}
            yield Suspicion(cause="host-signed", attempt=start.with_headers({b"host": signed}), facts=facts)


def _keys(key: bytes, bucket: bytes) -> dict[str, bytes]:
    """Return the keys that may have been signed, by cause."""
    return {
        "key-encoded-twice": percent_decode(key),
        "key-signed-encoded": encode(percent_encode_path(key)),
        "plus-in-path": key.replace(b"+", b" "),
        "space-in-path": key.replace(b" ", b"+"),
        "bucket-twice": key.removeprefix(bucket + b"/"),
        "bucket-signed-twice": bucket + b"/" + key,
        "slash-lost": b"/" + key,
        "slash-doubled": _without_doubles(key),
        "slash-added": key.removesuffix(b"/"),
        "slash-removed": key + b"/",
        "dot-segments": _resolved(key),
        "key-case": key.lower(),
    }


def _characters(start: Attempt, key: bytes) -> Iterator[Suspicion]:
    if key.isascii():
        return
    text = decode(key)
    composed, apart = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    for signed, facts in ((composed, {"signed": "NFC", "sent": "NFD"}), (apart, {"signed": "NFD", "sent": "NFC"})):
        yield Suspicion(cause="key-unicode-form", attempt=start.with_key(encode(signed)), facts=facts)
    for charset in _CHARSETS:
        attempt = start.with_key(key.decode(charset, "replace").encode("utf-8"))
        yield Suspicion(cause="key-charset", attempt=attempt, facts={"sent": charset.upper()})


def _formed(start: Attempt, bucket: bytes) -> bytes:
    """Return the key that was meant if the path is encoded as values of forms are: a `+` as it stands is a space, `%2B` is a plus."""
    whole = percent_decode(start.request.path.replace(b"+", b" ").removeprefix(b"/"))
    is_in_path = percent_decode(start.request.path) == b"/" + bucket + b"/" + (start.resource.key or b"")
    return whole.removeprefix(bucket + b"/") if is_in_path else whole


def _without_doubles(key: bytes) -> bytes:
    return b"/".join(part for part in key.split(b"/") if part) + (b"/" if key.endswith(b"/") else b"")


def _resolved(key: bytes) -> bytes:
    """Return a key as a URL class resolves it."""
    kept: list[bytes] = []
    for part in key.split(b"/"):
        if part == b"..":
            kept = kept[:-1]
        elif part != b".":
            kept.append(part)
    return b"/".join(kept)


def _text(start: Attempt, cause: str, text: str) -> Suspicion:
    return Suspicion(cause=cause, attempt=replace(start, path_text=text))
