"""Merging: which records, how it is told before it is done, and what is said of it afterwards."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from console.commands.model import CLIENTS, MERGED, TABBED, Command
from console.commands.organizations import ORGANIZATIONS
from console.commands.organizations import gone as organization_gone
from console.commands.reasons import gone
from console.commands.who import PICK_KEYS
from console.data.desk import Desk
from console.data.errors import DeskError, Refused
from console.data.merging.absorbed import is_merge, last_merge
from console.data.merging.apply import merge, merge_organizations
from console.data.merging.as_contact import merge_as_contact, preview_as_contact
from console.data.merging.preview import preview, preview_organizations
from console.data.merging.sides import MOST
from console.data.records import Actor
from console.data.records.merging import (
    Absorbed,
    Choices,
    Merged,
    MergePreview,
    SightChange,
    Unmerged,
    UnmergePreview,
)
from console.text import ended, plural
from console.wording import NO_NAME


class Previews(Protocol):
    """What tells what a merge would do."""

    def __call__(self, connection: AsyncConnection, choices: Choices) -> Awaitable[MergePreview]:
        """The merge before it is done."""
        ...


class Merges(Protocol):
    """What does a merge."""

    def __call__(
        self, desk: Desk, actor: Actor, choices: Choices, *, seen: Mapping[int, int], reason: str = ""
    ) -> Awaitable[Merged]:
        """Do it, unless a record is no longer as it was ``seen``."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of merge: what it merges, how it is previewed and done; at most so many records."""

    noun: str
    nouns: str
    preview: Previews
    merge: Merges
    most: int = MOST


KINDS: dict[str, Kind] = {
    "client": Kind("client", "clients", preview, merge),
    "contact": Kind("client", "clients", preview_as_contact, merge_as_contact, most=2),
    "organization": Kind("organization", "organizations", preview_organizations, merge_organizations),
}


def check_number(kind: str, count: int) -> None:
    """Refused where more are to be merged than can be shown side by side."""
    found = KINDS[kind]
    if count > found.most and kind == "contact":
        raise Refused("One client at a time becomes a contact of another.")
    if count > found.most:
        raise Refused(
            f"Up to {found.most} {found.nouns} are merged at once, and these are {count:,}. Merge them in parts."
        )


# What staff choose


def keeping(preview: MergePreview, choices: Choices, name: str, side: int) -> Choices:
    """The choices with one record's value of a field kept; Refused where it has none that could come first."""
    if preview.kind == "contact":
        raise Refused(
            "A contact keeps what is theirs, so there is nothing to choose. space leaves a category out."
        )
    field = next(one for one in preview.fields if one.name == name)
    if field.both and name == "tags":
        raise Refused("All tags stay.")
    if field.both and not field.values[side]:
        raise Refused("They have none that could come first. All there are stay.")
    return replace(choices, keep={**choices.keep, name: preview.sides[side].id})


def keeping_all(preview: MergePreview, choices: Choices, name: str) -> Choices:
    """The choices with all values of a field kept, in the order of the records; Refused where only one can stay."""
    field = next(one for one in preview.fields if one.name == name)
    if not field.both:
        raise Refused(f"Only one {name.replace('_', ' ')} can stay. enter keeps the one under the cursor.")
    return replace(choices, keep={one: kept for one, kept in choices.keep.items() if one != name})


def toggling(preview: MergePreview, choices: Choices, name: str) -> Choices:
    """The choices with a category left out, or moved again; Refused for what always moves."""
    line = next(one for one in preview.balance if one.name == name)
    if not line.category:
        raise Refused(
            f"{name[:1].upper()}{name[1:]} always move: nothing of them may be left without an owner."
        )
    return replace(choices, without=choices.without ^ {line.category})


# How it is told


def title(preview: MergePreview) -> str:
    """What it is, for the top line."""
    if preview.kind == "contact":
        return "Merge as contact"
    return f"Merge {len(preview.sides)} {KINDS[preview.kind].nouns} into one"


def deed(preview: MergePreview) -> str:
    """What would be done, with the name the survivor has then: 'Merge 3 clients into Anna Kowalska'."""
    survivor = _survivor(preview)
    if preview.kind == "contact":
        return f"Make {preview.sides[1].name or NO_NAME} a contact of {survivor}"
    return f"Merge {len(preview.sides)} {KINDS[preview.kind].nouns} into {survivor}"


def _survivor(preview: MergePreview) -> str:
    kept = next((one for one in preview.fields if one.name == "name" and one.kept), None)
    return (kept.values[kept.kept[0]] if kept else preview.sides[0].name) or NO_NAME


def accounted(preview: MergePreview) -> str:
    """That no row is lost, and which rows there are."""
    if not preview.rows:
        return "Everything is accounted for: nothing has to move."
    counted = ", ".join(f"{name} {number:,}" for name, number in preview.rows.items())
    rows = plural(sum(preview.rows.values()), "row", "rows")
    return f"Everything is accounted for: {counted}; {rows}, none left over."


def seen(preview: MergePreview) -> str:
    """Who sees more or less than before."""
    if not preview.sight:
        return "Nobody sees more or less than before."
    told = [_sees(one) for one in preview.sight]
    if not any(one.loses for one in preview.sight):
        told.append("nobody loses any")
    return "; ".join(told) + "."


def _sees(one: SightChange) -> str:
    parts = [f"newly sees {plural(one.gains, 'incident', 'incidents')}"] if one.gains else []
    parts += [f"no longer sees {plural(one.loses, 'incident', 'incidents')}"] if one.loses else []
    return f"{one.name or NO_NAME} ({one.why}) {' and '.join(parts)}"


def undoable(preview: MergePreview) -> str:
    """How it is taken back."""
    whose = "organization" if preview.kind == "organization" else "client"
    return f"It can be undone at any time with u, or from the {whose}'s history."


def sentence(kind: str, merged: Merged, names: Sequence[str] = ()) -> str:
    """What a merge did: 'Merged 3 clients into Anna Kowalska'; ``names`` of those absorbed."""
    survivor = merged.name or NO_NAME
    if kind == "contact":
        return f"{(names[0] if names else '') or NO_NAME} is a contact of {survivor} now"
    return f"Merged {len(merged.absorbed) + 1} {KINDS[kind].nouns} into {survivor}"


_ONE = {"incidents": "incident", "invoices": "invoice", "notes": "note", "contacts": "contact"}


def left_there(one: Absorbed) -> str:
    """What staff left with an absorbed record: '3 notes, 1 invoice'; '' where all was moved."""
    counted = [(name, number) for name, number in one.left.items() if number]
    return ", ".join(
        f"{number:,} {_ONE.get(name, name) if number == 1 else name}" for name, number in counted
    )


# Taking it back


class AsksFirst(Refused):
    """A merge is not taken back without questions; ``entry_id`` is the merge, whose screen asks them."""

    def __init__(self, sentence: str, entry_id: int) -> None:
        super().__init__(sentence)
        self.entry_id = entry_id


async def asking_first(desk: Desk, actor: Actor, ids: Sequence[int], error: DeskError) -> DeskError:
    """The error of an undo of this entry, or of the actor's last one; where that is a merge, as one that asks."""
    async with desk.read() as connection:
        if not ids:
            entry = await last_merge(connection, actor.staff_id)
        else:
            entry = ids[0] if await is_merge(connection, ids[0]) else None
    return error if entry is None else AsksFirst(str(error), entry)


def told_apart(people: Sequence[tuple[int, str]]) -> dict[int, str]:
    """How those of a merge are called, by id; where two have one name, with the number they are chosen by."""
    names = [name or NO_NAME for _, name in people]
    unique = len({*names}) == len(names)
    return {
        one: name if unique else f"{place} {name}"
        for place, ((one, _), name) in enumerate(zip(people, names, strict=True), 1)
    }


def apart(done: Unmerged) -> str:
    """What the undo of a merge did: 'Undid the merge: Kasia Kowalska is apart from Anna Kowalska again; …'."""
    called = told_apart(done.people)
    first, *names = called.values()
    told = f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} apart from {first} again"
    parts = [f"Undid the merge: {told}", f"{plural(done.rows, 'row', 'rows')} went back"]
    parts += [
        f"{number:,} that came since went to {called[one]}" for one, number in done.given.items() if number
    ]
    if done.stayed:
        parts.append(f"{done.stayed:,} that came since stayed with {first}")
    if done.kept:
        parts.append(f"{len(done.kept):,} left as they are now")
    return "; ".join(parts)


def apart_briefly(done: Unmerged) -> str:
    """The same in a line: 'Undid the merge: 12 rows and 3 new ones went to Kasia Kowalska, 2 new ones stay'."""
    names = [*told_apart(done.people).values()]
    new = f" and {plural(done.assigned, 'new one', 'new ones')}" if done.assigned else ""
    whom = names[1] if len(names) == 2 else f"{len(names) - 1} {KINDS[done.kind].nouns}"
    kept = f", {len(done.kept):,} left as they are now" if done.kept else ""
    stay = f", {plural(done.stayed, 'new one stays', 'new ones stay')}" if done.stayed else ""
    return f"Undid the merge: {plural(done.rows, 'row', 'rows')}{new} went to {whom}{stay}{kept}"


def going_back(found: UnmergePreview) -> str:
    """What the undo of a merge would give back."""
    names = ", ".join([*told_apart(found.people).values()][1:])
    return ended(f"{plural(found.rows, 'row', 'rows')} would go back to {names}")


# The actions

_MERGE = frozenset({"merge"})
_UNMERGE = frozenset({"unmerge"})

ON_MERGING: tuple[Command, ...] = (
    Command(
        "client.merge",
        "Y",
        "Merge",
        "Make one client of several. First all are shown side by side, with what would become of every row.",
        CLIENTS,
        "more",
        disabled=gone,
        changes=True,
        screen="client",
    ),
    Command(
        "client.merge-as-contact",
        "I",
        "Merge as contact",
        "Make another client a contact of this one: their incidents come along, and say that they opened them.",
        frozenset({"client"}),
        "more",
        disabled=gone,
        changes=True,
        single=True,
        screen="contact",
    ),
    Command(
        "organization.merge",
        "Y",
        "Merge",
        "Make one organization of several. First all are shown side by side, with what would become of every row.",
        ORGANIZATIONS,
        "more",
        disabled=organization_gone,
        changes=True,
        screen="organization",
    ),
    Command("merge_do", "f2,ctrl+d", "merge", "Do it, as shown.", _MERGE, footer=_MERGE),
    Command(
        "merge_keep",
        "enter",
        "keep",
        "Keep the value under the cursor; of what all keep, put this record's first. On the last line: merge.",
        _MERGE,
        footer=_MERGE,
    ),
    Command(
        "merge_both",
        "plus",
        "both",
        "Keep the values of all, where a field may have several.",
        _MERGE,
        footer=_MERGE,
    ),
    Command(
        "merge_toggle",
        "space",
        "toggle",
        "Leave a category with the absorbed records, or move it.",
        _MERGE,
        footer=_MERGE,
    ),
    Command(
        "merge_swap",
        "x",
        "swap survivor",
        "The record under the cursor becomes the survivor; on the survivor, the next one.",
        _MERGE,
        footer=_MERGE,
    ),
    Command("not_yet", "u", "not yet", "Nothing is done here yet: f2 does it.", _MERGE | _UNMERGE),
    Command(
        "merged",
        "U",
        "Merged records",
        "Who was merged into this one: what was left there, and the undo of the merge.",
        TABBED,
    ),
    Command(
        "unmerge",
        "U",
        "part them",
        "Undo the merge: give back what was theirs. It asks first.",
        MERGED,
        footer=MERGED,
        changes=True,
    ),
    Command("unmerge_do", "f2,ctrl+d", "undo the merge", "Undo it, as shown.", _UNMERGE, footer=_UNMERGE),
    Command(
        "unmerge_give",
        PICK_KEYS,
        "give",
        "Give the rows that are marked to the one of this number; without marks the row under the cursor.",
        _UNMERGE,
        footer=_UNMERGE,
    ),
    Command("unmerge_mark", "space", "mark", "Mark a row, or take its mark away.", _UNMERGE, footer=_UNMERGE),
    Command("unmerge_range", "V", "mark range", "Mark all from the row marked last to the cursor.", _UNMERGE),
    Command(
        "unmerge_all",
        "asterisk",
        "all",
        "Mark all that came since, those further down too: a number then gives them to somebody.",
        _UNMERGE,
        footer=_UNMERGE,
    ),
    Command(
        "unmerge_suggested",
        "a",
        "suggested",
        "Give every row to whom it seems to belong.",
        _UNMERGE,
        footer=_UNMERGE,
    ),
    Command(
        "unmerge_keep",
        "c",
        "keep changed",
        "Leave rows that were changed since as they are now, or not.",
        _UNMERGE,
    ),
)
