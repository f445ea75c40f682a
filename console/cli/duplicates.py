"""`helpdesk duplicates`: who may be the same client, why, and what staff decide about it."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import click

from console.cli import duplicates_scaleout, listing, output
from console.cli.duplicates_scan import evaluate, scan
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.data.desk import Desk
    from console.data.records.duplicates import Explanation, Group, Pair, ScanState, Side

RELATIONS = ("duplicate", "related", "split-review", "uncertain")
DECISIONS = ("same", "different", "related")
PAGE = 100
COLUMNS = (
    Column("%", "right"),
    Column("client", gives=True),
    Column("may be the same as", gives=True),
    Column("because", gives=True),
)
_BOTH = (
    click.Argument(["first"], metavar="A"),
    click.Argument(["second"], metavar="B"),
)


@made(
    "list",
    click.Option(
        ["--relation"],
        type=click.Choice(RELATIONS),
        default=RELATIONS[0],
        show_default=True,
        help="Which queue: one client twice, related, groups too loose to be one, or pairs in doubt.",
    ),
    click.Option(
        ["--limit"],
        type=click.IntRange(1),
        default=listing.LIMIT,
        show_default=True,
        help="At most this many groups.",
    ),
    click.Option(["--all", "everything"], is_flag=True, help="No limit; comes page by page."),
    text="List clients who may be one, group by group, the surest first.",
    examples="""
    helpdesk duplicates list
    helpdesk duplicates list --relation related --limit 200 --json
    """,
)
async def _list(session: Session, relation: str, limit: int, everything: bool) -> None:
    from console.data.duplicates import queue

    async with session.acting() as (desk, _actor):
        groups = _groups(desk, relation.replace("-", " "), None if everything else limit)
        if session.json:
            await output.emit_list(_group(one) async for one in groups)
            return
        shown = [one async for one in groups]
        async with desk.read() as connection:
            state = await queue.state(connection)
    if shown:
        output.table(COLUMNS, [cells for one in shown for cells in _lines(one)])
    else:
        output.say("There is nothing in this queue.")
    output.say(_scanned(session, state))


async def _groups(desk: "Desk", relation: str, limit: int | None) -> AsyncIterator["Group"]:
    """The groups of a queue, page by page."""
    from console.data.duplicates import queue

    after, left = None, limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        async with desk.read() as connection:
            page = await queue.page(connection, relation=relation, after=after, limit=size)
        for one in page.groups:
            yield one
        if not page.next:
            return
        after, left = page.next, None if left is None else left - len(page.groups)


def _scanned(session: Session, state: "ScanState") -> str:
    if state.is_running:
        return f"A scan is under way: {state.done:,} of {state.total:,} pairs are compared."
    if state.finished_at is None:
        return "The base was never searched as a whole: helpdesk duplicates scan"
    return f"Last scanned {session.local(state.finished_at)}."


def _lines(group: "Group") -> list[list[str]]:
    """For each pair of a group a line, and one with the ids of both."""
    from console import alike

    doubt = "in doubt: " if group.in_doubt else ""
    lines: list[list[str]] = []
    for pair in group.pairs:
        percent, why = str(pair.explanation.percent), doubt + alike.brief(pair.explanation)
        lines.append([percent, alike.name_of(pair.first), alike.name_of(pair.second), why])
        lines.append(["", str(pair.first.id), str(pair.second.id), ""])
    return lines


@made(
    "explain",
    *_BOTH,
    text="Say why two clients look like one, clue by clue with points, and what speaks against it.",
    examples="""
    helpdesk duplicates explain anna@acme.example 250019078565798977
    helpdesk duplicates explain "Anna Kowalska" kasia@acme.example --json
    """,
)
async def _explain(session: Session, first: str, second: str) -> None:
    from console.data.duplicates import queue

    async with session.acting() as (desk, _actor):
        one, other = await _two(desk, first, second)
        async with desk.read() as connection:
            pair = await queue.pair(connection, one, other)
    if session.json:
        output.emit(_pair(pair) | {"clients": [_side(pair.first), _side(pair.second)]})
    else:
        _write(pair)


async def _two(desk: "Desk", first: str, second: str) -> tuple[int, int]:
    """The ids of two clients who are named; Refused where they are one."""
    from console.data import find
    from console.data.errors import Refused

    async with desk.read() as connection:
        one, other = await find.client_id(connection, first), await find.client_id(connection, second)
    if one == other:
        raise Refused("Both names stand for the same client. Name two.")
    return one, other


def _write(pair: "Pair") -> None:
    from console import alike

    why = pair.explanation
    output.tell(f"{alike.verdict(why)} ({why.points:+d} points)")
    if pair.decision:
        output.tell(alike.decided(pair))
    titles = ("", alike.name_of(pair.first), "", alike.name_of(pair.second))
    rows = [(row.label, row.first, "=" if row.same else "", row.second) for row in alike.compared(pair)]
    output.say()
    output.table(
        [Column(""), Column("", gives=True), Column(""), Column("", gives=True)],
        [titles, *rows, ("id", str(pair.first.id), "", str(pair.second.id))],
        titles=False,
    )
    output.say()
    for clue in (*why.reasons, *why.against):
        output.tell(f"{clue.points:+4d}  {clue.text}")
    if absent := alike.missing(why):
        output.tell(absent)


@made(
    "decide",
    *_BOTH,
    click.Argument(["decision"], type=click.Choice(DECISIONS)),
    text="Decide about two clients: the same client (same), two (different), or two who belong together "
    "(related). It is remembered with your name, and can be taken back with `helpdesk journal undo`. Nothing is "
    "merged: `helpdesk clients merge` does that.",
    examples="""
    helpdesk duplicates decide anna@acme.example kasia@acme.example different
    helpdesk duplicates decide 250019078565798977 250019078565799022 related --json
    """,
)
async def _decide(session: Session, first: str, second: str, decision: str) -> None:
    from console.commands.duplicates import decide

    async with session.acting() as (desk, actor):
        pair = await _two(desk, first, second)
        done = await decide(desk, actor, [pair], decision)
    session.done(done)


# JSON


def _group(group: "Group") -> dict[str, Any]:
    return {
        "key": group.key,
        "relation": group.relation,
        "split_review": group.split_review,
        "in_doubt": group.in_doubt,
        "clients": [_side(one) for one in group.sides],
        "pairs": [_pair(one) for one in group.pairs],
    }


def _pair(pair: "Pair") -> dict[str, Any]:
    return {
        "first": str(pair.first.id),
        "second": str(pair.second.id),
        **_explanation(pair.explanation),
        "decision": pair.decision,
        "decided_by": pair.decided_by,
    }


def _explanation(why: "Explanation") -> dict[str, Any]:
    return {
        "word": why.word,
        "percent": why.percent,
        "points": why.points,
        "relation": why.relation,
        "reasons": [{"text": one.text, "points": one.points} for one in why.reasons],
        "against": [{"text": one.text, "points": one.points} for one in why.against],
        "missing": list(why.missing),
        "levels": why.levels,
        "model_version": why.model_version,
    }


def _side(side: "Side") -> dict[str, Any]:
    return {
        "id": str(side.id),
        "kind": side.kind,
        "name": side.name,
        "status": side.status,
        "emails": list(side.emails),
        "phones": list(side.phones),
        "handles": list(side.handles),
        "organization": side.organization,
        "mail_domain": side.mail_domain,
        "street": side.street,
        "city": side.city,
        "postcode": side.postcode,
        "country": side.country,
        "birth_date": side.birth_date,
        "external_id": side.external_id,
        "incidents": side.incidents,
    }


command = click.Group(
    "duplicates",
    commands=[_list, _explain, _decide, scan, evaluate, *duplicates_scaleout.commands],
    help="Clients who may be one: the queue, why, and what you decide. The base is searched by `scan`.",
)
