"""Departments, business-hours schedules and SLA targets."""

from sqlalchemy import CheckConstraint, Index, Table, UniqueConstraint

from console.data.models.base import (
    day,
    flag,
    key,
    metadata,
    number,
    one_of,
    partial,
    refers,
    stamps,
    string,
)
from console.data.models.words import BILLING, INCIDENT_KINDS, PRIORITIES

schedule = Table(
    "schedule",
    metadata,
    key(),
    string("name", default=None),
    string("time_zone", default="UTC"),
    *stamps(),
    UniqueConstraint("name"),
)

# Minutes of the day from midnight in the schedule's zone; 1440 is 24:00.
schedule_interval = Table(
    "schedule_interval",
    metadata,
    key(),
    refers("schedule_id", "schedule"),
    number("weekday", default=None),
    number("start_minute", default=None),
    number("end_minute", default=None),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    CheckConstraint("0 <= start_minute AND start_minute < end_minute AND end_minute <= 1440", name="order"),
    Index("ix_schedule_interval_schedule_id", "schedule_id"),
    info={"subject": "schedule_id"},
)

holiday = Table(
    "holiday",
    metadata,
    key(),
    refers("schedule_id", "schedule"),
    day("day", nullable=False),
    string("name"),
    UniqueConstraint("schedule_id", "day"),
    info={"subject": "schedule_id"},
)

department = Table(
    "department",
    metadata,
    key(),
    string("name", default=None),
    string("email"),
    flag("active", default=True),
    flag("open_to_all", default=True),
    refers("schedule_id", "schedule", nullable=True),
    string("billing", default="none"),
    flag("credit_required"),
    *stamps(),
    UniqueConstraint("name"),
    one_of("billing", BILLING),
)

# One target; the owner columns name whose it is, all null is the installation's default.
sla_target = Table(
    "sla_target",
    metadata,
    key(),
    refers("client_id", "client", nullable=True, owner=True),
    refers("organization_id", "organization", nullable=True, owner=True),
    refers("department_id", "department", nullable=True),
    string("kind", default=None),
    string("priority", default=None),
    number("first_response_minutes", nullable=True, default=None),
    number("resolution_minutes", nullable=True, default=None),
    *stamps(),
    one_of("kind", INCIDENT_KINDS),
    one_of("priority", PRIORITIES),
    CheckConstraint(
        "(client_id IS NOT NULL AND organization_id IS NULL AND department_id IS NULL)"
        " OR (client_id IS NULL AND (organization_id IS NULL OR department_id IS NULL))",
        name="one_owner",
    ),
    partial(
        "uq_sla_target_client", "client_id", "kind", "priority", where="client_id IS NOT NULL", unique=True
    ),
    partial(
        "uq_sla_target_organization",
        "organization_id",
        "kind",
        "priority",
        where="organization_id IS NOT NULL",
        unique=True,
    ),
    partial(
        "uq_sla_target_department",
        "department_id",
        "kind",
        "priority",
        where="department_id IS NOT NULL",
        unique=True,
    ),
    partial(
        "uq_sla_target_default",
        "kind",
        "priority",
        where="client_id IS NULL AND organization_id IS NULL AND department_id IS NULL",
        unique=True,
    ),
    info={"subject": "client_id"},
)
