"""The entities of one account in a store's transaction."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Generic, TypeVar

from ossicle.model.ram import Entity, RamError, parse, render
from ossicle.ports import Reading, Transaction
from ossicle.wire.names import AccountId
from ossicle.wire.records import record
from ossicle.wire.sources import IdSource

E = TypeVar("E", bound=Entity)

PAGE_MAX: Final = 1000
PAGE_DEFAULT: Final = 100
_ID_DIGITS: Final = 18


@record
class Page(Generic[E]):
    """Entities by name, and the marker that the next page begins behind; None at the end."""

    items: Sequence[E]
    marker: str | None


class Directory:
    """Questions."""

    def __init__(self, rows: Reading, account: AccountId) -> None:
        self._rows = rows
        self._account = account

    def find(self, kind: type[E], name: str) -> E | None:
        """Return an entity by name, or None."""
        raw = self._rows.ram_entity(self._account, kind.KIND, name)
        return None if raw is None else parse(kind, raw)

    def get(self, kind: type[E], name: str) -> E:
        """Return an entity by name.

        Raises:
            RamError: EntityNotExist.
        """
        found = self.find(kind, name)
        if found is None:
            raise RamError.not_exist(kind.KIND)
        return found

    def page(self, kind: type[E], *, marker: str, limit: int) -> Page[E]:
        """Return up to `limit` entities behind `marker`."""
        raw = self._rows.ram_entities(self._account, kind.KIND, after=marker, limit=limit + 1)
        items = [parse(kind, each) for each in raw[:limit]]
        return Page(items=items, marker=items[-1].name if len(raw) > limit else None)

    def all(self, kind: type[E]) -> Iterator[E]:
        """Yield all entities of a kind."""
        marker: str | None = ""
        while marker is not None:
            page = self.page(kind, marker=marker, limit=PAGE_MAX)
            yield from page.items
            marker = page.marker


class Changing(Directory):
    """Questions and changes."""

    def __init__(self, transaction: Transaction, account: AccountId) -> None:
        super().__init__(transaction, account)
        self._transaction = transaction

    def put(self, entity: Entity) -> None:
        """Store an entity, replacing the one of its name."""
        self._transaction.put_ram_entity(self._account, entity.KIND, entity.name, render(entity))

    def create(self, entity: Entity) -> None:
        """Store a new entity.

        Raises:
            RamError: EntityAlreadyExists.
        """
        if self.find(type(entity), entity.name) is not None:
            raise RamError.already_exists(entity.KIND)
        self.put(entity)

    def delete(self, entity: Entity) -> None:
        """Remove an entity."""
        self._transaction.delete_ram_entity(self._account, entity.KIND, entity.name)


def judge_name(name: str, pattern: re.Pattern[str], parameter: str) -> None:
    """Return if a name may be one.

    Raises:
        RamError: InvalidParameter.
    """
    if not pattern.fullmatch(name):
        raise RamError.invalid(parameter, f"The parameter {parameter} is wrongly formed.")


def judge_length(text: str, most: int, parameter: str) -> None:
    """Return if a text is no longer than it may be.

    Raises:
        RamError: InvalidParameter.
    """
    if len(text) > most:
        raise RamError.invalid(parameter, f"The parameter {parameter} has more than {most} characters.")


def new_id(ids: IdSource) -> str:
    """Return a new id of a user or role: 18 digits, the first of which is 2 for people or 3 for roles in OSS; 2 here."""
    return f"2{int.from_bytes(ids(8)) % 10 ** (_ID_DIGITS - 1):017d}"
