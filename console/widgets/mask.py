"""Personal data hidden while a screen is shared: one rule for all widgets, applied as they are drawn.

Hidden is whatever is not known to be harmless: a widget shows its text only where it says so (``PUBLIC``, the names
below, or a sentence made to be shown). So a new screen hides too much rather than too little.
"""

from __future__ import annotations

import re

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, TextArea

from console.text import cells

MASK = "*****"
"""What stands in place of a name, an identity, an address, a subject, a note: of one length whatever it hides."""

HIDDEN = "Hidden while personal data is masked. K shows it."
"""What stands in place of a sentence."""

# Keys of columns in lists, and labels of facts and pairs, that hold nothing personal: numbers, statuses, dates,
# departments, staff.
COLUMNS = frozenset(
    {"about", "access", "amount", "at", "author", "below", "billing", "clients", "contacts", "created"}
    | {
        "department",
        "departments",
        "due",
        "first",
        "incidents",
        "key",
        "kind",
        "may",
        "number",
        "overdue",
        "owner",
        "percent",
    }
    | {
        "primary",
        "priority",
        "resolution",
        "role",
        "schedule",
        "set_to",
        "setting",
        "source",
        "staff",
        "state",
        "status",
        "switch",
    }
    | {"via", "who"}
)
LABELS = frozenset(
    {
        "access",
        "approval",
        "credit",
        "in",
        "incidents",
        "invoices",
        "lang",
        "left",
        "members",
        "open",
        "overdue",
    }
    | {"portal", "state", "zone"}
)
PLACES = frozenset(
    {"Before it is done", "Clients", "Duplicates", "Incidents", "Keys", "Organizations", "Settings", "Who is"}
)
_NUMBER = re.compile(r"INC-\d+")
_WORD = re.compile(r"\S")


def masked(widget: Widget) -> bool:
    """Whether personal data is hidden now, on all screens of the app."""
    return widget.is_attached and bool(getattr(widget.app, "masked", False))


def cell(key: str, text: str) -> str:
    """A cell of a list while masked: itself in a harmless column."""
    return text if not text or key in COLUMNS else MASK


def values(label: str, shown: tuple[str, ...]) -> tuple[str, ...]:
    """The values of a fact while masked; however many there are, they become one."""
    return shown if not any(shown) or label in LABELS else (MASK,)


def part(text: str) -> str:
    """A part of the way to a screen while masked: a place of the console or the number of an incident stays."""
    return text if text in PLACES or _NUMBER.fullmatch(text) else MASK


def stars(text: str) -> str:
    """A star for each cell that is not blank."""
    return _WORD.sub(lambda found: "*" * cells(found[0]), text)


def _hidden(strip: Strip) -> Strip:
    return Strip([Segment(stars(one.text), one.style, one.control) for one in strip], strip.cell_length)


class MaskedInput(Input):
    """Textual's field of a line; while masked it shows stars, unless what is typed is ``public``: a choice."""

    public = False

    def remask(self) -> None:
        """Personal data is hidden, or shown again: draw anew."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """See ``Widget``."""
        strip = super().render_line(y)
        return _hidden(strip) if masked(self) and not self.public else strip


class MaskedArea(TextArea):
    """Textual's field of many lines; while masked it shows stars."""

    def remask(self) -> None:
        """Personal data is hidden, or shown again: draw anew."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """See ``Widget``."""
        strip = super().render_line(y)
        return _hidden(strip) if masked(self) else strip
