"""The first schema: every noun of the product, and the journal.

Revision 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make every table and index."""
    op.create_table(
        "about",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_about"),
    )
    op.create_table(
        "blob",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_blob"),
        sa.UniqueConstraint("sha256", name="uq_blob_sha256"),
    )
    op.create_table(
        "counter",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.UniqueConstraint("name", name="uq_counter_name"),
    )
    op.create_table(
        "duplicate_model",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("model_version", BIGINT, nullable=False),
        sa.Column("weights", TEXT, nullable=False),
        sa.Column("origin", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duplicate_model"),
        sa.UniqueConstraint("model_version", name="uq_duplicate_model_model_version"),
    )
    op.create_table(
        "lease",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("holder", TEXT, nullable=False),
        sa.Column("until", BIGINT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_table(
        "merge",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("survivor_id", BIGINT, nullable=False),
        sa.Column("absorbed_id", BIGINT, nullable=False),
        sa.Column("categories", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("entry_id", BIGINT, nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('client', 'contact', 'organization', 'incident')", name=op.f("ck_merge_kind")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_merge"),
    )
    op.create_table(
        "node",
        sa.Column("number", BIGINT, autoincrement=False, nullable=False),
        sa.Column("claimed_at", BIGINT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_node"),
    )
    op.create_table(
        "organization",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("sort_name", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("external_id", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("phone", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("website", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("street", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("city", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("postcode", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("country", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("remarks", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("archived_at", BIGINT, nullable=True),
        sa.Column("deleted_at", BIGINT, nullable=True),
        sa.Column("absorbed_into", BIGINT, nullable=True),
        sa.Column("client_count", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("open_incidents", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("domains", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("manager", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["absorbed_into"],
            ["organization.id"],
            name="fk_organization_absorbed_into",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organization"),
    )
    op.create_index(
        "ix_organization_absorbed_into",
        "organization",
        ["absorbed_into"],
        unique=False,
        sqlite_where=sa.text("absorbed_into IS NOT NULL"),
        postgresql_where=sa.text("absorbed_into IS NOT NULL"),
    )
    op.create_index(
        "ix_organization_client_count",
        "organization",
        ["client_count", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_index(
        "ix_organization_domains",
        "organization",
        ["domains", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_index(
        "ix_organization_external_id",
        "organization",
        ["external_id"],
        unique=False,
        sqlite_where=sa.text("external_id <> ''"),
        postgresql_where=sa.text("external_id <> ''"),
    )
    op.create_index(
        "ix_organization_manager",
        "organization",
        ["manager", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_index(
        "ix_organization_open_incidents",
        "organization",
        ["open_incidents", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_index(
        "ix_organization_sort_name",
        "organization",
        ["sort_name", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_table(
        "package",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("quantity", BIGINT, nullable=False),
        sa.Column("price", BIGINT, nullable=False),
        sa.Column("currency", TEXT, server_default=sa.text("'EUR'"), nullable=False),
        sa.Column("validity", TEXT, server_default=sa.text("'once'"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("unit IN ('minutes', 'incidents')", name=op.f("ck_package_unit")),
        sa.CheckConstraint(
            "validity IN ('once', 'monthly', 'quarterly', 'half-yearly', 'yearly')",
            name=op.f("ck_package_validity"),
        ),
        sa.CheckConstraint("quantity > 0 AND price >= 0", name=op.f("ck_package_positive")),
        sa.PrimaryKeyConstraint("id", name="pk_package"),
    )
    op.create_table(
        "raw_mail",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("source", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("mail_id", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("state", TEXT, server_default=sa.text("'received'"), nullable=False),
        sa.Column("error", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("received_at", BIGINT, nullable=False),
        sa.CheckConstraint(
            "state IN ('received', 'filed', 'duplicate', 'failed', 'refused')", name=op.f("ck_raw_mail_state")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_raw_mail"),
        sa.UniqueConstraint("sha256", name="uq_raw_mail_sha256"),
    )
    op.create_index(
        "ix_raw_mail_waiting",
        "raw_mail",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'received'"),
        postgresql_where=sa.text("state = 'received'"),
    )
    op.create_table(
        "schedule",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("time_zone", TEXT, server_default=sa.text("'UTC'"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_schedule"),
        sa.UniqueConstraint("name", name="uq_schedule_name"),
    )
    op.create_table(
        "setting",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_setting"),
        sa.UniqueConstraint("name", name="uq_setting_name"),
    )
    op.create_table(
        "staff",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("email", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("time_zone", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("role IN ('admin', 'agent', 'viewer')", name=op.f("ck_staff_role")),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("login", name="uq_staff_login"),
    )
    op.create_table(
        "tag",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
        sa.UniqueConstraint("name", name="uq_tag_name"),
    )
    op.create_table(
        "template",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("language", TEXT, server_default=sa.text("'en'"), nullable=False),
        sa.Column("subject", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("body", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_template"),
        sa.UniqueConstraint("name", "language", name="uq_template_name_language"),
    )
    op.create_table(
        "certificate",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("erased_id", BIGINT, nullable=False),
        sa.Column("erased_hash", sa.LargeBinary(), nullable=True),
        sa.Column("staff_id", BIGINT, nullable=True),
        sa.Column("counts", TEXT, nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=True),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_certificate_staff_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_certificate"),
    )
    op.create_table(
        "client",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, server_default=sa.text("'person'"), nullable=False),
        sa.Column("name", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("sort_name", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("username", TEXT, nullable=True),
        sa.Column("external_id", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("status", TEXT, server_default=sa.text("'pending'"), nullable=False),
        sa.Column("status_reason", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("status_by", BIGINT, nullable=True),
        sa.Column("status_at", BIGINT, nullable=True),
        sa.Column("status_until", BIGINT, nullable=True),
        sa.Column("status_before", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("organization_id", BIGINT, nullable=True),
        sa.Column("organization_by", TEXT, server_default=sa.text("'none'"), nullable=False),
        sa.Column("street", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("city", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("postcode", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("country", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("language", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("time_zone", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("incident_approval", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("portal", TEXT, server_default=sa.text("'inherit'"), nullable=False),
        sa.Column("portal_scope", TEXT, server_default=sa.text("'all'"), nullable=False),
        sa.Column("portal_from", sa.Date(), nullable=True),
        sa.Column("password_hash", TEXT, nullable=True),
        sa.Column("archived_at", BIGINT, nullable=True),
        sa.Column("deleted_at", BIGINT, nullable=True),
        sa.Column("purge_at", BIGINT, nullable=True),
        sa.Column("absorbed_into", BIGINT, nullable=True),
        sa.Column("email", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("mobile", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("mail_domain", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("organization_sort", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("contact_count", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("open_incidents", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(organization_id IS NULL) = (organization_by = 'none')",
            name=op.f("ck_client_organization_by_whom"),
        ),
        sa.CheckConstraint("kind IN ('person', 'company')", name=op.f("ck_client_kind")),
        sa.CheckConstraint(
            "organization_by IN ('none', 'manual', 'auto', 'import')", name=op.f("ck_client_organization_by")
        ),
        sa.CheckConstraint("portal IN ('inherit', 'on', 'off')", name=op.f("ck_client_portal")),
        sa.CheckConstraint(
            "portal_scope IN ('all', 'from_date', 'new')", name=op.f("ck_client_portal_scope")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'disapproved', 'banned', 'spam')",
            name=op.f("ck_client_status"),
        ),
        sa.CheckConstraint(
            "absorbed_into IS NULL OR absorbed_into <> id", name=op.f("ck_client_not_into_itself")
        ),
        sa.ForeignKeyConstraint(
            ["absorbed_into"],
            ["client.id"],
            name="fk_client_absorbed_into",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name="fk_client_organization_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["status_by"], ["staff.id"], name="fk_client_status_by", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_client"),
    )
    op.create_index(
        "ix_client_absorbed_into",
        "client",
        ["absorbed_into"],
        unique=False,
        sqlite_where=sa.text("absorbed_into IS NOT NULL"),
        postgresql_where=sa.text("absorbed_into IS NOT NULL"),
    )
    op.create_index(
        "ix_client_archived_at",
        "client",
        ["archived_at"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NOT NULL"),
        postgresql_where=sa.text("archived_at IS NOT NULL"),
    )
    op.create_index(
        "ix_client_contact_count",
        "client",
        ["contact_count", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_index(
        "ix_client_deleted_at",
        "client",
        ["deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_client_email",
        "client",
        ["email", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_index(
        "ix_client_external_id",
        "client",
        ["external_id"],
        unique=False,
        sqlite_where=sa.text("external_id <> ''"),
        postgresql_where=sa.text("external_id <> ''"),
    )
    op.create_index(
        "ix_client_mail_domain",
        "client",
        ["mail_domain", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_index(
        "ix_client_mobile",
        "client",
        ["mobile", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_index(
        "ix_client_open_incidents",
        "client",
        ["open_incidents", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_index(
        "ix_client_organization_id",
        "client",
        ["organization_id", "sort_name"],
        unique=False,
        sqlite_where=sa.text("organization_id IS NOT NULL"),
        postgresql_where=sa.text("organization_id IS NOT NULL"),
    )
    op.create_index(
        "ix_client_organization_sort",
        "client",
        ["organization_sort", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_index(
        "ix_client_sort_name",
        "client",
        ["sort_name", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_index(
        "ix_client_status",
        "client",
        ["status", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_index(
        "ix_client_status_until",
        "client",
        ["status_until"],
        unique=False,
        sqlite_where=sa.text("status_until IS NOT NULL"),
        postgresql_where=sa.text("status_until IS NOT NULL"),
    )
    op.create_index(
        "uq_client_username",
        "client",
        ["username"],
        unique=True,
        sqlite_where=sa.text("username IS NOT NULL AND deleted_at IS NULL AND absorbed_into IS NULL"),
        postgresql_where=sa.text("username IS NOT NULL AND deleted_at IS NULL AND absorbed_into IS NULL"),
    )
    op.create_table(
        "department",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("email", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("open_to_all", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("schedule_id", BIGINT, nullable=True),
        sa.Column("billing", TEXT, server_default=sa.text("'none'"), nullable=False),
        sa.Column("credit_required", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("billing IN ('none', 'incident', 'time')", name=op.f("ck_department_billing")),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedule.id"],
            name="fk_department_schedule_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_department"),
        sa.UniqueConstraint("name", name="uq_department_name"),
    )
    op.create_table(
        "draft",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("staff_id", BIGINT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("fields", TEXT, nullable=False),
        sa.Column("saved_at", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_draft_staff_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint("staff_id", "scope", name="uq_draft_staff_id_scope"),
    )
    op.create_table(
        "holiday",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("schedule_id", BIGINT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", TEXT, server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedule.id"],
            name="fk_holiday_schedule_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_holiday"),
        sa.UniqueConstraint("schedule_id", "day", name="uq_holiday_schedule_id_day"),
    )
    op.create_table(
        "journal_entry",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("position", BIGINT, nullable=False),
        sa.Column("at", BIGINT, nullable=False),
        sa.Column("actor_id", BIGINT, nullable=True),
        sa.Column("acting_as", BIGINT, nullable=True),
        sa.Column("via", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("object_type", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("object_id", BIGINT, nullable=True),
        sa.Column("client_id", BIGINT, nullable=True),
        sa.Column("reason", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("detail", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("batch_id", BIGINT, nullable=True),
        sa.Column("undoes", BIGINT, nullable=True),
        sa.Column("undone_by", BIGINT, nullable=True),
        sa.Column("rows", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("fixed", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("revision", TEXT, nullable=False),
        sa.CheckConstraint(
            "via IN ('console', 'command', 'mail', 'portal', 'system')", name=op.f("ck_journal_entry_via")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["staff.id"],
            name="fk_journal_entry_actor_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_journal_entry"),
    )
    op.create_index("ix_journal_entry_actor_id", "journal_entry", ["actor_id", "id"], unique=False)
    op.create_index(
        "ix_journal_entry_batch_id",
        "journal_entry",
        ["batch_id", "id"],
        unique=False,
        sqlite_where=sa.text("batch_id IS NOT NULL"),
        postgresql_where=sa.text("batch_id IS NOT NULL"),
    )
    op.create_index(
        "ix_journal_entry_client_id",
        "journal_entry",
        ["client_id", "id"],
        unique=False,
        sqlite_where=sa.text("client_id IS NOT NULL"),
        postgresql_where=sa.text("client_id IS NOT NULL"),
    )
    op.create_index("ix_journal_entry_position", "journal_entry", ["position", "id"], unique=False)
    op.create_table(
        "last_seen",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("staff_id", BIGINT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("seen_at", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_last_seen_staff_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_last_seen"),
        sa.UniqueConstraint("staff_id", "scope", name="uq_last_seen_staff_id_scope"),
    )
    op.create_table(
        "mail_domain",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("organization_id", BIGINT, nullable=False),
        sa.Column("domain", TEXT, nullable=False),
        sa.Column("subdomains", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("source", TEXT, server_default=sa.text("'manual'"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("source IN ('manual', 'auto', 'import')", name=op.f("ck_mail_domain_source")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name="fk_mail_domain_organization_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mail_domain"),
        sa.UniqueConstraint("domain", name="uq_mail_domain_domain"),
    )
    op.create_index("ix_mail_domain_organization_id", "mail_domain", ["organization_id"], unique=False)
    op.create_table(
        "organization_word",
        sa.Column("word", TEXT, nullable=False),
        sa.Column("organization_id", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name="fk_organization_word_organization_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("word", "organization_id", name="pk_organization_word"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_organization_word_organization_id", "organization_word", ["organization_id", "word"], unique=False
    )
    op.create_table(
        "presence",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("staff_id", BIGINT, nullable=False),
        sa.Column("place", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("seen_at", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_presence_staff_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_presence"),
    )
    op.create_table(
        "saved_filter",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("staff_id", BIGINT, nullable=False),
        sa.Column("place", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("query", TEXT, nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_saved_filter_staff_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filter"),
        sa.UniqueConstraint("staff_id", "place", "name", name="uq_saved_filter_staff_id_place_name"),
    )
    op.create_table(
        "schedule_interval",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("schedule_id", BIGINT, nullable=False),
        sa.Column("weekday", BIGINT, nullable=False),
        sa.Column("start_minute", BIGINT, nullable=False),
        sa.Column("end_minute", BIGINT, nullable=False),
        sa.CheckConstraint(
            "0 <= start_minute AND start_minute < end_minute AND end_minute <= 1440",
            name=op.f("ck_schedule_interval_order"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_schedule_interval_weekday")),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["schedule.id"],
            name="fk_schedule_interval_schedule_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_schedule_interval"),
    )
    op.create_index("ix_schedule_interval_schedule_id", "schedule_interval", ["schedule_id"], unique=False)
    op.create_table(
        "staff_key",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("staff_id", BIGINT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("public_key", TEXT, nullable=False),
        sa.Column("comment", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("revoked_at", BIGINT, nullable=True),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_staff_key_staff_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_staff_key"),
    )
    op.create_index(
        "uq_staff_key_fingerprint",
        "staff_key",
        ["fingerprint"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "alias",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("client_id", BIGINT, nullable=True),
        sa.Column("organization_id", BIGINT, nullable=True),
        sa.CheckConstraint(
            "(client_id IS NULL) <> (organization_id IS NULL)", name=op.f("ck_alias_one_target")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name="fk_alias_client_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name="fk_alias_organization_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alias"),
        sa.UniqueConstraint(
            "kind",
            "value",
            "client_id",
            "organization_id",
            name="uq_alias_kind_value_client_id_organization_id",
        ),
    )
    op.create_index(
        "ix_alias_client_id",
        "alias",
        ["client_id"],
        unique=False,
        sqlite_where=sa.text("client_id IS NOT NULL"),
        postgresql_where=sa.text("client_id IS NOT NULL"),
    )
    op.create_index(
        "ix_alias_organization_id",
        "alias",
        ["organization_id"],
        unique=False,
        sqlite_where=sa.text("organization_id IS NOT NULL"),
        postgresql_where=sa.text("organization_id IS NOT NULL"),
    )
    op.create_index("ix_alias_value", "alias", ["value"], unique=False)
    op.create_table(
        "client_tag",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.Column("tag_id", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
            name="fk_client_tag_client_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name="fk_client_tag_tag_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_client_tag"),
        sa.UniqueConstraint("client_id", "tag_id", name="uq_client_tag_client_id_tag_id"),
    )
    op.create_index("ix_client_tag_tag_id", "client_tag", ["tag_id"], unique=False)
    op.create_table(
        "client_word",
        sa.Column("word", TEXT, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
            name="fk_client_word_client_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("word", "client_id", name="pk_client_word"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_client_word_client_id", "client_word", ["client_id", "word"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("job_title", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("street", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("city", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("postcode", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("country", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("access", TEXT, server_default=sa.text("'none'"), nullable=False),
        sa.Column("is_primary", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("was_client_id", BIGINT, nullable=True),
        sa.Column("channel", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("password_hash", TEXT, nullable=True),
        sa.Column("deleted_at", BIGINT, nullable=True),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("access IN ('none', 'limited', 'complete')", name=op.f("ck_contact_access")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name="fk_contact_client_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["was_client_id"],
            ["client.id"],
            name="fk_contact_was_client_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
    )
    op.create_index("ix_contact_client_id", "contact", ["client_id"], unique=False)
    op.create_index(
        "ix_contact_was_client_id",
        "contact",
        ["was_client_id"],
        unique=False,
        sqlite_where=sa.text("was_client_id IS NOT NULL"),
        postgresql_where=sa.text("was_client_id IS NOT NULL"),
    )
    op.create_index(
        "uq_contact_primary",
        "contact",
        ["client_id"],
        unique=True,
        sqlite_where=sa.text("is_primary AND deleted_at IS NULL"),
        postgresql_where=sa.text("is_primary AND deleted_at IS NULL"),
    )
    op.create_table(
        "credit_lot",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.Column("package_id", BIGINT, nullable=True),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("expires_at", BIGINT, nullable=True),
        sa.Column("reason", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("remaining", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("unit IN ('minutes', 'incidents')", name=op.f("ck_credit_lot_unit")),
        sa.CheckConstraint("remaining >= 0", name=op.f("ck_credit_lot_not_overspent")),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
            name="fk_credit_lot_client_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["package.id"],
            name="fk_credit_lot_package_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_credit_lot"),
    )
    op.create_index(
        "ix_credit_lot_client_id", "credit_lot", ["client_id", "unit", "expires_at"], unique=False
    )
    op.create_table(
        "department_access",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.Column("department_id", BIGINT, nullable=False),
        sa.Column("allowed", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
            name="fk_department_access_client_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name="fk_department_access_department_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_department_access"),
        sa.UniqueConstraint(
            "client_id", "department_id", name="uq_department_access_client_id_department_id"
        ),
    )
    op.create_table(
        "duplicate_decision",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("first_id", BIGINT, nullable=False),
        sa.Column("second_id", BIGINT, nullable=False),
        sa.Column("decision", TEXT, nullable=False),
        sa.Column("staff_id", BIGINT, nullable=False),
        sa.Column("levels", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("model_version", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "decision IN ('same', 'different', 'related')", name=op.f("ck_duplicate_decision_decision")
        ),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_decision_order")),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["client.id"],
            name="fk_duplicate_decision_first_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["client.id"],
            name="fk_duplicate_decision_second_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name="fk_duplicate_decision_staff_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_duplicate_decision"),
    )
    op.create_index(
        "ix_duplicate_decision_pair", "duplicate_decision", ["first_id", "second_id"], unique=False
    )
    op.create_index("ix_duplicate_decision_second_id", "duplicate_decision", ["second_id"], unique=False)
    op.create_table(
        "duplicate_key",
        sa.Column("hash", BIGINT, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
            name="fk_duplicate_key_client_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("hash", "client_id", name="pk_duplicate_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_duplicate_key_client_id", "duplicate_key", ["client_id"], unique=False)
    op.create_table(
        "duplicate_pair",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("first_id", BIGINT, nullable=False),
        sa.Column("second_id", BIGINT, nullable=False),
        sa.Column("relation", TEXT, server_default=sa.text("'duplicate'"), nullable=False),
        sa.Column("score", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("levels", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("model_version", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("scored_at", BIGINT, nullable=False),
        sa.CheckConstraint("relation IN ('duplicate', 'related')", name=op.f("ck_duplicate_pair_relation")),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_pair_order")),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["client.id"],
            name="fk_duplicate_pair_first_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["client.id"],
            name="fk_duplicate_pair_second_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_duplicate_pair"),
        sa.UniqueConstraint("first_id", "second_id", name="uq_duplicate_pair_first_id_second_id"),
    )
    op.create_index("ix_duplicate_pair_score", "duplicate_pair", ["relation", "score"], unique=False)
    op.create_index("ix_duplicate_pair_second_id", "duplicate_pair", ["second_id"], unique=False)
    op.create_table(
        "favourite",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.Column("staff_id", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name="fk_favourite_client_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_favourite_staff_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_favourite"),
        sa.UniqueConstraint("staff_id", "client_id", name="uq_favourite_staff_id_client_id"),
    )
    op.create_index("ix_favourite_client_id", "favourite", ["client_id"], unique=False)
    op.create_table(
        "journal_item",
        sa.Column("entry_id", BIGINT, nullable=False),
        sa.Column("step", BIGINT, nullable=False),
        sa.Column("row_id", BIGINT, nullable=False),
        sa.Column("table_name", TEXT, nullable=False),
        sa.Column("op", TEXT, nullable=False),
        sa.Column("subject_id", BIGINT, nullable=False),
        sa.Column("columns", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("before", TEXT, nullable=True),
        sa.Column("after", TEXT, nullable=True),
        sa.CheckConstraint("op IN ('insert', 'update', 'delete')", name=op.f("ck_journal_item_op")),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["journal_entry.id"],
            name="fk_journal_item_entry_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("entry_id", "step", "row_id", name="pk_journal_item"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_journal_item_row_id",
        "journal_item",
        ["row_id"],
        unique=False,
        sqlite_where=sa.text("subject_id <> row_id"),
        postgresql_where=sa.text("subject_id <> row_id"),
    )
    op.create_index("ix_journal_item_subject_id", "journal_item", ["subject_id", "entry_id"], unique=False)
    op.create_table(
        "journal_seal",
        sa.Column("entry_id", BIGINT, nullable=False),
        sa.Column("number", BIGINT, nullable=False),
        sa.Column("payload_key", sa.LargeBinary(), nullable=True),
        sa.Column("payload_hash", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("erased", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["journal_entry.id"],
            name="fk_journal_seal_entry_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("entry_id", name="pk_journal_seal"),
        sa.UniqueConstraint("number", name="uq_journal_seal_number"),
    )
    op.create_table(
        "note",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.Column("author_id", BIGINT, nullable=False),
        sa.Column("level", TEXT, server_default=sa.text("'note'"), nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("pinned", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("expires_at", BIGINT, nullable=True),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("level IN ('note', 'warning')", name=op.f("ck_note_level")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["staff.id"], name="fk_note_author_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name="fk_note_client_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
    )
    op.create_index("ix_note_client_id", "note", ["client_id", "created_at"], unique=False)
    op.create_table(
        "organization_access",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("organization_id", BIGINT, nullable=False),
        sa.Column("department_id", BIGINT, nullable=False),
        sa.Column("allowed", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name="fk_organization_access_department_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name="fk_organization_access_organization_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organization_access"),
        sa.UniqueConstraint(
            "organization_id", "department_id", name="uq_organization_access_organization_id_department_id"
        ),
    )
    op.create_table(
        "organization_manager",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("organization_id", BIGINT, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.Column("may_reply", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
            name="fk_organization_manager_client_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name="fk_organization_manager_organization_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organization_manager"),
        sa.UniqueConstraint(
            "organization_id", "client_id", name="uq_organization_manager_organization_id_client_id"
        ),
    )
    op.create_index("ix_organization_manager_client_id", "organization_manager", ["client_id"], unique=False)
    op.create_table(
        "sla_target",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("client_id", BIGINT, nullable=True),
        sa.Column("organization_id", BIGINT, nullable=True),
        sa.Column("department_id", BIGINT, nullable=True),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("priority", TEXT, nullable=False),
        sa.Column("first_response_minutes", BIGINT, nullable=True),
        sa.Column("resolution_minutes", BIGINT, nullable=True),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("kind IN ('request', 'job')", name=op.f("ck_sla_target_kind")),
        sa.CheckConstraint(
            "priority IN ('low', 'medium', 'high', 'critical')", name=op.f("ck_sla_target_priority")
        ),
        sa.CheckConstraint(
            "(client_id IS NOT NULL AND organization_id IS NULL AND department_id IS NULL) OR (client_id IS NULL AND (organization_id IS NULL OR department_id IS NULL))",
            name=op.f("ck_sla_target_one_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
            name="fk_sla_target_client_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name="fk_sla_target_department_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name="fk_sla_target_organization_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sla_target"),
    )
    op.create_index(
        "uq_sla_target_client",
        "sla_target",
        ["client_id", "kind", "priority"],
        unique=True,
        sqlite_where=sa.text("client_id IS NOT NULL"),
        postgresql_where=sa.text("client_id IS NOT NULL"),
    )
    op.create_index(
        "uq_sla_target_default",
        "sla_target",
        ["kind", "priority"],
        unique=True,
        sqlite_where=sa.text("client_id IS NULL AND organization_id IS NULL AND department_id IS NULL"),
        postgresql_where=sa.text("client_id IS NULL AND organization_id IS NULL AND department_id IS NULL"),
    )
    op.create_index(
        "uq_sla_target_department",
        "sla_target",
        ["department_id", "kind", "priority"],
        unique=True,
        sqlite_where=sa.text("department_id IS NOT NULL"),
        postgresql_where=sa.text("department_id IS NOT NULL"),
    )
    op.create_index(
        "uq_sla_target_organization",
        "sla_target",
        ["organization_id", "kind", "priority"],
        unique=True,
        sqlite_where=sa.text("organization_id IS NOT NULL"),
        postgresql_where=sa.text("organization_id IS NOT NULL"),
    )
    op.create_table(
        "staff_department",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("staff_id", BIGINT, nullable=False),
        sa.Column("department_id", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name="fk_staff_department_department_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name="fk_staff_department_staff_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_staff_department"),
        sa.UniqueConstraint("staff_id", "department_id", name="uq_staff_department_staff_id_department_id"),
    )
    op.create_table(
        "identity",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.Column("contact_id", BIGINT, nullable=True),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("raw", TEXT, nullable=False),
        sa.Column("normalized", TEXT, nullable=False),
        sa.Column("mobile", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("position", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("live", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("verified_at", BIGINT, nullable=True),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("normalized <> ''", name=op.f("ck_identity_normalized")),
        sa.CheckConstraint(
            "type IN ('email', 'phone', 'facebook', 'twitter', 'linkedin', 'chat')",
            name=op.f("ck_identity_type"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name="fk_identity_client_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name="fk_identity_contact_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_identity"),
    )
    op.create_index("ix_identity_client_id", "identity", ["client_id", "position"], unique=False)
    op.create_index(
        "ix_identity_contact_id",
        "identity",
        ["contact_id"],
        unique=False,
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_index("ix_identity_normalized", "identity", ["normalized"], unique=False)
    op.create_index(
        "uq_identity_live",
        "identity",
        ["type", "normalized"],
        unique=True,
        sqlite_where=sa.text("live AND type <> 'phone'"),
        postgresql_where=sa.text("live AND type <> 'phone'"),
    )
    op.create_table(
        "incident",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("number", BIGINT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("client_id", BIGINT, nullable=True),
        sa.Column("contact_id", BIGINT, nullable=True),
        sa.Column("sender_name", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("sender_address", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("kind", TEXT, server_default=sa.text("'request'"), nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("department_id", BIGINT, nullable=False),
        sa.Column("priority", TEXT, server_default=sa.text("'medium'"), nullable=False),
        sa.Column("state", TEXT, server_default=sa.text("'new'"), nullable=False),
        sa.Column("folder", TEXT, server_default=sa.text("'inbox'"), nullable=False),
        sa.Column("folder_before", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("held_reason", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("owner_id", BIGINT, nullable=True),
        sa.Column("reply_address", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("subject", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("first_response_at", BIGINT, nullable=True),
        sa.Column("first_response_due", BIGINT, nullable=True),
        sa.Column("resolution_due", BIGINT, nullable=True),
        sa.Column("due_override", BIGINT, nullable=True),
        sa.Column("due_at", BIGINT, nullable=True),
        sa.Column("first_response_minutes", BIGINT, nullable=True),
        sa.Column("resolution_minutes", BIGINT, nullable=True),
        sa.Column("waiting_since", BIGINT, nullable=True),
        sa.Column("waited_minutes", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("resolved_at", BIGINT, nullable=True),
        sa.Column("closed_at", BIGINT, nullable=True),
        sa.Column("last_message_at", BIGINT, nullable=True),
        sa.Column("merged_into", BIGINT, nullable=True),
        sa.Column("split_from", BIGINT, nullable=True),
        sa.Column("message_count", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'call', 'chat', 'portal', 'facebook', 'twitter', 'linkedin', 'staff')",
            name=op.f("ck_incident_channel"),
        ),
        sa.CheckConstraint(
            "client_id IS NOT NULL OR sender_address <> ''", name=op.f("ck_incident_has_sender")
        ),
        sa.CheckConstraint("folder IN ('inbox', 'spam', 'quarantine')", name=op.f("ck_incident_folder")),
        sa.CheckConstraint("kind IN ('request', 'job')", name=op.f("ck_incident_kind")),
        sa.CheckConstraint(
            "priority IN ('low', 'medium', 'high', 'critical')", name=op.f("ck_incident_priority")
        ),
        sa.CheckConstraint(
            "state IN ('new', 'open', 'awaiting', 'resolved', 'closed', 'cancelled')",
            name=op.f("ck_incident_state"),
        ),
        sa.CheckConstraint("length(hash) >= 16", name=op.f("ck_incident_hash")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name="fk_incident_client_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name="fk_incident_contact_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name="fk_incident_department_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["incident.id"],
            name="fk_incident_merged_into",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["staff.id"], name="fk_incident_owner_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["split_from"],
            ["incident.id"],
            name="fk_incident_split_from",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.UniqueConstraint("hash", name="uq_incident_hash"),
        sa.UniqueConstraint("number", name="uq_incident_number"),
    )
    op.create_index("ix_incident_client_id", "incident", ["client_id", "id"], unique=False)
    op.create_index(
        "ix_incident_contact_id",
        "incident",
        ["contact_id"],
        unique=False,
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_index(
        "ix_incident_due_at",
        "incident",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text(
            "state IN ('new', 'open', 'awaiting') AND folder = 'inbox' AND merged_into IS NULL"
        ),
        postgresql_where=sa.text(
            "state IN ('new', 'open', 'awaiting') AND folder = 'inbox' AND merged_into IS NULL"
        ),
    )
    op.create_index(
        "ix_incident_folder",
        "incident",
        ["folder", "department_id", "owner_id", "id"],
        unique=False,
        sqlite_where=sa.text("folder <> 'inbox'"),
        postgresql_where=sa.text("folder <> 'inbox'"),
    )
    op.create_index(
        "ix_incident_merged_into",
        "incident",
        ["merged_into"],
        unique=False,
        sqlite_where=sa.text("merged_into IS NOT NULL"),
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_index(
        "ix_incident_open",
        "incident",
        ["client_id", "due_at"],
        unique=False,
        sqlite_where=sa.text(
            "state IN ('new', 'open', 'awaiting') AND folder = 'inbox' AND merged_into IS NULL"
        ),
        postgresql_where=sa.text(
            "state IN ('new', 'open', 'awaiting') AND folder = 'inbox' AND merged_into IS NULL"
        ),
    )
    op.create_index(
        "ix_incident_owner_id",
        "incident",
        ["owner_id", "id"],
        unique=False,
        sqlite_where=sa.text("owner_id IS NOT NULL"),
        postgresql_where=sa.text("owner_id IS NOT NULL"),
    )
    op.create_index(
        "ix_incident_queue",
        "incident",
        ["department_id", "owner_id", "id"],
        unique=False,
        sqlite_where=sa.text(
            "state IN ('new', 'open', 'awaiting') AND folder = 'inbox' AND merged_into IS NULL"
        ),
        postgresql_where=sa.text(
            "state IN ('new', 'open', 'awaiting') AND folder = 'inbox' AND merged_into IS NULL"
        ),
    )
    op.create_index(
        "ix_incident_sender_address",
        "incident",
        ["sender_address"],
        unique=False,
        sqlite_where=sa.text("client_id IS NULL"),
        postgresql_where=sa.text("client_id IS NULL"),
    )
    op.create_index(
        "ix_incident_split_from",
        "incident",
        ["split_from"],
        unique=False,
        sqlite_where=sa.text("split_from IS NOT NULL"),
        postgresql_where=sa.text("split_from IS NOT NULL"),
    )
    op.create_table(
        "invoice",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("title", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("amount", BIGINT, nullable=False),
        sa.Column("currency", TEXT, server_default=sa.text("'EUR'"), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", TEXT, server_default=sa.text("'unpaid'"), nullable=False),
        sa.Column("paid_at", BIGINT, nullable=True),
        sa.Column("package_id", BIGINT, nullable=True),
        sa.Column("contact_id", BIGINT, nullable=True),
        sa.Column("seen_at", BIGINT, nullable=True),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("state IN ('unpaid', 'paid', 'void')", name=op.f("ck_invoice_state")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_invoice_amount")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name="fk_invoice_client_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name="fk_invoice_contact_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["package.id"],
            name="fk_invoice_package_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invoice"),
        sa.UniqueConstraint("number", name="uq_invoice_number"),
    )
    op.create_index("ix_invoice_client_id", "invoice", ["client_id", "issued_on"], unique=False)
    op.create_index(
        "ix_invoice_contact_id",
        "invoice",
        ["contact_id"],
        unique=False,
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_table(
        "portal_session",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.Column("contact_id", BIGINT, nullable=True),
        sa.Column("staff_id", BIGINT, nullable=True),
        sa.Column("read_only", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("expires_at", BIGINT, nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
            name="fk_portal_session_client_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name="fk_portal_session_contact_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name="fk_portal_session_staff_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_portal_session"),
        sa.UniqueConstraint("token_hash", name="uq_portal_session_token_hash"),
    )
    op.create_index("ix_portal_session_client_id", "portal_session", ["client_id"], unique=False)
    op.create_index(
        "ix_portal_session_contact_id",
        "portal_session",
        ["contact_id"],
        unique=False,
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_table(
        "approval",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("incident_id", BIGINT, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.Column("asked_by", BIGINT, nullable=False),
        sa.Column("question", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("state", TEXT, server_default=sa.text("'open'"), nullable=False),
        sa.Column("answer", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("answered_at", BIGINT, nullable=True),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'rejected', 'withdrawn')", name=op.f("ck_approval_state")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["staff.id"], name="fk_approval_asked_by", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name="fk_approval_client_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name="fk_approval_incident_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
    )
    op.create_index("ix_approval_client_id", "approval", ["client_id"], unique=False)
    op.create_index("ix_approval_incident_id", "approval", ["incident_id"], unique=False)
    op.create_table(
        "held",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("client_id", BIGINT, nullable=True),
        sa.Column("incident_id", BIGINT, nullable=True),
        sa.Column("raw_mail_id", BIGINT, nullable=True),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("sender", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("subject", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("body", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("released_at", BIGINT, nullable=True),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'call', 'chat', 'portal', 'facebook', 'twitter', 'linkedin', 'staff')",
            name=op.f("ck_held_channel"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name="fk_held_client_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name="fk_held_incident_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["raw_mail_id"],
            ["raw_mail.id"],
            name="fk_held_raw_mail_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_held"),
    )
    op.create_index("ix_held_client_id", "held", ["client_id"], unique=False)
    op.create_index(
        "ix_held_incident_id",
        "held",
        ["incident_id"],
        unique=False,
        sqlite_where=sa.text("incident_id IS NOT NULL"),
        postgresql_where=sa.text("incident_id IS NOT NULL"),
    )
    op.create_index(
        "ix_held_waiting",
        "held",
        ["id"],
        unique=False,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_table(
        "incident_tag",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("incident_id", BIGINT, nullable=False),
        sa.Column("tag_id", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name="fk_incident_tag_incident_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name="fk_incident_tag_tag_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_incident_tag"),
        sa.UniqueConstraint("incident_id", "tag_id", name="uq_incident_tag_incident_id_tag_id"),
    )
    op.create_index("ix_incident_tag_tag_id", "incident_tag", ["tag_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("incident_id", BIGINT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("staff_id", BIGINT, nullable=True),
        sa.Column("client_id", BIGINT, nullable=True),
        sa.Column("contact_id", BIGINT, nullable=True),
        sa.Column("author", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("body", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("mail_id", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("in_reply_to", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("raw_mail_id", BIGINT, nullable=True),
        sa.Column("retracts", BIGINT, nullable=True),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'call', 'chat', 'portal', 'facebook', 'twitter', 'linkedin', 'staff')",
            name=op.f("ck_message_channel"),
        ),
        sa.CheckConstraint("kind IN ('client', 'staff', 'note', 'event')", name=op.f("ck_message_kind")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name="fk_message_client_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name="fk_message_contact_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name="fk_message_incident_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["raw_mail_id"],
            ["raw_mail.id"],
            name="fk_message_raw_mail_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["retracts"], ["message.id"], name="fk_message_retracts", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_message_staff_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )
    op.create_index(
        "ix_message_client_id",
        "message",
        ["client_id"],
        unique=False,
        sqlite_where=sa.text("client_id IS NOT NULL"),
        postgresql_where=sa.text("client_id IS NOT NULL"),
    )
    op.create_index(
        "ix_message_contact_id",
        "message",
        ["contact_id"],
        unique=False,
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_index("ix_message_incident_id", "message", ["incident_id", "id"], unique=False)
    op.create_index(
        "ix_message_mail_id",
        "message",
        ["mail_id"],
        unique=False,
        sqlite_where=sa.text("mail_id <> ''"),
        postgresql_where=sa.text("mail_id <> ''"),
    )
    op.create_index(
        "ix_message_retracts",
        "message",
        ["retracts"],
        unique=False,
        sqlite_where=sa.text("retracts IS NOT NULL"),
        postgresql_where=sa.text("retracts IS NOT NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("client_id", BIGINT, nullable=True),
        sa.Column("incident_id", BIGINT, nullable=True),
        sa.Column("template", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("subject", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("body", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("mail_id", TEXT, nullable=False),
        sa.Column("state", TEXT, server_default=sa.text("'queued'"), nullable=False),
        sa.Column("attempts", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("next_at", BIGINT, nullable=True),
        sa.Column("sent_at", BIGINT, nullable=True),
        sa.Column("last_error", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.Column("updated_at", BIGINT, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'failed', 'cancelled')", name=op.f("ck_outbox_state")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name="fk_outbox_client_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name="fk_outbox_incident_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("mail_id", name="uq_outbox_mail_id"),
    )
    op.create_index("ix_outbox_client_id", "outbox", ["client_id"], unique=False)
    op.create_index(
        "ix_outbox_incident_id",
        "outbox",
        ["incident_id"],
        unique=False,
        sqlite_where=sa.text("incident_id IS NOT NULL"),
        postgresql_where=sa.text("incident_id IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_queued",
        "outbox",
        ["next_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "sla_step",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("incident_id", BIGINT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("detail", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("at", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name="fk_sla_step_incident_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sla_step"),
    )
    op.create_index("ix_sla_step_incident_id", "sla_step", ["incident_id", "at"], unique=False)
    op.create_table(
        "time_entry",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("incident_id", BIGINT, nullable=False),
        sa.Column("staff_id", BIGINT, nullable=False),
        sa.Column("minutes", BIGINT, nullable=False),
        sa.Column("billable", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("note", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("reverses", BIGINT, nullable=True),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name="fk_time_entry_incident_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["reverses"],
            ["time_entry.id"],
            name="fk_time_entry_reverses",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_time_entry_staff_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_time_entry"),
    )
    op.create_index("ix_time_entry_incident_id", "time_entry", ["incident_id"], unique=False)
    op.create_index("ix_time_entry_staff_id", "time_entry", ["staff_id", "created_at"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("incident_id", BIGINT, nullable=False),
        sa.Column("message_id", BIGINT, nullable=False),
        sa.Column("name", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("media_type", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("size", BIGINT, server_default=sa.text("0"), nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name="fk_attachment_incident_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name="fk_attachment_message_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_incident_id", "attachment", ["incident_id"], unique=False)
    op.create_index("ix_attachment_message_id", "attachment", ["message_id"], unique=False)
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"], unique=False)
    op.create_table(
        "credit_entry",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("lot_id", BIGINT, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("amount", BIGINT, nullable=False),
        sa.Column("incident_id", BIGINT, nullable=True),
        sa.Column("time_entry_id", BIGINT, nullable=True),
        sa.Column("reverses", BIGINT, nullable=True),
        sa.Column("staff_id", BIGINT, nullable=True),
        sa.Column("reason", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.CheckConstraint("unit IN ('minutes', 'incidents')", name=op.f("ck_credit_entry_unit")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_credit_entry_amount")),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
            name="fk_credit_entry_client_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name="fk_credit_entry_incident_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["credit_lot.id"],
            name="fk_credit_entry_lot_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["reverses"],
            ["credit_entry.id"],
            name="fk_credit_entry_reverses",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_credit_entry_staff_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["time_entry_id"],
            ["time_entry.id"],
            name="fk_credit_entry_time_entry_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_credit_entry"),
        sa.UniqueConstraint("reverses", name="uq_credit_entry_reverses"),
    )
    op.create_index("ix_credit_entry_client_id", "credit_entry", ["client_id", "id"], unique=False)
    op.create_index(
        "ix_credit_entry_incident_id",
        "credit_entry",
        ["incident_id"],
        unique=False,
        sqlite_where=sa.text("incident_id IS NOT NULL"),
        postgresql_where=sa.text("incident_id IS NOT NULL"),
    )
    op.create_index("ix_credit_entry_lot_id", "credit_entry", ["lot_id"], unique=False)
    op.create_table(
        "portal_token",
        sa.Column("id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.Column("contact_id", BIGINT, nullable=True),
        sa.Column("approval_id", BIGINT, nullable=True),
        sa.Column("purpose", TEXT, nullable=False),
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("expires_at", BIGINT, nullable=False),
        sa.Column("used_at", BIGINT, nullable=True),
        sa.Column("created_at", BIGINT, nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"],
            ["approval.id"],
            name="fk_portal_token_approval_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
            name="fk_portal_token_client_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name="fk_portal_token_contact_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_portal_token"),
        sa.UniqueConstraint("token_hash", name="uq_portal_token_token_hash"),
    )
    op.create_index("ix_portal_token_client_id", "portal_token", ["client_id"], unique=False)
    op.create_index(
        "ix_portal_token_contact_id",
        "portal_token",
        ["contact_id"],
        unique=False,
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
