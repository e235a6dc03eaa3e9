"""A curl command, and the request that curl makes of it: with the method and the headers that it chooses by itself.

Files that it names are not read: what is in them is sent, but is not part of any signature.

Source: https://curl.se/docs/manpage.html
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote_plus

from ossicle.cli.explaining.sent import Sent
from ossicle.cli.explaining.shell_words import Words, split_line
from ossicle.cli.explaining.unreadable import Unreadable
from ossicle.wire.text import encode, percent_encode

_PROGRAMS: Final = ("curl", "curl.exe")
_SHORT: Final = {
    "A": "user-agent", "C": "continue-at", "D": "dump-header", "E": "cert", "F": "form", "G": "get", "H": "header", "I": "head",
    "K": "config", "P": "ftp-port", "Q": "quote", "T": "upload-file", "U": "proxy-user", "X": "request", "Y": "speed-limit",
    "b": "cookie", "c": "cookie-jar", "d": "data", "e": "referer", "g": "globoff", "m": "max-time", "o": "output", "r": "range",
    "t": "telnet-option", "u": "user", "w": "write-out", "x": "proxy", "y": "speed-time", "z": "time-cond", ":": "next",
}  # fmt: skip
_DATA: Final = frozenset(("data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"))
_TAKING_A_VALUE: Final = _DATA | frozenset(
    {
        "abstract-unix-socket", "alt-svc", "aws-sigv4", "cacert", "capath", "cert", "cert-type", "ciphers", "config",
        "connect-timeout", "connect-to", "continue-at", "cookie", "cookie-jar", "create-file-mode", "crlfile", "curves",
        "delegation", "dns-interface", "dns-ipv4-addr", "dns-ipv6-addr", "dns-servers", "doh-url", "dump-header", "ech",
        "egd-file", "engine", "etag-compare", "etag-save", "expect100-timeout", "form", "form-string", "ftp-account",
        "ftp-alternative-to-user", "ftp-method", "ftp-port", "ftp-ssl-ccc-mode", "happy-eyeballs-timeout-ms",
        "haproxy-clientip", "header", "hostpubmd5", "hostpubsha256", "hsts", "interface", "ip-tos", "ipfs-gateway",
        "keepalive-cnt", "keepalive-time", "key", "key-type", "krb", "libcurl", "limit-rate", "local-port", "login-options",
        "mail-auth", "mail-from", "mail-rcpt", "max-filesize", "max-redirs", "max-time", "netrc-file", "noproxy",
        "oauth2-bearer", "output", "output-dir", "parallel-max", "parallel-max-host", "pass", "pinnedpubkey", "preproxy",
        "proto", "proto-default", "proto-redir", "proxy", "proxy-cacert", "proxy-capath", "proxy-cert", "proxy-cert-type",
        "proxy-ciphers", "proxy-crlfile", "proxy-header", "proxy-key", "proxy-key-type", "proxy-pass",
        "proxy-pinnedpubkey", "proxy-service-name", "proxy-tls13-ciphers", "proxy-tlsauthtype", "proxy-tlspassword",
        "proxy-tlsuser", "proxy-user", "proxy1.0", "pubkey", "quote", "random-file", "range", "rate", "referer", "request",
        "request-target", "resolve", "retry", "retry-delay", "retry-max-time", "sasl-authzid", "service-name",
        "sigalgs", "socks4", "socks4a", "socks5", "socks5-gssapi-service", "socks5-hostname", "speed-limit", "speed-time",
        "stderr", "telnet-option", "tftp-blksize", "time-cond", "tls-max", "tls13-ciphers", "tlsauthtype", "tlspassword",
        "tlsuser", "trace", "trace-ascii", "trace-config", "unix-socket", "upload-file", "upload-flags", "url",
        "url-query", "user", "user-agent", "variable", "vlan-priority", "write-out",
    }
)  # fmt: skip
_URLENCODED: Final = "application/x-www-form-urlencoded"
_DOT_SEGMENT: Final = re.compile(r"(?:^|/)\.{1,2}(?:/|$)")
_PATTERN: Final = re.compile(r"[\[\]{}]")
_PATH: Final = re.compile(r"(?P<start>[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*)(?P<path>[^?#]*)(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """The options of a command, by their long names, in their order; a value of None is a switch."""

    options: tuple[tuple[str, str | None], ...] = field(repr=False)
    urls: tuple[str, ...] = field(repr=False)

    def last(self, name: str) -> str | None:
        """Return the value that counts of an option that may stand once."""
        return next((value for given, value in reversed(self.options) if given == name), None)

    def all(self, *names: str) -> list[tuple[str, str]]:
        """Return the options of these names, with their values."""
        return [(name, value) for name, value in self.options if name in names and value is not None]

    def has(self, name: str) -> bool:
        """Whether an option is there."""
        return any(given == name for given, _ in self.options)


def parse_curl(text: str) -> Sent:
    """Return the request that a command makes, its first if it makes several.

    Raises:
        Unreadable: it is no curl command, or has no URL.
    """
    line = _line_of_curl(text)
    given = _read(_arguments(line.words))
    if not given.urls:
        raise Unreadable("the curl command has no URL")
    is_cut = line.rest.startswith("&") and "=" in line.rest.partition(" ")[0]
    return Sent(
        url=_sent_url(given),
        method=_method(given),
        headers=tuple(_headers(given)),
        remarks=tuple(_remarks(given, has_variables=line.has_variables)),
        is_cut=is_cut,
    )


def _line_of_curl(text: str) -> Words:
    """Return the command of a line that is curl's: `echo hello | curl ...`, or behind an assignment of a variable; else the first."""
    first = line = split_line(text)
    while _after_curl(line.words) is None and line.rest:
        line = split_line(line.rest.lstrip("|&;\n "))
    return first if _after_curl(line.words) is None else line


def _arguments(words: Sequence[str]) -> list[str]:
    found = _after_curl(words)
    if found is None:
        raise Unreadable("it is no curl command")
    return found


def _after_curl(words: Sequence[str]) -> list[str] | None:
    """Return what follows the program's name, before which variables may be set and a prompt may stand; nothing, where there is none."""
    for place, word in enumerate(words):
        if re.split(r"[/\\]", word)[-1].lower() in _PROGRAMS:
            return list(words[place + 1 :])
        if word not in ("$", "#", ">", "%", "sudo", "time", "!") and "=" not in word:
            break
    return None


def _read(arguments: list[str]) -> _Given:
    options: list[tuple[str, str | None]] = []
    urls: list[str] = []
    rest = iter(arguments)
    for word in rest:
        if word == "--":
            urls += rest
        elif word.startswith("--"):
            options.append(_long(word[2:], rest))
        elif word.startswith("-") and word != "-":
            options += _short(word[1:], rest)
        else:
            urls.append(word)
        if options and options[-1][0] == "next":
            break
        if options and options[-1][0] == "url" and options[-1][1] is not None:
            urls.append(options.pop()[1] or "")
    return _Given(options=tuple(options), urls=tuple(urls))


def _long(name: str, rest: Iterator[str]) -> tuple[str, str | None]:
    return name, _value(name, rest) if name in _TAKING_A_VALUE else None


def _short(letters: str, rest: Iterator[str]) -> Iterator[tuple[str, str | None]]:
    """Give the options of `-sSXPUT`: switches, until one takes what is left, or the next word."""
    for place, letter in enumerate(letters, start=1):
        name = _SHORT.get(letter, letter)
        if name in _TAKING_A_VALUE:
            yield name, letters[place:] or _value(f"-{letter}", rest)
            return
        yield name, None


def _value(name: str, rest: Iterator[str]) -> str:
    for value in rest:
        return value
    raise Unreadable(f"the curl command ends after {name}, which takes a value")


def _method(given: _Given) -> str:
    if method := given.last("request"):
        return method
    if given.has("head"):
        return "HEAD"
    if given.has("upload-file"):
        return "PUT"
    if given.has("get"):
        return "GET"
    return "POST" if given.all("form", "form-string", *_DATA) else "GET"


def _sent_url(given: _Given) -> str:
    """Return the URL as curl sends it: with a scheme, without dot segments, with what options add to it."""
    url = given.urls[0].strip(" ")
    if "://" not in url:
        url = f"http://{url}"
    found = _PATH.fullmatch(url)
    if found is None:
        return url
    path = found["path"] or "/"
    if not given.has("path-as-is"):
        path = _without_dot_segments(path)
    path += _uploaded_name(path, given.last("upload-file"))
    query = found["rest"].partition("#")[0]
    for added in _added_to_query(given):
        query += f"{'&' if query.startswith('?') else '?'}{added}"
    return found["start"] + path + query


def _without_dot_segments(path: str) -> str:
    """Return a path as RFC 3986, section 5.2.4, shortens it."""
    if _DOT_SEGMENT.search(path) is None:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _uploaded_name(path: str, file: str | None) -> str:
    """Return the name that curl puts behind a URL that ends in a slash."""
    if file in (None, "-", ".", "") or not path.endswith("/"):
        return ""
    return percent_encode(encode(re.split(r"[/\\]", file or "")[-1]))


def _added_to_query(given: _Given) -> Iterator[str]:
    for _, value in given.all("url-query"):
        yield value[1:] if value.startswith("+") else _urlencoded(value)
    data = given.all(*_DATA)
    if given.has("get") and data:
        yield "&".join(_datum(name, value) for name, value in data)


def _datum(name: str, value: str) -> str:
    return _urlencoded(value) if name == "data-urlencode" else value


def _urlencoded(value: str) -> str:
    """Return `content`, `=content` or `name=content` with its content encoded."""
    name, equals, content = value.partition("=")
    if not equals:
        return quote_plus(value, safe="-._~").replace("+", "%20")
    encoded = quote_plus(content, safe="-._~").replace("+", "%20")
    return f"{name}={encoded}" if name else encoded


def _headers(given: _Given) -> Iterator[tuple[str, str]]:
    """Give the headers that are sent: those of curl, unless others of the same names are asked for, then those."""
    asked = [_asked(value) for _, value in given.all("header") if re.search("[:;]", value) and value[0] != "@"]
    named = {name.lower() for name, _ in asked}
    for name, value in _own_headers(given):
        if name.lower() not in named:
            yield name, value
    for name, sent in asked:
        if sent is not None:
            yield name, sent


def _asked(text: str) -> tuple[str, str | None]:
    """Return a header of `-H`. `Name:` takes a header away, and `Name;` sends it without a value."""
    name, colon, value = text.partition(":")
    if colon:
        return name.strip(), value.strip() or None
    name, _, value = text.partition(";")
    return name.strip(), None if value.strip() else ""


def _own_headers(given: _Given) -> Iterator[tuple[str, str]]:
    yield "User-Agent", given.last("user-agent") or "curl"
    yield "Accept", "application/json" if given.has("json") else "*/*"
    if user := given.last("user"):
        yield "Authorization", f"Basic {b64encode(encode(user)).decode('ascii')}"
    elif token := given.last("oauth2-bearer"):
        yield "Authorization", f"Bearer {token}"
    for option, name in (("range", "Range"), ("referer", "Referer"), ("cookie", "Cookie")):
        value = given.last(option)
        if value is not None and (option != "cookie" or "=" in value):
            yield name, f"bytes={value}" if option == "range" else value
    yield from _body_headers(given)


def _body_headers(given: _Given) -> Iterator[tuple[str, str]]:
    data = given.all(*_DATA)
    if given.all("form", "form-string"):
        yield "Content-Type", "multipart/form-data; boundary=------------------------"
    elif data and not given.has("get") and not given.has("upload-file"):
        if not any(value.startswith("@") for name, value in data if name != "data-raw"):
            joined = ("" if given.has("json") else "&").join(_datum(name, value) for name, value in data)
            yield "Content-Length", str(len(encode(joined)))
        yield "Content-Type", "application/json" if given.has("json") else _URLENCODED


def _remarks(given: _Given, *, has_variables: bool) -> Iterator[str]:
    if has_variables:
        yield "the command has variables of a shell; they stand here as they are written, and were judged so"
    if len(given.urls) > 1 or given.has("next"):
        yield "the command makes several requests; the first is judged"
    if not given.has("globoff") and _PATTERN.search(given.urls[0]):
        yield "curl reads brackets and braces in a URL as patterns; -g lets it take them as they are"
    if given.has("config"):
        yield "the command reads more options from a file (-K), which are not known here"
    if any(value.startswith("@") for _, value in given.all("header")):
        yield "the command reads headers from a file (-H @...), which are not known here"
    if given.all("form", "form-string"):
        yield "it sends a form: the signature of a form is one of its fields, which is not judged here"
