"""New clients by the thousand: rows, journal items, list columns, words and counters, each as one statement.

``Change.insert_many`` keeps everything in step, too, by asking the database what it has just been told. Here all of it
is known beforehand, but for what duplicates are found by. A test compares what comes out with a recount.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table

from console.data.change import Change
from console.data.client_words import COLUMNS as WORD_COLUMNS
from console.data.client_words import ClientWords
from console.data.models.base import milliseconds
from console.data.models.clients import client, client_word, identity
from console.data.models.journal import journal_item
from console.data.models.organizations import organization
from console.data.normalize import mail_domain as domain_of
from console.data.transfer.rows import ClientRow

_CLIENT = (
    "id", "kind", "name", "sort_name", "username", "external_id", "status", "organization_id", "organization_by",
    "organization_sort", "street", "city", "postcode", "country", "language", "time_zone", "email", "mobile",
    "mail_domain", "created_at",
)  # fmt: skip
_IDENTITY = ("id", "client_id", "type", "raw", "normalized", "mobile", "position", "created_at")
_ITEM = ("entry_id", "step", "row_id", "table_name", "op", "subject_id", "columns")

Owner = tuple[int | None, str]


class NewClients:
    """Writes one chunk of new clients in a change."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._at = milliseconds(change.at)

    async def write(self, rows: Sequence[ClientRow], owners: Sequence[Owner]) -> list[int]:
        """Write clients with their identities; ``owners`` are id and folded name of each one's organization."""
        new_id = self._change.new_id
        ids = [new_id() for _ in rows]
        clients, identities, found = [], [], []
        for client_id, row, owner in zip(ids, rows, owners, strict=True):
            clients.append(self._client(client_id, row, owner))
            mine = ClientWords(row.sort_name, row.name)
            mine.coded(*(row.fields.get(code) or "" for code in ("username", "external_id")))
            mine.belongs(owner[1])
            for position, one in enumerate(row.identities):
                identities.append(
                    (new_id(), client_id, one.type, one.raw, one.normalized, one.mobile, position, self._at)
                )
                mine.reached(one.type, one.normalized)
            found += mine.rows(client_id)
        await self._insert(client, _CLIENT, clients)
        await self._insert(identity, _IDENTITY, identities)
        found.sort()
        await self._many(client_word, WORD_COLUMNS, found)
        await self._count(owners)
        self._change.derived.made_clients(ids)
        return ids

    def _client(self, client_id: int, row: ClientRow, owner: Owner) -> tuple[Any, ...]:
        get = row.fields.get
        email = next((one.raw for one in row.identities if one.type == "email"), "")
        phones = [one for one in row.identities if one.type == "phone"]
        mobile = next((one.raw for one in phones if one.mobile), phones[0].raw if phones else "")
        return (
            client_id,
            get("kind", "person"),
            row.name,
            row.sort_name,
            get("username"),
            get("external_id", ""),
            get("status", "approved"),
            owner[0],
            "import" if owner[0] else "none",
            owner[1],
            get("address", ""),
            get("city", ""),
            get("postcode", ""),
            get("country", ""),
            get("language", ""),
            get("time_zone", ""),
            email,
            mobile,
            domain_of(email) if email else "",
            self._at,
        )

    async def _insert(self, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows, whose first column is their id, with a journal item each."""
        change = self._change
        await self._many(table, columns, rows)
        change.steps += 1
        change.rows += len(rows)
        subject = columns.index(table.info.get("subject", "id"))
        entry, step, name = change.entry_id, change.steps, table.name
        items = [(entry, step, row[0], name, "insert", row[subject], "") for row in rows]
        await self._many(journal_item, _ITEM, items)

    async def _many(self, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert tuples without a look at each: they are of the right types already."""
        marks = self._marks(len(columns))
        statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join(marks)})"  # noqa: S608
        await self._change.connection.exec_driver_sql(statement, list(rows))

    async def _count(self, owners: Sequence[Owner]) -> None:
        """Add the new members to their organizations, in the order of ids, so that two imports cannot deadlock."""
        members = sorted(Counter(owner for owner, _ in owners if owner is not None).items())
        if members:
            number, key = self._marks(2)
            counted = f"client_count = client_count + {number}"
            statement = f"UPDATE {organization.name} SET {counted} WHERE id = {key}"  # noqa: S608
            await self._change.connection.exec_driver_sql(statement, [(count, one) for one, count in members])

    def _marks(self, count: int) -> list[str]:
        if self._change.dialect.name == "sqlite":
            return ["?"] * count
        return [f"${position}" for position in range(1, count + 1)]
