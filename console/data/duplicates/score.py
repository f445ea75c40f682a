"""The score of two clients from their levels: one sum of bits, for the look-up and the scan alike."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from console.data.duplicates.block import Kind
from console.data.duplicates.compare import CLUES, Levels
from console.data.duplicates.model import SHIPPED, Model

Relation = Literal["duplicate", "related", ""]
Rarity = Mapping[Kind, int]


class Scored(NamedTuple):
    """``bits``: evidence in bits, 0 is even odds. ``parts``: the bits of each clue that both have."""

    bits: float
    relation: Relation
    parts: dict[str, float]


def rarity(counts: Mapping[int, int], keys: list[int]) -> dict[Kind, int]:
    """Of the keys that two clients share, how many clients have the rarest of each kind."""
    from console.data.duplicates.block import kind_of

    found: dict[Kind, int] = {}
    for key in keys:
        kind = kind_of(key)
        found[kind] = min(found.get(kind, 1 << 30), counts.get(key, 2))
    return found


def score(levels: Levels, model: Model = SHIPPED, shared: Rarity | None = None) -> Scored:
    """The score of two clients; the same levels, model and rarity give the same score."""
    parts = {
        clue: model.weight(clue, level, shared or {})
        for clue, level in zip(CLUES, levels, strict=True)
        if level != "-" and clue != "kind"
    }
    bits = model.prior + sum(parts.values())
    relation: Relation = "duplicate" if bits >= model.line else ""
    if levels[0] == "x" or (levels[1] == "x" and levels[4] != "s" and levels[12] != "s"):
        relation = "related" if relation else ""
        bits = min(bits, model.line - 1)
    return Scored(bits, relation, parts)
