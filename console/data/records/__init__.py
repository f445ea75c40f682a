"""Frozen records: what the data layer hands out. No row or table of the database leaves it otherwise."""

from console.data.records.assignment import Conflict, Move, Rescan, Rescanned
from console.data.records.billing import (
    CreditLine,
    CreditLot,
    Invoice,
    SlaTarget,
)
from console.data.records.history import (
    Done,
    FieldChange,
    HistoryLine,
    NewsLine,
)
from console.data.records.house import Department, Setting, StaffMember
from console.data.records.impact import AT_ONCE, Impact
from console.data.records.incidents import (
    Attachment,
    Incident,
    IncidentFacts,
    IncidentRow,
    Message,
    Summary,
)
from console.data.records.lists import (
    Anchor,
    Page,
    Sort,
)
from console.data.records.people import (
    Actor,
    Address,
    Client,
    ClientFacts,
    ClientRow,
    Contact,
    DepartmentAccess,
    Identity,
    Note,
    Organization,
    OrganizationFacts,
    OrganizationRow,
)
from console.data.records.submissions import (
    HeldRow,
    PendingRow,
    Submission,
    Submitted,
    Waiting,
)

__all__ = [
    "AT_ONCE",
    "Actor",
    "Address",
    "Anchor",
    "Attachment",
    "Client",
    "ClientFacts",
    "ClientRow",
    "Conflict",
    "Contact",
    "CreditLine",
    "CreditLot",
    "Department",
    "DepartmentAccess",
    "Done",
    "FieldChange",
    "HeldRow",
    "HistoryLine",
    "Identity",
    "Impact",
    "Incident",
    "IncidentFacts",
    "IncidentRow",
    "Invoice",
    "Message",
    "Move",
    "NewsLine",
    "Note",
    "Organization",
    "OrganizationFacts",
    "OrganizationRow",
    "Page",
    "PendingRow",
    "Rescan",
    "Rescanned",
    "Setting",
    "SlaTarget",
    "Sort",
    "StaffMember",
    "Submission",
    "Submitted",
    "Summary",
    "Waiting",
]
