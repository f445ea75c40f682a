"""Our keys and weights as settings of Splink: the same for DuckDB and for Spark."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from console.data.duplicates.compare import CLUES
from console.data.duplicates.model import Model

NUMBER, KEYS, TEXT = "unique_id", "keys", "match_key"
"""Columns of the records: their id, the list of their keys, and an empty text.

The text of a pair (see ``scaleout.evidence``) stands in the table of pairs, in the column that Splink lets through;
but Splink wants each column that a condition names in the records, too.
"""

UNKNOWN = "-"
"""The level of a clue that one of two clients does not have."""

Found = tuple[int, str, str]
"""What pairs have in common somewhere: the place of a clue in ``CLUES``, its level, and the step of its rarity."""


def of(model: Model, found: Iterable[Found]) -> dict[str, Any]:
    """Settings for pairs among which these levels occur, as ``splink.Linker`` takes them.

    A clue is a comparison; each level of it that occurs, with each rarity, is a level of Splink's, whose m and u are
    numbers with the ratio that the model weighs it by. What pairs a prior makes of is the model's, too.
    """
    levels: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for place, level, step in sorted(found):
        if level != UNKNOWN:
            levels[place].append((level, step))
    if not levels:
        levels[0] = [("s", UNKNOWN)]  # Splink wants something to compare, even in no pairs at all
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": NUMBER,
        "probability_two_random_records_match": _likelihood(model.prior),
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.{KEYS} = r.{KEYS}", "arrays_to_explode": [KEYS]}
        ],
        "comparisons": [_comparison(model, place, levels[place]) for place in sorted(levels)],
        "retain_matching_columns": False,
    }


_EACH = "select {place} as place, substr({text}, {level}, 1) as level, substr({text}, {step}, 1) as step from {table}"


def occurring(table: str) -> str:
    """SQL for what ``of`` asks for, from a table of evidence: place, level and step of each that occurs."""
    each = (_EACH.format(place=place, text=TEXT, table=table, **_at(place)) for place in range(len(CLUES)))
    return f"select distinct place, level, step from ({' union all '.join(each)}) as each"  # noqa: S608


def _at(place: int) -> dict[str, int]:
    """Where the level of a clue and the step of its rarity stand in a text, from 1."""
    return {"level": place + 1, "step": place + len(CLUES) + 1}


def _comparison(model: Model, place: int, levels: Iterable[tuple[str, str]]) -> dict[str, Any]:
    missing = {"sql_condition": _is(_at(place)["level"], UNKNOWN), "label_for_charts": "unknown of one"}
    known = [_level(model, place, level, step) for level, step in levels]
    other = {"sql_condition": "ELSE", "label_for_charts": "other", **_ratio(0)}
    return {
        "output_column_name": CLUES[place],
        "comparison_levels": [{**missing, "is_null_level": True}, *known, other],
    }


def _level(model: Model, place: int, level: str, step: str) -> dict[str, Any]:
    at = _at(place)
    condition = f"{_is(at['level'], level)} and {_is(at['step'], step)}"
    bits = model.weight(CLUES[place], level, step)
    return {"sql_condition": condition, "label_for_charts": f"{level}{step}", **_ratio(bits)}


def _is(place: int, sign: str) -> str:
    return f"substr({TEXT}, {place}, 1) = '{sign}'"


def _ratio(bits: float) -> dict[str, float]:
    """m and u of a level that weighs so many bits."""
    return {"m_probability": _likelihood(bits), "u_probability": _likelihood(-bits)}


def _likelihood(bits: float) -> float:
    return float(1 / (1 + 2.0**-bits))
