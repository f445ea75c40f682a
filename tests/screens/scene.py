"""A small desk that looks alive, the same every time: for snapshots and for the pictures in the README."""

from __future__ import annotations

from datetime import timedelta

from console.data.models.billing import credit_entry, credit_lot, invoice
from console.data.models.clients import client, favourite
from console.data.models.contacts import contact
from console.data.models.incidents import attachment, message
from console.data.models.notes import note
from console.data.models.organizations import organization_manager
from console.data.records import Submission
from console.data.submit import submit
from tests.screens.making import House

ACME, NORTH = "Acme sp. z o.o.", "Hurtownia Północ"
PEOPLE = (
    ("Anna Kowalska", "anna@acme.pl", "+48 601 555 010", ACME, "approved"),
    ("Bartosz Kowal", "b.kowal@gmail.com", "", "", "pending"),
    ("Dr. Ingrid Brandt", "brandt@labor-brandt.de", "+49 30 5550 142", "Labor Brandt GmbH", "approved"),
    ("Jan Kowalczyk", "", "+48 601 555 011", NORTH, "approved"),
    ("Janina Kowalik-Żak", "jkz@polnoc.pl", "+48 602 555 234", NORTH, "approved"),
    ("Kasia Kowalska", "k.kowalska@acme.pl", "+48 601 555 012", ACME, "approved"),
    ("Katarzyna Kowalska", "kasia@acme.pl", "", ACME, "banned"),
    ("Lars Ødegård", "lars@fjordkraft.no", "+47 412 55 501", "Fjordkraft AS", "approved"),
    ("Marek Wójcik", "marek.wojcik@polnoc.pl", "+48 603 555 871", NORTH, "approved"),
    ("Northgate Dental Care", "office@northgate-dental.uk", "+44 20 7946 0123", "", "approved"),
    ("Olha Kovalenko", "olha@kovalenko.ua", "+380 44 555 0190", "", "spam"),
    ("Piotr Bąk", "piotr.bak@acme.pl", "+48 604 555 300", ACME, "approved"),
    ("Sophie Lefèvre", "sophie@atelier-lefevre.fr", "+33 1 55 55 01 20", "Atelier Lefèvre", "disapproved"),
    ("Tomasz Zieliński", "t.zielinski@polnoc.pl", "+48 605 555 118", NORTH, "approved"),
    ("Wiktor Maj", "wiktor@maj.pl", "", "", "pending"),
)
OPEN = {"Janina Kowalik-Żak": 4, "Kasia Kowalska": 1, "Lars Ødegård": 2, "Marek Wójcik": 1, "Wiktor Maj": 1}
THREAD = (
    ("client", "Anna Kowalska", "It burns since this morning. Third floor, next to the stairs.\n\n"
     "We switched it off, nobody is hurt. When can somebody come?", ("printer.jpg",)),
    ("event", "the system", "Priority medium -> high."),
    ("note", "Tom Baker", "Same model as last year, the fuser. Bring the spare."),
    ("staff", "Tom Baker", "Hello Anna,\n\nthank you for switching it off. I am there at 15:30 with a spare part; "
     "please leave it unplugged.\n\nTom"),
)  # fmt: skip
SENT = (
    ("b.kowal@gmail.com", "Cannot open my invoice", "Hello,\n\nthe link in your mail says that it has ended. "
     "Please send the invoice of March again.\n\nBartosz Kowal"),
    ("kasia@acme.pl", "Let me in again", "I did not mean it. Please."),
    ("sophie@atelier-lefevre.fr", "Devis", "Bonjour,\n\npouvez-vous nous envoyer un devis ?\n\nSophie Lefèvre"),
)  # fmt: skip


async def fill(home: House) -> None:
    """Clients, organizations, incidents, and everything for Anna Kowalska."""
    now = home.now
    for name, domain in ((ACME, "acme.pl"), (NORTH, "polnoc.pl")):
        await home.organization(name, mail_domain=(domain,))
    for name, email, mobile, owner, status in PEOPLE:
        mails = [email, "anna.k@gmail.com"] if name == "Anna Kowalska" else [email]
        extra = {"email": tuple(filter(None, mails)), "mobile": tuple(filter(None, [mobile]))}
        one = await home.client(name, organization=owner, status="approved", **extra)
        if status in ("pending", "disapproved"):
            await home.set(one, status=status)
    await home.act("client.ban", home.ids["Katarzyna Kowalska"], reason="threatened a colleague")
    await home.act("client.spam", home.ids["Olha Kovalenko"], incidents="yes")
    support, shop = await home.department("Support"), await home.department("Workshop", open_to_all=False)
    number = 700
    for name, count in OPEN.items():
        for _ in range(count):
            number += 1
            await home.incident(home.ids[name], support, number, "Question", due_at=now + timedelta(hours=5))
    await home.incident(
        home.ids["Marek Wójcik"], shop, 806, "VPN drops every hour", due_at=now - timedelta(minutes=20)
    )
    await _anna(home, support)
    await _waiting(home)


async def _waiting(home: House) -> None:
    """What those who wait for approval, and those who may not write, have sent."""
    for sender, subject, body in SENT:
        async with home.change() as change:
            await submit(change, Submission("email", subject, body, sender))


async def _anna(home: House, support: int) -> None:
    now, anna = home.now, home.ids["Anna Kowalska"]
    await home.set(
        anna, username="anna.kowalska", language="pl", time_zone="Europe/Warsaw", city="Warszawa",
        street="ul. Polna 1", postcode="00-622", country="PL", incident_approval=True, portal="on",
        status_by=home.boss.staff_id, status_at=now - timedelta(days=40),
    )  # fmt: skip
    burning = await home.incident(
        anna, support, 812, "Printer on fire", priority="high", owner_id=home.boss.staff_id,
        due_at=now - timedelta(hours=2), created_at=now - timedelta(hours=5),
    )  # fmt: skip
    await home.incident(anna, support, 815, "Cannot sign in", state="new", due_at=now + timedelta(minutes=40))
    await home.incident(
        anna, support, 790, "Invoice address", owner_id=home.me.staff_id, due_at=now + timedelta(days=5)
    )
    async with home.change() as change:
        for place, (kind, author, body, *files) in enumerate(THREAD):
            at = now - timedelta(hours=4 - place, minutes=7 * place)
            part = await change.insert(
                message, incident_id=burning, kind=kind, author=author, body=body, created_at=at,
                channel="email" if kind in ("client", "staff") else "staff",
            )  # fmt: skip
            for name in files[0] if files else ():
                await change.insert(
                    attachment, incident_id=burning, message_id=part, name=name, media_type="image/jpeg",
                    size=482_113, sha256="0" * 64, created_at=at,
                )  # fmt: skip
        await change.insert(
            organization_manager, organization_id=home.ids[ACME], client_id=anna, may_reply=True
        )
        for name in ("Anna Kowalska", "Janina Kowalik-Żak", "Lars Ødegård"):
            await change.insert(favourite, client_id=home.ids[name], staff_id=home.me.staff_id)
        await change.insert(
            note, client_id=anna, author_id=home.boss.staff_id, level="warning",
            text="Abroad until Friday, call the mobile only", expires_at=now + timedelta(days=4),
        )  # fmt: skip
        await change.insert(
            contact, client_id=anna, name="Piotr Bąk", job_title="Accountant", is_primary=True
        )
        for unit, amount, ends in (("minutes", 150, now + timedelta(days=9)), ("incidents", 4, None)):
            lot = await change.insert(
                credit_lot, client_id=anna, unit=unit, expires_at=ends, reason="Spring", created_at=now
            )
            await change.insert(
                credit_entry, lot_id=lot, client_id=anna, unit=unit, amount=amount, reason="Spring",
                staff_id=home.boss.staff_id, created_at=now,
            )  # fmt: skip
        today = now.date()
        await change.insert(
            invoice, client_id=anna, number="FV/2026/031", title="Support in March", amount=24_000,
            currency="PLN", issued_on=today, due_on=today + timedelta(days=14),
        )  # fmt: skip
        await change.update(client, home.ids["Wiktor Maj"], status="pending")
