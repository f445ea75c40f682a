"""Everything about one person, as files: what they may ask for, and what is taken out before they are purged.

What is theirs is what a purge would take (``belongings``). It is read in one state of the database and handed out bit
by bit, so that a client with 70,000 incidents is no more to hold than one with three.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import belongings, sheets
from console.data.belongings import Belongings
from console.data.history import shown
from console.data.models.billing import credit_entry, credit_lot, invoice, package
from console.data.models.clients import alias, client, client_tag, department_access, identity, tag
from console.data.models.contacts import contact
from console.data.models.departments import department, sla_target
from console.data.models.incidents import approval, attachment, held, incident, message, time_entry
from console.data.models.journal import journal_entry, journal_item
from console.data.models.mail import blob, outbox, portal_session, raw_mail
from console.data.models.notes import note
from console.data.models.organizations import organization, organization_manager
from console.data.models.staff import staff
from console.data.sheets import Line

PAGE = 500
_LEFT_OUT = {"version", "updated_at", "token_hash", "hash", "sha256", "raw_mail_id", "folder_before"}
# Columns that name one of few records by id, which say more as a name.
_NAMED = (
    (staff, staff.c.name, ("staff_id", "author_id", "owner_id", "asked_by", "status_by")),
    (department, department.c.name, ("department_id",)),
    (package, package.c.title, ("package_id",)),
)

Lines = Callable[[], AsyncIterator[Line]]
Names = dict[str, dict[int, str]]


@dataclass(frozen=True, slots=True)
class PersonFile:
    """A file of the export: its path within, '/' between folders, and its bytes."""

    path: str
    parts: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table of the export: the path of its files, what is in it, its columns and its lines."""

    path: str
    about: str
    columns: tuple[str, ...]
    lines: Lines


async def files(connection: AsyncConnection, client_id: int, now: datetime) -> AsyncIterator[PersonFile]:
    """The files about a client, one after the other; each is read before the next is asked for.

    NotFound if there is no such client. ``connection`` must stay open until the last is read.
    """
    whose = await belongings.of_client(connection, client_id)
    names = await _names(connection)
    rows = dict(whose.rows())
    made = [_sheet(connection, rows, names, *one) for one in _SHEETS]
    made += [_journal(connection, whose), _changes(connection, whose)]
    yield PersonFile("README.txt", _one(_readme(client_id, now, made).encode()))
    yield PersonFile("profile.json", _one(await _profile(connection, whose, names)))
    for sheet in made:
        yield PersonFile(f"{sheet.path}.csv", sheets.as_csv(sheet.columns, sheet.lines()))
        yield PersonFile(f"{sheet.path}.json", sheets.as_json(sheet.columns, sheet.lines()))
    async for file in _attachments(connection, rows[attachment]):
        yield file
    async for file in _mails(connection, rows[raw_mail]):
        yield file


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _names(connection: AsyncConnection) -> Names:
    """Names by id, for each column that holds such ids."""
    found: Names = {}
    for table, name, columns in _NAMED:
        known = {row[0]: row[1] for row in await connection.execute(select(table.c.id, name))}
        found |= dict.fromkeys(columns, known)
    return found


# Tables


_OWN_WORDS = message.c.kind != "note"
_SHEETS: tuple[tuple[str, str, Table, ColumnElement[bool] | None], ...] = (
    ("incidents", "Incidents: requests and logged jobs", incident, None),
    ("messages", "What was said on them, by both sides", message, _OWN_WORDS),
    (
        "attachments",
        "Files; 'file' is where one is in this archive, empty where its bytes are gone",
        attachment,
        None,
    ),
    ("contacts", "Further persons", contact, None),
    ("identities", "Addresses, numbers and handles, the former ones too", identity, None),
    ("old-names", "Addresses and ids of records that were merged into this one", alias, None),
    ("department-access", "Which departments they may submit to", department_access, None),
    ("credit-lots", "Credit that was put in, in minutes or incidents", credit_lot, None),
    ("credit-entries", "What was put in and taken out", credit_entry, None),
    ("invoices", "Invoices, amounts in minor units", invoice, None),
    ("approvals", "What they were asked to approve, and their answers", approval, None),
    ("held", "What they sent and was held back", held, None),
    ("mail-sent", "Mail that was sent or is queued to be", outbox, None),
    ("portal-sessions", "When they were logged in to the portal", portal_session, None),
    ("sla-targets", "Targets that were agreed with them", sla_target, None),
    ("private/messages", "Private notes on their incidents", message, message.c.kind == "note"),
    ("private/notes", "Notes about them", note, None),
    ("private/time", "Time that was spent on their incidents", time_entry, None),
)


def _sheet(
    connection: AsyncConnection,
    rows: belongings.Conditions,
    names: Names,
    path: str,
    about: str,
    table: Table,
    only: ColumnElement[bool] | None,
) -> _Sheet:
    columns = [column for column in table.c if not (column.info.get("secret") or column.name in _LEFT_OUT)]
    where = rows[table] if only is None else and_(rows[table], only)
    kept = exists().where(blob.c.sha256 == attachment.c.sha256)
    more = [kept.label("file")] if table is attachment else []
    query = select(*columns, *more).where(where).order_by(table.c.id)

    async def lines() -> AsyncIterator[Line]:
        async for row in _stream(connection, query):
            if table is attachment:
                row["file"] = _place(row["id"], row["name"]) if row["file"] else ""
            yield _named(row, names)

    return _Sheet(path, about, tuple(_title(one.name, names) for one in (*columns, *more)), lines)


async def _stream(connection: AsyncConnection, query: Select[Any]) -> AsyncIterator[dict[str, Any]]:
    """The rows of a query as they come, never all of them."""
    async with connection.stream(query, execution_options={"yield_per": PAGE}) as result:
        async for row in result.mappings():
            yield dict(row)


def _named(row: dict[str, Any], names: Names) -> Line:
    return {
        _title(name, names): names[name].get(value, value) if name in names else value
        for name, value in row.items()
    }


def _title(column: str, names: Names) -> str:
    return column.removesuffix("_id") if column in names else column


# The journal


def _entries(whose: Belongings) -> ColumnElement[bool]:
    items = select(journal_item.c.entry_id).where(_items(whose))
    entry = journal_entry.c
    return or_(entry.client_id.in_(whose.ids), entry.acting_as.in_(whose.ids), entry.id.in_(items))


def _items(whose: Belongings) -> ColumnElement[bool]:
    subject = journal_item.c.subject_id
    return or_(subject.in_(whose.ids), subject.in_(whose.incidents()))


def _journal(connection: AsyncConnection, whose: Belongings) -> _Sheet:
    entry = journal_entry.c
    query = (
        select(
            entry.id, entry.at, staff.c.name.label("by"), entry.via, entry.action, entry.reason, entry.detail
        )
        .select_from(journal_entry.outerjoin(staff, staff.c.id == entry.actor_id))
        .where(_entries(whose))
        .order_by(entry.id)
    )

    async def lines() -> AsyncIterator[Line]:
        async for row in _stream(connection, query):
            yield {**row, "by": row["by"] or "the system"}

    about = "Who did what, when and why; 'id' is the entry in journal-changes"
    return _Sheet("journal", about, ("id", "at", "by", "via", "action", "reason", "detail"), lines)


def _changes(connection: AsyncConnection, whose: Belongings) -> _Sheet:
    item = journal_item.c
    query = (
        select(item.entry_id, item.table_name, item.row_id, item.op, item.before, item.after)
        .where(_items(whose))
        .order_by(item.entry_id, item.step, item.row_id)
    )

    async def lines() -> AsyncIterator[Line]:
        async for row in _stream(connection, query):
            for line in _fields(row):
                yield line

    columns = ("entry", "what", "record", "did", "field", "before", "after")
    return _Sheet("journal-changes", "What each entry changed, field by field", columns, lines)


def _fields(row: dict[str, Any]) -> list[Line]:
    """One line for each field that was written; one for a row that was made."""
    table = row["table_name"]
    line = {"entry": row["entry_id"], "what": table, "record": row["row_id"], "did": row["op"]}
    before, after = (sheets.parsed(row[name]) for name in ("before", "after"))
    if row["op"] == "insert":
        return [{**line, "field": "", "before": "", "after": ""}]
    return [
        {
            **line,
            "field": name,
            "before": shown(table, name, before.get(name)),
            "after": shown(table, name, after.get(name)),
        }
        for name in sorted({*before, *after})
        if before.get(name) not in (None, "") or after.get(name) not in (None, "")
    ]


# The person


async def _profile(connection: AsyncConnection, whose: Belongings, names: Names) -> bytes:
    """The client, and those merged into them, with what hangs on each."""
    columns = [column for column in client.c if not column.info.get("secret")]
    people = []
    for row in await connection.execute(select(*columns).where(client.c.id.in_(whose.ids))):
        one = dict(_named(dict(row._mapping), names))
        owner = select(organization.c.name).where(organization.c.id == row.organization_id)
        one["organization"] = (await connection.execute(owner)).scalar() or ""
        tagged = select(tag.c.name).join(client_tag).where(client_tag.c.client_id == row.id)
        one["tags"] = sorted((await connection.execute(tagged)).scalars())
        managed = (
            select(organization.c.name)
            .join(organization_manager)
            .where(organization_manager.c.client_id == row.id)
        )
        one["manages"] = sorted((await connection.execute(managed)).scalars())
        people.append(one)
    people.sort(key=lambda one: whose.ids.index(one["id"]))
    return sheets.document({"person": people[0], "merged_into_them": people[1:]}, indent=2) + b"\n"


def _readme(client_id: int, now: datetime, made: list[_Sheet]) -> str:
    listed = "\n".join(f"{one.path + '.csv, .json':32} {one.about}." for one in made)
    return f"""Everything the helpdesk knows about client {client_id}, as of {now:%Y-%m-%d %H:%M} UTC.

profile.json                     Who they are, and the records that were merged into theirs.
{listed}
attachments/                     The files, each with its number before its name.
raw-mail/                        Mail as it came.

Each table is there twice: CSV for spreadsheets, JSON for programs. All are UTF-8; times are UTC; a cell that a
spreadsheet would take for a formula begins with an apostrophe. Passwords are not in here: they are not known.

In private/ is what staff wrote for each other about this person. It is about them, and may name others, as messages
and the journal may: read it before it is handed out.
"""


# Files


def _place(attachment_id: int, name: str) -> str:
    return f"attachments/{attachment_id}-{sheets.file_name(name)}"


async def _attachments(connection: AsyncConnection, where: ColumnElement[bool]) -> AsyncIterator[PersonFile]:
    """The files themselves; one whose bytes are gone is only in the table."""
    last = -(1 << 63)
    columns = (attachment.c.id, attachment.c.name, attachment.c.sha256)
    query = select(*columns).where(where).order_by(attachment.c.id).limit(PAGE)
    while True:
        page = (await connection.execute(query.where(attachment.c.id > last))).all()
        for row in page:
            data = select(blob.c.data).where(blob.c.sha256 == row.sha256)
            if (content := (await connection.execute(data)).scalar()) is not None:
                yield PersonFile(_place(row.id, row.name), _one(content))
        if len(page) < PAGE:
            return
        last = page[-1].id


async def _mails(connection: AsyncConnection, where: ColumnElement[bool]) -> AsyncIterator[PersonFile]:
    ids = (await connection.execute(select(raw_mail.c.id).where(where).order_by(raw_mail.c.id))).scalars()
    for one in ids:
        data = (await connection.execute(select(raw_mail.c.data).where(raw_mail.c.id == one))).scalar()
        yield PersonFile(f"raw-mail/{one}.eml", _one(data or b""))
