"""Records as JSON objects with stable keys. Ids are strings: readers of JSON keep fewer digits of a number."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from console.cli.output import moment

if TYPE_CHECKING:
    from console.data.records import (
        Address,
        Client,
        ClientRow,
        Contact,
        Department,
        HistoryLine,
        Identity,
        Incident,
        IncidentRow,
        Note,
        Organization,
        OrganizationRow,
        Setting,
        StaffMember,
        Summary,
    )


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)


def client_row(row: "ClientRow") -> dict[str, Any]:
    """A client as the list has them."""
    return {
        "id": str(row.id),
        "name": row.name,
        "kind": row.kind,
        "email": row.email,
        "mobile": row.mobile,
        "mail_domain": row.mail_domain,
        "organization": row.organization,
        "contacts": row.contacts,
        "open_incidents": row.open_incidents,
        "status": row.status,
        "favourite": row.favourite,
        "near": row.near,
    }


def _address(address: "Address") -> dict[str, str]:
    return {
        "address": address.street,
        "city": address.city,
        "postcode": address.postcode,
        "country": address.country,
    }


def _identity(one: "Identity") -> dict[str, Any]:
    return {"type": one.type, "raw": one.raw, "normalized": one.normalized, "mobile": one.mobile}


def client(
    found: "Client", contacts: Sequence["Contact"], notes: Sequence["Note"], summary: "Summary", why: str
) -> dict[str, Any]:
    """A client whole."""
    return {
        "id": str(found.id),
        "name": found.name,
        "kind": found.kind,
        "username": found.username,
        "external_id": found.external_id,
        "status": found.status,
        "status_reason": found.status_reason,
        "status_by": found.status_by,
        "status_at": found.status_at,
        "status_until": found.status_until,
        "state": found.state,
        "absorbed_into": _id(found.absorbed_into),
        "organization": found.organization,
        "organization_id": _id(found.organization_id),
        "organization_by": found.organization_by,
        "organization_why": why,
        "manages": list(found.manages),
        "favourite": found.favourite,
        "identities": [_identity(one) for one in found.identities if one.contact_id is None],
        "mail_domain": found.mail_domain,
        **_address(found.address),
        "language": found.language,
        "time_zone": found.time_zone,
        "birth_date": found.birth_date,
        "tags": list(found.tags),
        "incident_approval": found.incident_approval,
        "portal": found.portal,
        "created_at": found.created_at,
        "contacts": [contact(one) for one in contacts],
        "notes": [_note(one) for one in notes],
        "incidents": {
            "new": summary.new,
            "open": summary.open,
            "overdue": summary.overdue,
            "held": summary.held,
        },
        "invoices": {
            "new": summary.invoices_new,
            "new_amounts": dict(summary.invoices_new_amounts),
            "overdue": summary.invoices_overdue,
            "overdue_amounts": dict(summary.invoices_overdue_amounts),
        },
        "credit": {"minutes": summary.credit_minutes, "incidents": summary.credit_incidents},
    }


def contact(one: "Contact") -> dict[str, Any]:
    return {
        "id": str(one.id),
        "name": one.name,
        "job_title": one.job_title,
        "access": one.access,
        "primary": one.primary,
        "identities": [_identity(found) for found in one.identities],
        **_address(one.address),
    }


def _note(one: "Note") -> dict[str, Any]:
    return {
        "id": str(one.id),
        "level": one.level,
        "text": one.text,
        "author": one.author,
        "pinned": one.pinned,
        "expires_at": one.expires_at,
        "created_at": one.created_at,
    }


def organization_row(row: "OrganizationRow") -> dict[str, Any]:
    """An organization as the list has it; ``overdue`` counts up to 100."""
    return {
        "id": str(row.id),
        "name": row.name,
        "mail_domains": [name for name in row.domains.split(", ") if name],
        "clients": row.clients,
        "manager": row.manager,
        "open_incidents": row.open_incidents,
        "overdue": row.overdue,
    }


def organization(found: "Organization") -> dict[str, Any]:
    """An organization whole."""
    return {
        "id": str(found.id),
        "name": found.name,
        "external_id": found.external_id,
        "phone": found.phone,
        "website": found.website,
        "remarks": found.remarks,
        **_address(found.address),
        "mail_domains": [{"domain": name, "subdomains": below} for name, below in found.domains],
        "managers": [
            {"id": str(one), "name": name, "may_reply": reply} for one, name, reply in found.managers
        ],
        "clients": found.clients,
        "open_incidents": found.open_incidents,
        "overdue": found.overdue,
        "credit": {"minutes": found.credit_minutes, "incidents": found.credit_incidents},
        "state": found.state,
        "created_at": found.created_at,
    }


def incident_row(row: "IncidentRow") -> dict[str, Any]:
    """An incident as the list has it."""
    return {
        "id": str(row.id),
        "number": row.readable,
        "subject": row.subject,
        "client": row.client,
        "client_id": _id(row.client_id),
        "kind": row.kind,
        "channel": row.channel,
        "department": row.department,
        "priority": row.priority,
        "state": row.state,
        "folder": row.folder,
        "owner": row.owner,
        "due_at": row.due_at,
        "overdue": row.overdue,
        "created_at": row.created_at,
    }


def incident(found: "Incident") -> dict[str, Any]:
    """An incident with the newest page of its thread; ``has_before`` says that older messages are not in it."""
    return {
        **incident_row(found.row),
        "hash": found.hash,
        "sender": found.sender,
        "reply_address": found.reply_address,
        "organization": found.organization,
        "held_reason": found.held_reason,
        "first_response_due": found.first_response_due,
        "resolution_due": found.resolution_due,
        "first_response_at": found.first_response_at,
        "resolved_at": found.resolved_at,
        "has_before": found.has_before,
        "thread": [
            {
                "id": str(one.id),
                "kind": one.kind,
                "author": one.author,
                "channel": one.channel,
                "body": one.body,
                "created_at": one.created_at,
                "attachments": [
                    {"id": str(file.id), "name": file.name, "media_type": file.media_type, "size": file.size}
                    for file in one.attachments
                ],
            }
            for one in found.thread
        ],
    }


def staff_member(one: "StaffMember") -> dict[str, Any]:
    """A member of staff."""
    return {
        "id": str(one.id),
        "login": one.login,
        "name": one.name,
        "email": one.email,
        "role": one.role,
        "active": one.active,
        "time_zone": one.time_zone,
        "departments": one.departments,
    }


def department(one: "Department") -> dict[str, Any]:
    """A department; ``open_incidents`` counts up to 100."""
    return {
        "id": str(one.id),
        "name": one.name,
        "email": one.email,
        "active": one.active,
        "open_to_all": one.open_to_all,
        "billing": one.billing,
        "credit_required": one.credit_required,
        "schedule": one.schedule,
        "staff": one.staff,
        "open_incidents": one.open_incidents,
    }


def setting(one: "Setting") -> dict[str, Any]:
    """A setting with what it is, in words."""
    return {
        "name": one.name,
        "value": one.value,
        "default": one.default,
        "allowed": one.allowed,
        "about": one.about,
    }


def history_line(line: "HistoryLine", sentence: str) -> dict[str, Any]:
    """A journal entry; ``what`` is the sentence that people read."""
    return {
        "id": str(line.id),
        "at": moment(line.at),
        "actor": line.actor,
        "acting_as": line.acting_as,
        "via": line.via,
        "action": line.action,
        "what": sentence,
        "subject": line.subject,
        "subject_id": _id(line.subject_id),
        "reason": line.reason,
        "detail": line.detail,
        "rows": line.rows,
        "batch": _id(line.batch_id),
        "undoes": _id(line.undoes),
        "undone": line.undone,
        "cannot_undo": line.fixed,
        "changes": [{"field": one.field, "before": one.before, "after": one.after} for one in line.changes],
    }
