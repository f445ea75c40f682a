"""What each clue weighs, in bits."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import log2

from console.data.duplicates.block import Kind

_COUNTED = {"email": Kind.EMAIL, "phone": Kind.PHONE, "handle": Kind.HANDLE, "family": Kind.NAME}


@dataclass(frozen=True, slots=True)
class Model:
    """``weights``: clue → level → bits. ``prior``: bits before any clue. ``line``: from which a pair is queued."""

    version: int
    prior: float
    line: float
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def weight(self, clue: str, level: str, shared: Mapping[Kind, int]) -> float:
        """The bits of a level; an identifier that many share weighs less."""
        bits = self.weights.get(clue, {}).get(level, 0.0)
        kind = _COUNTED.get(clue)
        if level == "s" and kind is not None and bits > 0:
            bits -= min(bits, max(0.0, log2(shared.get(kind, 2)) - 1))
        return bits

    def to_json(self) -> str:
        """The model as text."""
        return json.dumps(asdict(self), sort_keys=True)


def from_json(text: str) -> Model:
    """The model that to_json() wrote."""
    return Model(**json.loads(text))


SHIPPED = Model(
    version=1,
    prior=-9.0,
    line=3.0,
    weights={
        "given": {"s": 6, "v": 4, "n": 4, "i": 2, "f": 1, "x": -6},
        "family": {"s": 8, "v": 6, "n": 5, "i": 2, "f": 1, "x": -4},
        "company": {"s": 10, "n": 7, "f": 2, "x": -6},
        "email": {"s": 13, "r": 6, "n": 7, "x": -1},
        "phone": {"s": 11, "x": -1},
        "handle": {"s": 11, "x": -1},
        "affiliation": {"s": 4, "x": -0.5},
        "street": {"s": 6, "n": 4, "x": -1},
        "city": {"s": 3, "n": 2, "x": -1},
        "postcode": {"s": 4, "n": 2, "x": -1},
        "birth": {"s": 9, "n": 5, "x": -5},
        "external": {"s": 14, "x": -4},
    },
)
