"""Incidents by what is typed: numbers, hashes, subjects, messages, clients, senders; ranked and bounded."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import incident_search, incidents, texts
from console.data.desk import Desk
from console.data.incidents import IncidentQuery
from console.data.models.clients import identity
from console.data.models.incidents import incident
from console.data.paging import At
from console.data.records import Actor, Sort
from console.data.undo import undo_last
from tests.data.planted import delete
from tests.data.rows import add_client, add_department, add_incident, add_message

HASH = "c0ffee00" * 3


async def _found(desk: Desk, text: str, **query: object) -> list[int]:
    """The numbers of what is found, in order."""
    async with desk.read() as connection:
        page = await incidents.page(connection, IncidentQuery(text=text, **query), desk.now())  # type: ignore[arg-type]
    return [row.number for row in page.rows]


@pytest.fixture
async def anna(desk: Desk, admin: Actor) -> int:
    """Anna Kowalska, with four incidents: 1 to 4."""
    anna = await add_client(desk, admin, "Anna Kowalska")
    async with desk.change(admin, "test") as change:
        await change.insert(
            identity, client_id=anna, type="email", raw="anna@acme.example", normalized="anna@acme.example"
        )
        place = await add_department(change)
        one = await add_incident(change, anna, place, 1, subject="Printer is on fire")
        two = await add_incident(change, anna, place, 2, subject="A question", hash=HASH)
        three = await add_incident(change, anna, place, 3, subject="Printers again")
        await add_incident(change, anna, place, 4, subject="Łódź branch")
        await add_message(change, one, "It burns.")
        await add_message(change, two, "Where is the printer cable? 4")
        await add_message(change, three, "no words of use")
    return anna


@pytest.mark.parametrize(
    "typed", ["INC-000002", "inc-2", "2", "#2", "0002", HASH, HASH[:8], HASH[:11].upper()]
)
async def test_a_number_or_a_hash_is_found(desk: Desk, anna: int, typed: str) -> None:
    assert await _found(desk, typed) == [2]


async def test_seven_characters_of_a_hash_are_not_enough(desk: Desk, anna: int) -> None:
    assert await _found(desk, HASH[:7]) == []


async def test_the_number_comes_first_then_subjects_then_messages_newest_first(desk: Desk, anna: int) -> None:
    assert await _found(desk, "printer") == [3, 1, 2]
    assert await _found(desk, "4") == [4, 2]


@pytest.mark.parametrize("typed", ["lodz", "Łódź", "łod", "LODZ BR"])
async def test_subjects_are_found_without_their_diacritics(desk: Desk, anna: int, typed: str) -> None:
    assert await _found(desk, typed) == [4]


@pytest.mark.parametrize("typed", ["kowal", "anna kow", "anna@acme", "acme.example"])
async def test_a_clients_words_find_their_incidents(desk: Desk, anna: int, typed: str) -> None:
    assert await _found(desk, typed) == [4, 3, 2, 1]


async def test_some_words_may_be_the_clients_and_others_the_incidents(desk: Desk, anna: int) -> None:
    assert await _found(desk, "kowalska burns") == [1]
    assert await _found(desk, "fire kowalska") == [1]
    assert await _found(desk, "kowalska zebra") == []


async def test_a_senders_address_is_found(desk: Desk, admin: Actor) -> None:
    async with desk.change(admin, "test") as change:
        place = await add_department(change)
        await change.insert(
            incident,
            number=7,
            hash="7" * 20,
            department_id=place,
            channel="email",
            sender_address="someone@else.example",
        )
    assert await _found(desk, "someone@el") == [7]
    assert await _found(desk, "Someone@else.example") == [7]


async def test_what_was_merged_away_leads_to_what_it_was_merged_into(
    desk: Desk, anna: int, admin: Actor
) -> None:
    async with desk.change(admin, "test") as change:
        ids = await _ids(change.connection)
        await change.update(incident, ids[1], merged_into=ids[3])
        await change.update(incident, ids[3], merged_into=ids[4])
    assert await _found(desk, "INC-000001") == [4]
    assert await _found(desk, "fire") == [4]
    assert await _found(desk, "burns") == [4]
    assert await _found(desk, "printer") == [4, 2]


async def _ids(connection: AsyncConnection) -> dict[int, int]:
    """The ids of incidents by their numbers."""
    return {number: one for one, number in await connection.execute(select(incident.c.id, incident.c.number))}


async def test_retracted_messages_are_not_found_until_they_are_restored(
    desk: Desk, anna: int, admin: Actor
) -> None:
    async with desk.change(admin, "message.add") as change:
        ids = await _ids(change.connection)
        await add_message(change, ids[2], "xylophone")
    assert await _found(desk, "xylo") == [2]
    await undo_last(desk, admin)
    assert await _found(desk, "xylo") == []
    async with desk.read() as connection:
        assert await texts.differences(connection) == []


async def test_events_are_not_found(desk: Desk, anna: int, admin: Actor) -> None:
    async with desk.change(admin, "test") as change:
        ids = await _ids(change.connection)
        await add_message(change, ids[2], "reopened quuxwise", kind="event")
        await add_message(change, ids[3], "a private quuxnote", kind="note")
    assert await _found(desk, "quux") == [3]


async def test_what_is_deleted_with_the_client_is_out_of_sight_and_comes_back(
    desk: Desk, anna: int, admin: Actor
) -> None:
    await delete(desk, admin, anna)
    for typed in ("printer", "2", HASH, "kowalska", "burns"):
        assert await _found(desk, typed) == [], typed
    await undo_last(desk, admin)
    assert await _found(desk, "printer") == [3, 1, 2]


async def test_a_search_stays_within_the_view_and_the_client(desk: Desk, anna: int, admin: Actor) -> None:
    bob = await add_client(desk, admin, "Bob")
    async with desk.change(admin, "test") as change:
        place = await add_department(change, "Second")
        later = desk.now() - timedelta(hours=1)
        await add_incident(change, bob, place, 5, subject="Printer", owner_id=admin.staff_id, due_at=later)
        await add_incident(change, bob, place, 6, subject="Printer", folder="spam")
        await add_incident(change, bob, place, 8, subject="Printer", state="closed")
    assert await _found(desk, "printer") == [8, 6, 5, 3, 1, 2]
    assert await _found(desk, "printer", client_id=bob) == [8, 6, 5]
    assert await _found(desk, "printer", client_id=anna) == [3, 1, 2]
    assert await _found(desk, "printer", view="open") == [5, 3, 1, 2]
    assert await _found(desk, "printer", view="mine", staff_id=admin.staff_id) == [5]
    assert await _found(desk, "printer", view="unassigned") == [3, 1, 2]
    assert await _found(desk, "printer", view="overdue") == [5]
    assert await _found(desk, "printer", view="spam") == [6]
    assert await _found(desk, "6", view="open") == []


async def test_pages_of_what_is_found_join(desk: Desk, admin: Actor) -> None:
    anna = await add_client(desk, admin)
    async with desk.change(admin, "test") as change:
        place = await add_department(change)
        for number in range(1, 12):
            one = await add_incident(change, anna, place, number, subject="lamp" if number % 2 else "")
            await add_message(change, one, "lamp")
    whole = [*range(11, 0, -2), *range(10, 0, -2)]
    assert await _found(desk, "lamp") == whole
    query, now = IncidentQuery(text="lamp"), desk.now()
    async with desk.read() as connection:
        first = await incidents.page(connection, query, now, limit=4)
        second = await incidents.page(connection, query, now, at=At(after=first.rows[-1].anchor), limit=4)
        back = await incidents.page(connection, query, now, at=At(before=second.rows[0].anchor), limit=4)
        last = await incidents.page(connection, query, now, at=At(last=True), limit=4)
        again = await incidents.page(connection, query, now, at=At(start=second.rows[0].anchor), limit=4)
        oldest = await incidents.page(connection, IncidentQuery(text="lamp", sort=Sort("number")), now)
    pages = [[row.number for row in page.rows] for page in (first, second, last)]
    assert pages == [whole[:4], whole[4:8], whole[-4:]]
    assert back.rows == first.rows
    assert again.rows == second.rows
    assert (first.has_before, first.has_after, last.has_before, last.has_after) == (False, True, True, False)
    assert [row.number for row in oldest.rows] == list(range(1, 12))


async def test_common_words_are_found_newest_first_across_pieces(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers far apart, more hits than are looked up at once, more matches than are shown."""
    monkeypatch.setattr(incident_search, "_HITS", 7)
    monkeypatch.setattr(incident_search, "FOUND", 25)
    anna = await add_client(desk, admin)
    numbers = [piece * texts.PIECE + one for piece in (0, 1, 2, 3, 9, 500_000_000) for one in range(1, 9)]
    async with desk.change(admin, "test") as change:
        place = await add_department(change)
        for number in numbers:
            one = await add_incident(change, anna, place, number, subject="common" if number % 2 else "rare")
            await add_message(change, one, "common thing")
    found = await _found(desk, "comm")
    odd = sorted((one for one in numbers if one % 2), reverse=True)
    assert found[: len(odd)] == odd
    assert found == [*odd, max(one for one in numbers if one % 2 == 0)]
    assert await _found(desk, f"{numbers[-1]}") == [numbers[-1]]


HOSTILE = [
    "",
    " ",
    "\x00",
    "a\x00b@c",
    "pr\x00inter",
    "\ud800",
    '"',
    '"printer',
    "printer*",
    "printer AND NOT fire",
    "NEAR(printer fire, 2)",
    "words:printer",
    "-printer",
    "^printer",
    "(printer",
    "printer)",
    "printer & !fire | x:*",
    "' OR 1=1 --",
    "%",
    "_",
    "\\",
    "x" * 10_000,
    "printer " * 1_500,
    "INC-" + "9" * 40,
    "9" * 18,
    "9223372036854775808",
    "🎉 printer",
    "\u202eprinter",
    "{}[]<>!:*&|",
]


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda text: ascii(text)[:24])
async def test_hostile_text_is_text(desk: Desk, anna: int, typed: str) -> None:
    found = await _found(desk, typed)
    assert set(found) <= {1, 2, 3, 4}
    async with desk.read() as connection:
        assert await texts.note_clients(connection, typed, 10) == []


@pytest.mark.parametrize(
    "typed", ["printer*", '"printer', "-printer", "(printer", "words:printer", "printer & :*"]
)
async def test_syntax_of_the_engines_means_nothing(desk: Desk, anna: int, typed: str) -> None:
    words = "words printer" if "words" in typed else "printer"
    assert await _found(desk, typed) == await _found(desk, words)


async def test_of_several_words_each_counts_however_common_they_are(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incident_search, "_HITS", 5)
    anna = await add_client(desk, admin)
    async with desk.change(admin, "test") as change:
        place = await add_department(change)
        for number in range(1, 31):
            words = ["common", *(["third"] if number % 3 == 0 else []), *(["seldom"] if number == 7 else [])]
            one = await add_incident(change, anna, place, number, subject="")
            await add_message(change, one, " ".join(words))
    assert await _found(desk, "common th") == list(range(30, 0, -3))
    assert await _found(desk, "comm seldom") == [7]
    assert await _found(desk, "comm seldom third") == []
