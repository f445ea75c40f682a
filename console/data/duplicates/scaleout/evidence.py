"""What two clients have for and against them, as a text that SQL reads: a level for each clue, then how rare it is.

The clues are compared here, by the rules of the console, in as many processes or machines as there are. What they
weigh is said by the levels of Splink's comparisons (see ``scaleout.settings``), and Splink adds them up.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zlib import crc32

from console.data.duplicates import pairs, scoring
from console.data.duplicates.compare import CLUES
from console.data.duplicates.form import unpack
from console.data.duplicates.model import Model
from console.data.duplicates.scoring import Judged
from console.data.duplicates.shelf import Counts

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_ALIKE = 1e-6  # bits; what rounding leaves


class Compared(NamedTuple):
    """Two clients with their packed forms."""

    first: int
    second: int
    first_form: str
    second_form: str


class Evidence(NamedTuple):
    """What was found of a pair.

    ``match_key`` is the text above, of twice as many characters as there are ``compare.CLUES``; it has its name and the
    ids theirs from Splink. ``gated`` are the bits of a pair whose sum does not count, because what is against it caps
    it; else None. ``kept``: whether the queue wants it. ``first_form`` and ``second_form`` are marks of the forms that
    were compared (see ``mark``).
    """

    join_key_l: int
    join_key_r: int
    match_key: str
    relation: str
    percent: int
    levels: str
    gated: float | None
    kept: bool
    first_form: int
    second_form: int


def of(compared: Sequence[Compared], counts: Counts, model: Model) -> list[Evidence]:
    """Compare pairs; ``counts`` says how many clients share what they share."""
    texts = {one.first: one.first_form for one in compared}
    texts |= {one.second: one.second_form for one in compared}
    forms = {one: unpack(text) for one, text in texts.items()}
    both = [(one.first, one.second) for one in compared]
    alike = scoring.compared(both, forms)
    known = counts.of(scoring.claimed(alike))
    found = []
    for one in scoring.judged(alike, forms, known, model):
        row = pairs.row_of(one, model, 0, _NEVER)
        found.append(
            Evidence(
                *one.pair,
                one.levels + one.rarity.steps,
                row["relation"],
                row["percent"],
                row["levels"],
                _gated(one, model),
                pairs.is_kept(one, model),
                *(mark(texts[each]) for each in one.pair),
            )
        )
    return found


def mark(form: str) -> int:
    """A number that tells a form from another one of the same client."""
    return crc32(form.encode())


def _gated(one: Judged, model: Model) -> float | None:
    weighed = zip(CLUES, one.levels, one.rarity.steps, strict=True)
    total = model.prior + sum(model.weight(*each) for each in weighed)
    return None if abs(total - one.scored.bits) < _ALIKE else one.scored.bits
