"""What each clue weighs, in bits: the model that is shipped, and those that a base learned."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files

CENTRE = {"given": 10, "family": 10, "city": 10, "postcode": 10, "birth": 10, "affiliation": 10}
"""Of clues with a frequency, the rarity at which the weight is the plain one; of identifiers it is 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """``prior``: bits before any clue, 0 being even odds. ``line``: the bits from which a pair is queued.

    ``weights`` has bits by clue and level ('email:s') and, with a '~' behind it, the bits that one step of rarity adds
    (see ``score.rarity``). ``terms`` has the steps of names, places and days that many clients have ('g:anna': 6, each
    step half as many), ``rare`` those of all others. ``typical`` and ``share`` are what the clues of the base this
    model was made from would weigh if they were independent, and the log odds of its candidate pairs: what
    ``train`` measures other bases by.
    """

    version: int
    prior: float
    line: float
    weights: Mapping[str, float]
    terms: Mapping[str, int] = field(default_factory=dict)
    rare: int = 10
    typical: Mapping[str, float] = field(default_factory=dict)
    share: float = 0.0

    def weight(self, clue: str, level: str, step: str) -> float:
        """The bits of a clue's level; ``step`` is its rarity, '-' where it has none."""
        cell = f"{clue}:{level}"
        bits = self.weights.get(cell, 0.0)
        if step != "-":
            bits += self.weights.get(cell + "~", 0.0) * (int(step, 16) - CENTRE.get(clue, 1))
        return bits

    def to_json(self) -> str:
        """The model as text."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Model:
    """The model that to_json() wrote."""
    return Model(**json.loads(text))


@cache
def _shipped() -> Model:
    written = files("console.data.duplicates").joinpath("shipped.json").read_text(encoding="utf-8")
    return from_json(written)


SHIPPED = _shipped()
"""Learned from labelled clients of a support desk (people, companies, families, colleagues, branches)."""
