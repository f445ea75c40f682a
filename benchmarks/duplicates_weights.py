"""Learns the weights that are shipped: python -m benchmarks.duplicates_weights SET… [--into shipped.json].

Of each labelled set one half of its clients teaches, all sets alike; ``duplicates_quality`` and ``evaluate`` tell what
the other half and sets that nobody has seen make of it. Pairs that are ruled out teach nothing. Birth dates, external
ids and what labelled clients say too little of keep the weights they have.
"""

import argparse
import json
from collections import Counter
from math import log2
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks import duplicates_quality
from benchmarks.duplicates_quality import Base
from console.data.duplicates import train
from console.data.duplicates.compare import Levels
from console.data.duplicates.model import SHIPPED
from console.data.duplicates.score import is_ruled_out

Numbers = NDArray[np.float64]
Pattern = tuple[Levels, str, bool]
"""Levels and steps of rarity of a pair, and whether it is one client."""
SHIPPED_FILE = Path(__file__).resolve().parents[1] / "console" / "data" / "duplicates" / "shipped.json"

_HELD = 1.0  # how firmly each weight is held near zero, in pairs
_TURNS = 60
_EACH = 40_000.0  # pairs that each set counts as
_KEPT = ("birth", "external")
# Of what a set made up says too much: that a whole base is in a few towns, or that nobody moves.
_HIGHEST = {
    "postcode:s": 0.5,
    "street:s": 0.9,
    "street:n": 0.4,
    "street:f": 0.0,
    "city:f": 0.0,
    "city:s~": 0.1,
}
_SLOPES = {"affiliation:s~": 0.0, "email:r~": 0.0, "email:q~": 0.0}


def main(sets: list[str], into: Path) -> None:
    """Learn from these sets, and write what was learned."""
    teaching = Counter[Pattern]()
    for name in sets:
        pairs = _half(name)
        each = _EACH / sum(pairs.values())
        for pattern, number in pairs.items():
            teaching[pattern] += number * each  # type: ignore[assignment]
    into.write_text(json.dumps(learned(teaching), indent=1, sort_keys=True) + "\n")


def learned(teaching: Counter[Pattern]) -> dict[str, Any]:
    """The shipped model with the weights that these pairs teach."""
    columns: dict[str, int] = {}
    rows = [train._features(levels, steps) for levels, steps, _ in teaching]
    for row in rows:
        for cell, _ in row:
            columns.setdefault(cell, len(columns))
    values = np.zeros((len(rows), len(columns) + 1))
    values[:, -1] = 1
    for place, row in enumerate(rows):
        for cell, value in row:
            values[place, columns[cell]] = value
    same = np.array([one for _, _, one in teaching], dtype=float)
    counts = np.array(list(teaching.values()))
    return _model(columns, values, counts, _fitted(values, same, counts))


def _half(name: str) -> Counter[Pattern]:
    """The patterns of the pairs of one half of a set's clients, by whether they are one."""
    base = Base(name, shipped=True)
    model = train.with_terms(SHIPPED, base.terms())
    found = Counter[Pattern]()
    for one in base.judge(model):
        if crc32(base.truth[one.pair[0]].encode()) % 2 and not is_ruled_out(one.levels):
            found[one.levels, one.rarity.steps, one.same] += 1
    return found


def _fitted(values: Numbers, same: Numbers, counts: Numbers) -> Numbers:
    """The weights of a logistic regression, in nats; the last one is the prior."""
    weights = np.zeros(values.shape[1])
    held = np.full(len(weights), _HELD)
    held[-1] = 1e-6
    for _ in range(_TURNS):
        likely = 1 / (1 + np.exp(-np.clip(values @ weights, -30, 30)))
        slope = values.T @ (counts * (likely - same)) + held * weights
        curve = (values * (counts * likely * (1 - likely))[:, None]).T @ values + np.diag(held)
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def _model(columns: dict[str, int], values: Numbers, counts: Numbers, weights: Numbers) -> dict[str, Any]:
    before: dict[str, Any] = json.loads(SHIPPED_FILE.read_text())
    likely = 1 / (1 + np.exp(-np.clip(values @ weights, -30, 30)))
    groups: dict[str, list[int]] = {}
    for cell, column in columns.items():
        if not cell.endswith("~"):
            groups.setdefault(cell.partition(":")[0], []).append(column)
    table = train._Table(
        list(columns), values[:, :-1], counts, np.zeros(len(counts), dtype=bool), list(groups.values())
    )
    typical, _ = train._measured(table, likely)
    share = float((counts * likely).sum() / counts.sum())
    learned = {cell: float(weights[column]) / np.log(2) for cell, column in columns.items()}
    measured = {cell: float(typical[column]) for cell, column in columns.items()}
    kept = {cell: bits for cell, bits in before["weights"].items() if cell.startswith(_KEPT)}
    learned = {cell: min(bits, _HIGHEST.get(cell, bits)) for cell, bits in learned.items()} | _SLOPES | kept
    measured |= {cell: before["typical"].get(cell, bits) for cell, bits in kept.items()}
    return before | {
        "prior": round(float(weights[-1]) / np.log(2), 2),
        "share": round(log2(share / (1 - share)), 2),
        "weights": {cell: round(bits, 2) for cell, bits in sorted(learned.items())},
        "typical": {cell: round(bits, 2) for cell, bits in sorted(measured.items())},
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "sets", nargs="*", default=["clients_50k.csv.gz"], help=f"files, or of {duplicates_quality.SETS}"
    )
    parser.add_argument("--into", type=Path, default=SHIPPED_FILE)
    given = parser.parse_args()
    main(given.sets, given.into)
