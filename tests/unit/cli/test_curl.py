"""The printed curl line, read by a real shell: what curl would get is what was meant, whatever stands in it."""

import subprocess
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ossicle.cli.curl import curl_line
from ossicle.client.presign import PresignResult


def result(method: str, url: str = "http://h/k?q", headers: dict[str, str] | None = None) -> PresignResult:
    return PresignResult(
        method=method, url=url, expiration=datetime(2030, 1, 1, tzinfo=UTC), signed_headers=headers or {}
    )


def arguments(line: str) -> list[str]:
    """What a POSIX shell hands to curl."""
    script = 'curl() { for argument; do printf "%s\\0" "$argument"; done; }\n' + line
    shown = subprocess.run(["/bin/sh", "-c", script], check=True, capture_output=True)
    return [argument.decode() for argument in shown.stdout.split(b"\0")[:-1]]


ALWAYS = ["-sS", "--fail-with-body"]


@pytest.mark.parametrize(
    ("verb", "method", "file", "expected"),
    [
        ("put", "PUT", None, ["-T", "-"]),
        ("put", "PUT", "my file's.txt", ["-T", "my file's.txt"]),
        ("part", "PUT", None, ["-T", "-"]),
        ("get", "GET", None, []),
        ("get", "GET", "out.bin", ["-o", "out.bin"]),
        ("head", "HEAD", None, ["-I"]),
        ("initiate", "POST", None, ["-X", "POST", "-H", "Content-Length: 0"]),
        ("complete", "POST", "parts.xml", ["-T", "parts.xml", "-X", "POST"]),
        ("abort", "DELETE", None, ["-X", "DELETE"]),
        ("delete", "DELETE", None, ["-X", "DELETE"]),
    ],
)
def test_verbs(verb: str, method: str, file: str | None, expected: list[str]) -> None:
    assert arguments(curl_line(result(method), verb, file)) == [*ALWAYS, *expected, "http://h/k?q"]


@pytest.mark.parametrize(("file", "output"), [(None, []), ("answer.xml", ["-o", "answer.xml"])])
def test_all_parts_are_completed_without_a_list(file: str | None, output: list[str]) -> None:
    line = curl_line(result("POST", headers={"x-oss-complete-all": "yes"}), "complete", file)
    no_body = ["-X", "POST", "-H", "Content-Length: 0"]
    assert arguments(line) == [*ALWAYS, *output, *no_body, "-H", "x-oss-complete-all: yes", "http://h/k?q"]


def test_an_answer_about_a_key_that_ends_in_a_slash_goes_to_a_file() -> None:
    line = curl_line(result("POST", "http://h/dir/?q", {"x-oss-complete-all": "yes"}), "complete", "a.xml")
    assert " -o a.xml " in line
    assert "<" not in line


def test_headers_go_along_also_without_a_value() -> None:
    line = curl_line(result("PUT", headers={"Content-Type": "text/plain", "x-oss-meta-empty": ""}), "put", None)
    assert arguments(line)[4:-1] == ["-H", "Content-Type: text/plain", "-H", "x-oss-meta-empty;"]


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [("/a/../b", True), ("/a/./b", True), ("/..", True), ("/a/..", True), ("/a..b/c.", False), ("/.../a", False)],
)
def test_curl_is_told_to_leave_dot_segments_alone(path: str, is_kept: bool) -> None:
    line = curl_line(result("GET", url=f"http://h{path}?q=/../"), "get", None)
    assert ("--path-as-is" in arguments(line)) is is_kept


@pytest.mark.parametrize(
    ("verb", "url", "file", "is_off"),
    [
        ("put", "http://h/k?q", "a[1-3].txt", True),
        ("put", "http://h/k?q", "{a,b}", True),
        ("get", "http://[::1]:8880/k?q", None, True),
        ("put", "http://h/k?q", "a.txt", False),
    ],
)
def test_curl_is_told_to_take_brackets_as_they_are(verb: str, url: str, file: str | None, is_off: bool) -> None:
    assert ("--globoff" in arguments(curl_line(result(verb, url=url), verb, file))) is is_off


def test_a_file_for_a_key_that_ends_in_a_slash_is_redirected() -> None:
    line = curl_line(result("PUT", url="http://h/dir/?q"), "put", "it's.txt")
    assert line == """curl -sS --fail-with-body -T - 'http://h/dir/?q' < 'it'"'"'s.txt'"""
    for end in ("/.", "/.."):
        line = curl_line(result("PUT", url=f"http://h/dir{end}?q"), "put", "a.txt")
        assert line == f"curl -sS --fail-with-body --path-as-is -T - 'http://h/dir{end}?q' < a.txt"
    assert " -T a.txt " in curl_line(result("PUT", url="http://h/dir/a..?q"), "put", "a.txt")
    assert curl_line(result("PUT", url="http://h/dir/?q"), "put", None).endswith("-T - 'http://h/dir/?q'")


TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1, max_size=30)


@settings(max_examples=25)
@given(value=TEXT, file=TEXT)
@example(value="0", file="-")
def test_a_shell_changes_nothing(value: str, file: str) -> None:
    line = curl_line(result("PUT", headers={"x-oss-meta-a": value}), "put", file)
    expected = [*ALWAYS, "--globoff"] if set(file) & set("[]{}") else ALWAYS
    assert arguments(line) == [*expected, "-T", file, "-H", f"x-oss-meta-a: {value}", "http://h/k?q"]
