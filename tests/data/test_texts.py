"""The words of notes, subjects and messages: found by their beginnings, in step with the rows they come from."""

from collections.abc import Sequence

import pytest
from sqlalchemy import delete as sql_delete
from sqlalchemy import event, text, update

from console.data import derived, filling, notes, purge, texts
from console.data.desk import Desk, migrate
from console.data.errors import DatabaseOlder
from console.data.models.clients import client
from console.data.models.incidents import message
from console.data.models.notes import note
from console.data.records import Actor
from console.data.text_index import NAMES
from console.data.undo import undo_last
from tests.conftest import FrozenClock
from tests.data.planted import MARKER, delete, plant
from tests.data.rows import add_department, add_incident, add_message

LIMIT = 50


async def _client(desk: Desk, actor: Actor, name: str = "Anna Nowak") -> int:
    async with desk.change(actor, "client.create") as change:
        return await change.insert(client, name=name)


async def _note(desk: Desk, actor: Actor, ids: Sequence[int], body: str) -> list[int]:
    async with desk.change(actor, "note.add") as change:
        return await notes.add(change, ids, body)


async def _found(desk: Desk, word: str, limit: int = LIMIT) -> list[int]:
    async with desk.read() as connection:
        return await texts.note_clients(connection, word, limit)


async def test_a_note_is_found_by_the_beginning_of_a_word(desk: Desk, admin: Actor) -> None:
    one = await _client(desk, admin)
    await _note(desk, admin, [one], "Pays by card; wants a Printer.")
    for word in ("p", "pr", "printe", "PRINTER", "card"):
        assert await _found(desk, word) == [one], word
    assert await _found(desk, "rinter") == []


async def test_diacritics_are_folded_on_both_sides(desk: Desk, admin: Actor) -> None:
    one = await _client(desk, admin)
    await _note(desk, admin, [one], "Zażółć gęślą jaźń, Łódź, Straße")
    for word in ("lodz", "Łódź", "łod", "zazolc", "gęś", "strasse"):
        assert await _found(desk, word) == [one], word


async def test_undo_takes_words_out_and_brings_them_back(desk: Desk, admin: Actor) -> None:
    one = await _client(desk, admin)
    (first,) = await _note(desk, admin, [one], "gadget")
    await undo_last(desk, admin)
    assert await _found(desk, "gadget") == []
    (second,) = await _note(desk, admin, [one], "widget")
    async with desk.change(admin, "note.edit") as change:
        await change.update(note, second, text="sprocket")
    assert (await _found(desk, "widget"), await _found(desk, "sprocket")) == ([], [one])
    await undo_last(desk, admin)
    assert (await _found(desk, "widget"), await _found(desk, "sprocket")) == ([one], [])
    async with desk.change(admin, "note.delete") as change:
        await change.delete(note, second)
    assert await _found(desk, "widget") == []
    await undo_last(desk, admin)
    assert await _found(desk, "widget") == [one]
    assert first != second
    assert await _differences(desk) == []


async def _differences(desk: Desk) -> list[str]:
    async with desk.read() as connection:
        return await derived.differences(connection)


async def test_words_of_notes_of_the_deleted_are_out_of_sight(desk: Desk, admin: Actor) -> None:
    one = await _client(desk, admin)
    await _note(desk, admin, [one], "gadget")
    await delete(desk, admin, one)
    assert await _found(desk, "gadget") == []
    await undo_last(desk, admin)
    assert await _found(desk, "gadget") == [one]


async def test_no_more_clients_are_found_than_asked_for(desk: Desk, admin: Actor) -> None:
    ids = [await _client(desk, admin, f"Client {number}") for number in range(8)]
    await _note(desk, admin, ids, "gadget")
    assert await _found(desk, "gad") == sorted(ids)
    some = await _found(desk, "gad", 3)
    assert len(some) == 3
    assert set(some) <= set(ids)


async def test_a_note_of_a_million_different_words_is_kept_and_found_by_its_first(
    desk: Desk, admin: Actor
) -> None:
    one = await _client(desk, admin)
    body = " ".join(f"word{number:06d}" for number in range(90_000))
    (made,) = await _note(desk, admin, [one], body)
    assert await _found(desk, "word000000") == [one]
    assert await _found(desk, f"word{texts.MAX_WORDS:06d}") == []
    async with desk.change(admin, "note.delete") as change:
        await change.delete(note, made)
    assert await _differences(desk) == []


async def test_a_recount_makes_the_words_of_a_bulk_load_and_mends_what_is_wrong(
    desk: Desk, admin: Actor
) -> None:
    one = await _client(desk, admin)
    async with desk.change(admin, "demo.make", bulk=True) as change:
        await notes.add(change, [one], "gadget")
        place = await add_department(change)
        made = await add_incident(change, one, place, 1, subject="sprocket")
        await add_message(change, made, "flange")
    async with desk.quiet() as connection:
        assert len(await texts.differences(connection)) == 3
        assert await derived.recount(connection) == 5  # two counters among them
        assert await derived.recount(connection) == 0
    assert await _found(desk, "gadget") == [one]
    async with desk.quiet() as connection:  # behind the back of the index
        await connection.execute(update(message).values(body="washer"))
        await connection.execute(sql_delete(note))
    assert await _differences(desk) == [
        "note: the words of 1 text that is gone are still found",
        "message: the words of 1 text are out of date",
    ]
    async with desk.quiet() as connection:
        assert await derived.recount(connection) == 2
    assert await _differences(desk) == []
    assert await _found(desk, "gadget") == []


async def test_an_edit_of_a_client_leaves_the_index_alone(desk: Desk, admin: Actor) -> None:
    one = await _client(desk, admin)
    await _note(desk, admin, [one], "gadget")
    seen: list[str] = []
    event.listen(
        desk.engine.sync_engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: seen.append(statement),
    )
    async with desk.change(admin, "client.edit") as change:
        await change.update(client, one, name="Another", status="approved")
    assert seen
    assert not [one for one in seen if "_words" in one or "note" in one]


async def test_a_purged_persons_words_are_no_longer_in_the_index(
    desk: Desk, admin: Actor, clock: FrozenClock
) -> None:
    made = await plant(desk, admin)
    assert [name for name in NAMES if MARKER in await _vocabulary(desk, name)] == list(NAMES)
    kept = await _client(desk, admin, "Somebody else")
    await _note(desk, admin, [kept], "gadget")
    clock.advance(hours=1)
    await delete(desk, admin, made.client)
    await purge.purge(desk, admin, made.client)
    for name in NAMES:
        assert MARKER not in await _vocabulary(desk, name), name
    assert await _found(desk, "gadget") == [kept]
    assert await _differences(desk) == []


async def _vocabulary(desk: Desk, name: str) -> str:
    """All that the index holds of words, as one text; on SQLite the bytes of its own tables, too."""
    async with desk.quiet() as connection:
        if desk.dialect.name == "postgresql":
            return " ".join((await connection.execute(text(f"SELECT words::text FROM {name}"))).scalars())
        await connection.execute(
            text(f"CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, {name}, row)")
        )
        words = (await connection.execute(text("SELECT term FROM vocabulary"))).scalars().all()
        await connection.execute(text("DROP TABLE vocabulary"))
        blocks = (await connection.execute(text(f"SELECT block FROM {name}_data"))).scalars()
        return " ".join([*words, *(block.decode("latin-1") for block in blocks)])


async def test_an_older_database_is_filled_by_its_migration(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In steps, which may be stopped between two: until all is done, nobody opens it."""
    one = await _client(desk, admin)
    async with desk.change(admin, "test") as change:
        place = await add_department(change)
        for number in range(1, 6):
            made = await add_incident(change, one, place, number, subject=f"sprocket {number}")
            await add_message(change, made, f"flange {number}")
    await _note(desk, admin, [one], "gadget")
    async with desk.quiet() as connection:
        for name in NAMES:
            await texts.index_of(connection).clear(connection, name)
        await connection.execute(
            text("INSERT INTO about (name, value) VALUES ('texts_to_fill', 'client -1')")
        )
    database = desk.location.url.render_as_string(hide_password=False)
    with pytest.raises(DatabaseOlder, match="To go on, run: helpdesk migrate"):
        await Desk.open(database)
    monkeypatch.setattr(filling, "STEP", 2)
    told: list[tuple[str, int, int]] = []

    def stop(name: str, done: int, total: int) -> None:
        told.append((name, done, total))
        if told[-1] == ("incident", 2, 5):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await migrate(database, stop)
    with pytest.raises(DatabaseOlder):
        await Desk.open(database)
    await migrate(database, lambda *one: told.append(one))
    assert told[:2] == [("client", 1, 1), ("note", 1, 1)]
    assert ("message", 5, 5) in told
    assert told[-1] == ("client", 0, 1)  # what duplicates are found by was there already
    async with await Desk.open(database) as again:
        assert await _differences(again) == []
    assert await _found(desk, "gadget") == [one]
