"""Signers as people write them from the documentation, by the standard library alone, with one thing wrong at a time."""

import base64
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
"""What is wrong in version 4, and the cause that it is."""
BUGS_V1: Final = {
    "id as secret": "key-id-as-secret",
    "no line of MD5": "text-lines",
    "no line of type": "text-lines",
    "neither line": "text-lines",
    "type before MD5": "text-lines",
    "no line feed before headers": "text-lines",
    "no line feed before resource": "text-lines",
    "space behind colon": "header-line-space",
    "names in capitals": "header-line-case",
    "headers not sorted": "header-line-order",
    "method in lower case": "method-line-case",
    "CR LF": "canonical-line-ends",
    "line end at the end": "canonical-line-ends",
    "no first slash": "resource-form",
    "host in the resource": "resource-form",
    "URL as resource": "resource-form",
    "URL of the bucket's host as resource": "resource-form",
    "base64 of URLs": "signature-alphabet",
    "digits": "signature-digits",
    "base64 of digits": "signature-digits",
}
"""What is wrong in version 1."""
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


@dataclass(frozen=True, kw_only=True)
class OwnSignerV1:
    """The same for version 1."""

    access_key_id: str
    access_key_secret: str
    bucket: str
    host: str
    bug: str = ""

    def url(self, now: datetime | None = None, headers: Mapping[str, str] = HEADERS) -> str:
        """Return the path and query of a PUT of `KEY` with `headers`, which are to be sent in this order."""
        begin = int((now or datetime.now(UTC)).timestamp())
        # The marks in which the two alphabets of base64 differ are in most signatures, and not in all.
        signed = ((expires, self._signature(str(expires), headers)) for expires in range(begin + 600, begin + 700))
        expires, made = next(each for each in signed if self.bug != "base64 of URLs" or {"-", "_"} & set(each[1]))
        query = f"OSSAccessKeyId={self.access_key_id}&Expires={expires}&Signature={quote(made, safe='')}"
        return f"/{self.bucket}/{quote(KEY)}?{query}"

    def _signature(self, expires: str, headers: Mapping[str, str]) -> str:
        secret = self.access_key_id if self.bug == "id as secret" else self.access_key_secret
        made = hmac.new(secret.encode(), self._text(expires, headers).encode(), hashlib.sha1)
        if self.bug == "digits":
            return made.hexdigest()
        if self.bug == "base64 of digits":
            return base64.b64encode(made.hexdigest().encode()).decode()
        encoded = base64.urlsafe_b64encode if self.bug == "base64 of URLs" else base64.b64encode
        return encoded(made.digest()).decode()

    def _text(self, expires: str, headers: Mapping[str, str]) -> str:
        method, kind = "put" if self.bug == "method in lower case" else "PUT", headers["content-type"]
        lines = {
            "no line of MD5": [method, kind, expires],
            "no line of type": [method, "", expires],
            "neither line": [method, expires],
            "type before MD5": [method, kind, "", expires],
        }.get(self.bug, [method, "", kind, expires])
        named = [(name, value) for name, value in headers.items() if name.startswith("x-oss-")]
        if self.bug != "headers not sorted":
            named.sort()
        colon = ": " if self.bug == "space behind colon" else ":"
        listed = "".join(
            f"{name.title() if self.bug == 'names in capitals' else name}{colon}{value}\n" for name, value in named
        )
        if self.bug == "no line feed before resource":
            listed = listed.removesuffix("\n")
        feed = "" if self.bug == "no line feed before headers" else "\n"
        text = "\n".join(lines) + feed + listed + self._resource()
        if self.bug == "CR LF":
            text = text.replace("\n", "\r\n")
        return text + "\n" if self.bug == "line end at the end" else text

    def _resource(self) -> str:
        return {
            "no first slash": f"{self.bucket}/{KEY}",
            "host in the resource": f"/{self.host}/{self.bucket}/{KEY}",
            "URL as resource": f"http://{self.host}/{self.bucket}/{quote(KEY)}",
            "URL of the bucket's host as resource": f"https://{self.host}/{quote(KEY)}",
        }.get(self.bug, f"/{self.bucket}/{KEY}")
