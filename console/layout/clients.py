"""The list of clients as the console opens it."""

from __future__ import annotations

from console.layout.frame import TopTab
from console.layout.records import Column

TABS = (
    TopTab("clients", "1", "Clients"),
    TopTab("organizations", "2", "Organizations"),
    TopTab("pending", "6", "Pending"),
    TopTab("held", "7", "Held"),
)
"""The tabs of the console, without what waits in them."""

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
