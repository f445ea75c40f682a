"""Companies, their mail domains, managers and default department access."""

from sqlalchemy import Index, PrimaryKeyConstraint, Table, UniqueConstraint

from console.data.models.base import (
    address,
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

LISTED = "deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"

organization = Table(
    "organization",
    metadata,
    key(),
    string("name", default=None),
    string("sort_name", derived=True),
    string("external_id"),
    string("phone"),
    string("website"),
    *address(),
    string("remarks"),
    moment("archived_at"),
    moment("deleted_at"),
    refers("absorbed_into", "organization", nullable=True, owner=True),
    number("client_count", derived=True),
    number("open_incidents", derived=True),
    string("domains", derived=True),
    string("manager", derived=True),
    *stamps(),
    partial("ix_organization_sort_name", "sort_name", "id", where=LISTED),
    partial("ix_organization_client_count", "client_count", "id", where=LISTED),
    partial("ix_organization_open_incidents", "open_incidents", "id", where=LISTED),
    partial("ix_organization_domains", "domains", "id", where=LISTED),
    partial("ix_organization_manager", "manager", "id", where=LISTED),
    partial("ix_organization_external_id", "external_id", where="external_id <> ''"),
)

mail_domain = Table(
    "mail_domain",
    metadata,
    key(),
    refers("organization_id", "organization", owner=True),
    string("domain", default=None),
    flag("subdomains"),
    string("source", default="manual"),
    *stamps(),
    UniqueConstraint("domain"),
    Index("ix_mail_domain_organization_id", "organization_id"),
    one_of("source", ("manual", "auto", "import")),
    info={"subject": "organization_id"},
)

organization_manager = Table(
    "organization_manager",
    metadata,
    key(),
    refers("organization_id", "organization", owner=True),
    refers("client_id", "client", owner=True),
    flag("may_reply"),
    *stamps(),
    UniqueConstraint("organization_id", "client_id"),
    Index("ix_organization_manager_client_id", "client_id"),
    info={"subject": "client_id"},
)

organization_access = Table(
    "organization_access",
    metadata,
    key(),
    refers("organization_id", "organization", owner=True),
    refers("department_id", "department"),
    flag("allowed", default=True),
    *stamps(),
    UniqueConstraint("organization_id", "department_id"),
    info={"subject": "organization_id"},
)

# Folded words of an organization, for the filter; derived.
organization_word = Table(
    "organization_word",
    metadata,
    string("word", default=None),
    refers("organization_id", "organization"),
    PrimaryKeyConstraint("word", "organization_id"),
    Index("ix_organization_word_organization_id", "organization_id", "word"),
    info={"journal": False},
    sqlite_with_rowid=False,
)
