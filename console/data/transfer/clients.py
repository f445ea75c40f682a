"""Importing clients: what becomes of each row of a chunk, and how it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from console.data import managers, statuses
from console.data.change import Change
from console.data.errors import Invalid
from console.data.models.clients import client, identity
from console.data.models.organizations import mail_domain
from console.data.normalize import NewIdentity, fold
from console.data.transfer import lookups
from console.data.transfer.lookups import Holder
from console.data.transfer.reading import Line
from console.data.transfer.report import Report
from console.data.transfer.rows import STORED_AS, ClientRow, client_row
from console.data.transfer.writing import NewClients, Owner

_STORED = (
    "kind",
    "username",
    "external_id",
    "language",
    "time_zone",
    "address",
    "city",
    "postcode",
    "country",
)


@dataclass(slots=True)
class _Known:
    """What the database holds that a chunk must know."""

    identities: dict[tuple[str, str], Holder]
    usernames: dict[str, Holder]
    namesakes: dict[tuple[str, str], Holder]


@dataclass(slots=True)
class _Plan:
    """What is to be done with a chunk."""

    new: list[ClientRow] = field(default_factory=list)
    known: list[tuple[ClientRow, Holder]] = field(default_factory=list)


class ClientImport:
    """The rows of one file; remembers what came before in it."""

    def __init__(self, columns: Mapping[str, int], *, update: bool) -> None:
        self._columns = columns
        self._update = update
        # Hashes instead of the addresses themselves: a million lines in a hundred megabytes.
        self._lines: dict[int, int] = {}

    def checked(self, line: Line, report: Report) -> ClientRow | None:
        """The row, or None after it was rejected: for a cell of its own, or for an earlier line of the file."""
        try:
            row = client_row(line.number, line.cells, self._columns)
        except Invalid as error:
            report.reject(line.number, str(error))
            return None
        for domain in row.public:
            report.warn(line.number, f"Anybody may have an address at {domain}, so it was left out.")
        keys = _keys(row)
        for key in keys:
            if (first := self._lines.get(hash(key))) is not None:
                report.reject(line.number, f"{_shown(key)} is that of line {first} already.")
                return None
        self._lines.update((hash(key), line.number) for key in keys)
        return row

    async def write(self, change: Change, rows: Sequence[ClientRow], report: Report) -> None:
        """Write a chunk and report what came of each row."""
        plan = _decide(rows, await _look_up(change, rows), report, update=self._update)
        organizations, made = await lookups.make_organizations(
            change,
            [row.organization for row in (*plan.new, *(row for row, _ in plan.known)) if row.organization],
        )
        report.organizations += made
        owners = await _Owners.of(change, plan, organizations, report)
        await _create(change, plan.new, owners, report)
        if plan.known:
            await _Updates(change, owners, report).run(plan.known)


def _keys(row: ClientRow) -> list[tuple[str, str]]:
    """What makes a row the same as another: addresses, the username, else name and number together."""
    keys = [(one.type, one.normalized) for one in row.identities if one.type != "phone"]
    if username := row.fields.get("username"):
        keys.append(("username", username))
    return keys or [(one.normalized, row.sort_name) for one in row.identities]


def _shown(key: tuple[str, str]) -> str:
    return f"{key[1]} at {key[0]}" if key[0].startswith("+") or key[0].isdigit() else f"The {key[0]} {key[1]}"


async def _look_up(change: Change, rows: Sequence[ClientRow]) -> _Known:
    connection = change.connection
    unique = [(one.type, one.normalized) for row in rows for one in row.identities if one.type != "phone"]
    names = [name for row in rows if (name := row.fields.get("username"))]
    bare = [row for row in rows if all(one.type == "phone" for one in row.identities)]
    return _Known(
        await lookups.holders(connection, unique),
        await lookups.usernames(connection, names) if names else {},
        await lookups.namesakes(connection, [one.normalized for row in bare for one in row.identities])
        if bare
        else {},
    )


def _decide(rows: Sequence[ClientRow], known: _Known, report: Report, *, update: bool) -> _Plan:
    plan = _Plan()
    for row in rows:
        found = _holders(row, known)
        if not found:
            plan.new.append(row)
        elif not update:
            what, (_, name) = next(iter(found.items()))
            report.skip(row.line, f"{what} belongs to {name} already.")
        elif len({holder for holder, _ in found.values()}) > 1:
            names = ", ".join(dict.fromkeys(f"{what} to {name}" for what, (_, name) in found.items()))
            report.reject(row.line, f"This is more than one client: {names}. Merge them first.")
        else:
            plan.known.append((row, next(iter(found.values()))))
    return plan


def _holders(row: ClientRow, known: _Known) -> dict[str, Holder]:
    """Who holds something of a row that only one may hold, by what that is."""
    found = {}
    unique = False
    for one in row.identities:
        if one.type != "phone":
            unique = True
            if holder := known.identities.get((one.type, one.normalized)):
                found[one.raw] = holder
    username = row.fields.get("username")
    if username and (holder := known.usernames.get(username)):
        found[f"The username {username}"] = holder
    if not unique:
        for one in row.identities:
            if holder := known.namesakes.get((one.normalized, row.sort_name)):
                found[one.raw] = holder
    return found


@dataclass(slots=True)
class _Owners:
    """The organization of each row, with its mail domains attached."""

    by_name: dict[str, int]
    by_domain: dict[str, Holder]

    @classmethod
    async def of(cls, change: Change, plan: _Plan, by_name: dict[str, int], report: Report) -> "_Owners":
        rows = [*plan.new, *(row for row, _ in plan.known)]
        wanted = {domain for row in rows for domain in row.domains}
        owners = cls(by_name, await lookups.domain_owners(change.connection, wanted) if wanted else {})
        if wanted:
            await owners._attach(change, rows, report)
        return owners

    def __getitem__(self, row: ClientRow) -> int | None:
        """The organization's id: the one named, else the one that has the mail domain."""
        return self.with_name(row)[0]

    def with_name(self, row: ClientRow) -> Owner:
        """The organization's id and folded name; None and '' without one."""
        if row.organization:
            name = fold(row.organization)
            return self.by_name[name], name
        holder = next((self.by_domain[d] for d in row.domains if d in self.by_domain), None)
        return (holder[0], fold(holder[1])) if holder else (None, "")

    async def _attach(self, change: Change, rows: Sequence[ClientRow], report: Report) -> None:
        new: dict[str, int] = {}
        below: set[str] = set()
        for row in rows:
            owner = self[row]
            below |= row.below
            for domain in row.domains:
                holder = self.by_domain.get(domain)
                taken = new.get(domain) if holder is None else holder[0]
                if owner is None:
                    report.warn(row.line, f"The mail domain {domain} has no organization and was left out.")
                elif taken is None:
                    new[domain] = owner
                elif taken != owner:
                    whose = holder[1] if holder else "another organization of this file"
                    report.warn(row.line, f"The mail domain {domain} belongs to {whose} and stays there.")
        values = [
            {"organization_id": owner, "domain": domain, "subdomains": domain in below, "source": "import"}
            for domain, owner in new.items()
        ]
        await change.insert_many(mail_domain, values)


async def _create(change: Change, rows: Sequence[ClientRow], owners: _Owners, report: Report) -> None:
    if not rows:
        return
    ids = await NewClients(change).write(rows, [owners.with_name(row) for row in rows])
    tagged = [(one, name) for one, row in zip(ids, rows, strict=True) for name in row.tags]
    await lookups.add_tags(change, tagged)
    report.created += len(ids)


def _identity(client_id: int, one: NewIdentity, position: int) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "contact_id": None,
        "type": one.type,
        "raw": one.raw,
        "normalized": one.normalized,
        "mobile": one.mobile,
        "position": position,
    }


class _Updates:
    """Brings known clients up to date: cells that hold something win, identities and tags are added."""

    def __init__(self, change: Change, owners: _Owners, report: Report) -> None:
        self._change = change
        self._owners = owners
        self._report = report

    async def run(self, pairs: Sequence[tuple[ClientRow, Holder]]) -> None:
        """Write what differs; a row that brings nothing new is skipped."""
        ids = [holder[0] for _, holder in pairs]
        stored = await self._stored(ids)
        mine = await self._identities(ids)
        for row, (client_id, name) in pairs:
            if await self._one(row, stored[client_id], mine.setdefault(client_id, {})):
                self._report.updated += 1
            else:
                self._report.skip(row.line, f"{name} is as in this line already.")

    async def _stored(self, ids: Sequence[int]) -> dict[int, Any]:
        found = {}
        for some in lookups.slices(ids):
            for row in await self._change.connection.execute(select(client).where(client.c.id.in_(some))):
                found[row.id] = row
        return found

    async def _identities(self, ids: Sequence[int]) -> dict[int, dict[tuple[str, str], int]]:
        found: dict[int, dict[tuple[str, str], int]] = {}
        for some in lookups.slices(ids):
            query = select(identity).where(identity.c.client_id.in_(some), identity.c.live)
            for row in await self._change.connection.execute(query):
                found.setdefault(row.client_id, {})[row.type, row.normalized] = row.position
        return found

    async def _one(self, row: ClientRow, stored: Any, mine: dict[tuple[str, str], int]) -> bool:
        changed = False
        if different := self._different(row, stored):
            changed = await self._change.update(client, stored.id, **different)
        if "organization_id" in different:
            await managers.moved(self._change, [stored.id], different["organization_id"])
        if status := row.fields.get("status"):
            changed = bool(await statuses.give(self._change, [stored.id], status)) or changed
        missing = [one for one in row.identities if (one.type, one.normalized) not in mine]
        if missing:
            first = max(mine.values(), default=-1) + 1
            rows = [_identity(stored.id, one, position) for position, one in enumerate(missing, first)]
            await self._change.insert_many(identity, rows)
            mine |= {(one["type"], one["normalized"]): one["position"] for one in rows}
        tagged = await lookups.add_tags(self._change, [(stored.id, name) for name in row.tags])
        return changed or bool(missing) or bool(tagged)

    def _different(self, row: ClientRow, stored: Any) -> dict[str, Any]:
        wanted: dict[str, Any] = {
            STORED_AS.get(name, name): row.fields[name] for name in _STORED if name in row.fields
        }
        wanted["name"] = row.name
        if owner := self._owners[row]:
            wanted["organization_id"] = owner
        different = {name: value for name, value in wanted.items() if getattr(stored, name) != value}
        if "organization_id" in different:
            different["organization_by"] = "import"
        return different
