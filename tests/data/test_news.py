"""The feed of favourites: what others changed since one last looked."""

from datetime import timedelta

from console.commands import by_id
from console.data import news
from console.data.desk import Desk
from console.data.paging import At
from console.data.records import Actor, NewsLine
from tests.conftest import FrozenClock
from tests.data.rows import add_client, add_department, add_incident, edit_client


async def feed(desk: Desk, who: Actor, limit: int = 100, at: At | None = None) -> list[NewsLine]:
    async with desk.read() as connection:
        since = await news.since(connection, who.staff_id, desk.now())
        return list((await news.page(connection, who.staff_id, since, at=at or At(), limit=limit)).rows)


async def counted(desk: Desk, who: Actor) -> int:
    async with desk.read() as connection:
        since = await news.since(connection, who.staff_id, desk.now())
        return await news.count(connection, who.staff_id, since)


async def favourite(desk: Desk, who: Actor, *ids: int) -> None:
    run = by_id("client.favourite").run
    assert run is not None
    await run(desk, who, ids, {})


async def test_what_others_changed_on_my_favourites_is_listed_newest_first(
    desk: Desk, admin: Actor, agent: Actor, clock: FrozenClock
) -> None:
    anna, bob = await add_client(desk, admin, "Anna"), await add_client(desk, admin, "Bob")
    await news.looked(desk, agent, clock.advance(minutes=1))
    await favourite(desk, agent, anna)
    clock.advance(minutes=1)
    await edit_client(desk, admin, anna, language="pl")
    await edit_client(desk, admin, bob, language="pl")
    await edit_client(desk, agent, anna, language="en")
    clock.advance(minutes=1)
    async with desk.change(admin, "incident.create", client_id=anna) as change:
        await add_incident(change, anna, await add_department(change), 1)
    found = await feed(desk, agent)
    assert [(one.line.action, one.client, one.client_id) for one in found] == [
        ("incident.create", "Anna", anna),
        ("client.edit", "Anna", anna),
    ]
    assert [one.line.actor for one in found] == [admin.name, admin.name]
    assert await counted(desk, agent) == 2
    assert await feed(desk, admin) == []


async def test_what_was_seen_is_news_no_more(
    desk: Desk, admin: Actor, agent: Actor, clock: FrozenClock
) -> None:
    anna = await add_client(desk, admin, "Anna")
    await favourite(desk, agent, anna)
    clock.advance(minutes=1)
    await edit_client(desk, admin, anna, language="pl")
    assert await counted(desk, agent) == 2, "whoever never looked sees a week"
    await news.looked(desk, agent, desk.now())
    assert await counted(desk, agent) == 0
    clock.advance(minutes=1)
    await edit_client(desk, admin, anna, language="de")
    assert await counted(desk, agent) == 1
    await news.looked(desk, agent, clock.advance(minutes=1))
    assert await counted(desk, agent) == 0
    assert await counted(desk, admin) == 0


async def test_a_change_of_many_stands_once_and_by_keyset(
    desk: Desk, admin: Actor, agent: Actor, clock: FrozenClock
) -> None:
    made = [await add_client(desk, admin, f"Client {number}") for number in range(3)]
    await favourite(desk, agent, *made)
    await news.looked(desk, agent, clock.advance(minutes=1))
    clock.advance(minutes=1)
    run = by_id("client.archive").run
    assert run is not None
    await run(desk, admin, made, {})
    for language in ("pl", "en", "de"):
        await edit_client(desk, admin, made[0], language=language)
    assert len(await feed(desk, agent)) == 4
    first = await feed(desk, agent, limit=3)
    rest = await feed(desk, agent, limit=3, at=At(after=first[-1].anchor))
    assert [one.line.action for one in rest] == ["client.archive"]
    assert rest[0].client_id in made


async def test_who_never_looked_sees_a_week(
    desk: Desk, admin: Actor, agent: Actor, clock: FrozenClock
) -> None:
    anna = await add_client(desk, admin, "Anna")
    await favourite(desk, agent, anna)
    await edit_client(desk, admin, anna, language="pl")
    clock.advance(days=8)
    assert await feed(desk, agent) == []
    async with desk.read() as connection:
        since = await news.since(connection, agent.staff_id, desk.now())
    assert desk.now() - since == timedelta(days=7)
