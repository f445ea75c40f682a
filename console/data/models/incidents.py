"""Tickets and logged jobs: threads, attachments, time, approvals, SLA steps and held submissions."""

from sqlalchemy import CheckConstraint, Index, Table, UniqueConstraint

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
from console.data.models.words import (
    APPROVAL_STATES,
    CHANNELS,
    FOLDERS,
    INCIDENT_KINDS,
    MESSAGE_KINDS,
    OPEN_STATES,
    PRIORITIES,
    STATES,
)

# An open incident is one staff still have to do something about; spelled once, used by indexes and queries.
OPEN = "state IN ({}) AND folder = 'inbox' AND merged_into IS NULL".format(
    ", ".join(f"'{state}'" for state in OPEN_STATES)
)

incident = Table(
    "incident",
    metadata,
    key(),
    number("number", default=None),
    string("hash", default=None),
    refers("client_id", "client", nullable=True, owner=True),
    refers("contact_id", "contact", nullable=True),
    string("sender_name"),
    string("sender_address"),
    string("kind", default="request"),
    string("channel", default=None),
    refers("department_id", "department"),
    string("priority", default="medium"),
    string("state", default="new"),
    string("folder", default="inbox"),
    string("folder_before"),
    string("held_reason"),
    refers("owner_id", "staff", nullable=True),
    string("reply_address"),
    string("subject"),
    moment("first_response_at"),
    moment("first_response_due"),
    moment("resolution_due"),
    moment("due_override"),
    moment("due_at"),
    number("first_response_minutes", nullable=True, default=None),
    number("resolution_minutes", nullable=True, default=None),
    moment("waiting_since"),
    number("waited_minutes"),
    moment("resolved_at"),
    moment("closed_at"),
    moment("last_message_at"),
    refers("merged_into", "incident", nullable=True),
    refers("split_from", "incident", nullable=True),
    number("message_count", derived=True),
    *stamps(),
    UniqueConstraint("number"),
    UniqueConstraint("hash"),
    one_of("kind", INCIDENT_KINDS),
    one_of("channel", CHANNELS),
    one_of("priority", PRIORITIES),
    one_of("state", STATES),
    one_of("folder", FOLDERS),
    CheckConstraint("length(hash) >= 16", name="hash"),
    CheckConstraint("client_id IS NOT NULL OR sender_address <> ''", name="has_sender"),
    Index("ix_incident_client_id", "client_id", "id"),
    partial("ix_incident_open", "client_id", "due_at", where=OPEN),
    partial("ix_incident_due_at", "due_at", "id", where=OPEN),
    partial("ix_incident_folder", "folder", "department_id", "owner_id", "id", where="folder <> 'inbox'"),
    partial("ix_incident_folder_id", "folder", "id", where="folder <> 'inbox'"),
    partial("ix_incident_open_id", "id", where=OPEN),
    partial("ix_incident_open_owner", "owner_id", "id", where=OPEN),
    partial("ix_incident_queue", "department_id", "owner_id", "id", where=OPEN),
    partial("ix_incident_owner_id", "owner_id", "id", where="owner_id IS NOT NULL"),
    partial("ix_incident_sender_address", "sender_address", where="client_id IS NULL"),
)

# Numbers handed out in order: 'incident' and 'invoice'. Gaps are allowed, repeats are not.
counter = Table(
    "counter",
    metadata,
    string("name", default=None),
    number("value"),
    UniqueConstraint("name"),
    info={"journal": False},
)

# ``retracts`` names a message that this event hides (body RETRACTED) or shows again (RESTORED).
RETRACTED, RESTORED = "retracted", "restored"
message = Table(
    "message",
    metadata,
    key(),
    refers("incident_id", "incident"),
    string("kind", default=None),
    refers("staff_id", "staff", nullable=True),
    refers("client_id", "client", nullable=True, owner=True),
    refers("contact_id", "contact", nullable=True),
    string("author"),
    string("channel", default=None),
    string("body"),
    string("mail_id"),
    string("in_reply_to"),
    refers("raw_mail_id", "raw_mail", nullable=True),
    refers("retracts", "message", nullable=True),
    moment("created_at", nullable=False),
    one_of("kind", MESSAGE_KINDS),
    one_of("channel", CHANNELS),
    Index("ix_message_incident_id", "incident_id", "id"),
    partial("ix_message_mail_id", "mail_id", where="mail_id <> ''"),
    partial("ix_message_client_id", "client_id", where="client_id IS NOT NULL"),
    info={"subject": "incident_id", "append_only": True},
)

attachment = Table(
    "attachment",
    metadata,
    key(),
    refers("incident_id", "incident"),
    refers("message_id", "message"),
    string("name"),
    string("media_type"),
    number("size"),
    string("sha256", default=None),
    moment("created_at", nullable=False),
    Index("ix_attachment_message_id", "message_id"),
    Index("ix_attachment_incident_id", "incident_id"),
    Index("ix_attachment_sha256", "sha256"),
    info={"subject": "incident_id", "append_only": True},
)

time_entry = Table(
    "time_entry",
    metadata,
    key(),
    refers("incident_id", "incident"),
    refers("staff_id", "staff"),
    number("minutes", default=None),
    flag("billable", default=True),
    string("note"),
    refers("reverses", "time_entry", nullable=True),
    moment("created_at", nullable=False),
    Index("ix_time_entry_incident_id", "incident_id"),
    Index("ix_time_entry_staff_id", "staff_id", "created_at"),
    info={"subject": "incident_id", "append_only": True},
)

approval = Table(
    "approval",
    metadata,
    key(),
    refers("incident_id", "incident"),
    refers("client_id", "client", owner=True),
    refers("asked_by", "staff"),
    string("question"),
    string("state", default="open"),
    string("answer"),
    moment("answered_at"),
    *stamps(),
    one_of("state", APPROVAL_STATES),
    Index("ix_approval_incident_id", "incident_id"),
    Index("ix_approval_client_id", "client_id"),
    info={"subject": "incident_id"},
)

# The steps of an incident's SLA clock, kept for "Why?"; derived from the incident's own changes.
sla_step = Table(
    "sla_step",
    metadata,
    key(),
    refers("incident_id", "incident"),
    string("step", default=None),
    string("detail"),
    moment("at", nullable=False),
    Index("ix_sla_step_incident_id", "incident_id", "at"),
    info={"journal": False},
)

incident_tag = Table(
    "incident_tag",
    metadata,
    key(),
    refers("incident_id", "incident"),
    refers("tag_id", "tag"),
    UniqueConstraint("incident_id", "tag_id"),
    Index("ix_incident_tag_tag_id", "tag_id"),
    info={"subject": "incident_id"},
)

# What a banned or refused sender sent: kept whole, counted, released or left.
held = Table(
    "held",
    metadata,
    key(),
    refers("client_id", "client", nullable=True, owner=True),
    refers("incident_id", "incident", nullable=True),
    refers("raw_mail_id", "raw_mail", nullable=True),
    string("channel", default=None),
    string("sender"),
    string("subject"),
    string("body"),
    string("reason", default=None),
    moment("released_at"),
    *stamps(),
    one_of("channel", CHANNELS),
    Index("ix_held_client_id", "client_id"),
    partial("ix_held_waiting", "id", where="released_at IS NULL"),
    info={"subject": "client_id"},
)
