"""Answers as JSON or XML."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

Json = Any  # type: ignore[explicit-any]  # what json writes


def render(root: str, told: Mapping[str, Json], *, is_xml: bool) -> bytes:
    """Return a document; `root` is the element of an XML one."""
    if not is_xml:
        return json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(_element(root, told))).encode()


def _element(name: str, value: Json) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _element(name, each)
        return
    yield f"<{name}>"
    if isinstance(value, Mapping):
        for inner, each in value.items():
            yield from _element(inner, each)
    else:
        yield escape(str(value).lower() if isinstance(value, bool) else str(value))
    yield f"</{name}>"
