"""What a file's name says about what is in it."""

import pytest

from ossicle.cli.moving.uploads import content_type_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", "text/plain"),
        ("dir.html/a.JPG", "image/jpeg"),
        ("index.html", "text/html"),
        ("a.json", "application/json"),
        ("a.js", "text/javascript"),
        ("a.webp", "image/webp"),
        ("a.tar.gz", "application/gzip"),
        ("a.svgz", "application/gzip"),
        ("a.txt.xz", "application/x-xz"),
        ("a.Z", None),
        ("a", None),
        ("dir.txt/a", None),
        ("", None),
    ],
)
def test_a_type_by_name(name: str, kind: str | None) -> None:
    assert content_type_of(name) == kind
