"""Tags on clients: made as they are first used."""

from collections.abc import Sequence

from sqlalchemy import and_, select

from console.data.change import Change
from console.data.drafts import CLIENT_RULES
from console.data.errors import NotFound
from console.data.models.clients import client_tag, tag


async def add(change: Change, ids: Sequence[int], names: Sequence[str]) -> int:
    """Tag clients; returns how many tags were put on. Invalid where a tag is too long."""
    count = 0
    for name in CLIENT_RULES["tags"](names):
        known = (await change.connection.execute(select(tag.c.id).where(tag.c.name == name))).scalar()
        tag_id = known or await change.insert(tag, name=name)
        mine = and_(client_tag.c.client_id.in_(ids), client_tag.c.tag_id == tag_id)
        tagged = set((await change.connection.execute(select(client_tag.c.client_id).where(mine))).scalars())
        rows = [{"client_id": one, "tag_id": tag_id} for one in ids if one not in tagged]
        count += len(await change.insert_many(client_tag, rows))
    return count


async def remove(change: Change, ids: Sequence[int], names: Sequence[str]) -> int:
    """Take tags off clients; returns how many were taken off. NotFound where nobody has such a tag."""
    wanted = list(CLIENT_RULES["tags"](names))
    query = select(tag.c.id, tag.c.name).where(tag.c.name.in_(wanted))
    known = {name: tag_id for tag_id, name in await change.connection.execute(query)}
    if unknown := [name for name in wanted if name not in known]:
        raise NotFound(
            f"There is no tag {unknown[0]!r}. The tags of a client stand at the left of their screen."
        )
    mine = and_(client_tag.c.client_id.in_(ids), client_tag.c.tag_id.in_(known.values()))
    return await change.delete_where(client_tag, mine)
