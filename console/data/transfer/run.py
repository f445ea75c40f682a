"""Running an import: chunk after chunk, each one transaction, all of them one batch."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from sqlalchemy.exc import IntegrityError

from console.data.batch import Batch, batch
from console.data.change import Change
from console.data.desk import Desk
from console.data.duplicates import store
from console.data.errors import Invalid, Refused
from console.data.records import Actor
from console.data.transfer.clients import ClientImport
from console.data.transfer.organizations import OrganizationImport
from console.data.transfer.reading import Line, Table
from console.data.transfer.report import Options, Report
from console.data.transfer.rows import CLIENT_COLUMNS, ORGANIZATION_COLUMNS

R = TypeVar("R")
Chunks = Callable[[], AbstractAsyncContextManager[Change]]
ATTEMPTS = 3
_NEEDED = {"email", "mobile", "phone"}


class Noun(Protocol[R]):
    """What an import of clients and one of organizations do each in their way."""

    def checked(self, line: Line, report: Report) -> R | None:
        """The row, or None after it was rejected."""
        ...

    async def write(self, change: Change, rows: Sequence[R], report: Report) -> None:
        """Write a chunk and report what came of each row."""
        ...


class _Rehearsed(Exception):
    """Ends the transaction of a dry run, so that nothing of it stays."""


async def import_clients(desk: Desk, actor: Actor, path: Path, options: Options) -> Report:
    """Import clients from a CSV file; an error or Ctrl+C on the way takes back what was written."""
    with Table(path, CLIENT_COLUMNS) as table:
        _require(table, {"name"}, {"name"})
        _require(table, _NEEDED, {"email"})
        noun = ClientImport(table.columns, update=options.update)
        report = await _Run(desk, actor, table, options, noun).finish("client.import")
    await store.key_waiting(desk)
    return report


async def import_organizations(desk: Desk, actor: Actor, path: Path, options: Options) -> Report:
    """Import organizations from a CSV file, in the same way."""
    with Table(path, ORGANIZATION_COLUMNS) as table:
        _require(table, {"name"}, {"name"})
        noun = OrganizationImport(table.columns, update=options.update)
        return await _Run(desk, actor, table, options, noun).finish("organization.import")


def _require(table: Table, any_of: set[str], named: set[str]) -> None:
    if any_of & set(table.columns):
        return
    meant = [
        f"{title!r} may be meant for {column}" for title, column in table.unknown.items() if column in any_of
    ]
    advice = f" {'; '.join(meant)}: rename it." if meant else " Its first line must name the columns."
    wanted = " or ".join(sorted(named if len(any_of) == 1 else any_of))
    raise Invalid("file", f"{table.path.name} has no column {wanted}.{advice} Nothing was imported.")


class _Run(Generic[R]):
    def __init__(self, desk: Desk, actor: Actor, table: Table, options: Options, noun: Noun[R]) -> None:
        self._desk = desk
        self._actor = actor
        self._table = table
        self._options = options
        self._noun = noun
        self._report = Report(unknown_columns=table.unknown)

    async def finish(self, action: str) -> Report:
        """Import the whole file; returns what came of it."""
        if self._options.dry_run:
            await self._all(lambda: self._rehearsal(action))
        else:
            reason = f"from {self._table.path.name}"
            async with batch(self._desk, self._actor, action, reason=reason) as running:
                await self._all(lambda: self._chunk(running))
            if running.last_entry is not None:
                self._report.batch = running.id
        self._report.rejected.sort()
        return self._report

    @asynccontextmanager
    async def _chunk(self, running: Batch) -> AsyncIterator[Change]:
        async with running.chunk(detail=self._table.path.name) as change:
            yield change

    @asynccontextmanager
    async def _rehearsal(self, action: str) -> AsyncIterator[Change]:
        try:
            async with self._desk.change(self._actor, action) as change:
                yield change
                raise _Rehearsed
        except _Rehearsed:
            pass

    async def _all(self, chunks: Chunks) -> None:
        for rows in self._rows():
            await self._write(chunks, rows)
            self._options.tell(self._report.rows, self._table.share)
            # Lets Ctrl+C and other work in between two chunks.
            await asyncio.sleep(0)

    def _rows(self) -> Iterator[list[R]]:
        """The rows that can be written, a chunk at a time; the others are rejected on the way."""
        report, table = self._report, self._table
        rows: list[R] = []
        for line in table:
            report.rows += 1
            if (row := self._noun.checked(line, report)) is not None:
                rows.append(row)
            if len(rows) == self._options.chunk:
                yield rows
                rows = []
        report.rows += len(table.too_long)
        report.rejected += table.too_long
        if rows:
            yield rows

    async def _write(self, chunks: Chunks, rows: list[R]) -> None:
        """Write a chunk; where somebody else takes an identity at the same moment, look again."""
        for attempt in range(ATTEMPTS):
            found = Report()
            try:
                async with chunks() as change:
                    await self._noun.write(change, rows, found)
            except IntegrityError as error:
                if attempt == ATTEMPTS - 1:
                    raise Refused(
                        "A colleague is adding the same clients right now. Nothing was imported; try again."
                    ) from error
            else:
                self._report.add(found)
                return
