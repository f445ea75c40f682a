"""End customers, their identities, tags, favourites, department access and search words."""

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from console.data.models.base import (
    address,
    day,
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
from console.data.models.organizations import LISTED
from console.data.models.words import (
    ASSIGNED_BY,
    CLIENT_KINDS,
    CLIENT_STATUSES,
    IDENTITY_TYPES,
    PORTAL_SCOPE,
    PORTAL_SWITCH,
)

client = Table(
    "client",
    metadata,
    key(),
    string("kind", default="person"),
    string("name"),
    string("sort_name", derived=True),
    string("username", nullable=True, default=None),
    string("external_id"),
    string("status", default="pending"),
    string("status_reason"),
    refers("status_by", "staff", nullable=True),
    moment("status_at"),
    moment("status_until"),
    string("status_before"),
    refers("organization_id", "organization", nullable=True, owner=True),
    string("organization_by", default="none"),
    *address(),
    string("language"),
    string("time_zone"),
    day("birth_date"),
    flag("incident_approval"),
    string("portal", default="inherit"),
    string("portal_scope", default="all"),
    day("portal_from"),
    string("password_hash", nullable=True, default=None, secret=True),
    moment("archived_at"),
    moment("deleted_at"),
    moment("purge_at"),
    refers("absorbed_into", "client", nullable=True, owner=True),
    string("email", derived=True),
    string("mobile", derived=True),
    string("mail_domain", derived=True),
    string("organization_sort", derived=True),
    number("contact_count", derived=True),
    number("open_incidents", derived=True),
    *stamps(),
    one_of("kind", CLIENT_KINDS),
    one_of("status", CLIENT_STATUSES),
    one_of("organization_by", ASSIGNED_BY),
    one_of("portal", PORTAL_SWITCH),
    one_of("portal_scope", PORTAL_SCOPE),
    CheckConstraint("absorbed_into IS NULL OR absorbed_into <> id", name="not_into_itself"),
    CheckConstraint("(organization_id IS NULL) = (organization_by = 'none')", name="organization_by_whom"),
    partial("ix_client_sort_name", "sort_name", "id", where=LISTED),
    partial("ix_client_email", "email", "id", where=LISTED),
    partial("ix_client_mobile", "mobile", "id", where=LISTED),
    partial("ix_client_mail_domain", "mail_domain", "id", where=LISTED),
    partial("ix_client_organization_sort", "organization_sort", "id", where=LISTED),
    partial("ix_client_contact_count", "contact_count", "id", where=LISTED),
    partial("ix_client_open_incidents", "open_incidents", "id", where=LISTED),
    partial("ix_client_status", "status", "id", where=LISTED),
    partial("ix_client_organization_id", "organization_id", "sort_name", where="organization_id IS NOT NULL"),
    partial("ix_client_external_id", "external_id", where="external_id <> ''"),
    partial("ix_client_absorbed_into", "absorbed_into", where="absorbed_into IS NOT NULL"),
    partial("ix_client_deleted_at", "deleted_at", where="deleted_at IS NOT NULL"),
    partial("ix_client_archived_at", "archived_at", where="archived_at IS NOT NULL"),
    partial("ix_client_status_until", "status_until", where="status_until IS NOT NULL"),
    partial(
        "uq_client_username",
        "username",
        where="username IS NOT NULL AND deleted_at IS NULL AND absorbed_into IS NULL",
        unique=True,
    ),
)

identity = Table(
    "identity",
    metadata,
    key(),
    refers("client_id", "client", owner=True),
    refers("contact_id", "contact", nullable=True),
    string("type", default=None),
    string("raw", default=None),
    string("normalized", default=None),
    flag("mobile"),
    number("position"),
    flag("live", default=True),
    moment("verified_at"),
    *stamps(),
    one_of("type", IDENTITY_TYPES),
    CheckConstraint("normalized <> ''", name="normalized"),
    partial("uq_identity_live", "type", "normalized", where="live AND type <> 'phone'", unique=True),
    Index("ix_identity_normalized", "normalized"),
    Index("ix_identity_client_id", "client_id", "position"),
    partial("ix_identity_contact_id", "contact_id", where="contact_id IS NOT NULL"),
    info={"subject": "client_id"},
)

tag = Table("tag", metadata, key(), string("name", default=None), UniqueConstraint("name"))

client_tag = Table(
    "client_tag",
    metadata,
    key(),
    refers("client_id", "client", owner=True),
    refers("tag_id", "tag"),
    UniqueConstraint("client_id", "tag_id"),
    Index("ix_client_tag_tag_id", "tag_id"),
    info={"subject": "client_id"},
)

favourite = Table(
    "favourite",
    metadata,
    key(),
    refers("client_id", "client", owner=True),
    refers("staff_id", "staff"),
    UniqueConstraint("staff_id", "client_id"),
    Index("ix_favourite_client_id", "client_id"),
    info={"subject": "client_id"},
)

department_access = Table(
    "department_access",
    metadata,
    key(),
    refers("client_id", "client", owner=True),
    refers("department_id", "department"),
    flag("allowed", default=True),
    *stamps(),
    UniqueConstraint("client_id", "department_id"),
    info={"subject": "client_id"},
)

# What an old id, number, hash or address of a merged record stands for now.
alias = Table(
    "alias",
    metadata,
    key(),
    string("kind", default=None),
    string("value", default=None),
    refers("client_id", "client", nullable=True, owner=True),
    refers("organization_id", "organization", nullable=True, owner=True),
    UniqueConstraint("kind", "value", "client_id", "organization_id"),
    Index("ix_alias_value", "value"),
    CheckConstraint("(client_id IS NULL) <> (organization_id IS NULL)", name="one_target"),
    info={"subject": "client_id"},
)

# Folded words of a client and the client's identities, for the filter; derived.
client_word = Table(
    "client_word",
    metadata,
    string("word", default=None),
    refers("client_id", "client"),
    PrimaryKeyConstraint("word", "client_id"),
    Index("ix_client_word_client_id", "client_id", "word"),
    info={"journal": False},
    sqlite_with_rowid=False,
)
