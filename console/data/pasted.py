"""What a pasted text may be: addresses, numbers, links, names. Pure; nothing is looked up here.

Bounded and linear in what is pasted: of a long text the first lines, of a long line its beginning.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from console.data import normalize
from console.data.errors import Invalid

LONGEST = 500
"""Characters of a line that are looked at."""

_LOOKED_AT = 20_000
_LINES = 200
_SEVERAL = 5
_WHOLE_NUMBER = 7  # digits; fewer are the end of a number
_LONGEST_NUMBER = 16  # digits with the plus sign; more are an id
_LARGEST = (1 << 63) - 1
HANDLES = ("chat", "facebook", "twitter", "linkedin")

# Nothing to see and nothing to find: format characters, selectors, tags, surrogates, non-characters.
_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_ADDRESS = re.compile(r"[^\s@\"'(),:;<>\[\]\\]{1,64}@[\w.-]{1,253}")
_NUMBER = re.compile(r"\bINC[-\s#]{0,2}0{0,18}(\d{1,18})\b", re.IGNORECASE)
_HASHED = re.compile(r"\[?#\s?(\d{1,18})\]?")
_TOKEN = re.compile(r"[0-9A-Za-z]{16,128}")
_PROFILE = re.compile(
    r"(?<![\w.-])(?:https?://)?(?:[\w-]{1,40}\.){0,3}"
    r"(?P<where>facebook|fb|messenger|twitter|x|linkedin|m)\.(?:com|me)/(?P<path>[^\s?#<>\"]{1,200})(?P<rest>\S{0,200})",
    re.IGNORECASE,
)
_WHERE = {"fb": "facebook", "messenger": "facebook", "m": "facebook", "x": "twitter"}
_FOLDERS = {"in", "pub", "people", "company", "pages", "groups", "t", "profile"}
_PROFILE_ID = re.compile(r"[?&]id=(\d{1,30})")
_LINK = re.compile(r"https?://(?:[^\s/@]{1,100}@)?([\w.-]{1,253})", re.IGNORECASE)
_DOMAIN = re.compile(r"@?\.?((?:[\w-]{1,63}\.){1,10}[\w-]{2,63})\.?")
_HANDLE = re.compile(r"@?([\w.+-]{2,64})")
_PHONE_WORD = re.compile(
    r"^(?:tel|phone|mobile|mob|cell|call|callto|sip|fax|komórka|kom)\b[.:\s]*", re.IGNORECASE
)
_EXTENSION = re.compile(r"[\s,;]*(?:ext|extension|wew|x)[.:\s]*\d{1,6}$", re.IGNORECASE)
_PHONE = re.compile(r"[\d\s()./+\u2010-\u2015-]{3,60}")
_PHONE_WITHIN = re.compile(r"(?<![\w/.-])[+(]{0,2}\d[\d\s()./-]{5,24}\d(?![\w/.-])")
_HEADER = re.compile(r"^(?P<name>[A-Za-zé-]{2,12}):\s", re.IGNORECASE)
_SENDERS = {"from", "reply-to", "sender", "od", "von", "de"}
_OTHERS = {"to", "cc", "bcc", "do", "dw", "an", "date", "data", "sent", "datum"}
_INVOICE_WORD = re.compile(r"^(?:invoice|faktura|inv)\b[.:\s#]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pasted:
    """One line, and what it may be; what it cannot be is empty.

    ``phones`` are the forms a number may be stored in, ``digits`` its last digits without zeros before them; ``number``
    is written as an incident's, ``bare`` is nothing but digits. ``handles`` are by type. ``domain`` was written as
    one, ``name`` is what may be a person's or company's. ``new`` are fields of a new client.
    """

    line: str
    emails: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    number: int | None = None
    bare: int | None = None
    phones: tuple[str, ...] = ()
    digits: str = ""
    handles: tuple[tuple[str, str], ...] = ()
    domain: str = ""
    codes: tuple[str, ...] = ()
    name: str = ""
    new: Mapping[str, str] = field(default_factory=dict)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The mail domains that were named, whole or behind an address."""
        named = (self.domain, *(normalize.mail_domain(one) for one in self.emails))
        return tuple(dict.fromkeys(host for host in named if host))


def sensible(text: str) -> str:
    """The line of a pasted text that says most about a person: a sender, a number, an address, else the first."""
    lines = [line for raw in text[:_LOOKED_AT].splitlines()[:_LINES] if (line := _clean(raw))]
    return min(lines, key=_strength, default="")


def _clean(line: str) -> str:
    """The line without what cannot be seen, white space collapsed, cut."""
    return " ".join(_CONTROL.sub(" ", _INVISIBLE.sub("", line)).split())[:LONGEST].strip()


def _strength(line: str) -> int:
    """How much a line says, the least the most; of equals the first is taken."""
    header = _HEADER.match(line)
    name = header["name"].lower() if header else ""
    if name in _OTHERS:
        return 9
    if _emails(line):
        return 0 if name in _SENDERS else 2
    if _NUMBER.search(line):
        return 1
    if _phone_text(line):
        return 3
    return 4 if _PROFILE.search(line) else 5


def read(text: str) -> Pasted:
    """Everything that a pasted text may be."""
    line = sensible(text)
    emails = _emails(line)
    handles = _handles(line)
    phone = "" if emails else _phone_text(line)
    within = None if emails or phone or handles else _PHONE_WITHIN.search(line)
    phones, digits = _phones(phone or (within[0] if within else ""))
    plain = _unquoted(line)
    name = _name(line[: within.start()] if within else line, emails)
    given = Pasted(
        line=line,
        emails=emails,
        tokens=tuple(dict.fromkeys(_TOKEN.findall(line)))[:_SEVERAL],
        number=_number(line),
        bare=_id(plain),
        phones=phones,
        digits=digits,
        handles=handles,
        domain="" if emails or (handles and "/" in line) else _domain(plain),
        codes=tuple(dict.fromkeys(one for one in (plain, _INVOICE_WORD.sub("", plain)) if one)),
        name="" if phone or (handles and "/" in line) else name,
    )
    return replace(given, new=_new(given, phone or (within[0] if within else "")))


def _unquoted(line: str) -> str:
    return line.strip(" \t\"'`<>()[]{},;«»„”“\u2019")


def _emails(line: str) -> tuple[str, ...]:
    """The well-formed addresses in a line, each once."""
    text = unquote(line) if line.lower().startswith("mailto:") else line
    if "@" not in text:
        return ()
    found = []
    for raw in _ADDRESS.findall(text)[:_SEVERAL]:
        try:
            found.append(normalize.email(raw.strip(".-")))
        except Invalid:
            continue
    return tuple(dict.fromkeys(found))


def _number(line: str) -> int | None:
    """An incident's number, where it is written as one: INC-000123, #123."""
    found = _NUMBER.search(line) or _HASHED.fullmatch(line)
    return int(found[1]) if found else None


def _id(plain: str) -> int | None:
    short = len(plain) <= len(str(_LARGEST))
    return int(plain) if short and plain.isascii() and plain.isdigit() and int(plain) <= _LARGEST else None


def _phone_text(line: str) -> str:
    """The line as a phone number: without words before it and extensions behind it; '' if it is none."""
    text = unicodedata.normalize("NFKC", line.strip(" \"'`<>[]{},;"))
    text = _EXTENSION.sub("", _PHONE_WORD.sub("", text)).strip(" .,;:-/")
    if not _PHONE.fullmatch(text):
        return ""
    digits = [one for one in text if one.isdecimal()]
    return text if 3 <= len(digits) <= 20 else ""


def _phones(text: str) -> tuple[tuple[str, ...], str]:
    """The forms in which a number may be stored, and its last nine digits; '' for none."""
    if not text:
        return (), ""
    plain = text.replace("(0)", " ")
    digits = "".join(str(unicodedata.decimal(one)) for one in plain if one.isdecimal())
    international = plain.lstrip("( ").startswith("+") or digits.startswith("00")
    forms = [digits]
    if international:
        forms.insert(0, _stored("+" + digits.removeprefix("00")))
    else:
        forms += [digits.lstrip("0"), _stored("+" + digits)]
    return tuple(dict.fromkeys(one for one in forms if len(one) >= 3)), digits.lstrip("0")[-9:]


def _stored(written: str) -> str:
    try:
        return normalize.phone(written)[0]
    except Invalid:
        return ""


def _handles(line: str) -> tuple[tuple[str, str], ...]:
    """The names in social networks that a line may be, with their types."""
    if (found := _PROFILE.search(line)) is not None:
        where = found["where"].lower()
        kind = _WHERE.get(where, where)
        return tuple((kind, name) for name in _in_link(kind, found))
    plain = _unquoted(line)
    if plain.startswith("@") and _HANDLE.fullmatch(plain):
        return tuple((kind, plain.lstrip("@").casefold()) for kind in HANDLES)
    if _HANDLE.fullmatch(plain) and any(one.isalpha() for one in plain):
        return tuple((kind, plain.casefold()) for kind in HANDLES)
    return ()


def _in_link(kind: str, found: re.Match[str]) -> list[str]:
    """The names a link may stand for: as it would be stored, and the part of the path that is a name."""
    parts = [unquote(part).lstrip("@").casefold() for part in found["path"].split("/") if part]
    while len(parts) > 1 and parts[0] in _FOLDERS:
        parts = parts[1:]
    names = parts[:1]
    if (numbered := _PROFILE_ID.search(found["rest"])) is not None:
        names.insert(0, numbered[1])
    with suppress(Invalid):
        names.append(normalize.handle(kind, found[0]))
    return [clean for name in dict.fromkeys(names) if (clean := _clean(name))]


def _domain(plain: str) -> str:
    """A mail domain: acme.pl, @acme.pl, or the host of a link."""
    link = _LINK.match(plain)
    host = link[1] if link else (found[1] if (found := _DOMAIN.fullmatch(plain)) else "")
    try:
        return normalize.domain(host.lower().removeprefix("www.")) if host else ""
    except Invalid:
        return ""


def _name(line: str, emails: Iterable[str]) -> str:
    """What may be a name: beside an address what stands before it, else the whole line."""
    if any(emails):
        if "<" not in line:
            return ""
        header = _HEADER.match(line)
        line = line[header.end() if header and header["name"].lower() in _SENDERS else 0 : line.index("<")]
    name = _unquoted(line)
    return name if any(one.isalpha() for one in name) and "@" not in name and "://" not in name else ""


def _new(given: Pasted, phone: str) -> dict[str, str]:
    """What a new client would be given: the identity, and the name where one stands beside it."""
    found = _new_identity(given, phone)
    code = given.name.isascii() and " " not in given.name and any(one.isdigit() for one in given.name)
    is_name = bool(given.name) and not code and given.number is None and not given.domain
    return {**({"name": given.name} if is_name else {}), **found}


def _new_identity(given: Pasted, phone: str) -> dict[str, str]:
    if given.emails:
        return {"email": given.emails[0]}
    if len(given.digits) >= _WHOLE_NUMBER and len(given.phones[0]) <= _LONGEST_NUMBER:
        return _new_phone(given.phones[0], phone)
    if given.handles and not given.domain and ("/" in given.line or given.line.startswith("@")):
        kind, name = given.handles[0] if "/" in given.line else ("twitter", given.handles[0][1])
        return {kind: name}
    return {}


def _new_phone(stored: str, written: str) -> dict[str, str]:
    is_mobile = stored.startswith("+") and normalize.phone(stored)[1]
    return {"mobile" if is_mobile else "phone": stored if stored.startswith("+") else written}
