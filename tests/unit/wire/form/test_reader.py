"""The reader of multipart/form-data."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire import errors
from ossicle.wire.form import Field, FileStart, FormReader, boundary_of
from ossicle.wire.form.reader import FIELDS_BYTES_MAX, FIELDS_MAX, NAME_BYTES_MAX, VALUE_BYTES_MAX
from tests.support.forms import BOUNDARY, end, file_part, form, part

RAW = BOUNDARY.encode()


def read(
    chunks: Iterable[bytes | memoryview], boundary: bytes = RAW
) -> tuple[list[tuple[str, bytes]], FileStart | None, bytes]:
    reader = FormReader(boundary)
    fields, start, content = [], None, bytearray()
    for chunk in chunks:
        for event in reader.feed(chunk):
            if isinstance(event, Field):
                fields.append((event.name, event.value))
            elif isinstance(event, FileStart):
                start = event
            else:
                content += event
    reader.end()
    return fields, start, bytes(content)


def cut(body: bytes, sizes: list[int]) -> list[bytes]:
    chunks, at = [], 0
    for size in sizes:
        chunks.append(body[at : at + size])
        at += size
    return [*chunks, body[at:]]


# Pieces of which content is made that looks like boundaries.
NEARLY = st.sampled_from(
    [b"\r", b"\n", b"\r\n", b"-", b"--", RAW, RAW[:-1], b"\r\n--" + RAW[:-1], b"\r\n--" + RAW + b"x", b" ", b"\0", b"a"]
)
CONTENT = st.lists(NEARLY, max_size=12).map(b"".join)
SIZES = st.lists(st.integers(0, 60), max_size=40)


def is_free(content: bytes) -> bool:
    """Whether content holds nothing that ends a part."""
    rest = (b"\r\n" + content + b"\r\n").split(b"\r\n--" + RAW)[1:]
    return not any(piece.startswith(b"--") or piece.lstrip(b" \t").startswith(b"\r\n") for piece in rest)


@given(CONTENT.filter(is_free), CONTENT.filter(is_free), SIZES)
def test_pieces_make_no_difference(value: bytes, content: bytes, sizes: list[int]) -> None:
    body = part("Key", value) + file_part(content) + part("later", b"ignored") + end() + b"epilogue"
    start = FileStart(filename="photo.jpg", content_type="image/jpeg")
    assert read(cut(body, sizes)) == ([("key", value)], start, content)
    assert read(map(memoryview, cut(body, sizes))) == ([("key", value)], start, content)


@given(st.lists(NEARLY, max_size=20).map(b"".join), SIZES)
def test_what_is_no_form_is_refused_alike_in_any_pieces(body: bytes, sizes: list[int]) -> None:
    def outcome(chunks: list[bytes]) -> Any:
        try:
            return read(chunks)
        except errors.OssError as error:
            return error

    head = part("key", b"k") + file_part(b"")[:-2]
    assert outcome(cut(head + body, sizes)) == outcome([head + body])


def test_byte_by_byte() -> None:
    body = form([("key", "a/b"), ("x-oss-meta-Note", "ümläut")], bytes(range(256)) * 3)
    fields, start, content = read(body[at : at + 1] for at in range(len(body)))
    assert fields == [("key", b"a/b"), ("x-oss-meta-note", "ümläut".encode())]
    assert start is not None
    assert content == bytes(range(256)) * 3


@pytest.mark.parametrize("size", [1, 7, 100, 1000])
def test_every_truncation_is_refused(size: int) -> None:
    whole = form([("key", "k")], b"content")
    last = whole.rindex(b"--\r\n")
    for length in range(last + 2):
        body = whole[:length]
        with pytest.raises(errors.MalformedPOSTRequest):
            read(body[at : at + size] for at in range(0, len(body), size))
    assert read([whole[: last + 2]])[2] == b"content"


def test_a_large_file_passes_without_being_held() -> None:
    reader = FormReader(RAW)
    reader.feed(part("key", b"k") + file_part(b"")[:-2])
    chunk = bytes(1024 * 1024)
    assert all(event is chunk for _ in range(4) for event in reader.feed(chunk))


@pytest.mark.parametrize(
    ("disposition", "filename"),
    [
        ('name="file"; filename="a.txt"', "a.txt"),
        ("name=file; filename=a.txt", "a.txt"),
        ('filename="a.txt"; name="file"', "a.txt"),
        ('name="FILE"; FileName="a;b.txt"', "a;b.txt"),
        ('name="file"; filename="a \\"b\\".txt"', 'a "b".txt'),
        ('name="file"; filename="C:\\dir\\"', "C:\\dir\\"),
        ('name="file"; filename=""', ""),
        ('name="file"', None),
        ('name="file"; filename="Ω.txt"', "Ω.txt"),
    ],
)
def test_what_a_file_says_of_itself(disposition: str, filename: str | None) -> None:
    body = f"--{BOUNDARY}\r\ncontent-disposition:form-data; {disposition}\r\n\r\nx\r\n".encode() + end()
    _, start, content = read([body])
    assert start == FileStart(filename=filename, content_type=None)
    assert content == b"x"


def test_preamble_and_padding() -> None:
    padded = form([("key", "k")]).replace(RAW + b"\r\n", RAW + b" \t\r\n")
    assert read([b"to be ignored\r\n" + padded])[0] == [("key", b"k")]


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/form-data; boundary=abc", b"abc"),
        ('Multipart/Form-Data; charset=utf-8; Boundary="a b;c"', b"a b;c"),
        ("multipart/form-data;boundary=abc; charset=utf-8", b"abc"),
    ],
)
def test_boundary(content_type: str, boundary: bytes) -> None:
    assert boundary_of(content_type) == boundary


@pytest.mark.parametrize("content_type", [None, "", "text/plain", "multipart/mixed; boundary=a"])
def test_other_media_types(content_type: str | None) -> None:
    with pytest.raises(errors.RequestIsNotMultiPartContent):
        boundary_of(content_type)


@pytest.mark.parametrize(
    "parameters", ["", "; boundary", "; boundary=", '; boundary=""', f"; boundary={'b' * 201}", "; x=boundary=a"]
)
def test_no_boundary(parameters: str) -> None:
    with pytest.raises(errors.MalformedPOSTRequest):
        boundary_of("multipart/form-data" + parameters)


@pytest.mark.parametrize(
    "disposition", ["form-data", "attachment; name=a", 'form-data; filename="a"', "", 'form-data; xname="a"']
)
def test_a_part_without_a_name(disposition: str) -> None:
    with pytest.raises(errors.MalformedPOSTRequest):
        read([f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\nx\r\n".encode() + end()])


def test_limits_are_inclusive() -> None:
    fields, _, _ = read([part("n" * NAME_BYTES_MAX, b"v" * VALUE_BYTES_MAX) + file_part(b"") + end()])
    assert [(len(name), len(value)) for name, value in fields] == [(NAME_BYTES_MAX, VALUE_BYTES_MAX)]


@pytest.mark.parametrize(
    "body",
    [
        part("n" * (NAME_BYTES_MAX + 1), b""),
        part("n", b"v" * (VALUE_BYTES_MAX + 1)),
        f"--{BOUNDARY}\r\nX-Long: ".encode() + b"x" * 20_000,
    ],
)
def test_a_field_too_long(body: bytes) -> None:
    for chunks in ([body], cut(body, [10_000] * 300)):
        with pytest.raises(errors.FieldItemTooLong):
            read(chunks)


@pytest.mark.parametrize(
    "body",
    [
        b"".join(part(f"f{number}", b"v" * (FIELDS_BYTES_MAX // 4)) for number in range(5)),
        b"".join(part(f"f{number}", b"") for number in range(FIELDS_MAX + 1)),
        b"preamble" * (FIELDS_BYTES_MAX // 8 + 1),
    ],
)
def test_too_much_before_the_file(body: bytes) -> None:
    with pytest.raises(errors.MaxPOSTPreDataLengthExceededError):
        read([body + file_part(b"") + end()])


@pytest.mark.parametrize("body", [part("key", b"k") + end(), file_part(b"a") + file_part(b"b") + end()])
def test_not_one_file(body: bytes) -> None:
    with pytest.raises(errors.IncorrectNumberOfFilesInPOSTRequest):
        read([body])
