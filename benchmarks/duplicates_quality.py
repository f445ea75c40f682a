"""How well duplicates are found in labelled sets: in memory, by the rules and weights that a scan uses.

python -m benchmarks.duplicates_quality [--shipped] [--decisions 200] [set …]
"""

import argparse
import csv
import gzip
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from console.data.duplicates import block, cluster, compare, form, learn, score, train
from console.data.duplicates.model import SHIPPED, Model
from console.data.duplicates.raw import Raw
from console.data.duplicates.score import Rarity, Scored
from console.data.duplicates.terms import Terms

SETS = Path(__file__).resolve().parents[2] / "shared" / "duplicates"
TRAINED_FROM = 1_000

Pair = tuple[int, int]

_CLIENTS = "kind name emails phones handles organization=org mail_domains=domain street city postcode country"
_SETS = {
    "clients_5k.csv": _CLIENTS,
    "clients_50k.csv.gz": _CLIENTS,
    "fake_1000.csv": "given_name=first_name family_name=surname birth_date=dob city emails=email",
    "febrl3.csv": "given_name family_name=surname street=street_number+address_1 city=suburb postcode"
    " birth_date=date_of_birth external_id=soc_sec_id",
    "historical_50k.csv.gz": "given_name=first_name family_name=surname birth_date=dob city=birth_place"
    " postcode=postcode_fake",
    "chicago_orgs.csv": "name street=address postcode=zip phones=phone emails=email",
    "senzing_truth.csv": "kind=record_type name=primary_name_full+primary_name_org"
    " given_name=primary_name_first+primary_name_middle family_name=primary_name_last birth_date=date_of_birth"
    " emails=email_address street=addr_full+addr_line1 city=addr_city postcode=addr_postal_code phones=phone_number",
}
_LISTS = ("emails", "phones", "handles", "mail_domains")
_KINDS = {"person": "person", "company": "company", "organization": "company"}


class Judged(NamedTuple):
    """A candidate pair: its places in the set, its levels and rarity, its score, and whether it is one client."""

    pair: Pair
    levels: compare.Levels
    rarity: Rarity
    scored: Scored
    same: bool


def read(name: str) -> tuple[list[Raw], list[str]]:
    """The records of a set, and which client each one is; any other file has the columns of the labelled clients."""
    columns = dict((one + "=" + one).split("=")[:2] for one in _SETS.get(name, _CLIENTS).split())
    written = (SETS / name).read_bytes()
    text = (gzip.decompress(written) if name.endswith(".gz") else written).decode()
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    return [_raw(row, columns) for row in rows], [row["cluster"] for row in rows]


def _raw(row: dict[str, str], columns: dict[str, str]) -> Raw:
    values: dict[str, Any] = {}
    for field, named in columns.items():
        text = " ".join(row[column] for column in named.split("+") if row[column])
        values[field] = tuple(one for one in text.split("|") if one) if field in _LISTS else text
    kind = str(values.get("kind", "person" if "given_name" in values else ""))
    return Raw(**{**values, "kind": _KINDS.get(kind.lower(), "")})


def candidates(forms: list[form.Form]) -> tuple[list[Pair], dict[int, int]]:
    """The pairs that keys find, and how many records have each key."""
    found: dict[int, list[int]] = defaultdict(list)
    for place, one in enumerate(forms):
        for key in block.keys(one):
            found[key].append(place)
    pairs: dict[Pair, None] = {}
    for key, places in found.items():
        if 2 <= len(places) <= block.limit_of(key):
            pairs.update(dict.fromkeys(combinations(places, 2)))
    return list(pairs), {key: len(places) for key, places in found.items()}


def true_pairs(truth: list[str]) -> set[Pair]:
    """All pairs of records that are one client."""
    groups = defaultdict(list)
    for place, one in enumerate(truth):
        groups[one].append(place)
    return {pair for places in groups.values() for pair in combinations(places, 2)}


class Base:
    """A labelled set, scored."""

    def __init__(self, name: str, *, shipped: bool = False) -> None:
        self.name = name
        raws, truth = read(name)
        self.truth = truth
        started = time.process_time()
        self.forms = [form.form(one) for one in raws]
        formed = time.process_time()
        self.pairs, self.counts = candidates(self.forms)
        blocked = time.process_time()
        self.true = true_pairs(truth)
        self.levels = [compare.levels(self.forms[one], self.forms[other]) for one, other in self.pairs]
        compared = time.process_time()
        self.model = SHIPPED if shipped else self._trained()
        trained = time.process_time()
        self.judged = self.judge(self.model)
        self.seconds = (
            formed - started,
            blocked - formed,
            compared - blocked,
            trained - compared,
            time.process_time() - trained,
        )

    def terms(self) -> Terms:
        """How often the names, places and days of the set occur."""
        terms = Terms()
        terms.add(self.forms)
        return terms

    def _trained(self) -> Model:
        if len(self.forms) < TRAINED_FROM:
            return SHIPPED
        terms = self.terms()
        start = train.with_terms(SHIPPED, terms)
        patterns = Counter(
            (levels, rare.steps) for levels, rare in zip(self.levels, self._rarities(start), strict=True)
        )
        return train.train(patterns, terms, start, version=2) or start

    def _rarities(self, model: Model) -> list[Rarity]:
        return [
            score.rarity(self.forms[one], self.forms[other], levels, self.counts, model)
            for (one, other), levels in zip(self.pairs, self.levels, strict=True)
        ]

    def judge(self, model: Model) -> list[Judged]:
        """All candidate pairs by a model."""
        return [
            Judged(pair, levels, rare, score.score(levels, model, rare), pair in self.true)
            for pair, levels, rare in zip(self.pairs, self.levels, self._rarities(model), strict=True)
        ]


class Figures(NamedTuple):
    """Precision, recall and F1, and the bits from which on they hold."""

    precision: float
    recall: float
    f1: float
    bits: float

    def __str__(self) -> str:
        return f"p {self.precision:.4f} r {self.recall:.4f} f {self.f1:.4f} at {self.bits:.1f}"


def at(judged: Iterable[Judged], true: int, line: float) -> Figures:
    """The figures of all pairs above a line, of so many true ones."""
    above = [one.same for one in judged if one.scored.bits >= line]
    return _figures(sum(above), len(above), true, line)


def best(judged: Iterable[Judged], true: int) -> Figures:
    """The figures at the line where F1 is highest."""
    found = Figures(0, 0, 0, 0)
    hits = 0
    ranked = sorted(judged, key=lambda one: -one.scored.bits)
    for number, one in enumerate(ranked, 1):
        hits += one.same
        if number == len(ranked) or ranked[number].scored.bits < one.scored.bits:
            found = max(found, _figures(hits, number, true, one.scored.bits), key=lambda each: each.f1)
    return found


def _figures(hits: int, number: int, true: int, line: float) -> Figures:
    precision, recall = hits / max(number, 1), hits / max(true, 1)
    return Figures(precision, recall, 2 * hits / max(number + true, 1), line)


def cluster_f1(base: Base, judged: list[Judged], line: float) -> float:
    """F1 of the pairs that are in one group."""
    bits = {one.pair: one.scored.bits for one in judged if one.scored.bits >= line}
    pairs = {pair for group in cluster.clusters(bits) for pair in combinations(group.ids, 2)}
    return 2 * len(pairs & base.true) / max(len(pairs) + len(base.true), 1)


def decided(base: Base, number: int, seed: int = 1) -> tuple[Model, list[Judged]]:
    """The model after so many right decisions of staff, and the pairs they did not decide."""
    line = base.model.line
    queue = [one for one in base.judged if one.scored.bits >= line]
    doubtful = [
        one
        for one in base.judged
        if line - 4 <= one.scored.bits < line and not score.is_ruled_out(one.levels)
    ]
    chance = random.Random(seed)
    chosen = chance.sample(doubtful, min(len(doubtful), number // 2))
    chosen += chance.sample(queue, min(len(queue), number - len(chosen)))
    pairs = {one.pair for one in chosen}
    model = learn.refit(base.model, [(one.scored.parts, one.same) for one in chosen], version=3)
    return model or base.model, [one for one in base.judged if one.pair not in pairs]


def told(base: Base, decisions: int) -> None:
    """Print the figures of a set."""
    true, number = len(base.true), len(base.pairs)
    recall = len(base.true.intersection(base.pairs)) / max(true, 1)
    print(
        f"{base.name}: {len(base.forms)} records, {true} true pairs, {number / len(base.forms):.2f} pairs a record"
    )
    print(f"    blocking recall {recall:.4f}   best {best(base.judged, true)}")
    line = base.model.line
    print(
        f"    at the line {at(base.judged, true, line)}   clusters {cluster_f1(base, base.judged, line):.4f}"
    )
    micro = [
        1e6 * one / size
        for one, size in zip(base.seconds, (len(base.forms),) * 2 + (number,) * 3, strict=True)
    ]
    told = "form {:.0f}, keys {:.0f} a record; levels {:.1f}, training {:.1f}, score {:.1f} a pair"
    print("    microseconds:", told.format(*micro))
    if decisions:
        model, rest = decided(base, decisions)
        gone = {one.pair for one in base.judged} - {one.pair for one in rest}
        left = true - len(base.true & gone)
        again = [one for one in base.judge(model) if one.pair not in gone]
        print(f"    {decisions} decisions, {'learned' if model is not base.model else 'refused'}:")
        print(f"        before {best(rest, left)}   line {at(rest, left, line)}")
        print(f"        after  {best(again, left)}   line {at(again, left, line)}")


def main() -> None:
    """Take the figures of the sets named, or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=list(_SETS), help="names of sets, or files")
    parser.add_argument("--shipped", action="store_true")
    parser.add_argument("--decisions", type=int, default=0)
    given = parser.parse_args()
    for name in given.sets:
        told(Base(name, shipped=given.shipped), given.decisions)


if __name__ == "__main__":
    main()
