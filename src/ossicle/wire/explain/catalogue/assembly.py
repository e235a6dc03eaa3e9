"""Mistakes of signers that somebody wrote by hand, in putting together what is signed."""

from typing import Final

from ossicle.wire.explain.catalogue.cause import Cause, Group

_OTHERS: Final = "signers that were made for another storage"
_HAND: Final = "hand-written signers"


def _cause(name: str, title: str, words: str, fix: str, who: str = _HAND) -> Cause:
    return Cause(id=name, group=Group.SIGNER, title=title, words=words, fix=fix, who=who)


ASSEMBLY: Final = (
    _cause(
        "key-id-as-secret",
        "Signed with the access key id",
        "The request was signed with the access key id in place of the secret.",
        "Hand the signer the id and the secret in their places.",
        "two variables of one name, arguments swapped",
    ),
    _cause(
        "key-digits",
        "Key derived from digits",
        "Each step of the signing key went on with the hexadecimal digits of the one before.",
        "Go on with the 32 bytes of each step; only the signature itself is written in digits.",
        "hand-written signers (PHP's `hash_hmac` without `true`, CryptoJS's `toString()`)",
    ),
    _cause(
        "key-prefix",
        "Other text before the secret",
        "The signing key was derived without aliyun_v4 before the secret, or with AWS4 there.",
        "Begin with HMAC-SHA256 under aliyun_v4 and the secret, without anything between.",
        _OTHERS,
    ),
    _cause(
        "key-steps",
        "Steps of the key missing or in another order",
        "The signing key was derived in other steps.",
        "Derive it by day, region, product and aliyun_v4_request, in this order.",
    ),
    _cause(
        "key-day",
        "Time in place of the day in the key",
        "The signing key was derived for the time in place of the day.",
        "Take the first eight digits of the date for the key and for the scope.",
    ),
    _cause(
        "text-scope-missing",
        "Scope missing in the text",
        "The text was signed without its third line, the scope.",
        "Write algorithm, date, scope and hash, each on its line.",
    ),
    _cause(
        "text-scope-with-id",
        "Access key id in the scope",
        "The third line of the text that was signed begins with the access key id.",
        "Write the scope there, which begins with the day; only the credential has the id before it.",
    ),
    _cause(
        "text-not-hashed",
        "Canonical request not hashed",
        "The canonical request itself was signed, and not its hash.",
        "Write its SHA-256 in lower-case hexadecimal digits on the fourth line of the text.",
    ),
    _cause(
        "text-algorithm",
        "Algorithm of another storage",
        "The first line of the text that was signed is AWS4-HMAC-SHA256.",
        "Write OSS4-HMAC-SHA256 there.",
        _OTHERS,
    ),
    _cause(
        "payload-signed",
        "Hash of a body signed",
        "The hash of an empty body was signed in place of UNSIGNED-PAYLOAD.",
        "Write UNSIGNED-PAYLOAD on the last line, also of requests without a body.",
        _OTHERS,
    ),
    _cause(
        "line-missing",
        "A line missing behind the headers",
        "The canonical request has a line too few between its headers and its payload.",
        "End each line of a header with a line feed, and write behind them an empty line and one with the names of additional headers, which "
        "is empty where there are none.",
    ),
    _cause(
        "headers-listed",
        "Every header listed as additional",
        "The canonical request lists the names of all signed headers, as that of another storage does.",
        "List additional headers only: not Content-Type, Content-MD5 or x-oss-*, and not Host unless x-oss-additional-headers names it.",
        _OTHERS,
    ),
    _cause(
        "host-line",
        "Host signed",
        "Host was signed among the headers, and the request does not say so.",
        "Leave Host out, or name it in x-oss-additional-headers and on the line of additional headers.",
        _OTHERS,
    ),
    _cause(
        "header-line-space",
        "Space behind the colon",
        "The lines of the headers were signed with a space behind the colon.",
        "Write name:value in the text, without a space around the colon.",
    ),
    _cause(
        "header-line-case",
        "Names of headers in capitals",
        "The names of the headers were signed with capital letters.",
        "Write them in lower case in what is signed; what is sent may have any.",
    ),
    _cause(
        "header-line-order",
        "Headers not sorted",
        "The headers were signed in the order in which they were sent.",
        "Sort their lines by name in what is signed.",
    ),
    _cause(
        "encoding-case",
        "Percent-encoding in lower case",
        "The path or a parameter was signed with percent-encoding in lower case.",
        "Write the digits of percent-encoding in upper case, %2F and not %2f, in the canonical request.",
        "hand-written signers (.NET's `HttpUtility.UrlEncode`)",
    ),
    _cause(
        "path-plus-signed",
        "Spaces of a key signed as `+`",
        "The spaces of the key were signed as +.",
        "Write a space as %20 in the canonical request and in the URL.",
        "hand-written signers (Java's `URLEncoder`, Python's `quote_plus`)",
    ),
    _cause(
        "method-line-case",
        "Method in lower case",
        "The method was signed in lower case.",
        "Write it in upper case on the first line.",
    ),
    _cause(
        "canonical-line-ends",
        "Other line ends",
        "The text was signed with CR LF between its lines, or with a line end behind the last.",
        "Join the lines with LF alone, and write none behind the last.",
        "hand-written signers on Windows, text blocks and templates",
    ),
    _cause(
        "text-lines",
        "Lines of the text otherwise",
        "The text was signed with a line or a line feed too few, or with its first lines in another order.",
        "Write method, Content-MD5, Content-Type and date, each with a line feed and empty where there is none, then each x-oss- header with "
        "a line feed, then the resource.",
        "hand-written signers of versions 1 and 2",
    ),
    _cause(
        "resource-form",
        "URL or host in the resource",
        "The resource was signed as a URL, with a host, or without its first slash.",
        "Write /BUCKET/KEY there, decoded, also where the host names the bucket.",
        "hand-written signers of version 1",
    ),
    _cause(
        "signature-alphabet",
        "Base64 of URLs",
        "The signature is right but for - and _ in place of + and /.",
        "Write it in plain base64, and percent-encode that: + as %2B, / as %2F, = as %3D.",
        "`urlsafe_b64encode`, JSON web tokens as a model",
    ),
    _cause(
        "signature-digits",
        "Signature in digits",
        "The signature is right but for being written in hexadecimal digits; version 1 wants base64 of its 20 bytes.",
        "Encode the bytes of the HMAC by base64, and not their hexadecimal digits.",
        "hand-written signers of version 1 (`hexdigest()`, PHP's `hash_hmac` without `true`)",
    ),
)
