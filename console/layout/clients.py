"""The list of clients as the console opens it."""

from __future__ import annotations

from console.layout.frame import KeyHint, TopTab
from console.layout.records import Column

NO_NAME = "(no name)"
"""What a record without a name is called."""

NOUN = "clients"
SHOWN = "all clients"
SORTED_BY = "name"
EMPTY = "No clients yet. n adds one, or: helpdesk clients import FILE"
LOADING = f"Loading {NOUN}…"

TABS = (
    TopTab("clients", "1", "Clients"),
    TopTab("organizations", "2", "Organizations"),
    TopTab("duplicates", "4", "Duplicates"),
    TopTab("incidents", "5", "Incidents"),
    TopTab("pending", "6", "Pending"),
    TopTab("held", "7", "Held"),
)
"""The tabs of the console, without what waits in them."""


def tabs(pending: int, held: int, duplicates: int) -> tuple[TopTab, ...]:
    """The tabs with how many wait in them, where there are any."""
    counts = {"pending": pending, "held": held, "duplicates": duplicates}
    return tuple(tab._replace(waiting=counts.get(tab.id) or None) for tab in TABS)


COLUMNS = (
    Column("name", "name", 19, grow=3),
    Column("email", "email or phone", 21, grow=3, drop=1),
    Column("mobile", "mobile", 16, drop=5),
    Column("mail_domain", "mail domain", 14, grow=1, drop=6),
    Column("organization", "organization", 13, grow=2, drop=2),
    Column("contacts", "con", 3, align="right", drop=4),
    Column("incidents", "opn", 3, align="right", drop=3),
    Column("status", "status", 11),
)

KEYS = (
    KeyHint("enter", "open"),
    KeyHint("space", "mark"),
    KeyHint("m", "menu"),
    KeyHint("n", "new"),
    KeyHint("w", "who is"),
    KeyHint("u", "undo"),
    KeyHint("/", "find"),
    KeyHint(":", "run"),
    KeyHint("v", "view"),
    KeyHint("?", "help"),
    KeyHint("q", "quit"),
)
"""The last line, as the table of commands gives it (a test compares); that takes long to import."""


def texts(
    name: str,
    email: str,
    mobile: str,
    mail_domain: str,
    organization: str,
    contacts: int,
    open_incidents: int,
    status: str,
) -> dict[str, str]:
    """The cells of a client by the keys of the columns, untrusted."""
    return {
        "name": name or NO_NAME,
        "email": email or mobile,
        "mobile": mobile,
        "mail_domain": mail_domain,
        "organization": organization,
        "contacts": str(contacts or ""),
        "incidents": str(open_incidents or ""),
        "status": status,
    }
