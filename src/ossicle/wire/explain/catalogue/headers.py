"""Mistakes with headers."""

from typing import Final

from ossicle.wire.explain.catalogue.cause import Cause, Group

_NO_TYPE: Final = "Send no Content-Type, or sign the one that will be sent."


def _added_type(id_: str, what: str, who: str, fix: str = _NO_TYPE) -> Cause:
    return Cause(
        id=id_,
        group=Group.HEADERS,
        title=f"Content-Type added: {what}",
        words="The request carries Content-Type: {sent}, and what was signed has no Content-Type.",
        fix=fix,
        who=who,
    )


HEADERS: Final = (
    _added_type(
        "content-type-form",
        "`application/x-www-form-urlencoded`",
        "`curl -d`, `wget --post-data`, Java's `HttpURLConnection`, `urllib`, axios with a plain text",
        "Upload with curl -T FILE, or send an empty type (curl: -H 'Content-Type:'); or sign the type that will be sent.",
    ),
    _added_type("content-type-octet-stream", "`application/octet-stream`", "axios, ali-oss, many HTTP libraries"),
    _added_type(
        "content-type-text",
        "`text/plain`",
        "`fetch` and XMLHttpRequest with a string as body, `curl -H`",
        "Send no Content-Type (from a browser: bytes, or a Blob without a type), or sign the one that is sent: {sent}.",
    ),
    _added_type("content-type-json", "`application/json`", "axios with an object as body, `requests` with `json=`"),
    _added_type(
        "content-type-xml", "`application/xml`", "Uppy and SDKs, when they begin or complete a multipart upload"
    ),
    _added_type(
        "content-type-multipart",
        "`multipart/form-data`",
        "`curl -F`, FormData, `requests` with `files=`, Postman's form-data",
        "Send the bytes of the file as the body, not a form: a PUT of a form would store the form's boundaries too.",
    ),
    _added_type(
        "content-type-guessed",
        "that of the file",
        "browsers with a File as body, SDKs that go by the name's ending",
        "Sign the type that the client sends, or keep it from sending one (in a browser: file.slice()).",
    ),
    Cause(
        id="content-type-missing",
        group=Group.HEADERS,
        title="Content-Type left out",
        words="Content-Type: {signed} was signed, and the request has no Content-Type.",
        fix="Send the header Content-Type: {signed}, byte for byte.",
        who="curl -T without -H, scripts that ignore `signed_headers`",
    ),
    Cause(
        id="content-type-changed",
        group=Group.HEADERS,
        title="Another Content-Type",
        words="Content-Type: {signed} was signed, and the request carries Content-Type: {sent}.",
        fix="Send Content-Type: {signed}, or sign {sent}.",
        who="libraries that replace the type by what they know better",
    ),
    Cause(
        id="content-type-charset",
        group=Group.HEADERS,
        title="`charset` added to a Content-Type, or dropped",
        words="Content-Type: {signed} was signed, and the request carries Content-Type: {sent}: they differ in a parameter.",
        fix="Send Content-Type: {signed}, or sign {sent}.",
        who="`fetch`, axios, Java's and .NET's string contents",
    ),
    Cause(
        id="content-type-spelling",
        group=Group.HEADERS,
        title="The same Content-Type in another spelling",
        words=(
            "Content-Type: {signed} was signed, and the request carries Content-Type: {sent}. They mean the same, but the "
            "signature covers every byte: spaces, quotes and letter case count."
        ),
        fix="Sign the spelling that the client sends: {sent}.",
        who=".NET, which writes `; ` whatever was typed; the programs of OSS's own page on presigned uploads",
    ),
    Cause(
        id="content-md5-added",
        group=Group.HEADERS,
        title="Content-MD5 added",
        words="The request carries Content-MD5, and what was signed has none.",
        fix="Keep the client from adding Content-MD5, or sign the digest of the very body that will be sent.",
        who="SDKs and upload libraries that check integrity",
    ),
    Cause(
        id="content-md5-form",
        group=Group.HEADERS,
        title="Content-MD5 in another form",
        words="Content-MD5 was signed in another form than the request has it: one is hexadecimal, the other base64.",
        fix="Content-MD5 is the base64 of the 16 bytes of the digest, for the signer and for the sender.",
        who="`md5sum` pasted into a header",
    ),
    Cause(
        id="header-added",
        group=Group.HEADERS,
        title="`x-oss-*` header added",
        words="The request carries the header {name}, which was not signed. Every x-oss-* header that is sent must be.",
        fix="Take {name} out of the request, or sign it too.",
        who="SDK defaults, gateways, a storage class or an ACL that is set for all uploads",
    ),
    Cause(
        id="headers-added",
        group=Group.HEADERS,
        title="Several `x-oss-*` headers added",
        words="The request carries headers that were not signed: {name}. Every x-oss-* header that is sent must be.",
        fix="Take them out of the request, or sign them too.",
        who="SDK defaults, gateways",
    ),
    Cause(
        id="header-missing",
        group=Group.HEADERS,
        title="`x-oss-*` header left out",
        words="The header {name}: {signed} was signed, and the request does not carry it.",
        fix="Send {name}: {signed}. Everything in signed_headers has to be sent.",
        who="uploaders that were given the URL without its headers",
    ),
    Cause(
        id="header-changed",
        group=Group.HEADERS,
        title="Value of a header changed",
        words="The header {name} was signed with another value than the one that arrived: {how}.",
        fix="Send {name} exactly as it was signed.",
        who="shells (quotes), proxies (spaces, letter case), a client that escapes values",
    ),
    Cause(
        id="header-charset",
        group=Group.HEADERS,
        title="Header in another character set",
        words="The value of {name} is not ASCII, and was signed in another character set than it arrived in: {how}.",
        fix="Percent-encode such values, before signing and before sending, or send them as UTF-8.",
        who="Java, Node and browsers, which send headers as Latin-1",
    ),
    Cause(
        id="header-twice",
        group=Group.HEADERS,
        title="Header sent twice",
        words="The header {name} stands in the request more than once, and was signed with a single value.",
        fix="Send {name} once: look for a default that is added to the one you set.",
        who="a default header beside one of the request",
    ),
    Cause(
        id="metadata-prefix",
        group=Group.HEADERS,
        title="Prefix `x-oss-meta-` forgotten",
        words="The header {name} was sent, and {signed} was signed.",
        fix="Send metadata with its prefix: {signed}.",
        who="uploaders that were told of metadata by its bare name, or that know another storage's prefix",
    ),
    Cause(
        id="metadata-prefix-twice",
        group=Group.HEADERS,
        title="Prefix `x-oss-meta-` put twice",
        words="The header {name} was sent, and {signed} was signed.",
        fix="Send {signed}: the client adds the prefix by itself.",
        who="SDKs that add the prefix to what has it already",
    ),
    Cause(
        id="metadata-name",
        group=Group.HEADERS,
        title="Name of a header with `_` for `-`",
        words="The header {name} was sent, and {signed} was signed.",
        fix="Send {signed}. Gateways change or drop names with an underscore, so use hyphens.",
        who="gateways, and frameworks that make names of variables",
    ),
    Cause(
        id="payload-hash",
        group=Group.HEADERS,
        title="`x-oss-content-sha256` of another value",
        words="The header x-oss-content-sha256 says {sent}, and was signed as {signed}.",
        fix="Sign and send x-oss-content-sha256: UNSIGNED-PAYLOAD.",
        who="hand-written signers that come from another storage",
    ),
    Cause(
        id="additional-list",
        group=Group.HEADERS,
        title="Additional headers listed, but not signed",
        words="The request lists additional headers ({name}), and they were not part of what was signed.",
        fix="Sign the headers that are listed, or list none.",
        who="hand-written signers",
    ),
)
