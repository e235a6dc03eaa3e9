"""XML as OSS clients write it: a small bounded reader and a writer.

Official SDKs send references to control characters that XML 1.0 forbids (`&#01;`), in keys to be deleted for example; strict
parsers refuse those documents. This reader takes them. It knows elements, text, CDATA, comments, processing instructions, the five
named entities and numeric references. It refuses a DTD, and reads no attribute and no namespace.
"""

import re
from dataclasses import dataclass
from typing import Final

from ossicle.wire.errors import InlineDataTooLarge, MalformedXML

DEPTH_MAX: Final = 16
ELEMENTS_MAX: Final = 100_000
"""Three times what the longest document of OSS has (10,000 parts): an empty element of four bytes takes twenty times that in memory."""
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_WHITE_SPACE: Final = " \t\r\n"
_NAME: Final = r"[A-Za-z_][\w.\-]*(?::[A-Za-z_][\w.\-]*)?"
# No two neighbouring repetitions can match the same character, so that a failing match costs no more than its length. A leaf is one
# token because nearly all that a long list holds are leaves: 10,000 parts are 20,000.
# Attributes are taken possessively: a way back for each of a hundred thousand of them would be a third of a gigabyte.
_TOKEN: Final = re.compile(
    rf"""<(?P<leaf>{_NAME})>(?P<value>[^<]*)</(?P=leaf)>
      |  </(?P<close>{_NAME})\s*>
      |  <(?P<open>{_NAME})(?:\s+{_NAME}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*+\s*(?P<empty>/?)>
      |  (?P<text>[^<]+)
      |  <!\[CDATA\[(?P<cdata>.*?)\]\]>
      |  <!--.*?-->
      |  <\?.*?\?>""",
    re.ASCII | re.DOTALL | re.VERBOSE,
)
_REFERENCE: Final = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(lt|gt|amp|quot|apos));")
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_SPECIAL: Final = re.compile("[&<>\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True, slots=True)
class Element:
    """A node: its name without prefix, its own text, its children in order."""

    name: str
    text: str = ""
    children: tuple["Element", ...] = ()

    def find(self, name: str) -> "Element | None":
        """Return the first child of that name."""
        return next((child for child in self.children if child.name == name), None)


def parse_xml(raw: bytes, *, limit_bytes: int) -> Element:
    """Return the root of a document of at most `limit_bytes`.

    Raises:
        InlineDataTooLarge: it is longer.
        MalformedXML: it is not UTF-8, not well-formed, has a DTD, nests deeper than 16 or has more than 100,000 elements.
    """
    if len(raw) > limit_bytes:
        raise InlineDataTooLarge
    try:
        source = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedXML from error
    tree = _Tree()
    position = 0
    while position < len(source):
        token = _TOKEN.match(source, position)
        if token is None:
            raise MalformedXML
        _take(token, tree)
        position = token.end()
    return tree.root()


class _Open:
    """An element whose end has not come: its full name, and what it holds so far."""

    __slots__ = ("children", "name", "texts")

    def __init__(self, name: str) -> None:
        self.name = name
        # Joined once at the end: adding piece to piece would copy a text cut up by comments again and again.
        self.texts: list[str] = []
        self.children: list[Element] = []


class _Tree:
    """The document as far as it was read: the open elements, innermost last, below them the document itself."""

    __slots__ = ("_count", "_stack")

    def __init__(self) -> None:
        self._stack = [_Open("")]
        self._count = 0

    def text(self, text: str) -> None:
        self._stack[-1].texts.append(text)

    def open(self, name: str) -> None:
        self._count_one()
        self._stack.append(_Open(name))

    def leaf(self, name: str, text: str) -> None:
        self._count_one()
        self._stack[-1].children.append(Element(_local(name), text))

    def close(self, name: str) -> None:
        if self._stack[-1].name != name:
            raise MalformedXML
        done = self._stack.pop()
        self._stack[-1].children.append(Element(_local(name), "".join(done.texts), tuple(done.children)))

    def root(self) -> Element:
        document = self._stack[0]
        if len(self._stack) != 1 or len(document.children) != 1 or "".join(document.texts).strip(_WHITE_SPACE):
            raise MalformedXML
        return document.children[0]

    def _count_one(self) -> None:
        self._count += 1
        if len(self._stack) > DEPTH_MAX or self._count > ELEMENTS_MAX:
            raise MalformedXML


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _take(token: re.Match[str], tree: _Tree) -> None:
    kind, value = token.lastgroup, token[token.lastgroup or 0]
    if kind == "value":  # the last group of a leaf
        tree.leaf(token["leaf"], _resolve(value))
    elif kind == "text":
        tree.text(_resolve(value))
    elif kind == "empty":  # the last group of every start tag
        tree.open(token["open"])
        if value:
            tree.close(token["open"])
    elif kind == "close":
        tree.close(value)
    elif kind == "cdata":
        tree.text(value)


def _resolve(text: str) -> str:
    if "&" not in text:
        return text
    if text.count("&") != len(_REFERENCE.findall(text)):
        raise MalformedXML
    return _REFERENCE.sub(_character, text)


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, named = reference.groups()
    if named is not None:
        return _NAMED[named]
    point = int(decimal) if decimal is not None else int(hexadecimal, 16)
    if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
        raise MalformedXML
    return chr(point)


def escape(text: str) -> str:
    """Return `text` fit for an element; control characters, which XML 1.0 can't hold, become references all the same.

    What was not UTF-8 (see `wire.text.decode`) becomes U+FFFD, since a document that is not UTF-8 is none.
    """
    # OSS: how the real service writes such a key without encoding-type=url is unknown (unverified).
    return _SPECIAL.sub(_escape_one, text) if _SPECIAL.search(text) else text


def escape_all(texts: list[str]) -> list[str]:
    """Return what `escape` makes of each; that none needs it, as is usual, is found out for all at once."""
    whole = "".join(texts)
    if whole.isprintable() and "&" not in whole and "<" not in whole and ">" not in whole:
        return texts
    return [escape(text) for text in texts]


def _escape_one(found: re.Match[str]) -> str:
    character = found[0]
    if character >= "\ud800":
        return "\ufffd"
    return _ESCAPES.get(character) or f"&#{ord(character)};"
