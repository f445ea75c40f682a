"""Weights estimated from a base itself, without anybody telling which clients are the same.

Expectation and maximization over its candidate pairs: how likely each pair is one client by the weights so far, and
what the clues weigh by these likelihoods, in turns. Where clients are known by their channels, as the shipped model's
are, only what differs from that model's base is added to the shipped weights: these know that clues depend on each
other, which the estimate does not.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import log, log2
from typing import TYPE_CHECKING, NamedTuple

from console.data.duplicates.compare import CLUES, Levels
from console.data.duplicates.model import CENTRE, Model
from console.data.duplicates.score import is_ruled_out
from console.data.duplicates.terms import Terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LEAST = 300  # candidate pairs, for an estimate to mean anything
_TURNS = 25
_TRUST = 50.0  # pairs that the weights before are worth
_MOVED = 0.5  # of what a base differs by: the rest may be what clues depend on each other
_SMOOTH = 2.0
_RIGHT = 0.983  # of the pairs that are queued
_LOWEST, _HIGHEST = 0.7, 3.0  # bits of the line

Patterns = Mapping[tuple[Levels, str], int]
"""Levels and steps of rarity of candidate pairs, with how many pairs have them."""


def with_terms(model: Model, terms: Terms) -> Model:
    """The model with the frequencies of a base."""
    return replace(model, terms=terms.table(), rare=terms.rare)


def train(patterns: Patterns, terms: Terms, start: Model, version: int) -> Model | None:
    """The model that fits the candidate pairs of a base; None where these are too few.

    ``patterns`` were made with ``start``, which has the base's terms (see ``with_terms``).
    """
    if sum(patterns.values()) < LEAST:
        return None
    table = _table(patterns, start)
    if terms.has_channels:
        weights, prior = _adapted(table, start)
    else:
        weights, prior = _estimated(table, start)
    found = {cell: _sensible(cell, float(bits)) for cell, bits in zip(table.cells, weights, strict=True)}
    return replace(
        start,
        version=version,
        prior=round(prior, 3),
        weights={**start.weights, **found},
        line=_line(table, weights, prior),
    )


def _line(table: "_Table", weights: "Numbers", prior: float) -> float:
    """The bits from which on as many pairs are one client as should be of those that are queued."""
    import numpy as np

    free = ~table.gated
    bits, counts = (table.values @ weights + prior)[free], table.counts[free]
    order = np.argsort(-bits, kind="stable")
    right = np.cumsum(counts[order] / (1 + np.exp2(-bits[order]))) / np.cumsum(counts[order])
    enough = bits[order][right >= _RIGHT]
    return round(min(max(float(enough.min(initial=_HIGHEST)), _LOWEST), _HIGHEST), 2)


def _sensible(cell: str, bits: float) -> float:
    """Agreeing in full never speaks against two clients, and differing never for them."""
    if cell.endswith(":s"):
        bits = max(bits, 0.0)
    elif cell.endswith(":x"):
        bits = min(bits, 0.0)
    return round(bits, 3)


class _Table(NamedTuple):
    """A row a pattern, a column a cell of the model; ``groups`` has the columns of each clue's levels.

    ``gated`` are the patterns of pairs that cannot be one client, whatever else agrees.
    """

    cells: list[str]
    values: "Numbers"
    counts: "Numbers"
    gated: "NDArray[np.bool_]"
    groups: list[list[int]]


def _table(patterns: Patterns, start: Model) -> _Table:
    import numpy as np

    columns: dict[str, int] = {}
    rows = [_features(levels, steps) for levels, steps in patterns]
    for row in rows:
        for cell, _ in row:
            columns.setdefault(cell, len(columns))
    values = np.zeros((len(rows), len(columns)))
    for place, row in enumerate(rows):
        for cell, value in row:
            values[place, columns[cell]] = value
    groups: dict[str, list[int]] = {}
    for cell, column in columns.items():
        if not cell.endswith("~"):
            groups.setdefault(cell.partition(":")[0], []).append(column)
    counts = np.array(list(patterns.values()), dtype=float)
    gated = np.array([is_ruled_out(levels) for levels, _ in patterns], dtype=bool)
    return _Table(list(columns), values, counts, gated, list(groups.values()))


def _features(levels: Levels, steps: str) -> list[tuple[str, float]]:
    found = []
    for clue, level, step in zip(CLUES, levels, steps, strict=True):
        if level != "-" and clue != "kind":
            found.append((f"{clue}:{level}", 1.0))
            if step != "-":
                found.append((f"{clue}:{level}~", float(int(step, 16) - CENTRE.get(clue, 1))))
    return found


def _adapted(table: _Table, start: Model) -> tuple["Numbers", float]:
    """Weights moved by as much as this base differs from the one they were learned from."""
    import numpy as np

    known = np.array([start.weights.get(cell, 0.0) for cell in table.cells])
    typical = np.array([start.typical.get(cell, 0.0) for cell in table.cells])
    free = table._replace(counts=table.counts * ~table.gated)
    weights, prior = known.copy(), start.prior
    for _ in range(_TURNS):
        same = _likely(free, weights, prior)
        measured, evidence = _measured(free, same)
        moved = known + _MOVED * evidence / (evidence + _TRUST) * (measured - typical)
        weights = (weights + moved) / 2
        prior = (prior + start.prior + _odds(free, same) - start.share) / 2
    return weights, prior


def _estimated(table: _Table, start: Model) -> tuple["Numbers", float]:
    """Weights as measured; where there is little to measure, those that were known before."""
    import numpy as np

    known = np.array([start.weights.get(cell, 0.0) for cell in table.cells])
    weights, prior = known, start.prior
    for _ in range(_TURNS):
        same = _likely(table, weights, prior)
        measured, evidence = _measured(table, same)
        trust = evidence / (evidence + _TRUST)
        weights = trust * measured + (1 - trust) * known
        prior = _odds(table, same)
    return weights, prior


def _likely(table: _Table, weights: "Numbers", prior: float) -> "Numbers":
    """How likely the pairs of each pattern are one client."""
    import numpy as np

    bits = np.clip(table.values @ weights + prior, -40, 40)
    likely: Numbers = 1 / (1 + np.exp2(-bits))
    return likely


def _odds(table: _Table, same: "Numbers") -> float:
    share = float((table.counts * same).sum() / table.counts.sum())
    share = min(max(share, 0.01), 0.97)
    return log2(share / (1 - share))


def _measured(table: _Table, same: "Numbers") -> tuple["Numbers", "Numbers"]:
    """What each cell weighs by the likelihoods, in bits, and by how many pairs."""
    import numpy as np

    mine, theirs = table.counts * same, table.counts * (1 - same)
    has = table.values != 0
    ones, others = mine @ has, theirs @ has
    weights, evidence = np.zeros(len(table.cells)), ones + others
    for group in table.groups:
        one, other = ones[group], others[group]
        usual = one / (one.sum() + 1) + other / (other.sum() + 1) + 0.01
        usual /= usual.sum()
        one = (one + _SMOOTH * usual) / (one.sum() + _SMOOTH)
        other = (other + _SMOOTH * usual) / (other.sum() + _SMOOTH)
        weights[group] = np.log2(one / other)
    _slopes(table, mine, theirs, weights, evidence)
    return weights, evidence


def _slopes(
    table: _Table, mine: "Numbers", theirs: "Numbers", weights: "Numbers", evidence: "Numbers"
) -> None:
    """What a step of rarity adds: from the means of the steps of both kinds of pairs, as if they were normal."""
    places = {cell: place for place, cell in enumerate(table.cells)}
    for cell, place in places.items():
        if not cell.endswith("~"):
            continue
        level = places[cell[:-1]]
        steps, on = table.values[:, place], table.values[:, level] != 0
        one, other = mine * on, theirs * on
        evidence[place] = min(one.sum(), other.sum())
        if evidence[place] < 1:
            continue
        mean, their_mean = (one * steps).sum() / one.sum(), (other * steps).sum() / other.sum()
        spread = (one * (steps - mean) ** 2).sum() + (other * (steps - their_mean) ** 2).sum()
        slope = (mean - their_mean) / (spread / (one.sum() + other.sum()) + 0.5) / log(2)
        weights[place] = slope
        weights[level] -= slope * (mean + their_mean) / 2
