"""Prepaid credit as an append-only ledger, packages and invoices. Money is in minor units."""

from sqlalchemy import CheckConstraint, Index, Table, UniqueConstraint

from console.data.models.base import (
    day,
    flag,
    key,
    metadata,
    moment,
    number,
    one_of,
    refers,
    stamps,
    string,
    version,
)
from console.data.models.words import CREDIT_UNITS, INVOICE_STATES, VALIDITIES

package = Table(
    "package",
    metadata,
    key(),
    string("title", default=None),
    string("unit", default=None),
    number("quantity", default=None),
    number("price", default=None),
    string("currency", default="EUR"),
    string("validity", default="once"),
    flag("active", default=True),
    *stamps(),
    one_of("unit", CREDIT_UNITS),
    one_of("validity", VALIDITIES),
    CheckConstraint("quantity > 0 AND price >= 0", name="positive"),
)

credit_lot = Table(
    "credit_lot",
    metadata,
    key(),
    refers("client_id", "client", owner=True),
    refers("package_id", "package", nullable=True),
    string("unit", default=None),
    moment("expires_at"),
    string("reason"),
    number("remaining", derived=True),
    moment("created_at", nullable=False),
    version(),
    one_of("unit", CREDIT_UNITS),
    CheckConstraint("remaining >= 0", name="not_overspent"),
    Index("ix_credit_lot_client_id", "client_id", "unit", "expires_at"),
    info={"subject": "client_id"},
)

# What was put in (+) and taken out (-) of a lot, in minutes or incidents; corrections are reversals.
credit_entry = Table(
    "credit_entry",
    metadata,
    key(),
    refers("lot_id", "credit_lot"),
    refers("client_id", "client", owner=True),
    string("unit", default=None),
    number("amount", default=None),
    refers("incident_id", "incident", nullable=True),
    refers("time_entry_id", "time_entry", nullable=True),
    refers("reverses", "credit_entry", nullable=True),
    refers("staff_id", "staff", nullable=True),
    string("reason"),
    moment("created_at", nullable=False),
    one_of("unit", CREDIT_UNITS),
    CheckConstraint("amount <> 0", name="amount"),
    UniqueConstraint("reverses"),
    Index("ix_credit_entry_lot_id", "lot_id"),
    Index("ix_credit_entry_client_id", "client_id", "id"),
    info={"subject": "client_id", "append_only": True, "amount": "amount"},
)

invoice = Table(
    "invoice",
    metadata,
    key(),
    refers("client_id", "client", owner=True),
    string("number", default=None),
    string("title"),
    number("amount", default=None),
    string("currency", default="EUR"),
    day("issued_on", nullable=False),
    day("due_on", nullable=False),
    string("state", default="unpaid"),
    moment("paid_at"),
    refers("package_id", "package", nullable=True),
    refers("contact_id", "contact", nullable=True),
    moment("seen_at"),
    *stamps(),
    UniqueConstraint("number"),
    one_of("state", INVOICE_STATES),
    CheckConstraint("amount >= 0", name="amount"),
    Index("ix_invoice_client_id", "client_id", "issued_on"),
    info={"subject": "client_id"},
)
