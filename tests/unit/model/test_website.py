"""Where a website sends a request for a page: which page, which folder, and what the rules say."""

import pytest

from ossicle.model.website import Sending, page_of, page_of_folder, route
from ossicle.wire.api.bucket_website import (
    ErrorDocument,
    IndexDocument,
    RoutingRule,
    RoutingRuleCondition,
    RoutingRuleIncludeHeader,
    RoutingRuleRedirect,
    RoutingRules,
    WebsiteConfiguration,
)

ROOT_ONLY = IndexDocument(suffix="index.html")
FOLDERS = IndexDocument(suffix="index.html", support_sub_dir=True, type=0)
EXTERNAL = RoutingRuleRedirect(redirect_type="External", host_name="www.example.com")
INTERNAL = RoutingRuleRedirect(redirect_type="Internal")
ANY = RoutingRuleCondition()


def no_header(_: str) -> None:
    """A request without headers."""


def site(*rules: RoutingRule) -> WebsiteConfiguration:
    return WebsiteConfiguration(routing_rules=RoutingRules(routing_rules=rules))


def rule(condition: RoutingRuleCondition, redirect: RoutingRuleRedirect, number: int = 1) -> RoutingRule:
    return RoutingRule(rule_number=number, condition=condition, redirect=redirect)


def target(condition: RoutingRuleCondition, redirect: RoutingRuleRedirect, key: str) -> str | None:
    """Return the key that a request is sent to by one rule."""
    sending = route(site(rule(condition, redirect)), key, no_header, None)
    return None if sending is None else sending.key


# ---------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize(
    ("index", "key", "page"),
    [
        (ROOT_ONLY, "", "index.html"),
        (ROOT_ONLY, "docs/", "docs/"),
        (ROOT_ONLY, "docs", "docs"),
        (FOLDERS, "", "index.html"),
        (FOLDERS, "docs/", "docs/index.html"),
        (FOLDERS, "/", "/index.html"),
        (FOLDERS, "docs", "docs"),
        (FOLDERS, "docs/page", "docs/page"),
        (None, "", None),
        (None, "docs/", "docs/"),
    ],
)
def test_the_page_of_a_path(index: IndexDocument | None, key: str, page: str | None) -> None:
    assert page_of(WebsiteConfiguration(index_document=index), key) == page


@pytest.mark.parametrize(
    ("kind", "has_folders", "key", "page"),
    [
        (0, True, "docs", "docs/index.html"),
        (None, True, "docs", "docs/index.html"),
        (1, True, "docs", None),
        (2, True, "docs", "docs/index.html"),
        (0, True, "a/b", "a/b/index.html"),
        (0, True, "docs/", None),
        (0, True, "", None),
        (0, False, "docs", None),
        (0, None, "docs", None),
    ],
)
def test_the_page_of_a_folder_without_its_slash(
    kind: int | None, has_folders: bool | None, key: str, page: str | None
) -> None:
    index = IndexDocument(suffix="index.html", support_sub_dir=has_folders, type=kind)
    found = page_of_folder(WebsiteConfiguration(index_document=index), key)
    assert found == (None if page is None else (page, index))


def test_without_an_index_no_folder_has_a_page() -> None:
    assert page_of_folder(WebsiteConfiguration(error_document=ErrorDocument(key="error.html")), "docs") is None


# ---------------------------------------------------------------------------------------- conditions


def has(key: str, **ends: str) -> RoutingRuleCondition:
    return RoutingRuleCondition(include_headers=(RoutingRuleIncludeHeader(key=key, **ends),))


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        (ANY, True),
        (RoutingRuleCondition(key_prefix_equals="old/"), True),
        (RoutingRuleCondition(key_prefix_equals="new/"), False),
        (RoutingRuleCondition(key_prefix_equals="old/page.html.x"), False),
        (RoutingRuleCondition(key_suffix_equals=".html"), True),
        (RoutingRuleCondition(key_suffix_equals=".txt"), False),
        (RoutingRuleCondition(key_prefix_equals="old/", key_suffix_equals=".txt"), False),
        (RoutingRuleCondition(key_prefix_equals="old/", key_suffix_equals=".html"), True),
        (has("color", equals="red"), True),
        (has("color", equals="re"), False),
        (has("color", starts_with="re"), True),
        (has("color", starts_with="ed"), False),
        (has("color", ends_with="ed"), True),
        (has("color", ends_with="re"), False),
        (has("color", starts_with="re", ends_with="re"), False),
        (has("color"), True),
        (has("shape"), False),
        (has("shape", equals=""), False),
    ],
)
def test_all_of_a_condition_has_to_hold(condition: RoutingRuleCondition, fits: bool) -> None:
    headers = {"color": "red"}
    sending = route(site(rule(condition, EXTERNAL)), "old/page.html", headers.get, None)
    assert (sending is not None) is fits


def test_all_headers_of_a_condition_have_to_be_there() -> None:
    both = RoutingRuleCondition(
        include_headers=(RoutingRuleIncludeHeader(key="a"), RoutingRuleIncludeHeader(key="b", equals="2"))
    )
    website = site(rule(both, EXTERNAL))
    assert route(website, "key", {"a": "1", "b": "2"}.get, None) is not None
    assert route(website, "key", {"a": "1", "b": "1"}.get, None) is None
    assert route(website, "key", {"b": "2"}.get, None) is None


@pytest.mark.parametrize("wanted", [None, 404, 403])
@pytest.mark.parametrize("status", [None, 404, 403])
def test_a_status_is_waited_for(wanted: int | None, status: int | None) -> None:
    """A rule with a status comes after the answer is known, one without before."""
    website = site(rule(RoutingRuleCondition(http_error_code_returned_equals=wanted), EXTERNAL))
    assert (route(website, "key", no_header, status) is not None) is (wanted == status)


def test_the_first_rule_by_number_that_fits() -> None:
    later = rule(ANY, RoutingRuleRedirect(redirect_type="Internal", replace_key_with="later"), 9)
    first = rule(
        RoutingRuleCondition(key_prefix_equals="a"),
        RoutingRuleRedirect(redirect_type="Internal", replace_key_with="first"),
        2,
    )
    website = site(later, first)
    assert route(website, "abc", no_header, None) == Sending(key="first")
    assert route(website, "bc", no_header, None) == Sending(key="later")
    assert route(WebsiteConfiguration(), "abc", no_header, None) is None
    assert route(site(), "abc", no_header, None) is None


# ---------------------------------------------------------------------------------------- where to


@pytest.mark.parametrize(
    ("redirect", "told"),
    [
        (EXTERNAL, Sending(key="key", status=301, host="www.example.com")),
        (
            RoutingRuleRedirect(redirect_type="AliCDN", protocol="https", http_redirect_code=302),
            Sending(key="key", status=302, protocol="https"),
        ),
        (
            RoutingRuleRedirect(redirect_type="External", host_name="", protocol="", pass_query_string=True),
            Sending(key="key", status=301, passes_query=True),
        ),
        (RoutingRuleRedirect(redirect_type="Internal", replace_key_with="other"), Sending(key="other")),
        (INTERNAL, None),
        (RoutingRuleRedirect(redirect_type="Mirror", mirror_url="http://127.0.0.1:1/"), None),
        (RoutingRuleRedirect(redirect_type=None), None),
    ],
)
def test_kinds_of_redirects(redirect: RoutingRuleRedirect, told: Sending | None) -> None:
    """An object that would be sent to itself stays, and nothing is fetched from an origin."""
    assert route(site(rule(ANY, redirect)), "key", no_header, None) == told


def test_a_rule_without_a_redirect_or_a_condition() -> None:
    assert route(site(RoutingRule(rule_number=1, condition=ANY)), "key", no_header, None) is None
    everything = RoutingRule(rule_number=1, redirect=EXTERNAL)
    assert route(site(everything), "key", no_header, None) == Sending(key="key", status=301, host="www.example.com")


@pytest.mark.parametrize(
    ("template", "key"),
    [("new", "new"), ("p/${key}.s", "p/old/a.s"), ("${key}${key}", "old/aold/a"), ("$key", "$key"), ("", "")],
)
def test_another_key(template: str, key: str) -> None:
    redirect = RoutingRuleRedirect(redirect_type="External", replace_key_with=template, replace_key_prefix_with="no")
    assert target(RoutingRuleCondition(key_prefix_equals="old/"), redirect, "old/a") == key


@pytest.mark.parametrize(
    ("prefix", "replacement", "enabled", "key"),
    [
        ("old/", "new/", None, "new/old/a"),
        ("old/", "new/", False, "new/old/a"),
        ("old/", "new/", True, "new/old/a"),
        ("old/", "", True, "old/a"),
        ("old/", None, True, "old/a"),
        ("old/", None, False, "old/old/a"),
        ("old/", None, None, "old/old/a"),
        (None, "new/", True, "new/old/old/a"),
        (None, None, True, "old/old/a"),
    ],
)
def test_another_beginning_of_the_key(
    prefix: str | None, replacement: str | None, enabled: bool | None, key: str
) -> None:
    """The beginning that the condition names is replaced once, or cut off; where it names none, something comes before the key."""
    redirect = RoutingRuleRedirect(
        redirect_type="External", replace_key_prefix_with=replacement, enable_replace_prefix=enabled
    )
    assert target(RoutingRuleCondition(key_prefix_equals=prefix), redirect, "old/old/a") == key
