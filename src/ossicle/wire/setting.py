"""Settings of a bucket: a document each, put, got and mostly deleted by operations of one shape, and kept as a row of its own."""

from collections.abc import Mapping
from typing import Any, Final, Generic, TypeAlias, TypeVar, cast

from ossicle.wire.document import parse_document, render_document
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record
from ossicle.wire.xml import parse_xml

D = TypeVar("D")
In = TypeVar("In")
Out = TypeVar("Out")

MALFORMED_EC: Final = "0015-00000231"
"""The EC of a document of a setting that is none."""
DOCUMENT_BYTES_MAX: Final = 64 * 1024
_SUCCESS: Final = {"PUT": 200, "GET": 200, "DELETE": 204}


@record
class Setting(Generic[D]):
    """A kind of document that a bucket can have one of. `kind` is what its row is called, `root` the document's element."""

    kind: str
    root: str
    document: type[D]
    selected_by: tuple[str, ...] = ()

    @property
    def selectors(self) -> tuple[str, ...]:
        """What its operations are selected by: the kind, unless something else was said."""
        return self.selected_by or (self.kind,)

    def parse(self, raw: bytes) -> D:
        """Return the document that `render` made these bytes of."""
        return parse_document(self.document, self.root, parse_xml(raw, limit_bytes=len(raw)))

    def render(self, document: D) -> bytes:
        """Return the document as it is kept."""
        return render_document(self.root, document)


class Documents:
    """The documents of one bucket, each parsed when it is asked for. False when there is none."""

    def __init__(self, raw: Mapping[str, bytes]) -> None:
        self._raw = raw
        self._parsed: dict[str, object] = {}

    def __bool__(self) -> bool:
        return bool(self._raw)

    def get(self, setting: Setting[D]) -> D | None:
        """Return the document of a setting, if there is one."""
        if setting.kind not in self._raw:
            return None
        if setting.kind not in self._parsed:
            self._parsed[setting.kind] = setting.parse(self._raw[setting.kind])
        return cast("D", self._parsed[setting.kind])

    def text(self, kind: str) -> bytes | None:
        """Return what there is of a kind as it is kept."""
        return self._raw.get(kind)


AnySetting: TypeAlias = Setting[Any]  # type: ignore[explicit-any]  # for tables, which hold settings of all types


def setting_operation(
    method: str,
    noun: str,
    selector: str,
    request: type[In],
    result: type[Out],
    *,
    level: Level = Level.BUCKET,
    malformed_ec: str = MALFORMED_EC,
    document_bytes_max: int = DOCUMENT_BYTES_MAX,
) -> Operation[In, Out]:
    """Return the operation that puts, gets or deletes a setting, in the one shape they have: `PUT /?selector` is PutNoun."""
    name = method.capitalize() + noun
    return Operation(
        name=name,
        method=method,
        level=level,
        access=Access.MANAGE,
        request=request,
        result=result,
        selectors=tuple(selector.split("&")),
        success_status=_SUCCESS[method],
        document_bytes_max=document_bytes_max if method == "PUT" else 0,
        malformed_ec=malformed_ec if method == "PUT" else None,
        source=DOCS + name.lower(),
    )
