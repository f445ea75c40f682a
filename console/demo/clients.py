"""Writes invented clients with everything that is theirs but their incidents."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.data.client_words import COLUMNS as WORD_COLUMNS
from console.data.client_words import ClientWords
from console.data.models.billing import credit_entry, credit_lot, invoice
from console.data.models.clients import (
    client,
    client_tag,
    client_word,
    department_access,
    favourite,
    identity,
)
from console.data.models.contacts import contact
from console.data.models.departments import sla_target
from console.data.models.notes import note
from console.data.models.organizations import organization_manager
from console.data.normalize import fold, mail_domain
from console.demo.companies import Company
from console.demo.house import CURRENCY, House
from console.demo.people import Inventor
from console.demo.records import Record, Records
from console.demo.texts import CLIENT_NOTES, JOB_TITLES, REASONS, WARNINGS
from console.demo.writer import Values, Writer

STATUSES = ("approved", "pending", "disapproved", "banned", "spam")
_SETTLED = (88, 1, 4, 4, 3)
_RECENT = (45, 45, 3, 2, 5)
OLDEST = timedelta(days=1100)
FAVOURITES = 24


@dataclass(slots=True)
class Lot:
    """Prepaid credit while incidents draw on it."""

    id: int
    unit: str
    remaining: int


@dataclass(slots=True)
class Sender:
    """What incidents must know of a client."""

    id: int
    name: str
    address: str
    language: str
    status: str
    created_at: datetime
    company: Company | None
    listed: bool
    lot: Lot | None
    contact_id: int | None
    open_incidents: int = 0


class ClientWriter:
    """Writes one client after the other and remembers those who will have incidents."""

    def __init__(
        self, writer: Writer, inventor: Inventor, records: Records, house: House, total: int, invoices: int
    ) -> None:
        self._writer = writer
        self._inventor = inventor
        self._rng: random.Random = inventor.rng
        self._records = records
        self._house = house
        self._total = total
        self._number = 0
        self.invoices = invoices
        self.at = writer.change.at

    def write(self) -> Sender:
        """Invent and gather the next client."""
        record = self._records.next()
        recent = self._number > self._total * 0.94
        created = (
            self.at
            - OLDEST * (1 - self._number / self._total)
            - timedelta(minutes=self._rng.randrange(1, 600))
        )
        self._number += 1
        status = self._rng.choices(STATUSES, _RECENT if recent else _SETTLED)[0]
        gone = self._gone()
        values = self._values(record, status, created, gone)
        contacts = 0 if "deleted_at" in gone else self._contact_count(record)
        found = ClientWords(fold(record.name), record.name)
        found.coded(record.username or "", record.external_id)
        found.belongs(record.company.name if record.company else "")
        values["contact_count"] = contacts
        client_id = self._writer.add(client, **values)
        self._identities(client_id, record, created, found, live="deleted_at" not in gone)
        contact_id = self._contacts(client_id, record, contacts, created, found)
        self._joins(client_id, record, found, listed=not gone)
        for row in found.rows(client_id):
            self._writer.add_plain(client_word, **dict(zip(WORD_COLUMNS, row, strict=True)))
        lot = self._belongings(client_id, created)
        language = values["language"] or "en"
        address = record.emails[0] if record.emails else ""
        return Sender(
            client_id,
            record.name,
            address,
            language,
            status,
            created,
            record.company,
            not gone,
            lot,
            contact_id,
        )

    # The client's own row

    def _gone(self) -> Values:
        chance = self._rng.random()
        if chance < 0.004:
            day = self.at - timedelta(days=self._rng.randrange(1, 20))
            return {"deleted_at": day, "purge_at": day + timedelta(days=30)}
        return (
            {"archived_at": self.at - timedelta(days=self._rng.randrange(30, 300))} if chance < 0.01 else {}
        )

    def _values(self, record: Record, status: str, created: datetime, gone: Values) -> Values:
        rng, country, company, place = self._rng, record.country, record.company, record.place
        reasons = REASONS.get(status)
        judged = status != "pending" and rng.random() < 0.9
        live = "deleted_at" not in gone
        email = record.emails[0] if record.emails and live else ""
        phones = record.phones if live else []
        mobile = next((p.raw for p in phones if p.mobile), phones[0].raw if phones else "")
        return {
            "kind": record.kind,
            "name": record.name,
            "sort_name": fold(record.name),
            "username": record.username,
            "external_id": record.external_id,
            "status": status,
            "status_reason": rng.choice(reasons) if judged and reasons else "",
            "status_by": rng.choice(self._house.agents) if judged else None,
            "status_at": min(created + timedelta(hours=rng.randrange(1, 900)), self.at) if judged else None,
            "status_before": rng.choice(("approved", "pending")) if status in ("banned", "spam") else "",
            "organization_id": company.id if company else None,
            "organization_by": "none" if company is None else rng.choice(("manual", "auto", "import")),
            "organization_sort": company.sort_name if company else "",
            "street": place.street if place else "",
            "city": place.city if place else "",
            "postcode": place.postcode if place else "",
            "country": country.code if place else "",
            "language": country.language if rng.random() < 0.9 else "en",
            "time_zone": country.time_zone if rng.random() < 0.8 else "",
            "incident_approval": rng.random() < 0.03,
            "portal": rng.choices(("inherit", "on", "off"), (80, 15, 5))[0],
            "archived_at": gone.get("archived_at"),
            "deleted_at": gone.get("deleted_at"),
            "purge_at": gone.get("purge_at"),
            "email": email,
            "mobile": mobile,
            "mail_domain": mail_domain(email) if email else "",
            "created_at": created,
        }

    # What belongs to it

    def _identities(
        self, client_id: int, record: Record, created: datetime, found: ClientWords, *, live: bool
    ) -> None:
        rows = [("email", address, address.lower(), False) for address in record.emails]
        rows += [("phone", phone.raw, phone.normalized, phone.mobile) for phone in record.phones]
        rows += [(kind, name, name.casefold(), False) for kind, name in record.handles]
        owner = {"client_id": client_id, "contact_id": None, "live": live, "created_at": created}
        for position, (kind, raw, normalized, mobile) in enumerate(rows):
            self._identity(owner, kind, raw, normalized, mobile, position)
            if live:
                found.reached(kind, normalized)

    def _identity(
        self, owner: Values, kind: str, raw: str, normalized: str, mobile: bool, position: int
    ) -> None:
        self._writer.add(
            identity,
            **owner,
            type=kind,
            raw=raw,
            normalized=normalized,
            mobile=mobile,
            position=position,
        )

    def _contact_count(self, record: Record) -> int:
        if self._rng.random() > (0.4 if record.kind == "company" else 0.04):
            return 0
        return self._rng.choices((1, 2, 3, 5), (60, 25, 12, 3))[0]

    def _contacts(
        self, client_id: int, record: Record, count: int, created: datetime, found: ClientWords
    ) -> int | None:
        rng, inventor, first = self._rng, self._inventor, None
        for number in range(count):
            given, family, _ = inventor.person(record.country)
            name = f"{given} {family}"
            contact_id = self._writer.add(
                contact,
                client_id=client_id,
                name=name,
                job_title=rng.choice(JOB_TITLES),
                access=rng.choices(("none", "limited", "complete"), (50, 30, 20))[0],
                is_primary=number == 0,
                created_at=created,
            )
            first = first or contact_id
            owner = {"client_id": client_id, "contact_id": contact_id, "live": True, "created_at": created}
            found.named(name)
            if rng.random() < 0.85:
                address = inventor.email(
                    given, family, record.company.host if record.company else inventor.free_mail()
                )
                self._identity(owner, "email", address, address, False, 10 + number)
                found.reached("email", address)
            if rng.random() < 0.5:
                phone = inventor.mobile(record.country)
                self._identity(owner, "phone", phone.raw, phone.normalized, phone.mobile, 20 + number)
                found.reached("phone", phone.normalized)
        return first

    def _joins(self, client_id: int, record: Record, found: ClientWords, *, listed: bool) -> None:
        rng, company = self._rng, record.company
        if company is not None:
            manages = listed and record.kind == "person" and (not company.manager or rng.random() < 0.01)
            company.members += listed
            if manages:
                company.manager = f"{company.manager}, {record.name}" if company.manager else record.name
                self._writer.add(
                    organization_manager,
                    organization_id=company.id,
                    client_id=client_id,
                    may_reply=rng.random() < 0.5,
                    created_at=self.at,
                )
        if rng.random() < 0.12:
            for name in rng.sample(sorted(self._house.tags), rng.choice((1, 1, 2))):
                self._writer.add(client_tag, client_id=client_id, tag_id=self._house.tags[name])
                found.tagged(name)
        for agent in self._house.agents:
            if listed and rng.random() < FAVOURITES / self._total:
                self._writer.add(favourite, client_id=client_id, staff_id=agent)

    def _belongings(self, client_id: int, created: datetime) -> Lot | None:
        rng = self._rng
        self._notes(client_id, created)
        if rng.random() < 0.06:
            for name in rng.sample(sorted(self._house.departments), 2):
                self._writer.add(
                    department_access,
                    client_id=client_id,
                    department_id=self._house.departments[name],
                    allowed=name == "Consulting" or rng.random() < 0.4,
                    created_at=self.at,
                )
        if rng.random() < 0.01:
            self._writer.add(
                sla_target,
                client_id=client_id,
                kind="request",
                priority="high",
                first_response_minutes=60,
                resolution_minutes=480,
                created_at=self.at,
            )
        return self._credit(client_id) if rng.random() < 0.12 else None

    def _notes(self, client_id: int, created: datetime) -> None:
        rng = self._rng
        for level, texts, share in (("note", CLIENT_NOTES, 0.09), ("warning", WARNINGS, 0.015)):
            if rng.random() < share:
                written = created + (self.at - created) * rng.random()
                expires = self.at + timedelta(days=rng.randrange(1, 40)) if level == "warning" else None
                self._writer.add(
                    note,
                    client_id=client_id,
                    author_id=rng.choice(self._house.agents),
                    level=level,
                    text=rng.choice(texts),
                    pinned=level == "note" and rng.random() < 0.1,
                    expires_at=expires,
                    created_at=written,
                )

    def _credit(self, client_id: int) -> Lot:
        """A package bought, the invoice for it, and the lot it put in; older invoices beside it."""
        rng = self._rng
        package_id, title, unit, quantity, price = rng.choice(self._house.packages)
        bought = self.at - timedelta(days=rng.randrange(1, 330))
        expires = bought + timedelta(days=365)
        lot_id = self._writer.add(
            credit_lot,
            client_id=client_id,
            package_id=package_id,
            unit=unit,
            expires_at=expires,
            reason=title,
            remaining=quantity,
            created_at=bought,
        )
        self._writer.add(
            credit_entry,
            lot_id=lot_id,
            client_id=client_id,
            unit=unit,
            amount=quantity,
            incident_id=None,
            staff_id=rng.choice(self._house.agents),
            reason=title,
            created_at=bought,
        )
        self._invoice(client_id, package_id, title, price, bought)
        for _ in range(rng.choices((0, 1, 3), (60, 30, 10))[0]):
            self._invoice(
                client_id,
                None,
                "Service",
                rng.randrange(40, 900) * 100,
                bought - timedelta(days=rng.randrange(20, 300)),
            )
        return Lot(lot_id, unit, quantity)

    def _invoice(
        self, client_id: int, package_id: int | None, title: str, amount: int, issued: datetime
    ) -> None:
        rng = self._rng
        age = (self.at - issued).days
        state = rng.choices(("unpaid", "paid", "void"), (80, 20, 0) if age < 10 else (10, 86, 4))[0]
        self.invoices += 1
        self._writer.add(
            invoice,
            client_id=client_id,
            number=f"D/{self.at.year}/{self.invoices:06d}",
            title=title,
            amount=amount,
            currency=CURRENCY,
            issued_on=issued.date(),
            due_on=(issued + timedelta(days=14)).date(),
            state=state,
            paid_at=min(issued + timedelta(days=rng.randrange(1, 25)), self.at) if state == "paid" else None,
            package_id=package_id,
            created_at=issued,
        )
