"""A row of a file, checked by the same rules as a form, without making a model of each of a million."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from console.data.drafts import CLIENT_RULES, NO_IDENTITY, ORGANIZATION_RULES
from console.data.errors import Invalid
from console.data.normalize import NewIdentity, fold
from console.data.public_mail import is_public
from console.data.transfer.quick import identity

CLIENT_COLUMNS = (
    "name", "kind", "email", "mobile", "phone", "organization", "mail_domain", "username", "external_id", "language",
    "time_zone", "status", "tags", "address", "city", "postcode", "country",
)  # fmt: skip
ORGANIZATION_COLUMNS = (
    "name", "mail_domain", "external_id", "phone", "website", "address", "city", "postcode", "country",
)  # fmt: skip
SEPARATOR = "|"
# Columns of the file whose column in the database has another name.
STORED_AS = {"address": "street"}
_PLAIN = (
    "kind", "organization", "username", "external_id", "language", "time_zone", "status", "address", "city", "postcode",
)  # fmt: skip


@dataclass(slots=True)
class ClientRow:
    """A row of a clients' file; ``fields`` holds what is not empty, under the names of the file.

    Of its mail ``domains``, those in ``below`` count for domains below them; ``public`` were left out of them, for
    anybody may have an address there.
    """

    line: int
    name: str
    sort_name: str
    fields: dict[str, str]
    identities: list[NewIdentity]
    domains: tuple[str, ...] = ()
    below: frozenset[str] = frozenset()
    public: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def organization(self) -> str:
        """The organization's name, or ''."""
        return self.fields.get("organization", "")


@dataclass(slots=True)
class OrganizationRow:
    """A row of an organizations' file; mail domains as a client's."""

    line: int
    name: str
    sort_name: str
    fields: dict[str, str] = field(default_factory=dict)
    domains: tuple[str, ...] = ()
    below: frozenset[str] = frozenset()
    public: tuple[str, ...] = ()


def client_row(line: int, cells: Sequence[str], columns: Mapping[str, int]) -> ClientRow:
    """A checked row; Invalid, with a sentence, at the first cell that will not do."""
    name: str = CLIENT_RULES["name"](cells[columns["name"]])
    fields: dict[str, str] = {}
    country = _cell(cells, columns, "country", CLIENT_RULES, fields)
    for column in _PLAIN:
        _cell(cells, columns, column, CLIENT_RULES, fields)
    identities: list[NewIdentity] = []
    for column, kind, mobile in (
        ("email", "email", False),
        ("mobile", "phone", True),
        ("phone", "phone", False),
    ):
        identities += [identity(kind, raw, country, mobile) for raw in _several(cells, columns, column)]
    if not identities:
        raise Invalid("email", NO_IDENTITY)
    if len(identities) > 1:
        identities = list({(one.type, one.normalized): one for one in reversed(identities)}.values())[::-1]
    row = ClientRow(line, name, fold(name), fields, identities)
    if found := _several(cells, columns, "mail_domain"):
        _take_domains(row, CLIENT_RULES["mail_domain"](found))
    if found := _several(cells, columns, "tags"):
        row.tags = CLIENT_RULES["tags"](found)
    return row


def organization_row(line: int, cells: Sequence[str], columns: Mapping[str, int]) -> OrganizationRow:
    """A checked row; Invalid, with a sentence, at the first cell that will not do."""
    name: str = ORGANIZATION_RULES["name"](cells[columns["name"]])
    row = OrganizationRow(line, name, fold(name))
    for column in ORGANIZATION_COLUMNS:
        if column not in ("name", "mail_domain"):
            _cell(cells, columns, column, ORGANIZATION_RULES, row.fields)
    if found := _several(cells, columns, "mail_domain"):
        _take_domains(row, ORGANIZATION_RULES["mail_domain"](found))
    return row


def _take_domains(row: ClientRow | OrganizationRow, written: Sequence[str]) -> None:
    """The mail domains of a row, which of them count for those below, and those where anybody may have an address."""
    names = {name.removeprefix("."): name.startswith(".") for name in written}
    row.public = tuple(name for name in names if is_public(name))
    row.domains = tuple(name for name in names if name not in row.public)
    row.below = frozenset(name for name in row.domains if names[name])


def _cell(
    cells: Sequence[str],
    columns: Mapping[str, int],
    column: str,
    rules: Mapping[str, Any],
    into: dict[str, str],
) -> str:
    """Put a checked cell among the fields if there is anything in it; returns it."""
    position = columns.get(column)
    if position is None or not cells[position] or not cells[position].strip():
        return ""
    value: str = rules[column](cells[position])
    into[column] = value
    return value


def _several(cells: Sequence[str], columns: Mapping[str, int], column: str) -> list[str]:
    position = columns.get(column)
    if position is None or not cells[position]:
        return []
    cell = cells[position]
    parts = cell.split(SEPARATOR) if SEPARATOR in cell else (cell,)
    return [part for part in map(str.strip, parts) if part]
