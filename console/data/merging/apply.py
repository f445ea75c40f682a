"""Doing a merge: one change, one journal entry, which takes it back as a whole."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, bindparam, select

from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import Refused
from console.data.fields import field_of
from console.data.giving_way import giving_way
from console.data.merging import fields, moving, sides, waiting
from console.data.merging.parts import OF_CLIENT, OF_ORGANIZATION, Part, named
from console.data.models.base import BIGINT
from console.data.models.clients import alias, client, identity
from console.data.models.organizations import organization
from console.data.models.settings import merge as merge_row
from console.data.records import Actor
from console.data.records.merging import CATEGORIES, Choices, Merged

CLIENTS, ORGANIZATIONS = "client.merge", "organization.merge"


async def merge(
    desk: Desk, actor: Actor, choices: Choices, *, seen: Mapping[int, int] | None = None, reason: str = ""
) -> Merged:
    """Merge clients into one. ``seen`` are the versions that were shown: Stale where a colleague changed one since.

    Refused where it cannot be done, or a row is not accounted for; Invalid for a choice that names nothing.
    """
    sides.check(choices)
    return await giving_way(desk, lambda: _merge(desk, actor, choices, seen or {}, reason))


async def _merge(desk: Desk, actor: Actor, choices: Choices, seen: Mapping[int, int], reason: str) -> Merged:
    about = ("client", choices.survivor)
    async with desk.change(actor, CLIENTS, about=about, reason=reason) as change:
        rows = await locked(change, client, choices, seen)
        if fields.undecided(rows, choices):
            raise Refused("Their statuses contradict each other. Say which one they have afterwards.")
        kept = fields.winners(client, rows, choices)
        owner = rows[kept["organization"]].organization_id
        await _decided(change, rows, choices)
        first = await _chosen_first(change, choices)
        await remember(change, "client", rows, choices)
        await waiting.come_back(change, rows, choices, rows[kept["status"]].status)
        await move_all(change, OF_CLIENT, choices, owner)
        for one in first:
            await moving.put_first(change, choices.survivor, one)
        await moving.end_portal(change, choices.ids)
        await absorb(change, client, choices)
        await _keep(change, client, rows, kept, choices.survivor)
        await waiting.go_on(change, rows, choices, rows[kept["status"]].status)
        change.entry.detail = _detail(rows, choices, kept)
    return _merged(change, rows, choices, kept)


async def _decided(change: Change, rows: Mapping[int, Row[Any]], choices: Choices) -> None:
    """That staff merge them says that they are the same, and the search for duplicates learns from it."""
    from console.data.duplicates import decisions  # 50 ms to import, and only a merge needs it

    looked_for = {one for one in choices.ids if rows[one].archived_at is None}
    pairs = [(choices.survivor, one) for one in choices.absorbed if {choices.survivor, one} <= looked_for]
    if pairs and change.actor.staff_id is not None:
        await decisions.record(change, pairs, "same")


async def merge_organizations(
    desk: Desk, actor: Actor, choices: Choices, *, seen: Mapping[int, int] | None = None, reason: str = ""
) -> Merged:
    """Merge organizations into one; their clients, mail domains, managers, switches and targets become its own."""
    sides.check(choices, "organization")
    return await giving_way(desk, lambda: _merge_organizations(desk, actor, choices, seen or {}, reason))


async def _merge_organizations(
    desk: Desk, actor: Actor, choices: Choices, seen: Mapping[int, int], reason: str
) -> Merged:
    about = ("organization", choices.survivor)
    async with desk.change(actor, ORGANIZATIONS, about=about, reason=reason) as change:
        rows = await locked(change, organization, choices, seen)
        kept = fields.winners(organization, rows, choices)
        await remember(change, "organization", rows, choices)
        await move_all(change, OF_ORGANIZATION, choices, None)
        await absorb(change, organization, choices)
        await _keep(change, organization, rows, kept, choices.survivor)
        change.entry.detail = _detail(rows, choices, kept)
    return _merged(change, rows, choices, kept)


async def locked(
    change: Change, table: Table, choices: Choices, seen: Mapping[int, int]
) -> dict[int, Row[Any]]:
    """The records, locked; refused where they cannot be merged, or are not as they were shown."""
    moving.check_all_known()
    await change.dialect.lock(change.connection, table, table.c.id.in_(choices.ids))
    await change.dialect.give_way(change.connection)
    if table is client:
        change.derived.locked(choices.ids)
    # Of two who waited for each other, the order is that in which they merge.
    change.entry_id = change.new_id()
    rows = await sides.load(change.connection, table, choices)
    sides.check_seen(rows, seen, table.name)
    return rows


async def move_all(change: Change, parts: Sequence[Part], choices: Choices, owner: int | None) -> None:
    """Everything but what is left out; the absorbed records' own absorbed ones among it."""
    moved = [part for part in parts if part.category not in choices.without]
    await moving.move(change, moved, choices.ids, owner)


async def absorb(change: Change, table: Table, choices: Choices) -> None:
    into = {"absorbed_into": choices.survivor}
    if len(choices.absorbed) == 1:
        await change.update(table, choices.absorbed[0], absorbed_into=choices.survivor)
        return
    await change.update_where(table, _absorbed(table), into, named(choices.ids))


@cache
def _absorbed(table: Table) -> ColumnElement[bool]:
    return table.c.id.in_(bindparam("the_others", expanding=True, type_=BIGINT))


async def _keep(
    change: Change, table: Table, rows: Mapping[int, Row[Any]], kept: Mapping[str, int], survivor: int
) -> None:
    """Write the survivor's fields that differ, each whole: an undo compares just those."""
    wanted = fields.values(table, rows, kept)
    differ = {
        field_of(table, name) for name, value in wanted.items() if value != getattr(rows[survivor], name)
    }
    new = {name: value for name, value in wanted.items() if field_of(table, name) in differ}
    if new:
        await change.update(table, survivor, **new)


async def _chosen_first(change: Change, choices: Choices) -> list[list[tuple[str, str]]]:
    """The addresses and numbers (type, normalized) that are to come first; each may be one that both have."""
    found = []
    for name, kind, mobile in (("mobile", "phone", True), ("email", "email", None)):
        if (chosen := choices.keep.get(name)) is None:
            continue
        query = select(identity.c.type, identity.c.normalized).where(
            identity.c.client_id == chosen,
            identity.c.type == kind,
            identity.c.live,
            identity.c.contact_id.is_(None),
        )
        if mobile is not None:
            query = query.where(identity.c.mobile)
        ordered = query.order_by(identity.c.position, identity.c.id)
        found.append([(row[0], row[1]) for row in await change.connection.execute(ordered)])
    return found


async def remember(change: Change, kind: str, rows: Mapping[int, Row[Any]], choices: Choices) -> None:
    """What the absorbed were called stands for the survivor from now on; and a line that says what was merged."""
    owner = "organization_id" if kind == "organization" else "client_id"
    old = [
        {"kind": name, "value": str(getattr(rows[one], name)), owner: choices.survivor}
        for one in choices.absorbed
        for name in ("id", "external_id", "username")
        if getattr(rows[one], name, None)
    ]
    await change.insert_many(alias, old)
    moved = ",".join(one for one in CATEGORIES if one not in choices.without)
    lines = [
        {
            "kind": kind,
            "survivor_id": choices.survivor,
            "absorbed_id": one,
            "categories": moved if kind != "organization" else "",
            "entry_id": change.entry_id,
        }
        for one in choices.absorbed
    ]
    await change.insert_many(merge_row, lines)


def _detail(rows: Mapping[int, Row[Any]], choices: Choices, kept: Mapping[str, int]) -> str:
    """The names of those absorbed, for the journal."""
    return ", ".join(rows[one].name or str(one) for one in choices.absorbed)


def _merged(
    change: Change, rows: Mapping[int, Row[Any]], choices: Choices, kept: Mapping[str, int]
) -> Merged:
    name = rows[kept["name"]].name
    return Merged(change.entry_id, choices.survivor, name, choices.absorbed, change.rows)
