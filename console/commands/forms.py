"""Forms: the fields an action asks for when they are too many for a line. The command line makes options of them."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.edits import Value, shown
from console.data.errors import Invalid
from console.data.likely import Likely
from console.data.records import Actor

ABOUT = "about"
"""The field of a draft that names whom it is about."""

IDS = "ids"
"""The field of a draft that names, with commas, the ids of the records it is about: a purge finds it by them."""

BASE = "base"
"""The input that holds, as JSON, what the fields had when an edit began."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``several``: its text holds several values with commas between them; ``lines``: a text of many lines.

    ``choices`` are all there are; those of the database come with ``Opened``. ``hint`` is shown while it is filled in,
    ``option`` is its name on the command line where that is another.
    """

    name: str
    label: str
    required: bool = False
    choices: tuple[str, ...] = ()
    several: bool = False
    lines: bool = False
    hint: str = ""
    default: str = ""
    option: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a form begins with: values by field, choices by field, and what the form is about, for its title."""

    values: Mapping[str, Value] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    about: str = ""


Open = Callable[[AsyncConnection, Actor, Sequence[int]], Awaitable[Opened]]
FindLikely = Callable[[AsyncConnection, Mapping[str, Value], int | None], Awaitable[list[Likely]]]


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of an action, how each is checked, and what they begin with.

    ``edits``: the form changes a record, and tells the action what it saw (``BASE``). ``likely`` finds clients that the
    one being written down may already be.
    """

    fields: tuple[Field, ...]
    rules: Mapping[str, Callable[[Any], Any]]
    open: Open | None = None
    edits: bool = False
    likely: FindLikely | None = None

    def parse(self, texts: Mapping[str, str]) -> dict[str, Value]:
        """The values that texts mean, for the fields that have one."""
        return {
            one.name: several(texts[one.name]) if one.several else texts[one.name].strip()
            for one in self.fields
            if one.name in texts
        }

    def filled(self, texts: Mapping[str, str]) -> dict[str, Value]:
        """The values that were given, and those that are needed: for a draft of something new."""
        needed = {one.name for one in self.fields if one.required}
        given = dict.fromkeys(needed, "") | self.parse(texts)
        return {name: value for name, value in given.items() if value or name in needed}

    def problem(self, one: Field, text: str) -> str:
        """What is wrong with the text of a field, as a sentence; '' if nothing."""
        if one.required and not text.strip():
            return f"{one.label} is needed."
        rule = self.rules.get(one.name)
        if rule is None:
            return ""
        try:
            rule(several(text) if one.several else text)
        except Invalid as error:
            return str(error)
        return ""


def several(given: str) -> tuple[str, ...]:
    """Several values in one text, with commas, semicolons or line feeds between them, each once."""
    parts = given.replace(";", ",").replace("\n", ",").split(",")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def text_of(value: Value) -> str:
    """A value as it stands in a field."""
    return shown(value)


def base_of(inputs: Mapping[str, str]) -> dict[str, Value] | None:
    """What the fields had when the edit began; None where nobody looked at them before."""
    if BASE not in inputs:
        return None
    kept = json.loads(inputs[BASE])
    return {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
