"""Words that an administrator chooses for the whole desk: what everybody will see on every screen must be plain."""

from collections.abc import Callable, Sequence
from typing import Any

from console.data import normalize
from console.data.drafts import MAX_NAME, text, words_of
from console.data.errors import Invalid, Refused
from console.data.records import Actor
from console.text import REPLACEMENT, visible

YES_NO = ("yes", "no")


def only_admins(actor: Actor, what: str) -> None:
    """Refused unless an admin acts; ``what`` ends the sentence ('adds staff')."""
    if actor.role != "admin":
        raise Refused(f"Only an admin {what}. Ask one.")


def plain(field: str, given: str, limit: int = MAX_NAME) -> str:
    """The text in one line of characters that can be seen; Invalid otherwise."""
    value = text(field, given, limit)
    shown = visible(value)
    if REPLACEMENT in shown or "\n" in shown or "\t" in shown:
        raise Invalid(
            field, f"The {words_of(field)} holds a line break or a character nobody can see. Remove it."
        )
    return value


def name(field: str, limit: int = MAX_NAME) -> Callable[[str], str]:
    """A name that colleagues can read: plain, with a letter or digit in it."""

    def check(given: str) -> str:
        value = plain(field, given, limit)
        if not value:
            raise Invalid(field, f"The {words_of(field)} is missing. Write one.")
        if not any(character.isalnum() for character in value):
            raise Invalid(field, f"The {words_of(field)} has no letter or digit. Write one that can be read.")
        return value

    return check


def email(given: str) -> str:
    """An e-mail address as it was written, or ''."""
    return normalize.identity("email", given).raw if given.strip() else ""


def choice(field: str, allowed: Sequence[str]) -> Callable[[str], str]:
    """One of some words."""

    def check(given: str) -> str:
        value = given.strip().lower()
        if value not in allowed:
            listed = ", ".join(allowed)
            raise Invalid(field, f"{given.strip()[:40]!r} is not a {words_of(field)}. Use one of {listed}.")
        return value

    return check


def switch(field: str) -> Callable[[Any], bool]:
    """Yes or no, as a word or as what it means."""

    def check(given: Any) -> bool:
        word = given if isinstance(given, bool) else str(given).strip().lower()
        if word in (True, "yes"):
            return True
        if word in (False, "no"):
            return False
        raise Invalid(field, f"{str(given).strip()[:40]!r} is neither yes nor no. Write one of them.")

    return check
