"""The people who work in the console, their keys and departments."""

from sqlalchemy import Table, UniqueConstraint

from console.data.models.base import flag, key, metadata, moment, one_of, partial, refers, stamps, string
from console.data.models.words import ROLES

staff = Table(
    "staff",
    metadata,
    key(),
    string("login", default=None),
    string("name", default=None),
    string("email"),
    string("role", default=None),
    flag("active", default=True),
    string("time_zone"),
    *stamps(),
    UniqueConstraint("login"),
    one_of("role", ROLES),
)

staff_key = Table(
    "staff_key",
    metadata,
    key(),
    refers("staff_id", "staff"),
    string("fingerprint", default=None),
    string("public_key", default=None),
    string("comment"),
    moment("revoked_at"),
    *stamps(),
    partial("uq_staff_key_fingerprint", "fingerprint", where="revoked_at IS NULL", unique=True),
    info={"subject": "staff_id"},
)

staff_department = Table(
    "staff_department",
    metadata,
    key(),
    refers("staff_id", "staff"),
    refers("department_id", "department"),
    UniqueConstraint("staff_id", "department_id"),
    info={"subject": "staff_id"},
)

# Where each member of staff stopped reading a feed; not a change.
last_seen = Table(
    "last_seen",
    metadata,
    key(),
    refers("staff_id", "staff"),
    string("scope", default=None),
    moment("seen_at", nullable=False),
    UniqueConstraint("staff_id", "scope"),
    info={"journal": False},
)

# Half-filled forms, written as they are typed, so that a dropped line loses nothing.
draft = Table(
    "draft",
    metadata,
    key(),
    refers("staff_id", "staff"),
    string("scope", default=None),
    string("fields", default=None),
    moment("saved_at", nullable=False),
    UniqueConstraint("staff_id", "scope"),
    info={"journal": False},
)

# Who looks at what right now.
presence = Table(
    "presence",
    metadata,
    key(),
    refers("staff_id", "staff"),
    string("place"),
    moment("seen_at", nullable=False),
    info={"journal": False},
)
