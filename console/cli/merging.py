"""`helpdesk clients merge` and `merge-as-contact`, and `merge` of organizations: shown before it is done."""

import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from console.cli import output
from console.cli.output import Column
from console.cli.session import Quit, Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.data.records.merging import BalanceLine, Choices, MergePreview

CATEGORIES = ("incidents", "invoices", "notes", "credit", "contacts", "departments")
YES = click.Option(["--yes"], is_flag=True, help="Do it without asking.")
DRY_RUN = click.Option(["--dry-run"], is_flag=True, help="Show what it would do, and change nothing.")
REASON = click.Option(["--reason"], default="", help="Why, for the journal.")
_WITHOUT = click.Option(
    ["--without"],
    type=click.Choice(CATEGORIES),
    multiple=True,
    help="Leave this with the absorbed; may be repeated.",
)


def merge_command(noun: str) -> click.Command:
    """`merge` of clients or of organizations."""
    nouns, (one, other) = called(noun)
    keep = click.Option(
        ["--keep"],
        multiple=True,
        metavar=f"FIELD={noun.upper()}",
        help="Whose value a field keeps; may be repeated.",
    )
    into = click.Option(
        ["--into"], metavar=noun.upper(), help="The survivor; without it the first one named."
    )
    credit = " --without credit" if noun == "client" else ""

    async def run(
        session: Session,
        records: tuple[str, ...],
        into: str | None,
        keep: tuple[str, ...],
        without: tuple[str, ...] = (),
        **how: Any,
    ) -> None:
        async def choose(connection: "AsyncConnection") -> "Choices":
            return replace(
                await _choices(connection, noun, records, into),
                keep=await _kept(connection, noun, keep),
                without=frozenset(without),
            )

        await _merge(session, noun, choose, **how)

    return made(
        "merge",
        click.Argument(["records"], nargs=-1, required=True, metavar=f"{noun.upper()}..."),
        into,
        keep,
        *([_WITHOUT] if noun == "client" else []),
        REASON,
        DRY_RUN,
        YES,
        text=f"Merge {nouns} into one, ten at most. Every row of the others becomes the survivor's, or stays where"
        " --without says; what they were called stands for the survivor from then on. unmerge takes it back.",
        examples=f"""
        helpdesk {nouns} merge {one} {other} --dry-run
        helpdesk {nouns} merge {one} {other} --into {other} --keep name={one}{credit} --yes --json
        """,
    )(run)


async def _as_contact(
    session: Session, survivor: str, other: str, without: tuple[str, ...], **how: Any
) -> None:
    async def choose(connection: "AsyncConnection") -> "Choices":
        found = await _choices(connection, "client", (survivor, other), None)
        return replace(found, without=frozenset(without))

    await _merge(session, "contact", choose, **how)


as_contact = made(
    "merge-as-contact",
    click.Argument(["survivor"]),
    click.Argument(["other"]),
    _WITHOUT,
    REASON,
    DRY_RUN,
    YES,
    text="Make OTHER a contact of SURVIVOR. Their incidents come along, and say that the contact opened them.",
    examples="""
    helpdesk clients merge-as-contact office@acme.example piotr@acme.example --dry-run
    helpdesk clients merge-as-contact office@acme.example piotr@acme.example --yes --json
    """,
)(_as_contact)


def called(noun: str) -> tuple[str, tuple[str, str]]:
    """How a noun is called on the command line, and two ways to name one of them."""
    if noun == "client":
        return "clients", ("anna@acme.example", "kasia@acme.example")
    return "organizations", ("acme.example", "acme.test")


# Merging


Choose = Callable[["AsyncConnection"], Awaitable["Choices"]]


async def _merge(
    session: Session, kind: str, choose: Choose, *, reason: str, yes: bool, dry_run: bool
) -> None:
    from console.commands import merging
    from console.commands.merging import KINDS

    async with session.acting() as (desk, actor):
        async with desk.read() as connection:
            choices = await choose(connection)
            found = await KINDS[kind].preview(connection, choices)
        if dry_run:
            _show(session, found)
            return
        check(session, merging.deed(found), yes, found.questions, lambda: _print(found))
        merged = await KINDS[kind].merge(desk, actor, choices, seen=found.seen, reason=reason)
    said = merging.sentence(kind, merged, [side.name for side in found.sides[1:]])
    ids = [str(one) for one in merged.absorbed]
    answer(session, said, merged.entry_id, merged.rows, survivor=str(merged.survivor), absorbed=ids)


async def _choices(
    connection: "AsyncConnection", noun: str, records: Sequence[str], into: str | None
) -> "Choices":
    """The records named; a survivor who is not among them is the first."""
    from console.data.records.merging import Choices

    ids = [await find(connection, noun, one) for one in records]
    survivor = ids[0] if into is None else await find(connection, noun, into)
    if survivor in ids:
        ids.remove(survivor)
    return Choices(survivor, tuple(ids))


async def _kept(connection: "AsyncConnection", noun: str, keep: Sequence[str]) -> dict[str, int]:
    """Whose value each field keeps."""
    kept = {}
    for one in keep:
        field, whose = pair("keep", one, noun)
        kept[field.replace("-", "_").replace(" ", "_")] = await find(connection, noun, whose)
    return kept


async def find(connection: "AsyncConnection", noun: str, given: str) -> int:
    """The record that a name stands for; an id for that record, though it was merged into another."""
    from console.data import find as named

    finding = named.organization_id if noun == "organization" else named.client_id
    return await finding(connection, given, left=True)


def pair(option: str, given: str, noun: str) -> tuple[str, str]:
    """Both sides of FIELD=CLIENT or ROW=CLIENT."""
    left, equals, right = given.partition("=")
    if not (equals and left.strip() and right.strip()):
        what = "FIELD" if option == "keep" else "ROW"
        raise click.UsageError(f"--{option} {given!r}: write {what}={noun.upper()}.")
    return left.strip(), right.strip()


def check(session: Session, deed: str, yes: bool, questions: Iterable[str], show: Callable[[], None]) -> None:
    """Refused where something must be answered first, or nobody has said yes; Quit where they say no."""
    from console.data.errors import Refused

    for question in questions:
        raise Refused(f"Nothing was merged. {question} Say it with --keep.")
    if yes:
        return
    if not session.json:
        show()
    if session.json or not sys.stdin.isatty():
        raise Refused(f"Nothing was changed. {deed}: add --yes to do it, --dry-run to see what it would do.")
    if not click.confirm(f"{deed}?", default=False):
        output.tell("Nothing was changed.")
        raise Quit(1)


def answer(session: Session, sentence: str, entry: int, rows: int, **more: Any) -> None:
    """Answer what was done."""
    if session.json:
        output.emit({"sentence": sentence, "entry": str(entry), "count": rows, **more})
    else:
        output.tell(sentence)


# A merge before it is done


def _show(session: Session, found: "MergePreview") -> None:
    if session.json:
        output.emit(_json(found))
    else:
        _print(found)
        output.tell("Nothing was changed.")


def _json(found: "MergePreview") -> dict[str, Any]:
    from console.commands import merging

    return {
        "dry_run": True,
        "sentence": merging.deed(found),
        "kind": found.kind,
        "records": [
            {"id": str(one.id), "name": one.name, "status": one.status, "email": one.email}
            for one in found.sides
        ],
        "fields": [
            {
                "name": one.name,
                "values": list(one.values),
                "kept": [str(found.sides[place].id) for place in one.kept],
                "both": one.both,
                "asks": one.asks,
            }
            for one in found.fields
        ],
        "balance": [_balance(one) for one in found.balance],
        "sight": [
            {"name": one.name, "gains": one.gains, "loses": one.loses, "why": one.why} for one in found.sight
        ],
        "rows": dict(found.rows),
        "questions": list(found.questions),
        "warnings": list(found.warnings),
    }


def _balance(one: "BalanceLine") -> dict[str, Any]:
    return {
        "name": one.name,
        "category": one.category,
        "unit": one.unit,
        "before": list(one.before),
        "after": one.after,
        "same": one.same,
        "left": one.left,
        "ended": one.ended,
        "moved": one.moved,
    }


def _print(found: "MergePreview") -> None:
    from console.commands import merging

    output.tell(merging.deed(found))
    titles = ["keep", *(str(place) for place in range(2, len(found.sides) + 1))]
    output.say()
    output.table(
        [Column(""), *(Column(title, gives=True) for title in titles)],
        [
            [one.name.replace("_", " "), *_values(one.values, one.kept, one.both)]
            for one in found.fields
            if any(one.values)
        ],
    )
    output.say()
    output.table(
        [Column(""), *(Column(title, "right") for title in (*titles, "after", "same", "left", "ended"))],
        [_amounts(one) for one in found.balance if any(one.before)],
    )
    output.say()
    for line in (*found.questions, *found.warnings, merging.accounted(found), merging.seen(found)):
        output.tell(line)


def _values(values: Sequence[str], kept: Sequence[int], both: bool) -> list[str]:
    """The values of a field; in brackets the one that stays, + for those that stay beside it."""
    first = kept[0] if kept else None
    marked = [f"[{value}]" if place == first else value for place, value in enumerate(values)]
    return [
        f"{text} +" if both and place in kept and values[place] else text for place, text in enumerate(marked)
    ]


def _amounts(one: "BalanceLine") -> list[str]:
    from console.text import hours

    def amount(value: int) -> str:
        return hours(value) if one.unit == "minutes" else f"{value:,}"

    name = f"{one.name} (incidents)" if one.unit == "incidents" else one.name
    rest = [amount(value) if value else "" for value in (one.same, one.left, one.ended)]
    return [name, *(amount(value) for value in one.before), amount(one.after), *rest]
