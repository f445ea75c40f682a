"""Fifty thousand organizations with mail domains; a few have ten thousand members, most have a handful."""

import random
import sqlite3
from dataclasses import dataclass

from benchmarks.big.names import SHARES, STOCKS, Stock
from benchmarks.big.tables import START_MS, insert, record_id, spread
from console.data.normalize import fold, identity_words, words
from console.demo.people import letters
from console.demo.places import STEMS

CLIENTS_EACH = 20  # clients for one organization, in the mean over all clients
SKEW = 2.64  # the largest then has one in a hundred of the clients that are members
SECOND_DOMAIN = 0.12

_COLUMNS = spread("id name sort_name external_id phone street city postcode country domains created_at")


@dataclass(slots=True)
class Firm:
    """An organization while its members are made."""

    id: int
    name: str
    sort_name: str
    host: str
    stock: Stock
    members: int = 0


def make(connection: sqlite3.Connection, rng: random.Random, count: int) -> list[Firm]:
    """Write organizations, their mail domains and words; returns them, the largest first."""
    firms, rows, domains, found = [], [], [], []
    for number in range(count):
        firm = _firm(rng, number)
        firms.append(firm)
        hosts = [firm.host]
        if rng.random() < SECOND_DOMAIN:
            hosts.append(firm.host.replace(".", f"-group{number}.", 1))
        town, postcode, area = rng.choice(firm.stock.country.towns)
        external = f"O-{number:05d}" if number % 2 else ""
        phone = f"+{firm.stock.country.calling} {area} {rng.randrange(10**6, 10**7)}"
        street = f"{rng.choice(firm.stock.country.streets)} {rng.randrange(1, 140)}"
        rest = (firm.stock.country.code, ", ".join(hosts), START_MS + number)
        rows.append(
            (
                firm.id,
                firm.name,
                firm.sort_name,
                external,
                phone,
                street,
                town,
                postcode.replace("#", "7"),
                *rest,
            )
        )
        mine = words(firm.name) | words(external)
        for position, host in enumerate(hosts):
            domains.append(
                (record_id(START_MS + number, 2 * number + position), firm.id, host, "import", START_MS)
            )
            mine |= identity_words("domain", host)
        found += [(word, firm.id) for word in mine]
    insert(connection, "organization", _COLUMNS, rows)
    insert(connection, "mail_domain", ("id", "organization_id", "domain", "source", "created_at"), domains)
    insert(connection, "organization_word", ("word", "organization_id"), sorted(found))
    return firms


def _firm(rng: random.Random, number: int) -> Firm:
    stock = rng.choices(STOCKS, cum_weights=SHARES)[0]
    stem = rng.choice(STEMS)
    if rng.random() < 0.5:
        stem = rng.choices(stock.families, cum_weights=stock.family_weights)[0][0].text
    trade, form = rng.choice(stock.country.trades), rng.choice(stock.country.forms)
    name = f"{stem} {trade} {form}" if number % 3 else f"{trade} {stem} {number} {form}"
    host = f"{letters(stem)}-{letters(trade)}{number}.{stock.country.top_level}.example"
    return Firm(record_id(START_MS + number, number), name, fold(name), host, stock)
