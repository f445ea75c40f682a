"""Mail as it arrived, mail on its way out, templates, and what the portal hands out."""

from sqlalchemy import Column, Index, LargeBinary, Table, UniqueConstraint

from console.data.models.base import (
    flag,
    key,
    metadata,
    moment,
    number,
    one_of,
    partial,
    refers,
    stamps,
    string,
)
from console.data.models.words import OUTBOX_STATES

# The bytes as they came, before anything is parsed; a purge erases ``data``.
raw_mail = Table(
    "raw_mail",
    metadata,
    key(),
    string("sha256", default=None),
    Column("data", LargeBinary),
    string("source"),
    string("mail_id"),
    string("state", default="received"),
    string("error"),
    moment("received_at", nullable=False),
    UniqueConstraint("sha256"),
    partial("ix_raw_mail_copies", "mail_id", where="state = 'duplicate'"),
    partial("ix_raw_mail_waiting", "id", where="state = 'received'"),
    one_of("state", ("received", "filed", "duplicate", "failed", "refused")),
    info={"journal": False},
)

# Attachment bytes, once per content.
blob = Table(
    "blob",
    metadata,
    key(),
    string("sha256", default=None),
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("sha256"),
    info={"journal": False},
)

template = Table(
    "template",
    metadata,
    key(),
    string("name", default=None),
    string("language", default="en"),
    string("subject"),
    string("body"),
    *stamps(),
    UniqueConstraint("name", "language"),
)

outbox = Table(
    "outbox",
    metadata,
    key(),
    refers("client_id", "client", nullable=True, owner=True),
    refers("incident_id", "incident", nullable=True),
    string("template"),
    string("recipient", default=None),
    string("subject"),
    string("body"),
    string("mail_id", default=None),
    string("state", default="queued"),
    number("attempts", derived=True),
    moment("next_at", derived=True),
    moment("sent_at", derived=True),
    string("last_error", derived=True),
    *stamps(),
    UniqueConstraint("mail_id"),
    one_of("state", OUTBOX_STATES),
    partial("ix_outbox_queued", "next_at", "id", where="state = 'queued'"),
    Index("ix_outbox_client_id", "client_id"),
    info={"subject": "client_id", "effect": True},
)

# One-time links: invitation, verification, reset, approval, login. Only the hash of a token is kept.
portal_token = Table(
    "portal_token",
    metadata,
    key(),
    refers("client_id", "client", owner=True),
    refers("contact_id", "contact", nullable=True),
    refers("approval_id", "approval", nullable=True),
    string("purpose", default=None),
    string("token_hash", default=None),
    moment("expires_at", nullable=False),
    moment("used_at"),
    moment("created_at", nullable=False),
    UniqueConstraint("token_hash"),
    Index("ix_portal_token_client_id", "client_id"),
    info={"journal": False},
)

portal_session = Table(
    "portal_session",
    metadata,
    key(),
    refers("client_id", "client", owner=True),
    refers("contact_id", "contact", nullable=True),
    refers("staff_id", "staff", nullable=True),
    flag("read_only"),
    string("token_hash", default=None),
    moment("expires_at", nullable=False),
    moment("created_at", nullable=False),
    UniqueConstraint("token_hash"),
    Index("ix_portal_session_client_id", "client_id"),
    info={"journal": False},
)
