"""Weights tuned by what staff decided, and taken only where they prove better than those before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import log
from typing import TYPE_CHECKING

from console.data.duplicates.compare import CLUES
from console.data.duplicates.model import Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LEAST = 25  # decisions
_EACH = 5  # decisions of either kind
_FOLDS = 5
_GAIN = 0.02  # of the surprise that the model before leaves, which a new one must save
_HELD = 12.0  # how firmly a clue's weight is held: as by about this many decisions
_HELD_PRIOR = 0.2
_LEAST_FACTOR, _MOST_FACTOR = 0.25, 2.5
_MOST_PRIOR = 4.0  # nats
_TURNS = 30
_EXACT = 1e-5

Decided = tuple[Mapping[str, float], bool]
"""The parts of a pair's score by the present model, and whether staff decided that the two are one."""


def refit(model: Model, decisions: Sequence[Decided], version: int) -> Model | None:
    """The model that fits the decisions better; None where they are too few, or it would not be better on others.

    Of each clue, what speaks for and what speaks against are made heavier or lighter as a whole.
    """
    import numpy as np

    same = np.array([decision for _, decision in decisions], dtype=float)
    if len(same) < LEAST or min(same.sum(), len(same) - same.sum()) < _EACH:
        return None
    evidence = _evidence([parts for parts, _ in decisions])
    start = np.append(np.full(evidence.shape[1] - 1, log(2)), model.prior * log(2))
    if not _proves_better(evidence, same, start):
        return None
    return _scaled(model, _fitted(evidence, same, start) / log(2), version)


def _evidence(parts: Sequence[Mapping[str, float]]) -> "Numbers":
    """A row a pair: what each clue says for, what it says against, and 1."""
    import numpy as np

    clues = CLUES[1:]
    rows = [
        [
            *(max(one.get(clue, 0.0), 0.0) for clue in clues),
            *(min(one.get(clue, 0.0), 0.0) for clue in clues),
            1.0,
        ]
        for one in parts
    ]
    return np.array(rows)


def _fitted(evidence: "Numbers", same: "Numbers", start: "Numbers") -> "Numbers":
    """The most likely weights, held by the ones before; Newton's way, with steps as short as it takes."""
    import numpy as np

    held = np.append(_HELD * ((evidence[:, :-1] ** 2).mean(axis=0) + 1.0) / 4, _HELD_PRIOR)
    weights, cost = start, _cost(evidence, same, start, start, held)
    for _ in range(_TURNS):
        likely = _likely(evidence, weights)
        slope = evidence.T @ (likely - same) + held * (weights - start)
        curve = (evidence * (likely * (1 - likely))[:, None]).T @ evidence + np.diag(held)
        step = np.linalg.solve(curve, slope)
        while np.abs(step).max() > _EXACT:
            if (found := _cost(evidence, same, weights - step, start, held)) < cost:
                weights, cost = weights - step, found
                break
            step = step / 2
        else:
            break
    return _within(weights, start)


def _cost(
    evidence: "Numbers", same: "Numbers", weights: "Numbers", start: "Numbers", held: "Numbers"
) -> float:
    return _surprise(_likely(evidence, weights), same) + float((held * (weights - start) ** 2).sum()) / 2


def _within(weights: "Numbers", start: "Numbers") -> "Numbers":
    """No clue loses or gains more than staff could mean, and no more does the prior."""
    import numpy as np

    factors = np.clip(weights[:-1], _LEAST_FACTOR * log(2), _MOST_FACTOR * log(2))
    return np.append(factors, np.clip(weights[-1], start[-1] - _MOST_PRIOR, start[-1] + _MOST_PRIOR))


def _likely(evidence: "Numbers", weights: "Numbers") -> "Numbers":
    import numpy as np

    likely: Numbers = 1 / (1 + np.exp(-np.clip(evidence @ weights, -30, 30)))
    return likely


def _proves_better(evidence: "Numbers", same: "Numbers", start: "Numbers") -> bool:
    """Whether decisions that were left out each time surprise the new weights clearly less than those before."""
    import numpy as np

    fold = np.arange(len(same)) % _FOLDS
    before = _surprise(_likely(evidence, start), same)
    after = 0.0
    for one in range(_FOLDS):
        rest = fold != one
        weights = _fitted(evidence[rest], same[rest], start)
        after += _surprise(_likely(evidence[~rest], weights), same[~rest])
    return after < before * (1 - _GAIN)


def _surprise(likely: "Numbers", same: "Numbers") -> float:
    import numpy as np

    chance = np.maximum(np.where(same == 1, likely, 1 - likely), 1e-6)
    return float(-np.log(chance).sum())


def _scaled(model: Model, factors: "Numbers", version: int) -> Model:
    clues = CLUES[1:]
    up = dict(zip(clues, factors[: len(clues)].tolist(), strict=True))
    down = dict(zip(clues, factors[len(clues) : -1].tolist(), strict=True))
    weights = {}
    for cell, bits in model.weights.items():
        clue = cell.partition(":")[0]
        plain = model.weights.get(cell.removesuffix("~"), 0.0)
        weights[cell] = round(bits * (up if plain > 0 else down)[clue], 3)
    return replace(model, version=version, prior=round(float(factors[-1]), 3), weights=weights)
