"""Every widget with believable data, to be looked at: `python -m tests.widgets.gallery
[clients|client|menu|…]`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from console.widgets.action_menu import ActionMenu, MenuGroup, MenuItem
from console.widgets.banner import BannerNote, WarningBanner
from console.widgets.facts import BLANK, Fact, Facts, Pair, Pairs
from console.widgets.filter_line import FilterLine
from console.widgets.foot import Foot
from console.widgets.key_line import KeyHint, KeyLine
from console.widgets.note_prompt import NotePrompt
from console.widgets.prompt import Ask, Prompt
from console.widgets.record_list import Column, ListRow, RecordList, RowFlags
from console.widgets.status_line import StatusLine
from console.widgets.tab_line import PanelTab, TabLine
from console.widgets.top_line import TopLine, TopTab
from tests.widgets.drawing import DrawingApp

TABS = (
    TopTab("clients", "1", "Clients"),
    TopTab("organizations", "2", "Organizations"),
    TopTab("triage", "3", "Triage", 7),
    TopTab("duplicates", "4", "Duplicates", 12),
    TopTab("outbox", "5", "Outbox"),
)

CLIENTS = (
    Column("name", "name", 18, grow=3),
    Column("email", "email or phone", 20, grow=3, drop=1),
    Column("mobile", "mobile", 15, drop=4),
    Column("domain", "mail domain", 14, grow=1, drop=5),
    Column("organization", "organization", 15, grow=2, drop=2),
    Column("open", "opn", 3, align="right", drop=3),
    Column("status", "status", 11),
)

PEOPLE = (
    ("Anna Kowalska", "anna.kowalska@acme.pl", "Acme sp. z o.o.", "3", "approved"),
    ("Bartosz Kowal", "b.kowal@gmail.com", "", "1", "pending"),
    ("Jan Kowalczyk", "+48 601 555 010", "Hurtownia Północ", "", "approved"),
    ("Janina Kowalik-Żak", "jkz@polnoc.pl", "Hurtownia Północ", "12", "approved"),
    ("Kasia Kowalska", "k.kowalska@acme.pl", "Acme sp. z o.o.", "", "approved"),
    ("Kovalenko Olha", "olha@kovalenko.ua", "", "1", "spam"),
    ("Kowalska Katarzyna", "kasia@acme.pl", "Acme sp. z o.o.", "1", "banned"),
    ("小林 こうじ", "kobayashi@example.jp", "小林商店", "2", "approved"),
    ("[EXTERNAL] \x1b]0;owned\x07 Kowal", "evil@example.com", "[/foo]", "", "spam"),
    ("Kowalewski Old", "old@acme.pl", "Acme sp. z o.o.", "", "archived"),
)

STATUS = (
    MenuItem("approve", "a", "Approve", "is approved already"),
    MenuItem("disapprove", "A", "Disapprove"),
    MenuItem("ban", "b", "Ban", danger=True),
    MenuItem("unban", "B", "Remove ban", "is not banned"),
    MenuItem("spam", "z", "Spam"),
    MenuItem("not_spam", "Z", "Not spam", "is not spam"),
    MenuItem("favourite", "f", "Favourite"),
)
MORE = (
    MenuItem("note", "n", "Add note"),
    MenuItem("mail", "s", "Send email", "no email: press e to add one"),
    MenuItem("credit", "c", "Add credit"),
    MenuItem("incident", "i", "Create incident"),
    MenuItem("contact", "o", "Add contact"),
    MenuItem("delete", "D", "Delete", danger=True),
)
MENU: tuple[MenuGroup, ...] = (("Status", STATUS), ("More", MORE))

LIST_KEYS = (
    KeyHint("enter", "open"),
    KeyHint("space", "mark"),
    KeyHint("m", "menu"),
    KeyHint("n", "new"),
    KeyHint("w", "who is"),
    KeyHint("u", "undo"),
    KeyHint("/", "find"),
    KeyHint(":", "run"),
    KeyHint("?", "help"),
    KeyHint("q", "quit"),
)
CLIENT_KEYS = (
    KeyHint("m", "menu"),
    KeyHint("n", "note"),
    KeyHint("i", "incident"),
    KeyHint("c", "credit", enabled=False),
    KeyHint("e", "edit"),
    KeyHint("W", "why"),
    KeyHint("?", "help"),
    KeyHint("q", "back"),
)

FACTS = (
    Fact("", ("* Anna Kowalska",), "strong"),
    Fact("", ("approved · manager (see)",)),
    BLANK,
    Fact("email", ("anna@acme.pl", "anna.k@gmail.com")),
    Fact("mobile", ("+48 601 555 010",)),
    Fact("user", ("anna.kowalska",)),
    Fact("org", ("Acme sp. z o.o., branch in Gdynia",)),
    Fact("mail @", ("acme.pl",)),
    Fact("zone", ("Warsaw, 15:02",)),
    Fact("lang", ("pl",)),
    Fact("tags", ("vip, north",)),
    BLANK,
    Fact("", ("portal on, all incidents", "invoices to Piotr Bąk")),
    BLANK,
    Fact("", ("approval requests on",)),
)
SUMMARY = (
    Pair("incidents", ("new 1", "overdue 1", "open 3"), frozenset({1})),
    Pair("invoices", ("new 1", "240.00 PLN", "overdue 0")),
    Pair("credit", ("2 h 30 min", "4 incidents")),
)
PANEL = tuple(
    PanelTab(title.lower(), title)
    for title in (
        "Summary",
        "Access",
        "Incidents",
        "Contacts",
        "Notes",
        "Credit",
        "Invoices",
        "SLA",
        "History",
    )
)
INCIDENTS = (
    Column("number", "incident", 10),
    Column("subject", "subject", 14, grow=1),
    Column("due", "due", 9, align="right"),
    Column("owner", "owner", 5, drop=1),
)


def client_rows() -> list[ListRow]:
    """The people, over and over, some marked, some favourites, one out of use."""
    rows = []
    for number in range(60):
        name, address, organization, count, status = PEOPLE[number % len(PEOPLE)]
        cells = {
            "name": name,
            "email": address,
            "mobile": "+48 601 555 010",
            "domain": address.partition("@")[2],
        }
        cells |= {"organization": organization, "open": count, "status": status}
        flags = RowFlags(
            favourite=number in (0, 3),
            marked=number in (3, 4, 6),
            warning=number == 7,
            dim=status == "archived",
        )
        rows.append(ListRow(number, cells, flags))
    return rows


def clients() -> list[Widget]:
    """The list."""
    shown = RecordList(CLIENTS, loading_text="Loading clients…")
    shown.set_window(client_rows())
    shown.set_sort("name")
    return [
        TopLine(TABS, "clients", right="ann, agent"),
        FilterLine("all clients · 3 marked · 214 match"),
        shown,
        Foot(),
        KeyLine(LIST_KEYS),
    ]


def client() -> list[Widget]:
    """One client."""
    left = Vertical(Facts(FACTS))
    left.styles.width = 26
    incidents = RecordList(INCIDENTS)
    incidents.set_window(
        [
            ListRow(812, ("INC-000812", "Printer on fire", "2 h ago", "-"), RowFlags(warning=True)),
            ListRow(815, ("INC-000815", "[EXTERNAL] Cannot sign in", "in 40 m", "Tom")),
            ListRow(790, ("INC-000790", "Invoice address", "28 Nov", "ann")),
        ]
    )
    blank = StatusLine()
    right = Vertical(TabLine(PANEL, "summary"), blank, Pairs(SUMMARY), StatusLine(), incidents)
    right.styles.border_left = ("solid", "ansi_default")
    middle = Horizontal(left, right)
    middle.styles.height = "1fr"
    return [
        TopLine(trail=("Clients", "Anna Kowalska"), right="Tom is here too   ann, agent"),
        WarningBanner([BannerNote("Abroad until Friday, call the mobile only", "Tom, ends 27 Nov")]),
        middle,
        StatusLine("No email: press e to add one.", "refusal"),
        KeyLine(CLIENT_KEYS),
    ]


class Gallery(DrawingApp):
    """A screen of the gallery; `menu`, `prompt`, `note` open over the clients, there also by key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "show('menu')"),
        Binding("b", "show('prompt')"),
        Binding("n", "show('note')"),
        Binding("slash", "show('filter')"),
    ]

    def __init__(self, what: str) -> None:
        scenes: dict[str, Callable[[], Sequence[Widget]]] = {"client": client}
        super().__init__(scenes.get(what, clients))
        self.what = what

    def on_ready(self) -> None:
        """Focus the list, then open what was asked for."""
        self.query_one(RecordList).focus()
        if self.what != "client":
            self.query_one(StatusLine).show("Banned Kowalska Katarzyna · u undoes")
        self.action_show(self.what)

    def on_filter_line_left(self) -> None:
        """Back to the list."""
        self.query_one(RecordList).focus()

    def action_show(self, what: str) -> None:
        """Open one of the things at the foot, or the filter."""
        if what == "menu":
            self.query_one(ActionMenu).open(MENU)
        elif what == "prompt":
            self.query_one(Prompt).ask(Ask("reason", "Ban Anna Kowalska. Reason:", required=True))
        elif what == "note":
            self.query_one(NotePrompt).ask("note", "Note on Anna Kowalska:", text="Call the mobile only.")
        elif what == "filter":
            self.query_one(FilterLine).value = "kowal"
            self.query_one(FilterLine).focus_field()


if __name__ == "__main__":
    Gallery(sys.argv[1] if len(sys.argv) > 1 else "clients").run(mouse=False)
