"""What the database says when a value that must be unique is taken, or a row is still needed, as sentences."""

from sqlalchemy.exc import IntegrityError

# The constraint on PostgreSQL, the columns on SQLite.
_TAKEN = (
    (
        ("uq_identity_live", "identity.type, identity.normalized"),
        "Somebody else was given this address a moment ago. Look them up, then try again.",
    ),
    (
        ("uq_client_username", "client.username"),
        "Another client has this username already. Choose another one.",
    ),
    (
        ("uq_mail_domain_domain", "mail_domain.domain"),
        "Another organization has this mail domain already.",
    ),
    (("uq_staff_login", "staff.login"), "There is a member of staff with this login already."),
    (("uq_department_name", "department.name"), "There is a department of this name already."),
    (("uq_contact_primary", "contact.client_id"), "The client has another primary contact already."),
    (
        ("uq_favourite", "favourite.staff_id", "uq_client_tag", "client_tag.client_id"),
        "This was done a moment ago already, from another place.",
    ),
    (
        (
            "uq_setting_name",
            "setting.name",
            "uq_tag_name",
            "tag.name",
            "uq_draft_staff_id_scope",
            "draft.staff_id",
        ),
        "Somebody wrote the same at the same moment. Nothing was changed here; try again.",
    ),
    (
        (
            "uq_organization_access",
            "organization_access.organization_id",
            "uq_last_seen",
            "last_seen.staff_id",
        ),
        "This was done a moment ago already, from another place.",
    ),
    (
        ("not_overspent", "ck_credit_lot"),
        "There is not enough credit left. Nothing was taken.",
    ),
    (
        ("FOREIGN KEY constraint failed", "violates foreign key constraint"),
        "A record this belongs to is gone, or something else still needs it. Nothing was changed; load anew.",
    ),
)


def sentence(error: IntegrityError) -> str | None:
    """What to tell the user, or None if this is an error of ours."""
    message = str(error.orig)
    return next((told for marks, told in _TAKEN if any(mark in message for mark in marks)), None)
