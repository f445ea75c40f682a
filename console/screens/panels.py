"""What a tab of a client or an organization shows: pairs at the top, a list below, and what enter does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from sqlalchemy.ext.asyncio import AsyncConnection

from console import text
from console.data.paging import At
from console.data.rebase import MERGES
from console.data.records import Anchor, DepartmentAccess, HistoryLine, IncidentRow, Page, SlaTarget
from console.widgets.facts import Pair
from console.widgets.record_list import Column, ListRow, RowFlags
from console.wording import done


@dataclass(frozen=True, slots=True)
class Opens:
    """What enter on a row does: opens a record, reads a text, switches something on or off, or edits a ``target``."""

    what: str
    id: int = 0
    title: str = ""
    text: str = ""
    on: bool = False
    target: SlaTarget | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """The content of a tab, ready to be shown."""

    columns: Sequence[Column]
    rows: Sequence[ListRow] = ()
    pairs: Sequence[Pair] = ()
    empty: str = "Nothing here yet."
    opens: Mapping[int, Opens] = field(default_factory=dict)
    anchors: Mapping[int, Anchor] = field(default_factory=dict)
    has_before: bool = False
    has_after: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Whose tab it is, the time, the zone it is shown in (None: the machine's), and what is looked for in it."""

    record_id: int
    now: datetime
    zone: tzinfo | None = None
    text: str = ""

    def local(self, moment: datetime) -> datetime:
        """The moment in the viewer's zone."""
        return moment.astimezone(self.zone)

    def when(self, moment: datetime | None) -> str:
        """A moment beside now, short; '' for none."""
        return text.when(self.local(moment), self.local(self.now)) if moment else ""

    def stamp(self, moment: datetime) -> str:
        """Date and minute, in the viewer's zone."""
        return f"{self.local(moment):%Y-%m-%d %H:%M}"

    def day(self, moment: datetime) -> str:
        """The day of a moment, short."""
        return text.day(self.local(moment).date(), self.local(self.now).date())


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: its id and title, and how its panel is read."""

    id: str
    title: str
    load: Callable[[AsyncConnection, Context, At], Awaitable[Panel]]


# Incidents, access, SLA and history look the same on a client and on an organization.

INCIDENTS = (
    Column("number", "incident", 10),
    Column("subject", "subject", 12, grow=1),
    Column("state", "state", 9, drop=1),
    Column("priority", "prio", 8, drop=4),
    Column("created", "opened", 9, drop=3),
    Column("due", "due", 9, align="right"),
    Column("owner", "owner", 8, drop=2),
)
# Where the reader knows the state by the panel's title, due and owner come first.
OPEN_INCIDENTS = tuple(
    Column(
        c.key, c.title, c.width, c.grow, c.align, {"state": 5, "owner": 1, "created": 4}.get(c.key, c.drop)
    )
    for c in INCIDENTS
)


def incident_rows(rows: Sequence[IncidentRow], context: Context) -> list[ListRow]:
    """Incidents as lines; an overdue one carries a warning."""
    return [
        ListRow(
            row.id,
            {
                "number": row.readable,
                "subject": row.subject or "(no subject)",
                "state": row.state if row.folder == "inbox" else row.folder,
                "priority": row.priority,
                "created": context.when(row.created_at),
                "due": context.when(row.due_at) or "-",
                "owner": row.owner or "-",
                "client": row.client,
                "department": row.department,
            },
            RowFlags(warning=row.overdue, dim=row.state in ("closed", "cancelled") or row.folder != "inbox"),
        )
        for row in rows
    ]


def no_incidents(context: Context) -> str:
    """What is said in place of incidents: there are none, or none that match."""
    return (
        f"No incidents match {context.text!r}. / looks for others." if context.text else "No incidents yet."
    )


def opens_incidents(rows: Sequence[IncidentRow]) -> dict[int, Opens]:
    """Enter opens the incident."""
    return {row.id: Opens("incident", row.id, row.readable) for row in rows}


ACCESS = (
    Column("switch", "", 3),
    Column("department", "department", 16, grow=1),
    Column("source", "because of", 15),
)
_SOURCES = {"client": "own switch", "organization": "organization", "department": "open to all"}


def access_panel(found: Sequence[DepartmentAccess], said: str) -> Panel:
    """Every department with a switch that enter turns; ``said`` is what stands above."""
    rows, opens = [], {}
    for one in found:
        source = _SOURCES[one.source] if one.allowed or one.source != "department" else "not open to all"
        rows.append(ListRow(one.department_id, ("[x]" if one.allowed else "[ ]", one.department, source)))
        opens[one.department_id] = Opens("access", one.department_id, one.department, on=one.allowed)
    return Panel(ACCESS, rows, [Pair("", (said,))], "No departments yet. An admin adds them.", opens)


SLA = (
    Column("kind", "kind", 7),
    Column("priority", "priority", 8),
    Column("first", "first", 10, align="right"),
    Column("resolution", "resolution", 10, align="right"),
    Column("source", "whose", 7),
)


def sla_panel(found: Sequence[SlaTarget], own: str) -> Panel:
    """The target for each kind and priority, and whose it is; enter edits it. ``own`` is the noun of the record."""
    whose = {"organization": "org", own: "own"}
    rows, opens = [], {}
    for number, one in enumerate(found, 1):
        first, whole = target_time(one.first_response), target_time(one.resolution)
        rows.append(
            ListRow(number, (one.kind, one.priority, first, whole, whose.get(one.source, one.source)))
        )
        opens[number] = Opens("sla", number, target=one)
    return Panel(SLA, rows, [Pair("", ("enter sets an own target",))], "No targets.", opens)


def target_time(minutes: int | None) -> str:
    """A target as staff read and write it: '4 h', or 'none' where nothing is promised."""
    return "none" if minutes is None else text.duration_minutes(minutes)


HISTORY = (
    Column("at", "when", 9),
    Column("what", "what", 20, grow=3),
    Column("who", "who", 10, grow=1),
    Column("via", "by way of", 9, drop=1),
)


def history_panel(page: Page[HistoryLine], context: Context) -> Panel:
    """The timeline from the journal, newest first; enter reads the details."""
    lines = page.rows
    rows = [
        ListRow(
            line.id,
            {
                "at": context.when(line.at),
                "what": ("(undone) " if line.undone else "") + done(line, on_record=True),
                "who": _who(line),
                "via": line.via,
            },
            RowFlags(dim=line.undone),
        )
        for line in lines
    ]
    opens = {line.id: _opens(line, context) for line in lines}
    return Panel(
        HISTORY,
        rows,
        opens=opens,
        anchors={line.id: Anchor(line.id, line.id) for line in lines},
        has_before=page.has_before,
        has_after=page.has_after,
        empty="Nothing was done yet.",
    )


def _opens(line: HistoryLine, context: Context) -> Opens:
    """A merge that stands opens its undo, for who may undo it; anything else is read."""
    what = "merge" if line.action in MERGES and not line.undone else "read"
    return Opens(what, line.id, done(line, on_record=True), _details(line, context))


def _who(line: HistoryLine) -> str:
    return f"{line.actor} as {line.acting_as}" if line.acting_as else line.actor


def _details(line: HistoryLine, context: Context) -> str:
    parts = [
        f"{context.stamp(line.at)}, {_who(line)}, by way of {line.via}",
        f"journal entry {line.id}, {text.plural(line.rows, 'row', 'rows')}",
    ]
    if line.batch_id is not None:
        parts.append(f"part of batch {line.batch_id}")
    if line.reason:
        parts.append(f"reason: {line.reason}")
    if line.undone:
        parts.append("It was undone later.")
    elif line.fixed:
        parts.append(line.fixed)
    parts.append("")
    parts += [f"{change.field}: {change.before or '-'} -> {change.after or '-'}" for change in line.changes]
    return "\n".join(parts)
