"""A merge before it is done: the records side by side, the balance sheet, and who will see what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.fields import FIELDS, Field
from console.data.merging import counting, fields, links, sides, sight
from console.data.merging.counting import Count
from console.data.merging.parts import OF_CLIENT, OF_ORGANIZATION
from console.data.models.clients import client, client_tag, tag
from console.data.models.organizations import organization
from console.data.models.staff import staff
from console.data.records.merging import BalanceLine, Choices, MergeField, MergePreview, MergeSide

SHOWN = (
    ("incidents", "incidents"),
    ("invoices", "invoices"),
    ("notes", "notes"),
    ("contacts", "contacts"),
    ("departments", "departments"),
    ("tags", ""),
    ("favourite marks", ""),
    ("manager grants", ""),
    ("SLA targets", ""),
)
"""Lines of the balance sheet, but for credit, which is shown in its units: the label of a part, and its category."""


@dataclass(frozen=True, slots=True)
class PreviewParts:
    """What a preview of clients is made of: the kind of merge, the rows, their counts, the organization afterwards."""

    kind: str
    choices: Choices
    rows: Mapping[int, Row[Any]]
    counts: Sequence[Count]
    organization: int | None


async def preview(connection: AsyncConnection, choices: Choices) -> MergePreview:
    """What merging these clients would do. Refused, NotFound or Invalid where it cannot be done."""
    sides.check(choices)
    rows = await sides.load(connection, client, choices)
    kept = fields.winners(client, rows, choices)
    owner = rows[kept["organization"]].organization_id
    counts = await counting.counts(connection, OF_CLIENT, choices.ids, owner)
    found = await assemble(connection, PreviewParts("client", choices, rows, counts, owner))
    return replace(
        found,
        fields=await _fields(connection, rows, choices, kept),
        questions=_questions(rows, choices),
        warnings=(*_kinds(rows, choices), *found.warnings),
    )


async def assemble(connection: AsyncConnection, parts: PreviewParts) -> MergePreview:
    """A preview without fields: the records, the balance sheet, who sees what."""
    choices, rows = parts.choices, parts.rows
    moves = "incidents" not in choices.without
    seen_by = await sight.of_clients(connection, rows, choices.ids, parts.organization, moves=moves)
    return MergePreview(
        kind=parts.kind,
        choices=choices,
        sides=_sides(rows, choices),
        fields=tuple(await _lists(connection, choices)),
        balance=(*_balance(parts.counts, choices), *await _credit(connection, choices)),
        sight=tuple(seen_by),
        rows=accounted(parts.counts, choices),
        warnings=(*_warnings(rows, parts.counts, choices), *await links.ending(connection, rows, choices)),
    )


async def preview_organizations(connection: AsyncConnection, choices: Choices) -> MergePreview:
    """What merging these organizations would do; raises as ``preview`` does."""
    sides.check(choices, "organization")
    rows = await sides.load(connection, organization, choices)
    kept = fields.winners(organization, rows, choices)
    counts = await counting.counts(connection, OF_ORGANIZATION, choices.ids, None)
    shown = [
        _field(one, [_text(rows[each], one) for each in choices.ids], kept, choices)
        for one in FIELDS[organization]
    ]
    return MergePreview(
        kind="organization",
        choices=choices,
        sides=_sides(rows, choices),
        fields=tuple(shown),
        balance=tuple(_line(one, choices) for one in counts if one.part.label != "merged records"),
        sight=tuple(await sight.of_organizations(connection, choices.ids)),
        rows=accounted(counts, choices),
    )


def accounted(counts: Sequence[Count], choices: Choices) -> dict[str, int]:
    """Every row of the absorbed that moves, becomes one with another, or ends, by what it is called."""
    return {
        one.part.label: sum(one.before[1:])
        for one in counts
        if sum(one.before[1:]) and one.part.category not in choices.without
    }


def _sides(rows: Mapping[int, Row[Any]], choices: Choices) -> tuple[MergeSide, ...]:
    return tuple(
        MergeSide(
            one,
            rows[one].name,
            getattr(rows[one], "status", ""),
            getattr(rows[one], "email", ""),
            rows[one].version,
        )
        for one in choices.ids
    )


async def _fields(
    connection: AsyncConnection, rows: Mapping[int, Row[Any]], choices: Choices, kept: Mapping[str, int]
) -> tuple[MergeField, ...]:
    names = await _names(connection, rows)
    shown = [
        _field(one, [_text(rows[each], one, names) for each in choices.ids], kept, choices, rows=rows)
        for one in FIELDS[client]
    ]
    return (*shown[:1], *await _lists(connection, choices), *shown[1:])


def _field(
    one: Field,
    texts: Sequence[str],
    kept: Mapping[str, int],
    choices: Choices,
    rows: Mapping[int, Row[Any]] | None = None,
) -> MergeField:
    asks = one.name == "status" and rows is not None and fields.undecided(rows, choices)
    return MergeField(one.name, tuple(texts), (choices.ids.index(kept[one.name]),), asks=asks)


def _text(row: Row[Any], one: Field, names: Mapping[str, str] | None = None) -> str:
    """A field of a record as one line."""
    if one.name == "organization":
        return (names or {}).get(f"organization {row.organization_id}", "")
    if one.name == "status":
        by = (names or {}).get(f"staff {row.status_by}", "")
        told = (row.status, f"({row.status_reason})" if row.status_reason else "", f"by {by}" if by else "")
        return " ".join(part for part in told if part)
    if one.name == "incident_approval":
        return "on" if row.incident_approval else "off"
    if one.name == "portal":
        return row.portal if row.portal_scope == "all" else f"{row.portal}, {row.portal_scope}"
    if one.name == "address":
        place = " ".join(part for part in (row.postcode, row.city) if part)
        return ", ".join(part for part in (row.street, place, row.country) if part)
    value = getattr(row, one.columns[0])
    return "" if value is None else str(value)


async def _names(connection: AsyncConnection, rows: Mapping[int, Row[Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for table, wanted in (
        (organization, {row.organization_id for row in rows.values()}),
        (staff, {row.status_by for row in rows.values()}),
    ):
        query = select(table.c.id, table.c.name).where(table.c.id.in_(wanted - {None}))
        found |= {f"{table.name} {row.id}": row.name for row in await connection.execute(query)}
    return found


async def _lists(connection: AsyncConnection, choices: Choices) -> list[MergeField]:
    """Identities and tags: every value stays."""
    held = await counting.own_identities(connection, choices.ids)
    tags = await _tags(connection, choices.ids)

    def texts(kinds: Sequence[str], mobile: bool | None = None) -> tuple[str, ...]:
        return tuple(
            ", ".join(
                raw for kind, raw, is_mobile in held[one] if kind in kinds and mobile in (None, is_mobile)
            )
            for one in choices.ids
        )

    return [
        _both("email", texts(("email",)), choices),
        _both("mobile", texts(("phone",), True), choices),
        _both("phone", texts(("phone",), False), choices),
        _both("handles", texts(("facebook", "twitter", "linkedin", "chat")), choices),
        _both("tags", tuple(", ".join(tags.get(one, ())) for one in choices.ids), choices),
    ]


def _both(name: str, texts: tuple[str, ...], choices: Choices) -> MergeField:
    """A list of which every value stays; the side whose comes first is named first."""
    having = [place for place, text in enumerate(texts) if text]
    if name in choices.keep:
        first = choices.ids.index(choices.keep[name])
        having.sort(key=lambda place: place != first)
    return MergeField(name, texts, tuple(having), both=True)


async def _tags(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, list[str]]:
    query = (
        select(client_tag.c.client_id, tag.c.name)
        .join(tag, tag.c.id == client_tag.c.tag_id)
        .where(client_tag.c.client_id.in_(ids))
        .order_by(tag.c.name)
    )
    found: dict[int, list[str]] = {}
    for owner, name in await connection.execute(query):
        found.setdefault(owner, []).append(name)
    return found


def _balance(counts: Sequence[Count], choices: Choices) -> list[BalanceLine]:
    by_label = {one.part.label: one for one in counts}
    return [_line(by_label[label], choices) for label, _ in SHOWN]


def _line(one: Count, choices: Choices) -> BalanceLine:
    moved = one.part.category not in choices.without
    absorbed = sum(one.before[1:])
    gone = one.same + one.ended if moved else 0
    return BalanceLine(
        name=one.part.label,
        category=one.part.category,
        before=one.before,
        after=one.before[0] + (absorbed - gone if moved else 0),
        same=one.same if moved else 0,
        ended=one.ended if moved else 0,
        left=0 if moved else absorbed,
        moved=moved,
    )


async def _credit(connection: AsyncConnection, choices: Choices) -> list[BalanceLine]:
    lines = []
    moved = "credit" not in choices.without
    for unit in ("minutes", "incidents"):
        before = await counting.credit(connection, choices.ids, unit)
        after, left = (sum(before), 0) if moved else (before[0], sum(before[1:]))
        lines.append(BalanceLine("credit", "credit", before, after, 0, left, 0, unit, moved))
    return lines


def _questions(rows: Mapping[int, Row[Any]], choices: Choices) -> tuple[str, ...]:
    if not fields.undecided(rows, choices):
        return ()
    held = [f"{rows[one].name or one} is {rows[one].status}" for one in choices.ids]
    return (f"{', '.join(held)}: say which status they have afterwards.",)


def _kinds(rows: Mapping[int, Row[Any]], choices: Choices) -> tuple[str, ...]:
    if len({rows[one].kind for one in choices.ids}) == 1:
        return ()
    return ("A person and a company are hardly one client. Merge as contact keeps both names.",)


def _warnings(rows: Mapping[int, Row[Any]], counts: Sequence[Count], choices: Choices) -> list[str]:
    found = []
    absorbed = [rows[one].name or str(one) for one in choices.ids[1:] if rows[one].password_hash]
    if absorbed:
        found.append(f"The portal password of {', '.join(absorbed)} no longer works; the survivor's does.")
    ended = sum(one.ended for one in counts)
    if ended:
        found.append(f"{ended} manager grant{'s' if ended > 1 else ''} of another organization will end.")
    return found
