"""Whether a look-up shows who is typed: python -m benchmarks.duplicates_lookup FILE [--base F.db] [--each N].

FILE is a labelled set with the columns of ``clients_50k.csv.gz``; its records become the clients of a base (kept at
``--base``, and used again where it is there), whose weights the scan estimates. Clients of it are then typed into the
form of a new one, each time with one thing different, and their records' duplicates are looked for. A share counts
those who are among the first ten. Of people, those with a whole name, a personal address and a number; of companies,
those with a name and an address.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks import labelled
from benchmarks.noise import other_digit, typo
from console.data.desk import Desk
from console.data.duplicates import labelled as mapped
from console.data.duplicates import lookup, scan
from console.data.duplicates.crew import crew
from console.data.duplicates.likeness import nicknames
from console.data.duplicates.loading import load
from console.data.normalize import fold

FIRST = 10
_PIECE = 5_000
_LEAST = {
    "true duplicates in the base": 0.95,
    "person: name mistyped, and the city, alone": 0.9,
    # Another initial or digit is another person's address; another word of a name another company's.
    "person: e-mail alone, mistyped": 0.75,
    "person: name and e-mail alone, e-mail mistyped": 0.98,
    "company: name alone, mistyped": 0.9,
    "company: name and city alone, name mistyped": 0.95,
}
_USUAL = 0.99

Typed = dict[str, str]
Variant = Callable[[Typed, random.Random], Typed | None]
"""What is typed instead; None where a client has nothing to be noisy about."""


def typed(row: Mapping[str, str]) -> Typed:
    """What a form would hold of a record."""
    found = {
        "kind": row["kind"],
        "name": row["name"],
        "email": row["emails"].partition("|")[0],
        "mobile": row["phones"].partition("|")[0],
        "organization": row["org"],
        "mail_domain": row["domain"],
        "address": row["street"],
        "city": row["city"],
        "postcode": row["postcode"],
    }
    return {field: value for field, value in found.items() if value}


def _words(one: Typed) -> list[str]:
    name = one["name"]
    last, comma, first = name.partition(",")
    return f"{first} {last}".split() if comma else name.split()


def _named(one: Typed, words: Sequence[str]) -> Typed:
    return one | {"name": " ".join(words)}


def _given_mistyped(one: Typed, rng: random.Random) -> Typed | None:
    first, *rest = _words(one)
    return _named(one, [typo(first, rng), *rest]) if len(first) > 3 else None


def _family_mistyped(one: Typed, rng: random.Random) -> Typed | None:
    *rest, last = _words(one)
    return _named(one, [*rest, typo(last, rng)]) if len(last) > 3 else None


def _email_mistyped(one: Typed, rng: random.Random) -> Typed | None:
    local, _, host = one["email"].partition("@")
    return one | {"email": f"{typo(local, rng)}@{host}"} if len(local) > 3 else None


def _host_mistyped(one: Typed, rng: random.Random) -> Typed | None:
    local, _, host = one["email"].partition("@")
    name, _, rest = host.partition(".")
    return one | {"email": f"{local}@{typo(name, rng)}.{rest}"} if len(name) > 3 else None


def _other_email(one: Typed, rng: random.Random) -> Typed:
    letters = "".join(rng.choice("abcdefghijklmnoprstuwz") for _ in range(8))
    return one | {"email": f"{letters}@{rng.choice(('proton.me', 'gmail.com', 'gmx.net'))}"}


def _other_phone(one: Typed, rng: random.Random) -> Typed:
    return one | {"mobile": "+48" + "".join(rng.choice("0123456789") for _ in range(9))}


def _phone_mistyped(one: Typed, rng: random.Random) -> Typed:
    return one | {"mobile": other_digit(one["mobile"], rng)}


def _swapped(one: Typed, _: random.Random) -> Typed:
    words = _words(one)
    return _named(one, [words[-1], *words[:-1]])


def _nicknamed(one: Typed, rng: random.Random) -> Typed | None:
    first, *rest = _words(one)
    short = sorted(nicknames(fold(first)))
    return _named(one, [rng.choice(short).title(), *rest]) if short else None


def _initialled(one: Typed, _: random.Random) -> Typed:
    first, *rest = _words(one)
    return _named(one, [first[:1] + ".", *rest])


def _surname_alone(one: Typed, _: random.Random) -> Typed:
    return one | {"name": _words(one)[-1]}


def _other_surname(one: Typed, rng: random.Random) -> Typed:
    other = "".join(
        rng.choice(part) for part in (("Bel", "Kor", "Mar", "Tal"), ("in", "am", "od"), ("ski", "en", "er"))
    )
    return _named(one, [*_words(one)[:-1], other])


def _other_company(one: Typed, _: random.Random) -> Typed:
    return one | {"organization": "Nordlicht Windpark GmbH"}


def _other_city(one: Typed, _: random.Random) -> Typed:
    elsewhere = {field: value for field, value in one.items() if field not in ("address", "postcode")}
    return elsewhere | {"city": "Reykjavik"}


def _plain(one: Typed, _: random.Random) -> Typed:
    return one | {"name": fold(one["name"]).upper(), "email": one["email"].upper()}


def _without(*fields: str) -> Variant:
    return lambda one, _: {field: value for field, value in one.items() if field not in fields}


def _alone(*fields: str) -> Variant:
    def made(one: Typed, _: random.Random) -> Typed | None:
        kept = {field: value for field, value in one.items() if field in ("kind", *fields)}
        return kept if len(kept) > len(fields) else None

    return made


def _lean(variant: Variant, *fields: str) -> Variant:
    """A variant of these fields alone."""

    def made(one: Typed, rng: random.Random) -> Typed | None:
        other = variant(one, rng)
        return other and _alone(*fields)(other, rng)

    return made


def _name_and_city(one: Typed, rng: random.Random) -> Typed | None:
    mistyped = (_given_mistyped if rng.random() < 0.5 else _family_mistyped)(one, rng)
    return mistyped and _alone("name", "city")(mistyped, rng)


def _formless(one: Typed, _: random.Random) -> Typed | None:
    words = one["name"].split()
    return _named(one, words[:-1]) if len(words) > 2 else None


def _other_form(one: Typed, rng: random.Random) -> Typed:
    return one | {"name": f"{one['name']} {rng.choice(('GmbH', 'Sp. z o.o.', 'Ltd', 'S.r.l.', 'Kft.'))}"}


def _other_office(one: Typed, rng: random.Random) -> Typed:
    host = one["email"].rpartition("@")[2]
    return one | {"email": f"{rng.choice(('orders', 'reception', 'accounts'))}@{host}"}


def _company_mistyped(one: Typed, rng: random.Random) -> Typed:
    return one | {"name": typo(one["name"], rng)}


PEOPLE: dict[str, Variant] = {
    "as they are": lambda one, _: one,
    "first name mistyped": _given_mistyped,
    "surname mistyped": _family_mistyped,
    "e-mail mistyped": _email_mistyped,
    "mail domain mistyped": _host_mistyped,
    "other e-mail": _other_email,
    "no e-mail": _without("email"),
    "other phone": _other_phone,
    "phone mistyped": _phone_mistyped,
    "no phone": _without("mobile"),
    "names swapped": _swapped,
    "nickname": _nicknamed,
    "initial": _initialled,
    "surname alone": _surname_alone,
    "other surname": _other_surname,
    "other company": _other_company,
    "other city": _other_city,
    "plain letters, in capitals": _plain,
    "e-mail alone": _alone("email"),
    "e-mail alone, mistyped": _lean(_email_mistyped, "email"),
    "phone alone": _alone("mobile"),
    "name and e-mail alone, first name mistyped": _lean(_given_mistyped, "name", "email"),
    "name and e-mail alone, surname mistyped": _lean(_family_mistyped, "name", "email"),
    "name and e-mail alone, e-mail mistyped": _lean(_email_mistyped, "name", "email"),
    "name and e-mail alone, domain mistyped": _lean(_host_mistyped, "name", "email"),
    "name and phone alone, surname mistyped": _lean(_family_mistyped, "name", "mobile"),
    "name and phone alone, phone mistyped": _lean(_phone_mistyped, "name", "mobile"),
    "name mistyped, and the city, alone": _name_and_city,
}
COMPANIES: dict[str, Variant] = {
    "as they are": lambda one, _: one,
    "name mistyped": _company_mistyped,
    "last word left out": _formless,
    "legal form added": _other_form,
    "e-mail of another office": _other_office,
    "e-mail mistyped": _email_mistyped,
    "no e-mail": _without("email", "mail_domain"),
    "no phone": _without("mobile"),
    "other city": _other_city,
    "name alone, mistyped": _lean(_company_mistyped, "name"),
    "name and city alone, name mistyped": _lean(_company_mistyped, "name", "city"),
}


async def main(file: Path, base: Path | None, each: int, seed: int) -> None:
    """Measure, and print a line for each variant."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-lookup-") as folder:
        path = base or Path(folder) / "base.db"
        known = path.exists()
        async with await Desk.open(str(path)) as desk:
            if not known:
                async with crew(2) as helpers:
                    targets = mapped.targets(labelled.MAPS["clients"])
                    await load(desk, Path(folder), file, "cluster", targets, helpers, lambda *_: None)
                    await scan.scan(desk, helpers=helpers)
            rng = random.Random(seed)
            people, companies, twice = await asyncio.to_thread(_chosen, file, each, rng)
            missed = False
            for title, some, variants in (("person", people, PEOPLE), ("company", companies, COMPANIES)):
                for name, variant in variants.items():
                    missed |= await _measured(desk, f"{title}: {name}", some, variant, rng)
            missed |= await _duplicates(desk, twice)
    raise SystemExit(int(missed))


Chosen = list[tuple[int, Typed]]


def _chosen(file: Path, each: int, rng: random.Random) -> tuple[Chosen, Chosen, list[tuple[int, set[int]]]]:
    """People and companies by chance, with the numbers of their records; and records with those of the same client."""
    people: Chosen = []
    companies: Chosen = []
    records: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(labelled.rows(file), 1):
        records[row["cluster"]].append(number)
        one = typed(row)
        if {"name", "email"} <= one.keys() and row["kind"] == "company":
            companies.append((number, one))
        elif {"name", "email", "mobile"} <= one.keys() and _is_whole(one):
            people.append((number, one))
    several = [numbers for numbers in records.values() if len(numbers) > 1]
    twice = [_one_of(numbers, rng) for numbers in rng.sample(several, min(each, len(several)))]
    return _sample(people, each * 3, rng), _sample(companies, each, rng), twice


def _is_whole(one: Typed) -> bool:
    words = _words(one)
    return len(words) > 1 and min(len(words[0]), len(words[-1])) > 2


def _one_of(numbers: list[int], rng: random.Random) -> tuple[int, set[int]]:
    one = rng.choice(numbers)
    return one, set(numbers) - {one}


def _sample(found: Chosen, number: int, rng: random.Random) -> Chosen:
    return rng.sample(found, min(number, len(found)))


async def _measured(desk: Desk, name: str, some: Chosen, variant: Variant, rng: random.Random) -> bool:
    """Print how many were found by this variant; whether these are too few."""
    tried = found = 0
    used = 0.0
    for number, one in some:
        asked = variant(one, rng)
        if asked is None:
            continue
        async with desk.read() as connection:
            begun = time.process_time()
            shown = await lookup.of_values(connection, dict(asked), FIRST)
            used += time.process_time() - begun
        tried += 1
        found += any(suggestion.client_id == number for suggestion in shown)
    return _told(name, found, tried, used)


async def _duplicates(desk: Desk, twice: Sequence[tuple[int, set[int]]]) -> bool:
    found = wanted = 0
    used = 0.0
    for number, others in twice:
        async with desk.read() as connection:
            begun = time.process_time()
            found += len(others & await _shown(connection, number))
            used += time.process_time() - begun
        wanted += len(others)
    return _told("true duplicates in the base", found, wanted, used)


async def _shown(connection: AsyncConnection, number: int) -> set[int]:
    return {one.client_id for one in await lookup.of_client(connection, number, FIRST)}


def _told(name: str, found: int, tried: int, used: float) -> bool:
    least = _LEAST.get(name, _USUAL)
    missed = found < least * tried
    share, each = found / max(tried, 1), 1000 * used / max(tried, 1)
    print(
        f"{name}: {share:.4f} of {tried}, target {least}{', missed' if missed else ''} ({each:.1f} ms)",
        flush=True,
    )
    return missed


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--each", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    asyncio.run(main(given.file, given.base, given.each, given.seed))
