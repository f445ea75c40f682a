"""Splink set up by hand as well as it can be: our normalized values and keys, one comparison for what belongs together.

Evidence that comes together (organization and mail domain; street, postcode and city; e-mail addresses and profile
names) is one comparison each, and names, cities and domains weigh by how common they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from splink import block_on

from benchmarks import labelled
from benchmarks.splink_settings import Plan
from console.data.duplicates.block import keys
from console.data.duplicates.form import Form, form

LARGEST = 50  # records that share a key; more say nothing

_COLUMNS = {
    "unique_id": "BIGINT",
    "cluster": "VARCHAR",
    "kind": "VARCHAR",
    "whole": "VARCHAR",
    "given": "VARCHAR",
    "family": "VARCHAR",
    "tokens": "VARCHAR[]",
    "emails": "VARCHAR[]",
    "email": "VARCHAR",
    "locals": "VARCHAR[]",
    "phones": "VARCHAR[]",
    "phone": "VARCHAR",
    "handles": "VARCHAR[]",
    "org": "VARCHAR",
    "domains": "VARCHAR[]",
    "domain": "VARCHAR",
    "street": "VARCHAR",
    "city": "VARCHAR",
    "postcode": "VARCHAR",
    "birth": "VARCHAR",
    "external": "VARCHAR",
    "keys": "BIGINT[]",
}
_PIECE = 20_000


def tuned(connection: Any, file: Path, columns: Sequence[str]) -> Plan:
    """The settings for a set, after writing its normalized records to the table ``normalized``."""
    kind = labelled.kind_of(columns)
    _load(connection, file, kind)
    there = {
        name
        for name in _COLUMNS
        if connection.execute(f"select count({name}) from normalized").fetchone()[0] > 0
    }
    return Plan(
        prepared=f"""
            with shared as (
                select key from (select unnest(keys) as key from normalized)
                group by key having count(*) between 2 and {LARGEST}),
            kept as (
                select unique_id, list(key) as keys from (select unique_id, unnest(keys) as key from normalized)
                where key in (select key from shared) group by unique_id)
            select normalized.* exclude (keys), coalesce(kept.keys, []) as keys
            from normalized left join kept using (unique_id)
        """,
        comparisons=[made for needs, made in _comparisons() if needs & there],
        blocking=[block_on("keys", arrays_to_explode=["keys"])],
        deterministic=[block_on(*rule) for rule in _CERTAIN if set(rule) <= there],
        recall=0.6,
        sessions=[block_on(*rule) for rule in _SESSIONS if set(rule) <= there],
        sampled=2e6,
    )


_CERTAIN = (("whole", "email"), ("whole", "phone"), ("whole", "birth"), ("whole", "street"), ("external",))
_SESSIONS = (("email",), ("phone",), ("whole",), ("birth",), ("street", "postcode"))


def _load(connection: Any, file: Path, kind: str) -> None:
    import pyarrow as pa

    types = {"BIGINT": pa.int64(), "VARCHAR": pa.string(), "VARCHAR[]": pa.list_(pa.string())}
    schema = pa.schema([(name, types.get(sql) or pa.list_(pa.int64())) for name, sql in _COLUMNS.items()])
    described = ", ".join(f"{name} {sql}" for name, sql in _COLUMNS.items())
    connection.execute(f"create table normalized ({described})")
    piece: list[dict[str, Any]] = []
    for row in labelled.rows(file):
        piece.append(_values(row, form(labelled.raw(row, kind))))
        if len(piece) == _PIECE:
            _write(connection, pa.Table.from_pylist(piece, schema))
            piece = []
    _write(connection, pa.Table.from_pylist(piece, schema))


def _write(connection: Any, piece: Any) -> None:
    connection.register("piece", piece)
    connection.execute("insert into normalized select * from piece")
    connection.unregister("piece")


def _values(row: dict[str, str], one: Form) -> dict[str, Any]:
    words = (*one.given, *one.family)
    emails = [*one.emails, *one.roles]
    names = [email.partition("@")[0] for email in one.emails]
    return {
        "unique_id": int(row["unique_id"]),
        "cluster": row["cluster"],
        "kind": one.kind or None,
        "whole": " ".join(sorted(words)) or None,
        "given": " ".join(one.given) or None,
        "family": " ".join(one.family) or None,
        "tokens": list(words) or None,
        "emails": emails or None,
        "email": emails[0] if emails else None,
        "locals": [name for name in names if len(name) > 4] + list(one.handles) or None,
        "phones": list(one.phones) or None,
        "phone": one.phones[0] if one.phones else None,
        "handles": list(one.handles) or None,
        "org": one.organization.replace(" ", "") or None,
        "domains": list(one.domains) or None,
        "domain": one.domains[0] if one.domains else None,
        "street": one.street or None,
        "city": one.city or None,
        "postcode": one.postcode or None,
        "birth": one.birth or None,
        "external": one.external or None,
        "keys": list(keys(one)),
    }


def _level(condition: str, frequency: str = "") -> dict[str, Any]:
    """A level of a comparison; ``frequency`` is the column whose commonness weighs it."""
    level: dict[str, Any] = {"sql_condition": condition, "label_for_charts": condition[:60]}
    if frequency:
        level["tf_adjustment_column"] = frequency
    return level


def _comparison(name: str, null: str, *levels: dict[str, Any]) -> dict[str, Any]:
    missing = {"sql_condition": null, "label_for_charts": "missing", "is_null_level": True}
    return {
        "output_column_name": name,
        "comparison_levels": [missing, *levels, {"sql_condition": "ELSE", "label_for_charts": "other"}],
    }


def _alike(column: str, least: float) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}"


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _common(column: str) -> str:
    return f"list_has_any({column}_l, {column}_r)"


def _null(*columns: str) -> str:
    return " and ".join(f"({one}_l is null or {one}_r is null)" for one in columns)


def _comparisons() -> list[tuple[set[str], dict[str, Any]]]:
    """Each comparison with the columns of which it needs one."""
    initial = "substr(given_l, 1, 1) = substr(given_r, 1, 1)"
    return [
        (
            {"whole"},
            _comparison(
                "name",
                _null("whole"),
                _level(_same("whole"), "whole"),
                _level(f"{_same('family')} and {_alike('given', 0.88)}", "family"),
                _level(f"{_same('family')} and {initial}", "family"),
                _level(f"{_alike('whole', 0.94)}"),
                _level(f"{_alike('family', 0.88)} and {_alike('given', 0.88)}"),
                _level("len(list_intersect(tokens_l, tokens_r)) >= 2"),
                _level(_same("family"), "family"),
                _level(_same("given"), "given"),
                _level(_common("tokens")),
                _level(_alike("whole", 0.85)),
            ),
        ),
        (
            {"emails", "handles"},
            _comparison(
                "online",
                _null("emails", "locals"),
                _level(_same("email"), "email"),
                _level(_common("emails")),
                _level(_common("locals")),
                _level(_alike("email", 0.95)),
                _level(_alike("email", 0.88)),
            ),
        ),
        (
            {"phones"},
            _comparison(
                "phones",
                _null("phones"),
                _level(_same("phone"), "phone"),
                _level(_common("phones")),
                _level("damerau_levenshtein(phone_l, phone_r) <= 1"),
            ),
        ),
        (
            {"org", "domains"},
            _comparison(
                "affiliation",
                _null("org", "domains"),
                _level(_same("domain"), "domain"),
                _level(_common("domains")),
                _level(_same("org"), "org"),
                _level(_alike("org", 0.92)),
                _level(_alike("domain", 0.92)),
            ),
        ),
        (
            {"street", "city", "postcode"},
            _comparison(
                "address",
                _null("street", "city", "postcode"),
                _level(f"{_same('street')} and ({_same('postcode')} or {_same('city')})"),
                _level(_same("street"), "street"),
                _level(f"{_alike('street', 0.9)} and ({_same('postcode')} or {_same('city')})"),
                _level(f"{_same('postcode')}", "postcode"),
                _level(_alike("street", 0.92)),
                _level(_same("city"), "city"),
            ),
        ),
        (
            {"birth"},
            _comparison(
                "birth",
                _null("birth"),
                _level(_same("birth")),
                _level("damerau_levenshtein(birth_l, birth_r) <= 1"),
                _level("substr(birth_l, 1, 4) = substr(birth_r, 1, 4)"),
                _level("substr(birth_l, 5, 4) = substr(birth_r, 5, 4)"),
            ),
        ),
        (
            {"external"},
            _comparison(
                "external",
                _null("external"),
                _level(_same("external")),
                _level("damerau_levenshtein(external_l, external_r) <= 2"),
            ),
        ),
    ]
