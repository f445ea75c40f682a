"""A merge says before it is done whose one-time links it ends."""

from datetime import timedelta

from sqlalchemy import insert, select, update

from console.data.desk import Desk
from console.data.merging.preview import preview
from console.data.models.mail import portal_token
from console.data.records import Actor
from console.data.records.merging import Choices
from tests.data.merging.full import merged, people


async def warnings(desk: Desk, one: int, two: int) -> str:
    async with desk.read() as connection:
        return " ".join((await preview(connection, Choices(one, (two,)))).warnings)


async def link(desk: Desk, owner: int, code: str) -> None:
    new_id, now = await desk.new_id(), desk.now()
    async with desk.quiet() as connection:
        await connection.execute(
            insert(portal_token).values(
                id=new_id,
                client_id=owner,
                purpose="invitation",
                token_hash=code,
                expires_at=now + timedelta(days=1),
                created_at=now,
            )
        )


async def test_unused_links_of_the_absorbed_are_said_to_end(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    assert "One-time links" not in await warnings(desk, one, two)
    await link(desk, one, "the survivor's")
    assert "One-time links" not in await warnings(desk, one, two)
    await link(desk, two, "theirs")
    assert "open nothing any more, also not once the merge is undone." in await warnings(desk, one, two)
    async with desk.quiet() as connection:
        await connection.execute(update(portal_token).values(used_at=desk.now()))
    assert "One-time links" not in await warnings(desk, one, two)


async def test_they_end_as_it_was_said(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    for owner, code in ((one, "the survivor's"), (two, "theirs")):
        await link(desk, owner, code)
    await merged(desk, admin, one, two)
    async with desk.read() as connection:
        left = (await connection.execute(select(portal_token.c.token_hash))).scalars().all()
    assert left == ["the survivor's"]
