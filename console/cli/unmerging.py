"""`helpdesk clients unmerge`, and of organizations: what came since the merge is shown, and given to somebody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from console.cli import output
from console.cli.merging import DRY_RUN, REASON, YES, answer, called, check, find, pair
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.data.records.merging import Absorbed, Unmerged, UnmergePreview


_LARGEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class _Wish:
    """The options of an undo, as they were written."""

    give: tuple[str, ...]
    rest: str | None
    after: str | None
    keep_changed: bool
    reason: str
    yes: bool
    dry_run: bool


def unmerge_command(noun: str) -> click.Command:
    """`unmerge` of clients or of organizations."""
    nouns, (one, _) = called(noun)

    async def run(session: Session, merge: str, **wish: Any) -> None:
        await _unmerge(session, noun, merge, _Wish(**wish))

    return made(
        "unmerge",
        click.Argument(["merge"], metavar=f"ENTRY|{noun.upper()}"),
        click.Option(
            ["--give"],
            multiple=True,
            metavar=f"ROW={noun.upper()}",
            help="Whose a row is that came since: one of those merged, by id or by the number --dry-run shows."
            " May be repeated.",
        ),
        click.Option(
            ["--rest"],
            metavar=noun.upper(),
            help="Whose all other rows are that came since; without it, whose each seems to be.",
        ),
        click.Option(
            ["--after"],
            metavar="ROW",
            help="With --dry-run: the next 200 of what came since, behind this row.",
        ),
        click.Option(
            ["--keep-changed"], is_flag=True, help="Leave rows that were changed since as they are now."
        ),
        REASON,
        DRY_RUN,
        YES,
        text=f"Undo a merge of {nouns}: the journal entry of the merge, or one of those merged. Exactly the rows that"
        " came with them go back. --dry-run lists what has come since, and whose it seems to be.",
        examples=f"""
        helpdesk {nouns} unmerge {one} --dry-run
        helpdesk {nouns} unmerge 250019078565798977 --give 250019078565799022=2 --rest 1 --yes --json
        """,
    )(run)


async def _unmerge(session: Session, noun: str, merge: str, wish: _Wish) -> None:
    from console.commands import merging
    from console.data.errors import Refused
    from console.data.merging.unmerge import unmerge, unmerge_preview
    from console.data.records.merging import SUGGESTED

    async with session.acting() as (desk, actor):
        async with desk.read() as connection:
            entry = await _entry(connection, noun, merge)
        found = await unmerge_preview(
            desk, actor, entry, after=0 if wish.after is None else _row("after", wish.after)
        )
        async with desk.read() as connection:
            others = SUGGESTED if wish.rest is None else await _one_of(connection, noun, found, wish.rest)
            given = {}
            for one in wish.give:
                row, whose = pair("give", one, noun)
                given[_row("give", row)] = await _one_of(connection, noun, found, whose)
        if wish.dry_run:
            _show_undo(session, found)
            return
        if found.refusal:
            raise Refused(found.refusal)
        if found.conflicts and not wish.keep_changed:
            changed = "; ".join(found.conflicts[:5])
            raise Refused(
                f"Not undone, nothing was changed: {changed}. --keep-changed leaves those as they are now."
            )
        check(session, "Undo the merge", wish.yes, (), lambda: _print_undo(session, found))
        done = await unmerge(
            desk,
            actor,
            entry,
            assign=given,
            others=others,
            keep_changed=wish.keep_changed,
            reason=wish.reason,
        )
    answer(session, merging.apart(done), done.entry_id, done.rows, **_undone(done))


async def _entry(connection: "AsyncConnection", noun: str, given: str) -> int:
    """The merge meant: its entry, or the last that stands of a record, also of one that was absorbed."""
    from console.data.merging.unmerge import entry_of

    number = _number(given.strip())
    return await entry_of(connection, await find(connection, noun, given) if number is None else number)


async def _one_of(connection: "AsyncConnection", noun: str, found: "UnmergePreview", given: str) -> int:
    """One of those merged: by the number they are shown with, an address they brought, or as anywhere."""
    number = _number(given.strip())
    if number is not None and 1 <= number <= len(found.people):
        return found.people[number - 1][0]
    brought = [one for one, address in found.known_by.items() if address == given.strip()]
    return brought[0] if brought else await find(connection, noun, given)


def _row(option: str, given: str) -> int:
    if (number := _number(given)) is None:
        raise click.UsageError(f"--{option} {given!r}: the row is named by its id. --dry-run lists the rows.")
    return number


def _number(given: str) -> int | None:
    """The id that was written, if it is one."""
    is_id = given.isascii() and given.isdigit() and len(given) <= len(str(_LARGEST))
    return int(given) if is_id and int(given) <= _LARGEST else None


def _undone(done: "Unmerged") -> dict[str, Any]:
    return {
        "survivor": str(done.survivor),
        "records": _people(done.people),
        "assigned": done.assigned,
        "given": [{"id": str(one), "rows": number} for one, number in done.given.items()],
        "stayed": done.stayed,
        "kept": list(done.kept),
    }


def _people(found: Iterable[tuple[int, str]]) -> list[dict[str, str]]:
    return [{"id": str(one), "name": name} for one, name in found]


def _show_undo(session: Session, found: "UnmergePreview") -> None:
    if not session.json:
        _print_undo(session, found)
        output.tell("Nothing was changed.")
        return
    output.emit(
        {
            "dry_run": True,
            "entry": str(found.entry_id),
            "kind": found.kind,
            "at": found.at,
            "by": found.by,
            "records": [
                {**one, "known_by": found.known_by.get(int(one["id"]), "")} for one in _people(found.people)
            ],
            "rows": found.rows,
            "newer": [
                {
                    "id": str(row.id),
                    "table": row.table,
                    "label": row.label,
                    "at": row.at,
                    "suggested": str(row.suggested),
                    "why": row.why,
                }
                for row in found.newer
            ],
            "more": found.more,
            "conflicts": list(found.conflicts),
            "refusal": found.refusal,
        }
    )


def _print_undo(session: Session, found: "UnmergePreview") -> None:
    from console.commands import merging

    numbers = {one: f"{place} {name}" for place, (one, name) in enumerate(found.people, 1)}
    output.tell(
        f"Merged into {found.people[0][1]}, {session.local(found.at)}, by {found.by or 'the system'}."
    )
    output.table(
        [Column("", "right"), Column("name", gives=True), Column("known by", gives=True), Column("id")],
        [
            [str(place), name, found.known_by.get(one, ""), str(one)]
            for place, (one, name) in enumerate(found.people, 1)
        ],
    )
    output.tell(merging.going_back(found))
    if found.newer:
        output.heading("Came since")
        rows = [
            [str(row.id), row.label, session.local(row.at), numbers.get(row.suggested, ""), row.why]
            for row in found.newer
        ]
        output.table(
            [
                Column("row"),
                Column("", gives=True),
                Column("when"),
                Column("goes to", gives=True),
                Column("because", gives=True),
            ],
            rows,
        )
    if found.more > 0:
        output.tell(
            f"{found.more:,} more came since: --after {found.newer[-1].id} shows the next. Each goes to whom it seems"
            " to belong, or all of them with --rest to one."
        )
    for line in found.conflicts:
        output.tell(f"Changed since: {line}")
    if found.refusal:
        output.tell(found.refusal)


# Who was merged into a record


def merged(found: Iterable["Absorbed"]) -> list[dict[str, Any]]:
    """Who was merged into a record, for JSON."""
    return [
        {
            "id": str(one.id),
            "name": one.name,
            "kind": one.kind,
            "entry": str(one.entry_id),
            "at": one.at,
            "by": one.by,
            "left": dict(one.left),
        }
        for one in found
    ]


def show_merged(session: Session, found: Sequence["Absorbed"]) -> None:
    """Write who was merged into a record, and what was left with them."""
    from console.commands.merging import left_there

    if found:
        output.heading("Merged into this one")
        rows = [[one.name, session.local(one.at), one.by, left_there(one), str(one.id)] for one in found]
        titles = (
            Column("name", gives=True),
            Column("when"),
            Column("by"),
            Column("left there"),
            Column("id", "right"),
        )
        output.table(titles, rows)
