import contextlib
import re
import tracemalloc
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.errors import InlineDataTooLarge, MalformedXML, OssError
from ossicle.wire.xml import DECLARATION, DEPTH_MAX, ELEMENTS_MAX, Element, escape, escape_all, parse_xml

LIMIT = 4 * 1024 * 1024


def parse(document: str | bytes) -> Element:
    return parse_xml(document.encode() if isinstance(document, str) else document, limit_bytes=LIMIT)


@pytest.mark.parametrize(
    ("document", "root"),
    [
        ("<a/>", Element("a")),
        ("<a></a>", Element("a")),
        ("<a >x</a\n>", Element("a", "x")),
        ("<a><b>1</b><b>2</b></a>", Element("a", "", (Element("b", "1"), Element("b", "2")))),
        ("<a>x<b/>y</a>", Element("a", "xy", (Element("b"),))),
        (DECLARATION + "<a/>\n", Element("a")),
        ("\ufeff<a/>", Element("a")),
        ('\ufeff<?xml version="1.0"?><a/>', Element("a")),
        ("<!-- before --><a><!-- in <b> & side --></a><!-- after -->", Element("a")),
        ("<?target data > data?><a><?x?></a>", Element("a")),
        ("<a><![CDATA[<b>&amp;]] >]]></a>", Element("a", "<b>&amp;]] >")),
        ("<a>x<!-- -->y<![CDATA[z]]></a>", Element("a", "xyz")),
        ('<a xmlns="http://doc.oss.aliyuncs.com"><b xmlns:x="y"/></a>', Element("a", "", (Element("b"),))),
        ('<x:a xmlns:x="y"><x:b>1</x:b></x:a>', Element("a", "", (Element("b", "1"),))),
        ("""<a b="1>2" c='"/>' d = "" />""", Element("a")),
        ('<a\n\tb="1"\n>x</a>', Element("a", "x")),
        ('<a b="1"c="2"/>', None),
        ("<a.b-c_d/>", Element("a.b-c_d")),
        ("<_a/>", Element("_a")),
        ("<a>&lt;&gt;&amp;&quot;&apos;</a>", Element("a", "<>&\"'")),
        ("<a>&#65;&#x42;&#x1F600;&#128512;</a>", Element("a", "AB\U0001f600\U0001f600")),
        ("<a>&#01;&#1;&#x1f;&#0;&#13;&#10;</a>", Element("a", "\x01\x01\x1f\0\r\n")),
        ("<a>\x01\x7f\ufffe</a>", Element("a", "\x01\x7f\ufffe")),
        ("<a> \n x \t</a>", Element("a", " \n x \t")),
        ("<a>]]></a>", Element("a", "]]>")),
        ("<a><b>1</b ></a>", Element("a", "", (Element("b", "1"),))),
        ("<a><b>1</bb></a>", None),
        ("<a><b>1</x:b></a>", None),
        ("<a><b>1<c>2</c>3</b></a>", Element("a", "", (Element("b", "13", (Element("c", "2"),)),))),
    ],
)
def test_documents(document: str, root: Element | None) -> None:
    if root is None:
        with pytest.raises(MalformedXML):
            parse(document)
    else:
        assert parse(document) == root


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"   ",
        b"text",
        b"<",
        b"<a",
        b"<a>",
        b"</a>",
        b"<a></b>",
        b"<a><b></a></b>",
        b"<x:a></y:a>",
        b"<a/><b/>",
        b"<a/>text",
        b"text<a/>",
        b"<a/></a>",
        b"< a/>",
        b"<a/ >",
        b"<1a/>",
        b"<a:/>",
        b"<:a/>",
        b"<a:b:c/>",
        b"<a b/>",
        b"<a b=1/>",
        b'<a b="1/>',
        b'<a b="<"/>',
        b"<a><!-- </a>",
        b"<a><![CDATA[ ]] ></a>",
        b"<a><? </a>",
        b"<a>&</a>",
        b"<a>& amp;</a>",
        b"<a>&nbsp;</a>",
        b"<a>&#;</a>",
        b"<a>&#x;</a>",
        b"<a>&#xD800;</a>",
        b"<a>&#55296;</a>",
        b"<a>&#x110000;</a>",
        b"<a>&#9999999;</a>",
        b"<a>&#-1;</a>",
        "<a>&#\u0661;</a>".encode(),
        b"<a>&amp</a>",
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a><!ELEMENT a ANY></a>",
        b"<a>\xff</a>",
        b"<a>\xed\xa0\x80</a>",
        "<a/>".encode("utf-16"),
        b"\xef\xbb\xbf\xef\xbb\xbf<a/>",
        "\u00a0<a/>".encode(),
        "<ä/>".encode(),
        "<aé/>".encode(),
        "<a\u00a0/>".encode(),
    ],
)
def test_what_is_no_document_is_refused(document: bytes) -> None:
    with pytest.raises(MalformedXML):
        parse(document)


def test_depth_is_bounded() -> None:
    def nested(depth: int) -> str:
        return "<a>" * depth + "</a>" * depth

    assert parse(nested(DEPTH_MAX)).name == "a"
    with pytest.raises(MalformedXML):
        parse(nested(DEPTH_MAX + 1))
    # Nothing of it is kept while it is read.
    with pytest.raises(MalformedXML):
        parse("<a>" * 1_000_000)


@pytest.mark.parametrize("element", ["<a/>", "<a></a>", "<a>x</a>", "<a >x</a>"])
def test_the_number_of_elements_is_bounded(element: str) -> None:
    assert len(parse("<r>" + element * (ELEMENTS_MAX - 1) + "</r>").children) == ELEMENTS_MAX - 1
    with pytest.raises(MalformedXML):
        parse("<r>" + element * ELEMENTS_MAX + "</r>")


def test_size_is_bounded() -> None:
    assert parse_xml(b"<a/>", limit_bytes=4) == Element("a")
    with pytest.raises(InlineDataTooLarge):
        parse_xml(b"<a />", limit_bytes=4)


MEGABYTES = 2 * 1024 * 1024
HOSTILE = {
    "name": "<" + "a" * MEGABYTES,
    "name and colons": "<" + "a:" * (MEGABYTES // 2),
    "end tag": "</" + "a" * MEGABYTES,
    "white space in a tag": "<a" + " " * MEGABYTES,
    "white space in an end tag": "<a></a" + " " * MEGABYTES,
    "attributes": "<a" + ' b="c"' * (MEGABYTES // 6),
    "attribute without an end": '<a b="' + "c" * MEGABYTES,
    "attribute name": "<a " + "b" * MEGABYTES,
    "white space around an equals sign": "<a b" + " " * (MEGABYTES // 2) + "=" + " " * (MEGABYTES // 2),
    "quotes": "<a b=" + "\"'" * (MEGABYTES // 2),
    "comment": "<!--" + "-" * MEGABYTES,
    "comments": "<a>" + "<!---->" * (MEGABYTES // 7) + "</a>",
    "text cut up by comments": "<a>" + "x<!---->" * (MEGABYTES // 8) + "</a>",
    "text cut up by CDATA": "<a>" + "x<![CDATA[y]]>" * (MEGABYTES // 14) + "</a>",
    "CDATA": "<a><![CDATA[" + "]" * MEGABYTES,
    "instruction": "<?" + "?" * MEGABYTES,
    "text without an end": "<a>" + "x" * MEGABYTES,
    "leaves and one wrong end": "<r>" + "<a>x</a>" * 60_000 + "<a>x</b></r>",
    "references": "<a>" + "&amp;" * (MEGABYTES // 5) + "</a>",
    "bare ampersands": "<a>" + "&" * MEGABYTES + "</a>",
    "digits": "<a>" + "&#" + "1" * MEGABYTES + "</a>",
    "less-than signs": "<" * MEGABYTES,
}


@pytest.mark.timeout(15)
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_document_takes_no_more_than_linear_time(kind: str) -> None:
    """A match that is quadratic in two megabytes takes hours, and the time limit of the test tells."""
    with contextlib.suppress(OssError):
        parse(HOSTILE[kind])


pieces = st.sampled_from(
    [
        "<", ">", "/", "<a>", "</a>", "<a/>", "<a b='", "'", '"', "=", " ", "\n", "&", "&amp;", "&#", ";", "&#x41;", "1", "x",
        "<!--", "-->", "--", "<![CDATA[", "]]>", "<?", "?>", "<!DOCTYPE", "[", "]", ":", "a", "é", "\x01", "\ufeff",
    ]
)  # fmt: skip


@given(st.lists(pieces, max_size=20).map("".join) | st.text())
def test_any_text_is_parsed_or_refused(document: str) -> None:
    try:
        root = parse(document.encode("utf-8", "surrogatepass"))
    except OssError:
        return
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.\-]*", root.name)


@given(st.binary(max_size=100) | st.binary(max_size=30).map(lambda raw: b"<a>" + raw + b"</a>"))
def test_any_bytes_are_parsed_or_refused(document: bytes) -> None:
    try:
        parse(document)
    except OssError:
        return


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_an_element(text: str) -> None:
    assert parse(f"<a>{escape(text)}</a>") == Element("a", text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_a_strict_parser_reads_the_same(text: str) -> None:
    strict = ET.fromstring(f"<a>{escape(text)}</a>")
    assert (strict.text or "") == text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain", "plain"),
        ('a<b>&"c"', 'a&lt;b&gt;&amp;"c"'),
        ("]]>", "]]&gt;"),
        ("\t\n", "\t\n"),
        ("\r", "&#13;"),
        ("\x00\x01\x1f\x7f", "&#0;&#1;&#31;&#127;"),
        ("\udcff\ud800", "\ufffd\ufffd"),
        ("\U0001f600", "\U0001f600"),
    ],
)
def test_escapes(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_the_first_child_of_a_name() -> None:
    root = parse("<a><b>1</b><c/><b>2</b></a>")
    assert root.find("b") == Element("b", "1")
    assert root.find("d") is None


def test_a_hundred_thousand_attributes_are_no_burden() -> None:
    document = b"<a" + b' a="b"' * 100_000 + b">"
    tracemalloc.start()
    try:
        with pytest.raises(MalformedXML):
            parse_xml(document, limit_bytes=len(document))
        assert tracemalloc.get_traced_memory()[1] < 20 * len(document)
    finally:
        tracemalloc.stop()


@given(st.lists(st.text()))
def test_escaping_many_is_escaping_each(texts: list[str]) -> None:
    assert escape_all(texts) == [escape(text) for text in texts]


@pytest.mark.parametrize("special", ["&", "<", ">", "\x00", "\x1b", "\x7f", "\udc80"])
def test_one_special_character_among_many_texts_is_escaped(special: str) -> None:
    assert escape_all(["plain", f"a{special}b", "/"]) == ["plain", escape(f"a{special}b"), "/"]
