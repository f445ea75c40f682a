"""`helpdesk favourites`: what others changed on the clients I marked."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from console.cli import listing, output, records
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.data.records import NewsLine

COLUMNS = (
    Column("when"),
    Column("favourite", gives=True),
    Column("what", gives=True),
    Column("by"),
    Column("client", "right"),
)


@made(
    "feed",
    click.Option(
        ["--since"], metavar="WHEN", help="From then on (2026-12-01, 3 d), instead of since you last looked."
    ),
    click.Option(
        ["--limit"],
        type=click.IntRange(1),
        default=listing.LIMIT,
        show_default=True,
        help="At most this many.",
    ),
    click.Option(["--all", "everything"], is_flag=True, help="No limit; comes page by page."),
    text="What colleagues, mail and the portal changed on your favourites since you last looked, newest first."
    " Looking here does not count as having looked: the console's F does.",
    examples="""
    helpdesk favourites feed
    helpdesk favourites feed --since "3 d" --json
    """,
)
async def _feed(session: Session, since: str | None, limit: int, everything: bool) -> None:
    from console.data import news

    async with session.acting() as (desk, actor):
        async with desk.read() as connection:
            seen = await news.since(connection, actor.staff_id, desk.now())
        after = _moment(since, desk.now(), session) if since else seen
        shown = listing.pages(
            desk,
            lambda connection, at, size: news.page(connection, actor.staff_id, after, at=at, limit=size),
            None if everything else limit,
        )
        if session.json:
            await output.emit_list(listing.objects(shown, _object))
        else:
            nothing = f"Nothing changed on your favourites since {session.local(after)}."
            await listing.table(shown, lambda rows, titles: _write(session, rows, titles), nothing=nothing)


def _moment(given: str, now: datetime, session: Session) -> datetime:
    """A day, or how long ago: '2026-12-01', '3 d'."""
    from console.data import spoken
    from console.data.errors import Invalid

    try:
        return datetime.fromisoformat(given).replace(tzinfo=session.zone or now.tzinfo)
    except ValueError:
        ahead = spoken.moment(given, now, session.zone)
        if ahead is None:
            raise Invalid("since", "Say since when, such as 2026-12-01 or 3 d.") from None
        return now - (ahead - now)


def _object(one: "NewsLine") -> dict[str, Any]:
    from console import wording

    what = wording.done(one.line, on_record=True)
    return records.history_line(one.line, what) | {"client": one.client, "client_id": str(one.client_id)}


def _write(session: Session, rows: Any, titles: bool) -> None:
    from console import wording

    cells = [
        [
            session.local(one.line.at),
            one.client,
            ("(undone) " if one.line.undone else "") + wording.done(one.line, on_record=True),
            one.line.actor,
            str(one.client_id),
        ]
        for one in rows
    ]
    output.table(COLUMNS, cells, titles=titles)


command = click.Group(
    "favourites", commands=[_feed], help="Your favourites: what others changed on them. f marks them."
)
