"""Scoring by the batch, apart from the database: what a scan's crew does, each from the shelf in a folder."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.data.duplicates import pairs, scoring, shelf

if TYPE_CHECKING:
    from numpy import float64, signedinteger
    from numpy.typing import NDArray

SIZE = 5_000
"""Pairs of a batch."""
MANY = 100_000
"""Pairs from which processes are worth their start."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs of the shelf in ``folder``, from place ``begin`` to before ``end``, and the name of the model there.

    ``scores`` asks for the bits of each.
    """

    folder: Path
    begin: int
    end: int
    model: str
    run: int
    at: datetime
    scores: bool = False


@dataclass(frozen=True, slots=True)
class Scores:
    """The rows of pairs worth keeping, but for their ids, and, where asked for, all pairs with their bits.

    ``end`` is the batch's.
    """

    end: int
    rows: list[dict[str, Any]]
    bits: "AllBits | None" = None


@dataclass(frozen=True, slots=True)
class AllBits:
    """Pairs by the ids of their clients, and the bits of each; three columns."""

    firsts: "NDArray[signedinteger[Any]]"
    seconds: "NDArray[signedinteger[Any]]"
    bits: "NDArray[float64]"


def scored(batch: Batch) -> Scores:
    """Score a batch."""
    found = shelf.opened(batch.folder)
    model, some = found.model(batch.model), slice(batch.begin, batch.end)
    both = found.pairs(some)
    forms = found.forms(one for pair in both for one in pair)
    worth = None if batch.scores else partial(pairs.may_be_kept, model=model)
    compared = scoring.compared(both, forms, found.levels(some), worth)
    counts = found.counts.of(scoring.claimed(compared))
    judged = scoring.judged(compared, forms, counts, model)
    kept = [one for one in judged if pairs.is_kept(one, model)]
    named = [one._replace(pair=(int(found.ids[one.pair[0]]), int(found.ids[one.pair[1]]))) for one in kept]
    rows = [pairs.row_of(one, model, batch.run, batch.at) for one in named]
    return Scores(batch.end, rows, _all_bits(found, batch, judged) if batch.scores else None)


def _all_bits(found: shelf.Shelf, batch: Batch, judged: list[scoring.Judged]) -> AllBits:
    import numpy as np

    bits = np.fromiter((one.scored.bits for one in judged), dtype=np.float64, count=len(judged))
    return AllBits(*found.ids_of(slice(batch.begin, batch.end)), bits)
