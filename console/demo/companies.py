"""Invented organizations, with mail domains, switchboards and a head count that their members fill."""

from dataclasses import dataclass
from datetime import timedelta

from console.data.models.departments import sla_target
from console.data.models.organizations import mail_domain, organization, organization_word
from console.data.normalize import fold, identity_words, words
from console.demo.house import TARGETS
from console.demo.people import Inventor, Phone, Place
from console.demo.places import Country
from console.demo.writer import Writer

CHUNK = 2000


@dataclass(slots=True)
class Company:
    """An organization while its members are being made; counters are written when all are."""

    id: int
    name: str
    sort_name: str
    host: str
    country: Country
    place: Place
    switchboard: Phone
    members: int = 0
    open_incidents: int = 0
    manager: str = ""


async def build(writer: Writer, inventor: Inventor, count: int) -> list[Company]:
    """Make ``count`` organizations; a few have a second mail domain, some their own targets."""
    companies = []
    for number in range(count):
        companies.append(_company(writer, inventor, number))
        if number % CHUNK == CHUNK - 1:
            await writer.flush()
    await writer.flush()
    return companies


def _company(writer: Writer, inventor: Inventor, number: int) -> Company:
    rng, at = inventor.rng, writer.change.at
    country = inventor.country()
    name, host = inventor.company(country)
    place, area = inventor.place(country)
    switchboard = inventor.landline(country, area)
    domains = [host]
    if rng.random() < 0.12:
        domains.append(inventor.free(host.split(".")[0], ".com.example"))
    founded = at - timedelta(days=rng.randint(500, 1500))
    external_id = f"O-{number:05d}" if rng.random() < 0.5 else ""
    company = Company(0, name, fold(name), host, country, place, switchboard)
    company.id = writer.add(
        organization,
        name=name,
        sort_name=company.sort_name,
        external_id=external_id,
        phone=switchboard.raw,
        website=f"https://www.{host}",
        street=place.street,
        city=place.city,
        postcode=place.postcode,
        country=country.code,
        domains=", ".join(domains),
        remarks="Pays in advance." if rng.random() < 0.03 else "",
        created_at=founded,
    )
    found = words(name) | words(external_id)
    for one in domains:
        writer.add(mail_domain, organization_id=company.id, domain=one, created_at=founded)
        found |= identity_words("domain", one)
    for word in found:
        writer.add_plain(organization_word, organization_id=company.id, word=word)
    if rng.random() < 0.03:
        _own_targets(writer, company)
    return company


def _own_targets(writer: Writer, company: Company) -> None:
    for priority in ("high", "critical"):
        response, resolution = TARGETS[priority]
        writer.add(
            sla_target,
            organization_id=company.id,
            kind="request",
            priority=priority,
            first_response_minutes=response // 2,
            resolution_minutes=resolution // 2,
            created_at=writer.change.at,
        )


async def finish(writer: Writer, companies: list[Company]) -> None:
    """Write the counters and managers that came with the members."""
    for start in range(0, len(companies), CHUNK):
        rows = [
            {
                "id": company.id,
                "client_count": company.members,
                "open_incidents": company.open_incidents,
                "manager": company.manager,
            }
            for company in companies[start : start + CHUNK]
        ]
        await writer.set(organization, rows)
