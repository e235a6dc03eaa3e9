"""From a request to the operation it asks for, by one table."""

from collections.abc import Iterable

from ossicle.wire.errors import MethodNotAllowed
from ossicle.wire.http import Headers, Query
from ossicle.wire.operation import AnyOperation, Level

_Place = tuple[Level, str, frozenset[str]]
"""Level, method, and the sub-resources that a query must name: those and no others."""


class Router:
    """The operations that are known, found by level, method and the sub-resources a query names.

    A query that names a sub-resource of OSS never reaches an operation that has nothing to do with it, whatever the level:
    `DELETE ?acl` is no DeleteObject. Parameters that OSS does not know are ignored.
    """

    def __init__(self, operations: Iterable[AnyOperation]) -> None:
        self._table: dict[_Place, list[AnyOperation]] = {}
        self._sub_resources: frozenset[str] = frozenset()
        for operation in operations:
            names = frozenset(name for name, _ in operation.selector_pairs)
            self._table.setdefault((operation.level, operation.method, names), []).append(operation)
            if operation.shared_parameter is not None:
                place = operation.level, operation.method, names | {operation.shared_parameter}
                self._table.setdefault(place, []).append(operation)
            self._sub_resources |= names
        for candidates in self._table.values():
            candidates.sort(key=_specificity, reverse=True)

    def match(self, level: Level, method: str, query: Query, headers: Headers) -> AnyOperation:
        """Return the operation, served here or not.

        Raises:
            MethodNotAllowed: OSS has no such method on this resource, or not with these sub-resources; `Allow` tells which.
        """
        named = self._sub_resources.intersection(query.names())
        operation = self._find((level, method, named), query, headers)
        if operation is None:
            places = [place for place in self._table if place[0] is level and place[2] == named]
            allowed = sorted(place[1] for place in places if self._find(place, query, headers) is not None)
            raise MethodNotAllowed(
                method=method, resource_type=level.name.capitalize(), headers=(("Allow", ", ".join(allowed)),)
            )
        return operation

    def _find(self, place: _Place, query: Query, headers: Headers) -> AnyOperation | None:
        for operation in self._table.get(place, ()):
            if _is_selected(operation, query, headers):
                return operation
        return None


def _specificity(operation: AnyOperation) -> tuple[bool, bool]:
    return any(value for _, value in operation.selector_pairs), operation.header_selector is not None


def _is_selected(operation: AnyOperation, query: Query, headers: Headers) -> bool:
    if operation.header_selector is not None and operation.header_selector not in headers:
        return False
    return not operation.selectors or all(
        not value or query.get(name) == value for name, value in operation.selector_pairs
    )
