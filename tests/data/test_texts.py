"""The words of notes, subjects and messages: found by their beginnings, in step with the rows they come from."""

from collections.abc import Sequence

from console.data import derived, notes, texts
from console.data.desk import Desk
from console.data.models.clients import client
from console.data.models.notes import note
from console.data.records import Actor
from console.data.undo import undo_last

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
