"""Dataclasses as XML documents: each field says by `Tag` which element it is.

Both directions come from the same declaration. A field's default stands for an absent element; a field without one is required.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from itertools import repeat
from operator import attrgetter, is_
from typing import Annotated, Final, TypeVar, cast, get_args, get_origin, get_type_hints

from ossicle.wire.errors import MalformedXML, OssError
from ossicle.wire.text import decode, encode, percent_decode, percent_encode
from ossicle.wire.values import Codec, plain_type, scalar_codec
from ossicle.wire.xml import DECLARATION, Element, escape_all

D = TypeVar("D")

_SWITCHES: Final = frozenset({"true", "false", ""})
"""What a yes or no may be in a request.

# OSS: seen for the documents of settings; that the others refuse more as well, and that nothing at all is a no, are unverified.
"""


@dataclass(frozen=True, slots=True)
class Tag:
    """The element of a field.

    `path` may lead through wrappers (`Buckets/Bucket`); `.` is the root's own text. `is_url_encoded` marks those that are
    percent-encoded when the document's `EncodingType` is `url`; values in memory are always plain.
    """

    path: str
    is_url_encoded: bool = False


@dataclass(frozen=True, slots=True)
class _Field:
    attribute: str
    wrappers: tuple[str, ...]
    name: str
    is_many: bool
    is_required: bool
    is_url_encoded: bool
    is_switch: bool
    content: type | Codec
    """The class of a nested document, or the text form of a value."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a document is read: whether marked elements are encoded, and whether it is an answer (see `read_fields`)."""

    is_url: bool
    is_answer: bool


@cache
def _plan(document: type) -> tuple[_Field, ...]:
    hints = get_type_hints(document, include_extras=True)
    return tuple(
        _compile(field.name, hints[field.name], tag, field.default is MISSING and field.default_factory is MISSING)
        for field in fields(document)
        if (tag := tag_of(hints[field.name])) is not None
    )


def tag_of(hint: object) -> Tag | None:
    """Return the `Tag` of an annotation, if it has one."""
    if get_origin(hint) is not Annotated:
        return None
    return next((mark for mark in get_args(hint)[1:] if isinstance(mark, Tag)), None)


def _compile(attribute: str, hint: object, tag: Tag, is_required: bool) -> _Field:
    kind = plain_type(get_args(hint)[0])
    is_many = get_origin(kind) is tuple
    if is_many:
        kind = plain_type(get_args(kind)[0])
    content = kind if isinstance(kind, type) and is_dataclass(kind) else scalar_codec(kind)
    *wrappers, name = tag.path.split("/")
    return _Field(attribute, tuple(wrappers), name, is_many, is_required, tag.is_url_encoded, kind is bool, content)


def render_document(root: str, value: object) -> bytes:
    """Return the document with its declaration."""
    is_url = getattr(value, "encoding_type", None) == "url"
    (text,) = _render(type(value), [value], is_url=is_url)
    return encode(f"{DECLARATION}<{root}>{text}</{root}>")


def _render(document: type, values: Sequence[object], *, is_url: bool) -> list[str]:
    """Return what is inside the element of each value.

    They are rendered field by field rather than one by one: what a field needs is found once for a thousand entries, and what is the same
    in all of them is rendered once.
    """
    columns = [
        _render_column(field, list(map(attrgetter(field.attribute), values)), is_url=is_url)
        for field in _plan(document)
    ]
    return list(map("".join, zip(*columns, strict=True))) if columns else [""] * len(values)


def _render_column(field: _Field, contents: Sequence[object], *, is_url: bool) -> Iterable[str]:
    if len(contents) > 1 and all(map(is_, contents, repeat(contents[0]))):
        (text,) = _render_field(field, contents[:1], is_url=is_url)
        return repeat(text, len(contents))
    return _render_field(field, contents, is_url=is_url)


def _render_field(field: _Field, contents: Sequence[object], *, is_url: bool) -> list[str]:
    present = [content for content in contents if content is not None]
    if field.is_many:
        many = cast("list[tuple[object, ...]]", present)
        elements = ["".join(_render_elements(field, content, is_url=is_url)) for content in many]
    else:
        elements = _render_elements(field, present, is_url=is_url)
    if field.wrappers:
        before = "".join(f"<{wrapper}>" for wrapper in field.wrappers)
        after = "".join(f"</{wrapper}>" for wrapper in reversed(field.wrappers))
        elements = [f"{before}{element}{after}" for element in elements]
    if len(present) == len(contents):
        return elements
    rendered = iter(elements)
    return ["" if content is None else next(rendered) for content in contents]


def _render_elements(field: _Field, contents: Sequence[object], *, is_url: bool) -> list[str]:
    if not isinstance(field.content, Codec):
        texts = _render_nested(field.content, contents, is_url=is_url)
    elif is_url and field.is_url_encoded:
        texts = [percent_encode(encode(text)) for text in map(field.content.to_text, contents)]
    else:
        texts = list(map(field.content.to_text, contents))
        if not field.content.is_plain:
            texts = escape_all(texts)
    if field.name == ".":
        return texts
    before, after = f"<{field.name}>", f"</{field.name}>"
    return [f"{before}{text}{after}" for text in texts]


def _render_nested(document: type, contents: Sequence[object], *, is_url: bool) -> list[str]:
    # A thousand keys often have one owner, the same object in each: it is rendered once.
    distinct = {id(content): content for content in contents}
    texts = _render(document, list(distinct.values()), is_url=is_url)
    if len(distinct) == len(contents):
        return texts
    by_id = dict(zip(distinct, texts, strict=True))
    return [by_id[id(content)] for content in contents]


def parse_document(document: type[D], root_name: str, root: Element, *, is_answer: bool = False) -> D:
    """Return the document whose root must have the given name.

    Raises:
        MalformedXML, InvalidArgument: see `read_fields`, or another root.
    """
    if root.name != root_name:
        raise MalformedXML
    return document(**read_fields(document, root, is_answer=is_answer))


def read_fields(document: type, root: Element, *, is_answer: bool = False) -> dict[str, object]:
    """Return the values of the fields that `root` holds, by attribute; elements that no field names are ignored.

    In an answer, a word that is not on a closed list stays as text: the server may be newer than this code.

    Raises:
        MalformedXML: a value is not of its type, or a required element is missing.
        InvalidArgument: a word is not on a closed list whose values OSS refuses by this code.
    """
    encoding = root.find("EncodingType")
    return _read(document, root, _Reading(is_url=encoding is not None and encoding.text == "url", is_answer=is_answer))


def _read(document: type, node: Element, reading: _Reading) -> dict[str, object]:
    by_name = _children_by_name(node)
    values: dict[str, object] = {}
    for field in _plan(document):
        found = [node] if field.name == "." else _reach(field, by_name)
        if found:
            contents = tuple(_read_one(field, element, reading) for element in found)
            values[field.attribute] = contents if field.is_many else contents[0]
        elif field.is_required:
            raise MalformedXML
    return values


def _children_by_name(node: Element) -> Mapping[str, list[Element]]:
    by_name: dict[str, list[Element]] = {}
    for child in node.children:
        by_name.setdefault(child.name, []).append(child)
    return by_name


def _reach(field: _Field, by_name: Mapping[str, list[Element]]) -> list[Element]:
    for wrapper in field.wrappers:
        inside = by_name.get(wrapper)
        if not inside:
            return []
        by_name = _children_by_name(inside[0])
    return by_name.get(field.name, [])


def _read_one(field: _Field, element: Element, reading: _Reading) -> object:
    codec = field.content
    if not isinstance(codec, Codec):
        return codec(**_read(codec, element, reading))
    is_encoded = reading.is_url and field.is_url_encoded
    text = decode(percent_decode(encode(element.text))) if is_encoded else element.text
    if field.is_switch and not reading.is_answer and text.strip().lower() not in _SWITCHES:
        raise MalformedXML
    try:
        return codec.from_text(text)
    except ValueError as error:
        if reading.is_answer and codec.is_enumeration:
            return text
        raise _refusal(codec, field.name, text) from error


def _refusal(codec: Codec, name: str, text: str) -> OssError:
    return MalformedXML(ec=codec.refusal.ec) if codec.refusal.message is None else codec.refuse(name, text)
