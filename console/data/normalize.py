"""How identities and names are written down so that they can be compared.

An identity keeps what was typed (``raw``) beside its one comparable form (``normalized``), by which it is unique.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from console.data.errors import Invalid
from console.data.models.words import IDENTITY_TYPES

_EMAIL = re.compile(
    r"[^\s@\"(),:;<>\[\\\]\x00-\x1f\x7f-\x9f]{1,64}@"
    r"(?=.{4,253}$)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])"
)
WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\D+")
_PHONE_LOOK = re.compile(r"[\d\s()./+-]+")
_PROFILE = re.compile(
    r"^(?:https?://)?(?:www\.|m\.)?(?:[a-z]+\.)?(?:facebook|twitter|x|linkedin)\.com/(?:in/)?", re.IGNORECASE
)


class _Latin(dict[int, str | None]):
    """What each sign is in Latin letters, looked up once."""

    def __missing__(self, sign: int) -> str:
        self[sign] = made = anyascii(chr(sign))
        return made


# Soft and hard signs would become apostrophes and break a name in two.
_SIGNS = dict.fromkeys(map(ord, "ьъЬЪ"))
_LATIN = _Latin(_SIGNS)
MAX_IDENTITY = 254
MAX_WORD = 64
# No database takes these: PostgreSQL refuses NUL, and a lone surrogate has no UTF-8.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """An identity ready to be stored: its type, what was typed, the comparable form, and whether it is a mobile."""

    type: str
    raw: str
    normalized: str
    mobile: bool = False


def identity(kind: str, given: str, *, country: str = "", mobile: bool | None = None) -> NewIdentity:
    """Check and normalize one identity; Invalid says what is wrong with it.

    ``country`` (ISO alpha-2) reads a phone number without a country code; ``mobile`` None asks the numbering plan.
    """
    raw = given.strip()
    if kind not in IDENTITY_TYPES:
        raise Invalid("type", f"{kind!r} is not a kind of identity. Use one of {', '.join(IDENTITY_TYPES)}.")
    if not raw:
        raise Invalid(kind, f"The {kind} is empty.")
    if len(raw) > MAX_IDENTITY:
        raise Invalid(kind, f"The {kind} is longer than {MAX_IDENTITY} characters.")
    if kind == "email":
        return NewIdentity(kind, raw, email(raw))
    if kind == "phone":
        normalized, is_mobile = phone(raw, country)
        return NewIdentity(kind, raw, normalized, is_mobile if mobile is None else mobile)
    return NewIdentity(kind, raw, handle(kind, raw))


def email(given: str) -> str:
    """The address in lower case; Invalid if it is malformed."""
    address = given.strip()
    if not _EMAIL.fullmatch(address) or ".." in address or address.startswith(".") or ".@" in address:
        raise Invalid("email", f"{address[:80]!r} is not an e-mail address. Write it like anna@example.com.")
    return address.lower()


def mail_domain(address: str) -> str:
    """The mail domain of an e-mail address, in lower case."""
    return address.rpartition("@")[2].lower()


def domain(given: str) -> str:
    """A mail domain in lower case; Invalid if it is malformed."""
    name = given.strip().lower().lstrip("@").removeprefix(".")
    if not _EMAIL.fullmatch(f"x@{name}"):
        raise Invalid("mail_domain", f"{given[:80]!r} is not a mail domain. Write it like example.com.")
    return name


def phone(given: str, country: str = "") -> tuple[str, bool]:
    """E.164 and whether it is a mobile; digits alone where the numbering plan does not know it (short numbers).

    Invalid where there are fewer than three digits or something that is no number at all.
    """
    digits = _DIGITS.sub("", given)
    if not 3 <= len(digits) <= 20 or re.search(r"[A-Za-z]{4,}", given):
        raise Invalid("phone", f"{given[:40]!r} is not a phone number. Write it like +48 601 555 010.")
    return _parsed(given, country.upper())


@lru_cache(maxsize=4096)
def _parsed(given: str, country: str) -> tuple[str, bool]:
    import phonenumbers  # 50 ms to import, and most commands never need it

    try:
        number = phonenumbers.parse(given, country or None)
    except phonenumbers.NumberParseException:
        return _DIGITS.sub("", given), False
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    mobile = phonenumbers.number_type(number) in (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    )
    return written, mobile


def handle(kind: str, given: str) -> str:
    """A profile name without its address, @ sign or case; Invalid if nothing is left."""
    name = _PROFILE.sub("", given.strip()).strip("/@ ").split("?")[0].casefold()
    if not name or re.search(r"\s", name):
        raise Invalid(kind, f"{given[:80]!r} is not a {kind} name. Write the name without spaces.")
    if re.search("[,;]", name):  # which stand between several names in one field
        raise Invalid(kind, f"{given[:80]!r} is not a {kind} name. Write it without commas and semicolons.")
    return name


def fold(text: str) -> str:
    """Lower case without diacritics, in Latin letters: how names are sorted and found."""
    if text.isascii():
        return " ".join(text.lower().split())
    latin = " ".join(text.translate(_LATIN).lower().split())
    return latin or " ".join(text.translate(_SIGNS).casefold().split())


def storable(text: str) -> str:
    """The text with U+FFFD for what no database takes: what came from outside is kept, not refused."""
    return _UNSTORABLE.sub("\ufffd", text)


def words(text: str) -> set[str]:
    """The folded words of a text, cut at 64 characters."""
    return {word[:MAX_WORD] for word in WORD.findall(fold(text))}


def query_words(text: str) -> list[str]:
    """What a typed filter looks for: prefixes that must all be found. A phone number is one word of digits."""
    if _PHONE_LOOK.fullmatch(text) and len(digits := _DIGITS.sub("", text)) >= 3:
        return [digits]
    folded = fold(text)
    found = [part[:MAX_WORD] for part in folded.split() if "@" in part]
    for part in folded.split():
        if "@" not in part:
            found += [word[:MAX_WORD] for word in WORD.findall(part)]
    return list(dict.fromkeys(found))


def identity_words(kind: str, normalized: str) -> set[str]:
    """The words under which an identity is found."""
    if kind == "phone":
        digits = normalized.lstrip("+")
        # Reversed, behind a mark, so that the last digits are a prefix too.
        return {digits, digits[-9:], "~" + digits[::-1]}
    folded = fold(normalized)
    if kind == "email":
        local, _, host = folded.partition("@")
        return {folded[:MAX_WORD], host[:MAX_WORD], *words(local), *words(host)}
    return {folded[:MAX_WORD], *words(folded)}
