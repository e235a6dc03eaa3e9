"""Users, groups, roles, policies and keys in memory."""

from collections.abc import Sequence

from ossicle.stores.memory.tables import Tables
from ossicle.wire.names import AccountId


class RamReading:
    """Questions."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def ram_entity(self, account: AccountId, kind: str, name: str) -> bytes | None:
        return self._tables.ram_entities.get((account, kind, name))

    def ram_entities(self, account: AccountId, kind: str, *, after: str, limit: int) -> Sequence[bytes]:
        found = sorted(
            place for place in self._tables.ram_entities if place[:2] == (account, kind) and place[2] > after
        )
        return tuple(self._tables.ram_entities[place] for place in found[:limit])

    def ram_key_owner(self, access_key_id: str) -> tuple[AccountId, str] | None:
        return self._tables.ram_keys.get(access_key_id)


class RamTransaction(RamReading):
    """Changes."""

    def put_ram_entity(self, account: AccountId, kind: str, name: str, document: bytes) -> None:
        self._tables.ram_entities[account, kind, name] = document

    def delete_ram_entity(self, account: AccountId, kind: str, name: str) -> None:
        self._tables.ram_entities.pop((account, kind, name), None)

    def put_ram_key(self, access_key_id: str, account: AccountId, user: str) -> None:
        self._tables.ram_keys[access_key_id] = (account, user)

    def delete_ram_key(self, access_key_id: str) -> None:
        self._tables.ram_keys.pop(access_key_id, None)
