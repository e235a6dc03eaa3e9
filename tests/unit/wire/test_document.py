"""Documents by declaration: a few small ones of the test's own, then those that OSS documents, byte for byte."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.binding import parse_result, render_result
from ossicle.wire.document import Tag, parse_document, read_fields, render_document
from ossicle.wire.error_document import parse_error, render_error
from ossicle.wire.errors import InvalidArgument, MalformedXML, OssError
from ossicle.wire.http import Headers
from ossicle.wire.names import BucketAcl, StorageClass, Versioning
from ossicle.wire.text import decode
from ossicle.wire.xml import DECLARATION, parse_xml
from tests.support.documents import ANSWERS, ERROR, HOST_ID, REQUEST_ID, compact, golden, names


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    number: Annotated[int, Tag("Number")]
    word: Annotated[str | None, Tag("Word", is_url_encoded=True)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    text: Annotated[str | None, Tag("Text")] = None
    size: Annotated[int | None, Tag("Size")] = None
    is_public: Annotated[bool | None, Tag("IsPublic")] = None
    made_at: Annotated[datetime | None, Tag("MadeAt")] = None
    storage_class: Annotated[StorageClass | str | None, Tag("StorageClass")] = None
    versioning: Annotated[Versioning | str | None, Tag("Versioning")] = None
    grant: Annotated[BucketAcl | str | None, Tag("AccessControlList/Grant")] = None
    encoding_type: Annotated[str | None, Tag("EncodingType")] = None
    parts: Annotated[tuple[Part, ...], Tag("Parts/Part")] = ()
    words: Annotated[tuple[str, ...], Tag("Word", is_url_encoded=True)] = ()
    unmarked: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Strict:
    words: Annotated[tuple[str, ...], Tag("Word")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnText:
    text: Annotated[str | None, Tag(".")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    word: Annotated[str | None, Tag("Word")] = None
    part: Annotated[Part | None, Tag("Part")] = None
    parts: Annotated[tuple[Part, ...] | None, Tag("More/Part")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    entries: Annotated[tuple[Entry, ...], Tag("Entry")] = ()


def read(inner: str, *, is_answer: bool = False) -> Whole:
    root = parse_xml(f"<Whole>{inner}</Whole>".encode(), limit_bytes=100_000)
    return parse_document(Whole, "Whole", root, is_answer=is_answer)


def written(value: object) -> str:
    document = render_document("Whole", value).decode()
    assert document.startswith(f"{DECLARATION}<Whole>")
    return document.removeprefix(f"{DECLARATION}<Whole>").removesuffix("</Whole>")


def test_each_entry_of_a_list_keeps_what_is_its_own() -> None:
    shared = Part(number=1)
    entries = (
        Entry(word="<", part=shared),
        Entry(part=Part(number=2), parts=(shared, shared)),
        Entry(),
        Entry(word="plain", part=shared, parts=()),
    )
    assert written(Entries(entries=entries)) == (
        "<Entry><Word>&lt;</Word><Part><Number>1</Number></Part></Entry>"
        "<Entry><Part><Number>2</Number></Part>"
        "<More><Part><Number>1</Number></Part><Part><Number>1</Number></Part></More></Entry>"
        "<Entry></Entry>"
        "<Entry><Word>plain</Word><Part><Number>1</Number></Part><More></More></Entry>"
    )


@pytest.mark.parametrize(
    ("value", "inner"),
    [
        (Whole(text="a<b>&\x01"), "<Text>a&lt;b&gt;&amp;&#1;</Text><Parts></Parts>"),
        (Whole(text=""), "<Text></Text><Parts></Parts>"),
        (Whole(size=0, is_public=False), "<Size>0</Size><IsPublic>false</IsPublic><Parts></Parts>"),
        (
            Whole(made_at=datetime(2023, 12, 17, 3, 56, 28, 1000, tzinfo=UTC)),
            "<MadeAt>2023-12-17T03:56:28.001Z</MadeAt><Parts></Parts>",
        ),
        (Whole(storage_class=StorageClass.IA), "<StorageClass>IA</StorageClass><Parts></Parts>"),
        (
            Whole(grant=BucketAcl.PRIVATE),
            "<AccessControlList><Grant>private</Grant></AccessControlList><Parts></Parts>",
        ),
        (
            Whole(parts=(Part(number=1), Part(number=2, word="x"))),
            "<Parts><Part><Number>1</Number></Part><Part><Number>2</Number><Word>x</Word></Part></Parts>",
        ),
        (Whole(words=("a", "", "c")), "<Parts></Parts><Word>a</Word><Word></Word><Word>c</Word>"),
        (
            Whole(text="/ +", encoding_type="url", words=("/ +é",)),
            "<Text>/ +</Text><EncodingType>url</EncodingType><Parts></Parts><Word>%2F%20%2B%C3%A9</Word>",
        ),
        (
            Whole(encoding_type="url", parts=(Part(number=1, word="%"),)),
            "<EncodingType>url</EncodingType><Parts><Part><Number>1</Number><Word>%25</Word></Part></Parts>",
        ),
        (
            Whole(encoding_type="else", words=("/ +",)),
            "<EncodingType>else</EncodingType><Parts></Parts><Word>/ +</Word>",
        ),
    ],
)
def test_both_directions(value: Whole, inner: str) -> None:
    assert written(value) == inner
    assert read(inner) == value


def test_what_is_not_utf8_is_kept_by_the_encoding_and_only_by_it() -> None:
    key = decode(b"a\xff")
    assert read(written(Whole(encoding_type="url", words=(key,)))).words == (key,)
    assert read(written(Whole(words=(key,)))).words == ("a\ufffd",)


@pytest.mark.parametrize(
    ("inner", "value"),
    [
        ("", Whole()),
        ("<Unknown><Text>x</Text></Unknown><Text>y</Text>", Whole(text="y")),
        ("<Text>first</Text><Text>second</Text>", Whole(text="first")),
        ("<x:Text>y</x:Text>", Whole(text="y")),
        ("<Size>\n 7 \n</Size>", Whole(size=7)),
        ("<IsPublic> TRUE </IsPublic>", Whole(is_public=True)),
        ("<StorageClass>\n  IA\n</StorageClass>", Whole(storage_class=StorageClass.IA)),
        ("<MadeAt> 2023-12-17T03:56:28Z </MadeAt>", Whole(made_at=datetime(2023, 12, 17, 3, 56, 28, tzinfo=UTC))),
        ("<Text> kept </Text>", Whole(text=" kept ")),
        ("<Parts/>", Whole()),
        ("<AccessControlList/>", Whole()),
        ("<Word>a</Word><Size>1</Size><Word>b</Word>", Whole(words=("a", "b"), size=1)),
        ("<Parts><Other/><Part><Number>1</Number></Part></Parts>", Whole(parts=(Part(number=1),))),
        ("<Parts><Part><Word>%2F</Word><Number>1</Number></Part></Parts>", Whole(parts=(Part(number=1, word="%2F"),))),
    ],
)
def test_what_clients_may_write_as_well(inner: str, value: Whole) -> None:
    assert read(inner) == value


@pytest.mark.parametrize(
    "inner",
    [
        "<Size>x</Size>",
        "<Size/>",
        "<Size>1</Size><Size>x</Size>",
        "<Size>99999999999999999999</Size>",
        "<MadeAt>yesterday</MadeAt>",
        "<Versioning>Disabled</Versioning>",
        "<Parts><Part/></Parts>",
        "<Parts><Part><Number>one</Number></Part></Parts>",
    ],
)
def test_a_value_that_is_not_of_its_type_makes_the_document_malformed(inner: str) -> None:
    with pytest.raises(MalformedXML):
        read(inner)


@pytest.mark.parametrize(
    ("inner", "message", "element"),
    [
        ("<StorageClass>Cold</StorageClass>", "No such bucket storage class exists.", "StorageClass"),
        ("<StorageClass/>", "No such bucket storage class exists.", "StorageClass"),
        (
            "<AccessControlList><Grant>public</Grant></AccessControlList>",
            "no such bucket access control exists",
            "Grant",
        ),
    ],
)
def test_some_closed_lists_have_a_refusal_of_their_own(inner: str, message: str, element: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        read(inner)
    assert refusal.value.message == message
    assert refusal.value.details["ArgumentName"] == element


def test_an_answer_may_use_words_that_are_newer_than_this_code() -> None:
    answer = read("<StorageClass>Glacial</StorageClass><Versioning>Paused</Versioning>", is_answer=True)
    assert (answer.storage_class, answer.versioning) == ("Glacial", "Paused")
    with pytest.raises(MalformedXML):
        read("<Size>many</Size>", is_answer=True)


def test_a_required_element_must_be_there() -> None:
    empty = parse_xml(b"<Strict/>", limit_bytes=100)
    with pytest.raises(MalformedXML):
        parse_document(Strict, "Strict", empty)
    assert read_fields(Whole, empty) == {}


def test_the_root_must_be_the_one_that_belongs_there() -> None:
    with pytest.raises(MalformedXML):
        parse_document(Whole, "Whole", parse_xml(b"<whole/>", limit_bytes=100))


@pytest.mark.parametrize("text", ["", "x", "a<b"])
def test_the_root_may_be_the_value(text: str) -> None:
    document = render_document("Root", OwnText(text=text))
    assert parse_document(OwnText, "Root", parse_xml(document, limit_bytes=100)) == OwnText(text=text)


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        parse_document(Whole, "Whole", parse_xml(b"<Whole>" + raw + b"</Whole>", limit_bytes=1000))
    except OssError:
        return


# -- the documents of OSS


def test_every_golden_document_is_compared() -> None:
    assert names() == {"Error", *ANSWERS}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_written_as_oss_documents_it(name: str) -> None:
    operation, result = ANSWERS[name]
    assert render_result(operation, result).document == compact(golden(name)).replace(b"?><", b"?>\n<")


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_read_however_it_is_laid_out(name: str) -> None:
    operation, result = ANSWERS[name]
    for document in (golden(name), compact(golden(name)), golden(name).replace(b"\n", b"\r\n")):
        parsed = parse_result(operation, 200, Headers(()), document)
        assert render_result(operation, parsed) == render_result(operation, result)


def test_an_error_is_written_and_read_as_oss_documents_it() -> None:
    assert render_error(ERROR, request_id=REQUEST_ID, host_id=HOST_ID) == golden("Error")
    error = parse_error(404, Headers(()), golden("Error"))
    assert (error.request_id, error.host_id) == (REQUEST_ID, HOST_ID)
    error.request_id = error.host_id = ""
    assert error == ERROR
