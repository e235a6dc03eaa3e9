"""Which cross-origin requests a bucket's rules allow, and the headers that tell a browser so.

Source: https://help.aliyun.com/zh/oss/developer-reference/options
"""

from ossicle.wire.api.bucket_cors import CORSConfiguration, CORSRule
from ossicle.wire.records import record

CorsHeaders = list[tuple[str, str]]


@record
class Preflight:
    """What a browser asks before the real request."""

    origin: str
    method: str
    headers: tuple[str, ...]


def answer_preflight(configuration: CORSConfiguration, preflight: Preflight) -> CorsHeaders | None:
    """Return the headers of the first rule that allows the request, None when no rule does."""
    for rule in configuration.cors_rules:
        if _matches(rule, preflight.origin, preflight.method) and _allows_headers(rule, preflight.headers):
            headers = _headers(configuration, rule, preflight.origin)
            if preflight.headers:
                headers.append(("Access-Control-Allow-Headers", ", ".join(preflight.headers)))
            return headers
    return None


def answer_actual(configuration: CORSConfiguration, origin: str, method: str) -> CorsHeaders:
    """Return the headers for a request from `origin`; none when no rule matches, and the request is served all the same."""
    for rule in configuration.cors_rules:
        if _matches(rule, origin, method):
            return _headers(configuration, rule, origin)
    return []


def _matches(rule: CORSRule, origin: str, method: str) -> bool:
    return method in rule.allowed_methods and any(
        has_wildcard_match(pattern, origin) for pattern in rule.allowed_origins
    )


def _allows_headers(rule: CORSRule, names: tuple[str, ...]) -> bool:
    patterns = [pattern.lower() for pattern in rule.allowed_headers]
    return all(any(has_wildcard_match(pattern, name.lower()) for pattern in patterns) for name in names)


def has_wildcard_match(pattern: str, text: str) -> bool:
    """Whether `text` equals `pattern`, in which one `*` stands for any text."""
    start, star, end = pattern.partition("*")
    if not star:
        return text == pattern
    return len(text) >= len(start) + len(end) and text.startswith(start) and text.endswith(end)


def _headers(configuration: CORSConfiguration, rule: CORSRule, origin: str) -> CorsHeaders:
    # OSS: whether `*` or the origin answers an AllowedOrigin of `*` is unverified; browsers take either, as no cookie is involved.
    allowed = "*" if "*" in rule.allowed_origins else origin
    headers = [
        ("Access-Control-Allow-Origin", allowed),
        ("Access-Control-Allow-Methods", ", ".join(rule.allowed_methods)),
    ]
    if rule.expose_headers:
        headers.append(("Access-Control-Expose-Headers", ", ".join(rule.expose_headers)))
    if rule.max_age_seconds is not None:
        headers.append(("Access-Control-Max-Age", str(rule.max_age_seconds)))
    if configuration.response_vary:
        headers.append(("Vary", "Origin"))
    return headers
