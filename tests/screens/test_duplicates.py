"""The queue of clients who may be one, and where else they are suggested: worked by keys, as staff do."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from console.data.duplicates import feed, state
from console.data.models.clients import client, identity
from console.data.models.duplicates import duplicate_decision
from console.data.models.incidents import incident
from console.screens import desk_app, duplicates
from console.screens.duplicates import DuplicatesScreen
from console.screens.known import Known
from console.widgets.compare import Compare
from console.widgets.mask import MASK
from console.widgets.suggested import Suggested
from tests.hostile.payloads import PAYLOADS
from tests.screens.driving import (
    Console,
    field,
    fill,
    lines,
    listing,
    open_console,
    place,
    press,
    said,
    screen,
    text,
    until,
)
from tests.screens.making import House, house

POLISH = {"city": "Warszawa", "country": "PL"}


async def pair_of(home: House, first: str, second: str, number: int) -> tuple[int, int]:
    """Two clients who are one: the same mobile, names alike."""
    made = [
        await home.client(
            name,
            email=(f"{mail}.{number}@acme{number}.example",),
            mobile=(f"+48 601 555 {number:03}",),
            **POLISH,
        )
        for name, mail in ((first, "first"), (second, "other"))
    ]
    return made[0], made[1]


async def twins(home: House) -> list[tuple[int, int]]:
    """Three pairs, all compared."""
    names = (
        ("Katarzyna Kowalska", "Kasia Kowalska"),
        ("Tomasz Nowicki", "Tomek Nowicki"),
        ("Jan Wójcik", "Jan Wojcik"),
    )
    made = [await pair_of(home, *two, number) for number, two in enumerate(names, 101)]
    await feed.catch_up(home.desk)
    return made


async def triplets(home: House) -> list[int]:
    """Three clients who look like one, all compared."""
    made = [
        await home.client(
            name, email=(f"p{number}.zielinski@mail{number}.example",), mobile=("+48 602 700 800",), **POLISH
        )
        for number, name in enumerate(("Piotr Zieliński", "Piotrek Zieliński", "Piotr Zielinski"))
    ]
    await feed.catch_up(home.desk)
    return made


async def decided(home: House) -> list[tuple[set[int], str]]:
    """What was decided, of whom."""
    async with home.desk.read() as connection:
        rows = await connection.execute(select(duplicate_decision).order_by(duplicate_decision.c.id))
        return [({row.first_id, row.second_id}, row.decision) for row in rows]


def queue(pilot: Console) -> DuplicatesScreen:
    found = pilot.app.screen
    assert isinstance(found, DuplicatesScreen)
    return found


def under_cursor(pilot: Console) -> set[int]:
    """The clients of the group under the cursor."""
    return set(queue(pilot).targets())


def shown_pairs(pilot: Console) -> list[set[str]]:
    """The names of each line of a queue of pairs."""
    return [set(map(str, tuple(row.cells)[1:3])) for row in listing(pilot).rows]


async def test_four_opens_the_queue_and_the_tab_says_how_many_wait(home: House) -> None:
    await twins(home)
    async with open_console(home.url, (120, 40)) as pilot:
        assert "4 Duplicates 3" in lines(pilot)[0]
        await press(pilot, "enter", "4")
        assert place(pilot) == "duplicates"
        assert len(listing(pilot).rows) == 3
        assert {"Katarzyna Kowalska", "Kasia Kowalska"} in shown_pairs(pilot)
        assert "never scanned whole" in lines(pilot)[1]


async def test_two_stand_side_by_side_with_the_reasons_at_the_size_of_any_terminal(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        page, pair = text(pilot), queue(pilot).pair()
        assert pair is not None
        first, second = pair.first, pair.second
        heads = next(line for line in lines(pilot)[8:] if first.name in line and second.name in line)
        assert heads.index(first.name) < heads.index(second.name)
        assert "the same client" in page
        assert "+" in page
        assert "phone        = +48 601" in page
        assert lines(pilot)[-1].rstrip().endswith("? help  q quit")
        for hint in ("s same", "d different", "r related", "n skip", "o look", "u undo"):
            assert hint in lines(pilot)[-1]


async def test_what_is_different_leaves_at_once_and_the_next_comes_under_the_cursor(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4", "j")
        first = under_cursor(pilot)
        third = {*queue(pilot)._members[listing(pilot).rows[2].id].group.ids}
        await press(pilot, "d")
        assert under_cursor(pilot) == third
        assert "not the same · u undoes" in said(pilot)
        assert await decided(home) == [(first, "different")]
        await press(pilot, "u")
        assert under_cursor(pilot) == first
        assert await decided(home) == []
        assert len(listing(pilot).rows) == 3


async def test_keys_pressed_fast_decide_one_pair_each(home: House) -> None:
    made = await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        await press(pilot, "d", "d", "d")
        await press(pilot, "d")
        assert said(pilot) == "There is nothing under the cursor."
        assert sorted(map(sorted, (ids for ids, _ in await decided(home)))) == sorted(map(sorted, made))


async def test_who_is_related_goes_to_the_queue_of_those(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        first = under_cursor(pilot)
        await press(pilot, "r")
        assert "related, not the same" in said(pilot)
        assert under_cursor(pilot) != first
        await feed.catch_up(home.desk)
        await press(pilot, "right")
        assert under_cursor(pilot) == first
        await press(pilot, "left")
        assert len(listing(pilot).rows) == 2


async def test_skipping_leaves_a_pair_where_it_is(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4", "n", "n")
        assert listing(pilot).cursor_id == listing(pilot).rows[2].id
        await press(pilot, "n")
        assert said(pilot) == "That was the last of them."
        assert len(listing(pilot).rows) == 3
        assert await decided(home) == []


async def test_enter_reads_every_clue_in_full(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        pair = queue(pilot).pair()
        assert pair is not None
        await press(pilot, "enter")
        assert place(pilot) == "pair"
        page = " ".join(text(pilot).split())
        for clue in (*pair.explanation.reasons, *pair.explanation.against):
            assert f"{clue.points:+d} {clue.text}" in page


@pytest.mark.parametrize("key", ["s", "Y"])
async def test_the_same_are_merged_and_leave_the_queue(home: House, key: str) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        pair = under_cursor(pilot)
        await press(pilot, key)
        assert place(pilot) == "merge"
        await press(pilot, "q")
        assert (place(pilot), under_cursor(pilot)) == ("duplicates", pair)
        await press(pilot, key, "f2")
        assert place(pilot) == "duplicates"
        assert under_cursor(pilot).isdisjoint(pair)
        assert len(listing(pilot).rows) == 2


async def test_a_group_is_taken_apart_by_marks(home: House) -> None:
    await triplets(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        group = queue(pilot)._groups[0]
        assert len(listing(pilot).rows) == 3
        await press(pilot, "G", "space")
        last = group.sides[2].id
        assert said(pilot) == "1 marked. d keeps them apart; s merges the other 2."
        await press(pilot, "d")
        assert {frozenset(ids) for ids, _ in await decided(home)} == {
            frozenset({last, side.id}) for side in group.sides[:2]
        }
        assert under_cursor(pilot) == {side.id for side in group.sides[:2]}
        await press(pilot, "u")
        assert await decided(home) == []
        assert len(listing(pilot).rows) == 3


async def test_the_others_of_a_group_are_merged(home: House) -> None:
    await triplets(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        group = queue(pilot)._groups[0]
        await press(pilot, "G", "space", "s")
        assert place(pilot) == "merge"
        assert "Merge 2 clients into one" in lines(pilot)[0]
        await press(pilot, "q", "home", "space", "space", "s")
        assert place(pilot) == "duplicates"
        assert said(pilot) == "Fewer than two are left to be merged. space takes a mark away."
        await press(pilot, "q")
        assert said(pilot) == "Took 3 marks away."
        await press(pilot, "home", "d")
        assert len(await decided(home)) == len(group.sides) == 3
        assert said(pilot).startswith("3 clients: not the same")


async def test_a_mark_keeps_the_cursor_in_its_group(home: House) -> None:
    await triplets(home)
    await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        screen_ = queue(pilot)
        wanted = next(one for one in screen_._members.values() if len(one.group.sides) == 3)
        number = next(n for n, one in screen_._members.items() if one.side is wanted.group.sides[2])
        listing(pilot).move_to(number)
        await press(pilot, "space")
        assert set(screen_.targets()) == set(wanted.group.ids)
        pair = next(n for n, one in screen_._members.items() if one.is_pair)
        listing(pilot).move_to(pair)
        await press(pilot, "space")
        assert said(pilot).startswith("These are two")
        assert listing(pilot).cursor_id == pair


async def test_viewers_look_and_every_key_that_decides_says_why_not(sqlite_url: str) -> None:
    async with house(sqlite_url, role="viewer") as home:
        await twins(home)
        async with open_console(home.url) as pilot:
            await press(pilot, "4")
            assert len(listing(pilot).rows) == 3
            for key in ("s", "d", "r"):
                screen(pilot).say("")
                await press(pilot, key)
                assert said(pilot) == "Viewers change nothing. Ask an agent or an admin."
            assert place(pilot) == "duplicates"
            assert len(listing(pilot).rows) == 3
            assert await decided(home) == []


async def test_an_empty_queue_says_what_to_do(home: House) -> None:
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        assert "helpdesk duplicates scan" in " ".join(text(pilot).split())
        for key in ("s", "d", "r", "n", "o"):
            screen(pilot).say("")
            await press(pilot, key)
            assert said(pilot) != ""


async def test_how_far_a_scan_in_another_process_is_shows_by_itself(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "LOOK_SECONDS", 0.02)
    began = round(home.now.timestamp() * 1000) - 60_000

    async def stands(**how: int) -> None:
        async with home.desk.quiet() as connection:
            await state.keep(connection, state.State(run=1, started=began, total=10, **how))

    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        await stands(done=4)
        await until(pilot, lambda: "scan under way: 40 %" in lines(pilot)[1])
        assert "40 % of the pairs are compared" in " ".join(text(pilot).split())
        await twins(home)
        await stands(done=10, finished=began + 30_000)
        await until(pilot, lambda: "scanned" in lines(pilot)[1])
        await until(pilot, lambda: len(listing(pilot).rows) == 3)


async def test_a_colleagues_decision_leaves_the_queue_by_itself(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        gone = under_cursor(pilot)
        await home.act("duplicate.different", *gone)
        await press(pilot, "ctrl+l")
        assert under_cursor(pilot) != gone
        assert len(listing(pilot).rows) == 2


async def test_nothing_personal_stands_there_while_it_is_masked(home: House) -> None:
    await twins(home)
    async with open_console(home.url, (120, 40)) as pilot:
        await press(pilot, "4", "K")
        page = text(pilot)
        assert MASK in page
        for name in ("Kowalska", "Nowicki", "jcik", "acme10", "601"):
            assert name not in page
        assert "the same client" in page


async def test_hostile_names_take_one_line_each(home: House) -> None:
    for number, payload in enumerate(list(PAYLOADS.values())[::9]):
        name = payload.replace("\x00", "\x01").encode("utf-8", "replace").decode()[:200]
        await pair_of(home, name or "?", name or "?", 200 + number)
    await feed.catch_up(home.desk)
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        for _ in range(len(listing(pilot).rows)):
            assert len(lines(pilot)) == 24
            assert lines(pilot)[-1].rstrip().endswith("q quit")
            await press(pilot, "j")


# Beside a client


async def test_the_summary_of_a_client_says_who_may_be_the_same_and_why(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "slash", *"kasia", "enter", "enter")
        assert place(pilot) == "client"
        assert "may be the same" in text(pilot)
        assert "Katarzyna" in "\n".join(lines(pilot)[10:])
        await press(pilot, "right")
        assert "may be the same" not in text(pilot)
        await press(pilot, "left", "equals_sign")
        assert place(pilot) == "alike"
        assert "the same client" in text(pilot)
        await press(pilot, "Y")
        assert place(pilot) == "merge"
        await press(pilot, "q", "d")
        assert await decided(home) != []
        assert "Nobody else seems to be them" in text(pilot)
        await press(pilot, "q")
        assert not screen(pilot).query_one(Suggested).found


async def test_without_anybody_alike_the_summary_is_as_ever(home: House) -> None:
    await home.client("Anna Kowalska")
    async with open_console(home.url) as pilot:
        await press(pilot, "enter")
        assert "may be the same" not in text(pilot)
        await press(pilot, "equals_sign")
        assert "Nobody else seems to be them" in text(pilot)
        assert screen(pilot).query_one(Compare).pair is None


async def test_the_form_of_a_new_client_names_who_is_like_them_behind_who_is_the_same(home: House) -> None:
    alike = await home.client("Katarzyna Kowalska", email=("katarzyna.kowalska@acme.example",), **POLISH)
    holder = await home.client("Anna Inna", email=("taken@acme.example",))
    async with open_console(home.url, (120, 40)) as pilot:
        await press(pilot, "n")
        await fill(pilot, name="Kasia Kowalska", email="taken@acme.example", city="Warszawa")
        known = screen(pilot).query_one(Known)
        await until(pilot, lambda: len(known.found) == 2)
        assert [(one.id, one.taken) for one in known.found] == [(holder, True), (alike, False)]
        assert known.found[0].why == "same email"
        assert "%, " in known.found[1].why
        await press(pilot, "f3", "j", "enter")
        assert "Katarzyna Kowalska" in lines(pilot)[0]
        await press(pilot, "q")
        assert field(pilot, "name").text == "Kasia Kowalska"


# Beside an incident of nobody


async def unknown(home: House, address: str, name: str) -> int:
    """An incident of a sender who is no client."""
    support = await home.department("Support")
    made = await home.incident(
        None, support, 900, "Cannot sign in", sender_address=address, sender_name=name, channel="email"
    )
    await home.message(made, "client", name, "It does not work.")
    return made


async def test_an_incident_of_an_unknown_sender_says_who_they_may_be(home: House) -> None:
    kasia, _ = await pair_of(home, "Katarzyna Kowalska", "Bartosz Inny", 301)
    made = await unknown(home, "katarzyna.kowalska@mail.example", "Katarzyna Kowalska")
    async with open_console(home.url) as pilot:
        await press(pilot, "5", "enter")
        assert "may be" in text(pilot)
        assert "= shows why" in text(pilot)
        await press(pilot, "equals_sign")
        assert place(pilot) == "sender"
        assert "katarzyna.kowalska@mail" in text(pilot)
        await press(pilot, "s")
        assert place(pilot) == "incident"
        assert "1 incident is theirs now" in said(pilot)
        async with home.desk.read() as connection:
            owner = (
                await connection.execute(select(incident.c.client_id).where(incident.c.id == made))
            ).scalar()
            query = select(identity.c.client_id).where(
                identity.c.normalized == "katarzyna.kowalska@mail.example"
            )
            assert (owner, (await connection.execute(query)).scalar()) == (kasia, kasia)
        screen(pilot).say("")
        await press(pilot, "equals_sign")
        assert said(pilot) == "It belongs to a client. c opens them."


async def test_an_unknown_sender_who_is_nobody_of_them_is_registered(home: House) -> None:
    await pair_of(home, "Katarzyna Kowalska", "Bartosz Inny", 302)
    await unknown(home, "katarzyna.kowalska@mail.example", "Katarzyna Kowalska")
    async with open_console(home.url) as pilot:
        await press(pilot, "5", "enter", "equals_sign", "o")
        assert place(pilot) == "candidate"
        await press(pilot, "N")
        assert place(pilot) == "incident"
        assert said(pilot).startswith("Registered Katarzyna Kowalska")
        async with home.desk.read() as connection:
            query = select(client.c.id).where(client.c.name == "Katarzyna Kowalska")
            assert len((await connection.execute(query)).all()) == 2


async def merged_and_scored(pilot: Console, home: House, monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The first of the queue are merged, and the feed has taken note; the next look of the feed is far off."""
    await press(pilot, "4")
    first = under_cursor(pilot)
    await press(pilot, "s", "f2")
    await feed.catch_up(home.desk)
    monkeypatch.setattr(desk_app, "SCORING_SECONDS", 600.0)
    await until(pilot, lambda: all(one.group != "scores" or one.is_finished for one in pilot.app.workers))
    await press(pilot, "u")
    return first


async def test_a_merge_that_is_undone_says_that_the_two_are_compared_anew(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        first = await merged_and_scored(pilot, home, monkeypatch)
        assert lines(pilot)[1].rstrip().endswith("comparing them anew…")
        assert len(listing(pilot).rows) == 2
        await feed.catch_up(home.desk)
        screen(pilot).reload()
        await until(pilot, lambda: under_cursor(pilot) == first)
        assert "comparing" not in text(pilot)


async def test_what_an_undo_does_not_bring_back_is_not_waited_for(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "BACK_SECONDS", 0.2)
    await twins(home)
    async with open_console(home.url) as pilot:
        await merged_and_scored(pilot, home, monkeypatch)
        await until(pilot, lambda: "comparing" not in text(pilot))
        assert len(listing(pilot).rows) == 2
