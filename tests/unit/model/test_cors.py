"""Which rules fit, and what a browser is told."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.model.cors import Preflight, answer_actual, answer_preflight, has_wildcard_match
from ossicle.wire.api.bucket_cors import CORSConfiguration, CORSRule


def rule(
    *origins: str,
    methods: tuple[str, ...] = ("GET",),
    headers: tuple[str, ...] = (),
    exposed: tuple[str, ...] = (),
    age: int | None = None,
) -> CORSRule:
    return CORSRule(
        allowed_origins=origins,
        allowed_methods=methods,
        allowed_headers=headers,
        expose_headers=exposed,
        max_age_seconds=age,
    )


def preflight(origin: str = "http://a", method: str = "GET", *headers: str) -> Preflight:
    return Preflight(origin=origin, method=method, headers=headers)


def configured(*rules: CORSRule, response_vary: bool | None = None) -> CORSConfiguration:
    return CORSConfiguration(cors_rules=rules, response_vary=response_vary)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("http://a", "http://a", True),
        ("http://a", "http://ab", False),
        ("http://a", "HTTP://A", False),
        ("*", "", True),
        ("*", "null", True),
        ("http://*.b", "http://a.b", True),
        ("http://*.b", "http://.b", True),
        ("http://*.b", "http://b", False),
        ("ab*ba", "aba", False),
        ("ab*ba", "abba", True),
        ("ab*", "ab", True),
        ("*ab", "xab", True),
        ("", "", True),
        ("", "a", False),
    ],
)
def test_a_wildcard(pattern: str, text: str, *, fits: bool) -> None:
    assert has_wildcard_match(pattern, text) is fits


@given(st.text("ab*", max_size=6).filter(lambda pattern: pattern.count("*") <= 1), st.text("ab", max_size=8))
def test_a_wildcard_is_any_text(pattern: str, text: str) -> None:
    assert has_wildcard_match(pattern, text) is (
        re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), text) is not None
    )


def test_no_rule_no_answer() -> None:
    assert answer_preflight(configured(), preflight()) is None
    assert answer_actual(configured(), "http://a", "GET") == []
    only = configured(rule("http://b"))
    assert answer_preflight(only, preflight()) is None
    assert answer_actual(only, "http://a", "GET") == []


def test_a_rule_must_fit_as_a_whole() -> None:
    split = configured(rule("http://a", methods=("PUT",)), rule("http://b", methods=("GET",), headers=("x",)))
    assert answer_preflight(split, preflight("http://a", "GET")) is None
    assert answer_preflight(split, preflight("http://b", "GET", "y")) is None
    assert answer_preflight(split, preflight("http://b", "GET", "X")) is not None


def test_the_first_rule_that_fits_is_the_one() -> None:
    both = configured(rule("*", age=1), rule("http://a", headers=("*",), age=2))
    assert ("Access-Control-Max-Age", "1") in (answer_preflight(both, preflight()) or [])
    assert ("Access-Control-Max-Age", "2") in (answer_preflight(both, preflight("http://a", "GET", "x")) or [])
    assert ("Access-Control-Max-Age", "1") in answer_actual(both, "http://a", "GET")


def test_all_that_is_told() -> None:
    full = rule("http://a", "http://*.b", methods=("GET", "PUT"), headers=("X-*",), exposed=("ETag", "Date"), age=0)
    common = [
        ("Access-Control-Allow-Origin", "http://x.b"),
        ("Access-Control-Allow-Methods", "GET, PUT"),
        ("Access-Control-Expose-Headers", "ETag, Date"),
        ("Access-Control-Max-Age", "0"),
        ("Vary", "Origin"),
    ]
    configuration = configured(full, response_vary=True)
    assert answer_actual(configuration, "http://x.b", "PUT") == common
    assert answer_preflight(configuration, preflight("http://x.b", "PUT", "x-One", "X-two")) == [
        *common,
        ("Access-Control-Allow-Headers", "x-One, X-two"),
    ]


@pytest.mark.parametrize("response_vary", [None, False])
def test_any_origin_is_told_as_a_star(*, response_vary: bool | None) -> None:
    assert answer_actual(configured(rule("*"), response_vary=response_vary), "http://a", "GET") == [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", "GET"),
    ]
