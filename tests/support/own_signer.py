"""A signer of version 4 as people write one from its documentation, by the standard library alone, with one thing wrong at a time."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

BUGS: Final = {
    "id as secret": "key-id-as-secret",
    "hexadecimal steps": "key-digits",
    "no prefix": "key-prefix",
    "AWS4 as prefix": "key-prefix",
    "a step too few": "key-steps",
    "region before day": "key-steps",
    "time in place of day": "key-day",
    "no scope in the text": "text-scope-missing",
    "credential in the text": "text-scope-with-id",
    "request not hashed": "text-not-hashed",
    "algorithm of another": "text-algorithm",
    "hash of nothing": "payload-signed",
    "no blank line": "line-missing",
    "no line of names": "line-missing",
    "all names listed": "headers-listed",
    "host and all names listed": "headers-listed",
    "host signed": "host-line",
    "space behind colon": "header-line-space",
    "names in capitals": "header-line-case",
    "headers not sorted": "header-line-order",
    "path in lower hex": "encoding-case",
    "all in lower hex": "encoding-case",
    "plus for space": "path-plus-signed",
    "method in lower case": "method-line-case",
    "CR LF": "canonical-line-ends",
    "CR LF by the join": "canonical-line-ends",
    "line end at the end": "canonical-line-ends",
}
"""What is wrong, and the cause that it is."""
HEADERS: Final = {"x-oss-meta-b": "1", "x-oss-meta-a": "2", "content-type": "text/plain"}
KEY: Final = "over there/naïve.txt"
_ENCODED: Final = re.compile("%[0-9A-F]{2}")


@dataclass(frozen=True, kw_only=True)
class OwnSigner:
    """Whose key signs for which bucket, and what is wrong with how."""

    access_key_id: str
    access_key_secret: str
    region: str
    bucket: str
    host: str
    bug: str = ""

    def url(self, now: datetime | None = None, headers: Mapping[str, str] = HEADERS) -> str:
        """Return the path and query of a PUT of `KEY` with `headers`, which are to be sent in this order."""
        stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{stamp[:8]}/{self.region}/oss/aliyun_v4_request"
        query = "&".join(
            f"{name}={quote(value, safe='')}"
            for name, value in (
                ("x-oss-credential", f"{self.access_key_id}/{scope}"),
                ("x-oss-date", stamp),
                ("x-oss-expires", "600"),
                ("x-oss-signature-version", "OSS4-HMAC-SHA256"),
            )
        )
        request = self._request(query, headers)
        text = self._text(stamp, scope, request)
        signature = hmac.new(self._key(stamp, scope), text.encode(), hashlib.sha256).hexdigest()
        return f"/{self.bucket}/{quote(KEY)}?{query}&x-oss-signature={signature}"

    def _request(self, query: str, headers: Mapping[str, str]) -> str:
        path = f"/{self.bucket}/{quote(KEY)}"
        if self.bug in ("path in lower hex", "all in lower hex"):
            path = _ENCODED.sub(lambda found: found[0].lower(), path)
        if self.bug == "all in lower hex":
            query = _ENCODED.sub(lambda found: found[0].lower(), query)
        if self.bug == "plus for space":
            path = path.replace("%20", "+")
        method = "put" if self.bug == "method in lower case" else "PUT"
        payload = hashlib.sha256(b"").hexdigest() if self.bug == "hash of nothing" else "UNSIGNED-PAYLOAD"
        lines, names = self._headers(headers)
        if self.bug == "no blank line":
            return f"{method}\n{path}\n{query}\n{lines}{names}\n{payload}"
        if self.bug == "no line of names":
            return f"{method}\n{path}\n{query}\n{lines}\n{payload}"
        between = "\r\n" if self.bug.startswith("CR LF") else "\n"
        if self.bug == "CR LF":
            lines = lines.replace("\n", "\r\n")
        end = "\n" if self.bug == "line end at the end" else ""
        return between.join((method, path, query, lines, names, payload)) + end

    def _headers(self, headers: Mapping[str, str]) -> tuple[str, str]:
        signed = dict(headers)
        if self.bug.startswith("host"):
            signed["host"] = self.host
        if self.bug != "headers not sorted":
            signed = dict(sorted(signed.items()))
        colon = ": " if self.bug == "space behind colon" else ":"
        lines = "".join(
            f"{name.title() if self.bug == 'names in capitals' else name}{colon}{value}\n"
            for name, value in signed.items()
        )
        return lines, ";".join(signed) if self.bug.endswith("all names listed") else ""

    def _text(self, stamp: str, scope: str, request: str) -> str:
        algorithm = "AWS4-HMAC-SHA256" if self.bug == "algorithm of another" else "OSS4-HMAC-SHA256"
        place = f"{self.access_key_id}/{scope}" if self.bug == "credential in the text" else scope
        last = request if self.bug == "request not hashed" else hashlib.sha256(request.encode()).hexdigest()
        places = [] if self.bug == "no scope in the text" else [place]
        return "\n".join([algorithm, stamp, *places, last])

    def _key(self, stamp: str, scope: str) -> bytes:
        prefix = {"no prefix": "", "AWS4 as prefix": "AWS4"}.get(self.bug, "aliyun_v4")
        secret = self.access_key_id if self.bug == "id as secret" else self.access_key_secret
        steps = scope.split("/")
        if self.bug == "a step too few":
            steps = steps[:-1]
        if self.bug == "region before day":
            steps[:2] = reversed(steps[:2])
        if self.bug == "time in place of day":
            steps[0] = stamp
        key = (prefix + secret).encode()
        for step in steps:
            made = hmac.new(key, step.encode(), hashlib.sha256)
            key = made.hexdigest().encode() if self.bug == "hexadecimal steps" else made.digest()
        return key
