"""Further persons under a client, with their own identities and address."""

from sqlalchemy import Index, Table

from console.data.models.base import (
    address,
    flag,
    key,
    metadata,
    moment,
    one_of,
    partial,
    refers,
    stamps,
    string,
)
from console.data.models.words import CONTACT_ACCESS

contact = Table(
    "contact",
    metadata,
    key(),
    refers("client_id", "client", owner=True),
    string("name", default=None),
    string("job_title"),
    *address(),
    string("access", default="none"),
    flag("is_primary"),
    refers("was_client_id", "client", nullable=True),
    string("channel"),
    string("password_hash", nullable=True, default=None, secret=True),
    moment("deleted_at"),
    *stamps(),
    one_of("access", CONTACT_ACCESS),
    partial("uq_contact_primary", "client_id", where="is_primary AND deleted_at IS NULL", unique=True),
    Index("ix_contact_client_id", "client_id"),
    info={"subject": "client_id"},
)
