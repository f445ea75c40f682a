"""What every list has in common: the options, and reading page after page without ever holding all rows."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from console.cli import output

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.data.desk import Desk
    from console.data.paging import At
    from console.data.records import Page, Sort

    Load = Callable[[AsyncConnection, At, int], Awaitable[Page["R"]]]

R = TypeVar("R")
PAGE = 200
LIMIT = 50

# The console's saved filters of clients, by name.
VIEWS = (
    "all",
    "mine",
    "favourites",
    "pending",
    "disapproved",
    "banned",
    "spam",
    "overdue",
    "debt",
    "archived",
    "deleted",
)


def options(sorts: Sequence[str]) -> list[click.Parameter]:
    """The options of a list that can be ordered by these columns."""
    found: list[click.Parameter] = [
        click.Option(
            ["--filter", "text"], default="", metavar="TEXT", help="Only what matches, as `/` does on screen."
        ),
        click.Option(
            ["--limit"], type=click.IntRange(1), default=LIMIT, show_default=True, help="At most this many."
        ),
        click.Option(["--all", "everything"], is_flag=True, help="No limit; comes page by page."),
    ]
    if sorts:
        how = f"Order by {', '.join(sorts)}; name:desc turns it around."
        found.insert(1, click.Option(["--sort"], default=sorts[0], metavar="COLUMN", help=how))
    return found


def sort_of(given: str) -> "Sort":
    """The order that was asked for as COLUMN or COLUMN:desc; a usage error for another direction."""
    from console.data.records import Sort

    column, _, direction = given.partition(":")
    if direction not in ("", "asc", "desc"):
        raise click.UsageError(f"--sort {given!r}: write COLUMN, COLUMN:asc or COLUMN:desc.")
    return Sort(column.replace("-", "_"), descending=direction == "desc")


async def pages(
    desk: "Desk", load: "Load[R]", limit: int | None
) -> "AsyncIterator[tuple[Sequence[R], bool]]":
    """The rows page by page, up to ``limit`` (None: all), and whether more would follow."""
    from console.data.paging import FIRST, At

    at, left = FIRST, limit
    while True:
        size = PAGE if left is None else min(PAGE, left)
        async with desk.read() as connection:
            page = await load(connection, at, size)
        left = None if left is None else left - len(page.rows)
        done = not page.rows or not page.has_after or left == 0
        yield page.rows, page.has_after
        if done:
            return
        last: Any = page.rows[-1]
        at = At(after=last.anchor)


async def table(
    pages: "AsyncIterator[tuple[Sequence[R], bool]]",
    write: Callable[[Sequence[R], bool], None],
    *,
    nothing: str,
    first: str = "first",
) -> None:
    """Write pages as one table by ``write(rows, with_titles)``; say ``nothing`` if there are no rows."""
    count, follows = 0, False
    async for rows, more in pages:
        if rows:
            write(rows, count == 0)
        count, follows = count + len(rows), more
    if count == 0:
        output.say(nothing)
    elif follows:
        output.say(f"The {first} {count:,}. For more: --limit N, or --all.")


async def objects(
    pages: "AsyncIterator[tuple[Sequence[R], bool]]", made: Callable[[R], dict[str, Any]]
) -> AsyncIterator[dict[str, Any]]:
    """The rows of all pages as JSON objects, one by one."""
    async for rows, _ in pages:
        for row in rows:
            yield made(row)
