"""Importing organizations: what becomes of each row of a chunk, and how it is written."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from console.data.change import Change
from console.data.errors import Invalid
from console.data.models.organizations import mail_domain, organization
from console.data.transfer import lookups
from console.data.transfer.lookups import Holder
from console.data.transfer.reading import Line
from console.data.transfer.report import Report
from console.data.transfer.rows import STORED_AS, OrganizationRow, organization_row

_STORED = ("external_id", "phone", "website", "address", "city", "postcode", "country")


class OrganizationImport:
    """The rows of one file; remembers what came before in it."""

    def __init__(self, columns: Mapping[str, int], *, update: bool) -> None:
        self._columns = columns
        self._update = update
        self._names: dict[str, int] = {}
        self._domains: dict[str, int] = {}

    def checked(self, line: Line, report: Report) -> OrganizationRow | None:
        """The row, or None after it was rejected: for a cell of its own, or for an earlier line of the file."""
        try:
            row = organization_row(line.number, line.cells, self._columns)
        except Invalid as error:
            report.reject(line.number, str(error))
            return None
        for domain in row.public:
            report.warn(line.number, f"Anybody may have an address at {domain}, so it was left out.")
        if (first := self._names.get(row.sort_name)) is not None:
            report.reject(line.number, f"The name {row.name} is that of line {first} already.")
            return None
        for domain in row.domains:
            if (first := self._domains.get(domain)) is not None:
                report.reject(line.number, f"The mail domain {domain} is that of line {first} already.")
                return None
        self._names[row.sort_name] = line.number
        self._domains.update((domain, line.number) for domain in row.domains)
        return row

    async def write(self, change: Change, rows: Sequence[OrganizationRow], report: Report) -> None:
        """Write a chunk and report what came of each row."""
        connection = change.connection
        named = await lookups.organizations_named(connection, [row.sort_name for row in rows])
        owners = await lookups.domain_owners(connection, [domain for row in rows for domain in row.domains])
        new, known = [], []
        for row in rows:
            own = named.get(row.sort_name)
            taken = {domain: owners[domain] for domain in row.domains if domain in owners}
            foreign = next((domain for domain, (holder, _) in taken.items() if holder != own), None)
            if foreign is not None and (own is not None or self._update):
                report.reject(row.line, f"The mail domain {foreign} belongs to {taken[foreign][1]} already.")
            elif foreign is not None:
                report.skip(row.line, f"The mail domain {foreign} belongs to {taken[foreign][1]} already.")
            elif own is None:
                new.append(row)
            elif self._update:
                known.append((row, own))
            else:
                report.skip(row.line, f"{row.name} is here already.")
        await _create(change, new, report)
        if known:
            await _update(change, known, owners, report)


async def _create(change: Change, rows: Sequence[OrganizationRow], report: Report) -> None:
    values = [
        {
            "name": row.name,
            "sort_name": row.sort_name,
            **{STORED_AS.get(name, name): row.fields.get(name, "") for name in _STORED},
        }
        for row in rows
    ]
    ids = await change.insert_many(organization, values)
    domains = [(one, row, domain) for one, row in zip(ids, rows, strict=True) for domain in row.domains]
    await _attach(change, domains)
    report.created += len(ids)
    report.organizations += len(ids)


async def _attach(change: Change, domains: Sequence[tuple[int, OrganizationRow, str]]) -> None:
    rows = [
        {"organization_id": owner, "domain": name, "subdomains": name in row.below, "source": "import"}
        for owner, row, name in domains
    ]
    await change.insert_many(mail_domain, rows)


async def _update(
    change: Change,
    pairs: Sequence[tuple[OrganizationRow, int]],
    owners: Mapping[str, Holder],
    report: Report,
) -> None:
    stored: dict[int, Any] = {}
    for some in lookups.slices(one for _, one in pairs):
        for found in await change.connection.execute(select(organization).where(organization.c.id.in_(some))):
            stored[found.id] = found
    for row, organization_id in pairs:
        wanted: dict[str, Any] = {STORED_AS.get(name, name): value for name, value in row.fields.items()}
        wanted["name"] = row.name
        was = stored[organization_id]
        different = {name: value for name, value in wanted.items() if getattr(was, name) != value}
        changed = bool(different) and await change.update(organization, organization_id, **different)
        new = [(organization_id, row, domain) for domain in row.domains if domain not in owners]
        await _attach(change, new)
        if changed or new:
            report.updated += 1
        else:
            report.skip(row.line, f"{row.name} is as in this line already.")
