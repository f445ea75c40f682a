"""Organizations out of the lists and back: archived, or deleted. Their rows stay, so both can be taken back."""

from collections.abc import Sequence

from sqlalchemy import and_

from console.data.change import Change
from console.data.models.organizations import organization


async def put_away(change: Change, ids: Sequence[int]) -> int:
    """Take organizations out of the lists; their members, rights and mail domains stay as they are."""
    mine = and_(organization.c.id.in_(ids), organization.c.archived_at.is_(None))
    return await change.update_where(organization, mine, {"archived_at": change.at})


async def bring_back(change: Change, ids: Sequence[int]) -> int:
    """Bring archived organizations back into the lists."""
    return await change.update_where(organization, organization.c.id.in_(ids), {"archived_at": None})


async def delete(change: Change, ids: Sequence[int]) -> int:
    """Delete organizations that have no members; their mail domains mean nothing, and others may take them."""
    mine = and_(organization.c.id.in_(ids), organization.c.deleted_at.is_(None))
    return await change.update_where(organization, mine, {"deleted_at": change.at})


async def restore(change: Change, ids: Sequence[int]) -> int:
    """Bring deleted organizations back, with the mail domains that nobody has taken meanwhile."""
    return await change.update_where(organization, organization.c.id.in_(ids), {"deleted_at": None})
