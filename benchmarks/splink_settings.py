"""Settings of Splink for the labelled sets, recognised by their columns.

*demo* is what Splink's own documentation uses for these sets (fake_1000, febrl3, historical_50k), or, for sets that
it has no example of, the comparisons of its library column by column, trained as its examples train.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import splink.comparison_library as cl
from splink import ColumnExpression, SettingsCreator, block_on

Rule = Any  # of Splink: a creator of a blocking rule, or SQL


@dataclass(frozen=True)
class Plan:
    """What one run of Splink needs: SQL over the table ``records``, settings, and how they are trained.

    ``deterministic`` are rules that find about ``recall`` of all true pairs; ``sessions`` are the rules whose pairs
    expectation maximisation is run on, one after the other; ``sampled`` is how many random pairs give u.
    """

    prepared: str
    comparisons: Sequence[Any]
    blocking: Sequence[Rule]
    deterministic: Sequence[Rule]
    recall: float
    sessions: Sequence[Rule]
    sampled: float = 1e7

    def settings(self) -> SettingsCreator:
        """As Splink takes it."""
        return SettingsCreator(
            link_type="dedupe_only",
            comparisons=list(self.comparisons),
            blocking_rules_to_generate_predictions=list(self.blocking),
            retain_matching_columns=False,
            additional_columns_to_retain=["cluster"],
        )


def demo(columns: Sequence[str]) -> Plan:
    """The documented settings for the set with these columns; raises KeyError where they are unknown."""
    return _KNOWN[_kind(columns)]()


def _kind(columns: Sequence[str]) -> str:
    for telling, kind in _TELLING.items():
        if telling in columns:
            return kind
    raise KeyError(f"No settings for a set with the columns {', '.join(columns)}.")


def _fake() -> Plan:
    return Plan(
        prepared="select * from records",
        comparisons=[
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            # As Splink's own example of this set has it, though its annotation names a text alone.
            cl.LevenshteinAtThresholds(ColumnExpression("dob").cast_to_string(), 1),  # type: ignore[arg-type]
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking=[block_on("first_name", "city"), block_on("surname"), block_on("dob")],
        deterministic=[
            block_on("first_name", "dob"),
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            block_on("email"),
        ],
        recall=0.7,
        sessions=[block_on("first_name", "surname"), block_on("dob")],
        sampled=2e6,
    )


def _febrl() -> Plan:
    return Plan(
        prepared="select * from records",
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
        blocking=[
            block_on(one) for one in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")
        ],
        deterministic=[
            block_on("soc_sec_id"),
            block_on("given_name", "surname", "date_of_birth"),
            "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
        ],
        recall=0.9,
        sessions=[block_on("date_of_birth"), block_on("postcode")],
        sampled=1e6,
    )


def _historical() -> Plan:
    return Plan(
        prepared="select *, first_name || ' ' || surname as first_name_surname_concat from records",
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        blocking=[
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        deterministic=[
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on("dob", "postcode_fake"),
        ],
        recall=0.6,
        sessions=[block_on("first_name", "surname"), block_on("dob")],
    )


def _organizations() -> Plan:
    return Plan(
        prepared="select * replace (lower(name) as name, lower(address) as address) from records",
        comparisons=[
            cl.NameComparison("name"),
            cl.LevenshteinAtThresholds("address", [2, 5]),
            cl.ExactMatch("zip").configure(term_frequency_adjustments=True),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
        ],
        blocking=[
            block_on("name"),
            block_on("phone"),
            block_on("address"),
            block_on("substr(name,1,6)"),
            block_on("zip", "substr(name,1,3)"),
        ],
        deterministic=[block_on("name", "address"), block_on("name", "phone")],
        recall=0.6,
        sessions=[block_on("name"), block_on("phone")],
    )


def _senzing() -> Plan:
    return Plan(
        prepared="""
            select unique_id, cluster, date_of_birth as dob, email_address as email, phone_number as phone,
                lower(coalesce(primary_name_full, primary_name_org,
                    concat_ws(' ', primary_name_first, primary_name_last))) as name,
                lower(coalesce(addr_full,
                    concat_ws(' ', addr_line1, addr_city, addr_postal_code))) as address
            from records
        """,
        comparisons=[
            cl.NameComparison("name"),
            cl.LevenshteinAtThresholds("dob", 1),
            cl.LevenshteinAtThresholds("address", [2, 5]),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking=[
            block_on("substr(name,1,4)"),
            block_on("dob"),
            block_on("phone"),
            block_on("email"),
            block_on("address"),
        ],
        deterministic=[block_on("name", "dob"), block_on("phone"), block_on("email")],
        recall=0.6,
        sessions=[block_on("name"), block_on("phone")],
    )


def _clients() -> Plan:
    return Plan(
        # Of lists the first value: the library compares one value with one.
        prepared="""
            select unique_id, cluster, kind, lower(name) as name, lower(org) as org, lower(domain) as domain,
                lower(street) as street, lower(city) as city, postcode, country,
                lower(split_part(emails, '|', 1)) as email, split_part(phones, '|', 1) as phone,
                lower(split_part(handles, '|', 1)) as handle
            from records
        """,
        comparisons=[
            cl.NameComparison("name"),
            cl.EmailComparison("email"),
            cl.LevenshteinAtThresholds("phone", [1]),
            cl.ExactMatch("handle"),
            cl.NameComparison("org"),
            cl.ExactMatch("domain").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("street", [2]),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
        blocking=[
            block_on("name"),
            block_on("email"),
            block_on("phone"),
            block_on("handle"),
            block_on("substr(name,1,4)", "city"),
            block_on("substr(name,1,4)", "domain"),
            block_on("substr(name,1,4)", "org"),
            block_on("street", "postcode"),
        ],
        deterministic=[block_on("email"), block_on("phone", "name"), block_on("name", "postcode")],
        recall=0.5,
        sessions=[block_on("name"), block_on("email")],
    )


# A column that only this set has, in the order in which they are asked.
_TELLING = {
    "handles": "clients",
    "soc_sec_id": "febrl",
    "postcode_fake": "historical",
    "primary_name_org": "senzing",
    "zip": "organizations",
    "dob": "fake",
}
_KNOWN: dict[str, Callable[[], Plan]] = {
    "clients": _clients,
    "febrl": _febrl,
    "historical": _historical,
    "senzing": _senzing,
    "organizations": _organizations,
    "fake": _fake,
}
