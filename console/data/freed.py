"""Identities that a deletion has freed: somebody else may have them now, and a restore gives back those nobody has."""

from sqlalchemy import ColumnElement, FromClause, and_, exists, or_

from console.data.models.clients import client, identity
from console.data.models.contacts import contact


def freed(table: FromClause = identity) -> ColumnElement[bool]:
    """Identities (or rows of an alias of theirs) that were live until their client was deleted.

    An identity that was taken off a client before that has an earlier time; nothing else changes those of a
    deleted client. Those of a contact who was taken away are nobody's.
    """
    gone = client.alias()
    whose = exists().where(gone.c.id == table.c.client_id, gone.c.deleted_at <= table.c.updated_at)
    removed = contact.alias()
    nobodys = exists().where(removed.c.id == table.c.contact_id, removed.c.deleted_at.is_not(None))
    return and_(~table.c.live, whose.correlate(table), ~nobodys.correlate(table))


def theirs() -> ColumnElement[bool]:
    """Identities that a client is known by: the live ones, or, of a deleted client, those that were."""
    return or_(identity.c.live, freed())
