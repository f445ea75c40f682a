"""What a new client or organization must be told: every field checked, every refusal one sentence.

The rules are plain functions in ``CLIENT_RULES`` and ``ORGANIZATION_RULES``. The models run them for a form or a
command; an import runs the same ones over a million rows without making models.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator, model_validator

from console.data import normalize
from console.data.codes import COUNTRIES, LANGUAGES, is_time_zone
from console.data.errors import Invalid
from console.data.models.words import (
    CLIENT_KINDS,
    CLIENT_STATUSES,
    CONTACT_ACCESS,
    PORTAL_SCOPE,
    PORTAL_SWITCH,
)

Rule = Callable[[Any], Any]
MAX_NAME = 200
MAX_CODE = 100
MAX_TAG = 60
MAX_REMARKS = 10_000
# No database takes these: PostgreSQL refuses NUL, and a lone surrogate has no UTF-8.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
HANDLES = ("facebook", "twitter", "linkedin", "chat")
IDENTITY_FIELDS = ("email", "mobile", "phone", *HANDLES)


def text(field: str, given: str, limit: int = MAX_NAME) -> str:
    """The text without white space around it; Invalid if it is too long or cannot be stored."""
    value = given.strip()
    if len(value) > limit:
        raise Invalid(
            field, f"The {words_of(field)} has {len(value):,} characters. Shorten it to {limit} at most."
        )
    if found := _UNSTORABLE.search(value):
        what = "a NUL character" if found[0] == "\0" else "half of a character"
        raise Invalid(field, f"The {words_of(field)} holds {what}, which cannot be stored. Remove it.")
    return value


def words_of(field: str) -> str:
    """How a field is called in a sentence."""
    return {"email": "e-mail address", "external_id": "external id"}.get(field, field.replace("_", " "))


def _text(field: str, limit: int = MAX_NAME) -> Rule:
    return lambda given: text(field, given, limit)


def _name(given: str) -> str:
    name = text("name", given)
    if not name:
        raise Invalid("name", "The name is missing. Write the name of the person or company.")
    return name


def _choice(field: str, allowed: Sequence[str]) -> Rule:
    def check(given: str) -> str:
        value = given.strip().lower()
        if value not in allowed:
            shown = ", ".join(allowed[:-1]) + f" or {allowed[-1]}"
            raise Invalid(field, f"The {words_of(field)} cannot be {given.strip()[:40]!r}. Write {shown}.")
        return value

    return check


def language(given: str) -> str:
    """A code of ISO 639-1 in lower case, or ''."""
    code = given.strip().lower()
    if code and code not in LANGUAGES:
        raise Invalid(
            "language", f"{given.strip()[:40]!r} is not a language. Write two letters such as pl or en."
        )
    return code


def country(given: str) -> str:
    """A code of ISO 3166 alpha-2 in upper case, or ''."""
    code = given.strip().upper()
    if code and code not in COUNTRIES:
        advice = "Write GB." if code == "UK" else "Write two letters such as PL or DE."
        raise Invalid("country", f"{given.strip()[:40]!r} is not a country. {advice}")
    return code


def time_zone(given: str) -> str:
    """A name of the IANA list, or ''."""
    name = given.strip()
    if name and not is_time_zone(name):
        raise Invalid("time_zone", f"{name[:40]!r} is not a time zone. Write one such as Europe/Warsaw.")
    return name


def day(field: str) -> Rule:
    """A rule for a day as 2026-12-31, or nothing."""

    def check(given: str) -> date | None:
        written = given.strip()
        if not written:
            return None
        try:
            return date.fromisoformat(written)
        except ValueError:
            sentence = f"{written[:40]!r} is no day. Write the {words_of(field)} as 1980-05-31."
            raise Invalid(field, sentence) from None

    return check


def _birth_date(given: str) -> date | None:
    found: date | None = day("birth_date")(given)
    # Somewhere on earth it is tomorrow already.
    if found is not None and not 1850 <= found.year <= datetime.now(UTC).year:
        raise Invalid("birth_date", f"Nobody here was born on {found}. Write the day as 1980-05-31.")
    return found


def _username(given: str) -> str:
    name = text("username", given, MAX_CODE)
    if any(character.isspace() for character in name):
        raise Invalid("username", f"The username {name[:40]!r} has a space. Write it as one word.")
    return name.casefold()


def _each(check: Callable[[str], Any]) -> Rule:
    """A list of values, the empty ones left out, each checked and kept as written."""

    def all_of(given: Iterable[str]) -> tuple[str, ...]:
        kept = tuple(value.strip() for value in given if value.strip())
        for value in kept:
            check(value)
        return kept

    return all_of


def _identity(kind: str) -> Rule:
    def check(given: str) -> None:
        text(kind, given, normalize.MAX_IDENTITY)
        normalize.identity(kind, given)

    return _each(check)


def _tag(given: str) -> str:
    value = text("tag", given, MAX_TAG)
    if re.search("[,;\n]", value):  # which stand between several tags in one field
        raise Invalid("tags", f"The tag {value[:40]!r} has a comma or semicolon. Write it without.")
    return value


def _tags(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_tag(value) for value in given if value.strip()))


def _domains(given: Iterable[str]) -> tuple[str, ...]:
    """Mail domains, each once; the dot before one that counts for those below it stays."""
    kept = (value.strip() for value in given if value.strip())
    return tuple(dict.fromkeys("." * value.startswith(".") + normalize.domain(value) for value in kept))


_ADDRESS: dict[str, Rule] = {
    "address": _text("address"),
    "city": _text("city"),
    "postcode": _text("postcode", MAX_CODE),
    "country": country,
}

CLIENT_RULES: dict[str, Rule] = {
    "name": _name,
    "kind": _choice("kind", CLIENT_KINDS),
    "email": _identity("email"),
    "mobile": _identity("phone"),
    "phone": _identity("phone"),
    **{kind: _identity(kind) for kind in HANDLES},
    "organization": _text("organization"),
    "mail_domain": _domains,
    "username": _username,
    "external_id": _text("external_id", MAX_CODE),
    "language": language,
    "time_zone": time_zone,
    "status": _choice("status", CLIENT_STATUSES),
    "tags": _tags,
    "birth_date": _birth_date,
    "portal": _choice("portal", PORTAL_SWITCH),
    "portal_scope": _choice("portal_scope", PORTAL_SCOPE),
    "portal_from": day("portal_from"),
    **_ADDRESS,
}

ORGANIZATION_RULES: dict[str, Rule] = {
    "name": _name,
    "mail_domain": _domains,
    "external_id": _text("external_id", MAX_CODE),
    "phone": _text("phone", MAX_CODE),
    "website": _text("website"),
    "remarks": _text("remarks", MAX_REMARKS),
    **_ADDRESS,
}

CONTACT_RULES: dict[str, Rule] = {
    "name": _name,
    "job_title": _text("job_title"),
    "email": _identity("email"),
    "phone": _identity("phone"),
    "access": _choice("access", CONTACT_ACCESS),
    **_ADDRESS,
}

NO_IDENTITY = (
    "An e-mail address, mobile or phone is missing. Write at least one, so that they can be recognized."
)


class Draft(BaseModel):
    """A record before it exists. Making one raises Invalid, with a sentence, at the first field that will not do."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    RULES: ClassVar[Mapping[str, Rule]] = {}

    @field_validator("*", mode="before")
    @classmethod
    def _ruled(cls, value: Any, info: ValidationInfo) -> Any:
        return cls.RULES[str(info.field_name)](value)

    @classmethod
    def problems(cls, values: Mapping[str, Any]) -> dict[str, str]:
        """What is wrong with each field, by field: for a form that shows all of it at once."""
        found = {}
        for field, value in values.items():
            try:
                cls.RULES[field](value)
            except Invalid as error:
                found[field] = str(error)
        return found


def check_scope(scope: str, since: date | None) -> None:
    """Invalid where the portal shows incidents from a date, and no date is given."""
    if scope == "from_date" and since is None:
        raise Invalid("portal_from", "The portal shows incidents from a date: write it as 2026-01-31.")


class ClientDraft(Draft):
    """A new client. Identities are as typed, each list in order of preference; ``address`` is the street line."""

    RULES = CLIENT_RULES

    name: str
    kind: str = "person"
    email: tuple[str, ...] = ()
    mobile: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    facebook: tuple[str, ...] = ()
    twitter: tuple[str, ...] = ()
    linkedin: tuple[str, ...] = ()
    chat: tuple[str, ...] = ()
    organization: str = ""
    mail_domain: tuple[str, ...] = ()
    username: str = ""
    external_id: str = ""
    language: str = ""
    time_zone: str = ""
    # Whoever staff write down themselves needs no approval; senders unknown so far become pending elsewhere.
    status: str = "approved"
    tags: tuple[str, ...] = ()
    birth_date: date | None = None
    portal: str = "inherit"
    portal_scope: str = "all"
    portal_from: date | None = None
    address: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""

    @model_validator(mode="after")
    def _begins(self) -> Self:
        check_scope(self.portal_scope, self.portal_from)
        return self

    @model_validator(mode="after")
    def _recognizable(self) -> Self:
        if not any(getattr(self, field) for field in IDENTITY_FIELDS):
            raise Invalid("email", NO_IDENTITY)
        return self


class OrganizationDraft(Draft):
    """A new organization; ``mail_domain`` are the mail domains whose senders belong to it."""

    RULES = ORGANIZATION_RULES

    name: str
    mail_domain: tuple[str, ...] = ()
    external_id: str = ""
    phone: str = ""
    website: str = ""
    remarks: str = ""
    address: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""


class ContactDraft(Draft):
    """A further person under a client; ``access`` is what they may see in the portal: none, limited or complete."""

    RULES = CONTACT_RULES

    name: str
    job_title: str = ""
    email: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    access: str = "none"
    address: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
