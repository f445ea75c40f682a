"""Clients: the list in every order and direction, the filter, one client whole, statuses that are lifted."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from console.commands import by_id
from console.data import client_search, clients, deletion, history, incidents, notes, staff, statuses
from console.data.clients import SORTS, ClientQuery
from console.data.desk import Desk
from console.data.drafts import ClientDraft
from console.data.errors import IdentityTaken, Invalid, NotFound, Refused
from console.data.models.billing import invoice
from console.data.models.clients import client
from console.data.models.incidents import incident
from console.data.models.organizations import organization_manager
from console.data.models.staff import staff as people
from console.data.paging import At
from console.data.records import Actor, Anchor, ClientRow, Page, Sort
from console.data.undo import undo_last
from console.data.views import VIEWS, Reader
from tests.colleagues import add_staff
from tests.data.rows import add_department, add_incident, wrong


async def add(desk: Desk, who: Actor, name: str, **more: object) -> int:
    fields = {"email": (f"{name.replace(' ', '.').lower()}@example.com",), **more}
    async with desk.change(who, "client.add") as change:
        return await clients.add(change, ClientDraft(name=name, **fields))


async def page(
    desk: Desk, query: ClientQuery, at: At | None = None, *, limit: int = 100, reader: int | None = None
) -> Page[ClientRow]:
    async with desk.read() as connection:
        return await clients.page(connection, query, Reader(reader, desk.now()), at=at or At(), limit=limit)


async def names(desk: Desk, text: str) -> list[str]:
    return [row.name for row in (await page(desk, ClientQuery(text))).rows]


async def act(desk: Desk, who: Actor, command: str, *ids: int, **inputs: str) -> str:
    run = by_id(command).run
    assert run is not None
    return (await run(desk, who, ids, inputs)).sentence


async def status(desk: Desk, client_id: int) -> tuple[str, str]:
    async with desk.read() as connection:
        found = await clients.load(connection, client_id)
    return found.status, found.status_reason


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", list(SORTS))
async def test_pages_in_every_order_show_each_client_once(
    desk: Desk, admin: Actor, column: str, descending: bool
) -> None:
    async with desk.change(admin, "client.add") as change:
        for number in range(23):
            draft = ClientDraft(
                name=f"Client {number % 5}",
                email=(f"c{number}@d{number % 3}.example",),
                organization=f"Org {number % 4}" if number % 2 else "",
            )
            await clients.add(change, draft)
    query = ClientQuery(sort=Sort(column, descending))
    whole = (await page(desk, query, limit=100)).rows
    assert len({row.id for row in whole}) == 23

    forward: list[int] = []
    at = At()
    while True:
        found = await page(desk, query, at, limit=4)
        forward += [row.id for row in found.rows]
        if not found.has_after:
            break
        at = At(after=found.rows[-1].anchor)
    assert forward == [row.id for row in whole]

    backward: list[int] = []
    at = At(last=True)
    while True:
        found = await page(desk, query, at, limit=4)
        backward = [row.id for row in found.rows] + backward
        if not found.has_before:
            break
        at = At(before=found.rows[0].anchor)
    assert backward == forward


async def test_a_page_from_a_row_on_keeps_the_row_and_says_what_is_before(desk: Desk, admin: Actor) -> None:
    for letter in "abcdef":
        await add(desk, admin, letter)
    query = ClientQuery()
    rows = (await page(desk, query)).rows
    found = await page(desk, query, At(start=rows[2].anchor), limit=2)
    assert [row.name for row in found.rows] == ["c", "d"]
    assert found.has_before
    assert found.has_after
    # A list that has become shorter than where the reader stood shows its end.
    async with desk.change(admin, "client.delete") as change:
        gone = select(client.c.id).where(client.c.name.in_(["c", "d", "e", "f"]))
        await deletion.delete_clients(change, list((await change.connection.execute(gone)).scalars()))
    found = await page(desk, query, At(start=rows[2].anchor), limit=2)
    assert [row.name for row in found.rows] == ["a", "b"]


async def test_the_filter_finds_any_word_of_a_client_without_case_or_diacritics(
    desk: Desk, admin: Actor
) -> None:
    await add(
        desk,
        admin,
        "Janina Kowalik-Żak",
        email=("jkz@polnoc.pl",),
        mobile=("+48 601 555 010",),
        organization="Hurtownia Północ",
        username="jzak",
        external_id="CRM-77",
        twitter=("@JaninaZ",),
    )
    await add(desk, admin, "Sean O'Brien", email=("sob@acme.example",))
    for typed in (
        "jan kow",
        "KOWALIK ŻAK",
        "zak",
        "jkz@polnoc",
        "polnoc.pl",
        "hurtownia",
        "północ jan",
        "601 555 010",
        "+48601555",
        "5010",
        "010",
        "jzak",
        "crm-77",
        "janinaz",
    ):
        assert await names(desk, typed) == ["Janina Kowalik-Żak"], typed
    assert await names(desk, "o'brien") == ["Sean O'Brien"]
    assert await names(desk, "sean brien") == ["Sean O'Brien"]
    for typed in ("nobody", "jan brien", "%", "_", "'", "\x00", "**"):
        assert await names(desk, typed) == [], typed


async def test_a_filter_with_many_matches_is_walked_in_order(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        await add(desk, admin, f"Kowal {number:02}")
    exact = await page(desk, ClientQuery("kow"), limit=5)
    monkeypatch.setattr(client_search, "CAP", 3)
    walked = await page(desk, ClientQuery("kow"), limit=5)
    assert [row.id for row in walked.rows] == [row.id for row in exact.rows]
    assert walked.has_after
    async with desk.read() as connection:
        assert await clients.count(connection, ClientQuery("kow"), Reader(None, desk.now()), 100) == 12
        assert await clients.count(connection, ClientQuery("kow"), Reader(None, desk.now()), 5) is None


async def test_a_renamed_organization_is_found_and_sorted_by_its_new_name(desk: Desk, admin: Actor) -> None:
    from console.data.models.organizations import organization

    await add(desk, admin, "Anna", organization="Zeta")
    await add(desk, admin, "Bob", organization="Middle")
    async with desk.change(admin, "organization.edit") as change:
        await change.update_where(organization, organization.c.name == "Zeta", {"name": "Alfa"})
    rows = (await page(desk, ClientQuery(sort=Sort("organization")))).rows
    assert [(row.name, row.organization) for row in rows] == [("Anna", "Alfa"), ("Bob", "Middle")]
    assert await names(desk, "alfa") == ["Anna"]
    assert await names(desk, "zeta") == []


async def test_an_identity_of_another_client_is_refused_with_their_name(desk: Desk, admin: Actor) -> None:
    held = await add(desk, admin, "Anna", email=("anna@acme.example",))
    with pytest.raises(IdentityTaken, match="belongs to Anna already") as error:
        await add(desk, admin, "Impostor", email=("ANNA@Acme.Example",))
    assert error.value.client_id == held
    assert await names(desk, "impostor") == []
    # Families and switchboards share a number.
    await add(desk, admin, "Bob", mobile=("+48 601 555 010",))
    await add(desk, admin, "Bea", mobile=("601-555-010",), country="PL")
    assert await names(desk, "601555010") == ["Bea", "Bob"]


async def test_a_taken_username_is_refused_with_a_sentence(desk: Desk, admin: Actor) -> None:
    await add(desk, admin, "Anna", username="anna")
    with pytest.raises(Refused, match="username"):
        await add(desk, admin, "Another", username="Anna")


async def test_a_client_who_does_not_exist_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        async with desk.read() as connection:
            await clients.load(connection, 12345)


async def test_an_unknown_order_is_refused_with_those_there_are(desk: Desk) -> None:
    with pytest.raises(Invalid, match="name, email"):
        await page(desk, ClientQuery(sort=Sort("shoe_size")))


@pytest.mark.parametrize("former", ["pending", "approved", "disapproved"])
async def test_removing_a_ban_gives_back_the_status_before_it(desk: Desk, admin: Actor, former: str) -> None:
    one = await add(desk, admin, "Anna", status=former)
    await act(desk, admin, "client.ban", one, reason="calls names")
    assert await status(desk, one) == ("banned", "calls names")
    await act(desk, admin, "client.unban", one)
    assert await status(desk, one) == (former, "")


async def test_a_ban_of_a_spammer_is_lifted_to_spam_and_spam_to_what_was_before(
    desk: Desk, admin: Actor
) -> None:
    one = await add(desk, admin, "Anna", status="approved")
    await act(desk, admin, "client.spam", one, incidents="yes")
    await act(desk, admin, "client.ban", one, reason="worse")
    await act(desk, admin, "client.unban", one)
    assert (await status(desk, one))[0] == "spam"
    await act(desk, admin, "client.not-spam", one)
    assert (await status(desk, one))[0] == "approved"


async def test_not_spam_gives_each_incident_its_former_folder(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna")
    async with desk.change(admin, "test") as change:
        department = await add_department(change)
        inbox = await add_incident(change, one, department, 1)
        held = await add_incident(change, one, department, 2, folder="quarantine")
        earlier = await add_incident(change, one, department, 3, folder="spam")
    await act(desk, admin, "client.spam", one, incidents="yes")

    async def folders() -> dict[int, str]:
        from sqlalchemy import select

        async with desk.read() as connection:
            return {
                row[0]: row[1] for row in await connection.execute(select(incident.c.id, incident.c.folder))
            }

    assert set((await folders()).values()) == {"spam"}
    assert (await page(desk, ClientQuery())).rows[0].open_incidents == 0
    await act(desk, admin, "client.not-spam", one)
    assert await folders() == {inbox: "inbox", held: "quarantine", earlier: "inbox"}
    assert (await page(desk, ClientQuery())).rows[0].open_incidents == 2
    assert await wrong(desk) == []


async def test_spam_leaves_the_incidents_where_they_are_if_told_so(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna")
    async with desk.change(admin, "test") as change:
        await add_incident(change, one, await add_department(change), 1)
    await act(desk, admin, "client.spam", one, incidents="no")
    assert (await page(desk, ClientQuery())).rows[0].open_incidents == 1
    await act(desk, admin, "journal.undo")
    assert (await status(desk, one))[0] == "approved"


async def test_an_action_runs_on_those_it_can_and_says_which_it_could_not(desk: Desk, admin: Actor) -> None:
    anna, bob = await add(desk, admin, "Anna"), await add(desk, admin, "Bob")
    await act(desk, admin, "client.ban", bob, reason="x")
    assert await act(desk, admin, "client.ban", anna, bob, reason="y") == (
        "Banned Anna; 1 left out: Bob is banned already"
    )
    with pytest.raises(Refused, match="None of 2 clients"):
        await act(desk, admin, "client.ban", anna, bob, reason="z")
    assert await status(desk, bob) == ("banned", "x")


async def test_a_ban_without_a_reason_is_refused(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna")
    with pytest.raises(Refused, match="needs a reason"):
        await act(desk, admin, "client.ban", one, reason="  ")
    assert (await status(desk, one))[0] == "approved"


async def test_approving_somebody_banned_says_what_to_do_first(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna")
    await act(desk, admin, "client.ban", one, reason="x")
    with pytest.raises(Refused, match=r"Remove the ban first \(B\)"):
        await act(desk, admin, "client.approve", one)


async def test_a_viewer_changes_nothing(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna")
    await add_staff(desk, admin, "wu", "Wu", "viewer")
    viewer = await staff.actor(desk, "wu")
    for command in ("client.approve", "client.ban", "client.spam", "client.favourite", "client.note"):
        with pytest.raises(Refused, match="Viewers change nothing"):
            await act(desk, viewer, command, one, reason="x", text="x")


async def test_favourites_are_each_persons_own(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna")
    await add_staff(desk, admin, "tom", "Tom", "agent")
    tom = await staff.actor(desk, "tom")
    await act(desk, tom, "client.favourite", one)
    assert not (await page(desk, ClientQuery(), reader=admin.staff_id)).rows[0].favourite
    assert (await page(desk, ClientQuery(), reader=tom.staff_id)).rows[0].favourite
    await act(desk, tom, "client.favourite", one)
    assert not (await page(desk, ClientQuery(), reader=tom.staff_id)).rows[0].favourite


async def test_a_client_with_an_empty_name_can_still_be_banned(desk: Desk, admin: Actor) -> None:
    async with desk.change(admin, "test") as change:
        one = await change.insert(client, name="")
    await act(desk, admin, "client.ban", one, reason="x")
    assert (await status(desk, one))[0] == "banned"


async def test_notes_are_kept_with_author_and_warnings_end(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna")
    await act(desk, admin, "client.note", one, text="Call the mobile only", level="warning")
    async with desk.change(admin, "client.note") as change:
        ends = desk.now() + timedelta(hours=1)
        await notes.add(change, [one], "Abroad", level="warning", expires_at=ends)
    async with desk.read() as connection:
        now = [note.text for note in await notes.warnings(connection, one, desk.now())]
        later = [n.text for n in await notes.warnings(connection, one, desk.now() + timedelta(hours=1))]
        assert {note.author for note in await notes.of_client(connection, one)} == {admin.name}
    assert set(now) == {"Abroad", "Call the mobile only"}
    assert later == ["Call the mobile only"]
    with pytest.raises(Invalid, match="empty"):
        await act(desk, admin, "client.note", one, text=" \n ")


async def test_history_says_who_did_what_and_what_was_taken_back(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna")
    await act(desk, admin, "client.ban", one, reason="calls names")
    await act(desk, admin, "journal.undo")
    async with desk.read() as connection:
        undone, banned, *_ = await history.of_record(connection, "client", one)
    assert (undone.action, undone.detail, undone.actor) == ("journal.undo", "client.ban", admin.name)
    assert banned.undone
    assert ("status", "approved", "banned") in [(c.field, c.before, c.after) for c in banned.changes]


async def test_a_new_client_is_whole_when_read(desk: Desk, admin: Actor) -> None:
    one = await add(
        desk,
        admin,
        "Anna Kowalska",
        email=("Anna@Acme.Example", "a@home.example"),
        mobile=("+48 601 555 010",),
        phone=("+48 22 555 01 99",),
        organization="Acme",
        tags=("vip", "north", "vip"),
        username="Anna.K",
        city="Warszawa",
        country="PL",
        time_zone="Europe/Warsaw",
    )
    async with desk.read() as connection:
        found = await clients.load(connection, one, admin.staff_id)
        assert (await incidents.summary(connection, one, desk.now())).open == 0
    assert found.email == "Anna@Acme.Example"
    assert [(i.type, i.normalized, i.mobile) for i in found.identities if i.type == "phone"] == [
        ("phone", "+48601555010", True),
        ("phone", "+48225550199", False),
    ]
    assert found.tags == ("north", "vip")
    assert (found.organization, found.organization_by, found.mail_domain) == (
        "Acme",
        "manual",
        "acme.example",
    )
    assert (found.username, found.address.one_line, found.state) == ("anna.k", "Warszawa, PL", "live")


async def test_saved_filters_show_whom_they_name(desk: Desk, admin: Actor) -> None:
    made = {
        name: await add(desk, admin, name, status=status)
        for name, status in (
            ("Ann", "approved"),
            ("Ben", "pending"),
            ("Cid", "disapproved"),
            ("Dan", "approved"),
            ("Eva", "approved"),
            ("Fay", "approved"),
            ("Gus", "approved"),
        )
    }
    await act(desk, admin, "client.ban", made["Dan"], reason="x")
    await act(desk, admin, "client.spam", made["Eva"])
    await act(desk, admin, "client.favourite", made["Ann"])
    await act(desk, admin, "client.archive", made["Gus"])
    today = desk.now().date()
    async with desk.change(admin, "test") as change:
        place = await add_department(change)
        late = desk.now() - timedelta(minutes=1)
        await add_incident(change, made["Fay"], place, 1, due_at=late)
        await add_incident(change, made["Ben"], place, 2, owner_id=admin.staff_id)
        await change.insert(
            invoice,
            client_id=made["Cid"],
            number="F/1",
            amount=1,
            issued_on=today - timedelta(days=30),
            due_on=today - timedelta(days=1),
        )
    expected = {
        "all": ["Ann", "Ben", "Cid", "Dan", "Eva", "Fay"],
        "mine": ["Ben"],
        "favourites": ["Ann"],
        "pending": ["Ben"],
        "disapproved": ["Cid"],
        "banned": ["Dan"],
        "spam": ["Eva"],
        "overdue": ["Fay"],
        "debt": ["Cid"],
        "archived": ["Gus"],
        "deleted": [],
    }
    assert expected.keys() == VIEWS.keys()
    for view, found in expected.items():
        shown = await page(desk, ClientQuery(view=view), reader=admin.staff_id)
        assert [row.name for row in shown.rows] == found, view
        async with desk.read() as connection:
            reader = Reader(admin.staff_id, desk.now())
            assert await clients.count(connection, ClientQuery(view=view), reader) == len(found), view
    some = await page(desk, ClientQuery("da", view="banned"), reader=admin.staff_id)
    assert [row.name for row in some.rows] == ["Dan"]


async def test_an_archived_client_is_brought_back(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna", organization="Acme")
    await act(desk, admin, "client.archive", one)
    assert await names(desk, "anna") == []
    with pytest.raises(Refused, match="archived already"):
        await act(desk, admin, "client.archive", one)
    await act(desk, admin, "client.unarchive", one)
    assert await names(desk, "anna") == ["Anna"]
    assert await wrong(desk) == []


async def test_tags_are_put_on_and_taken_off(desk: Desk, admin: Actor) -> None:
    one, two = await add(desk, admin, "Anna", tags=("vip",)), await add(desk, admin, "Bob")
    await act(desk, admin, "client.tag", one, two, tags="vip, north")

    async def tags_of(client_id: int) -> tuple[str, ...]:
        async with desk.read() as connection:
            return (await clients.load(connection, client_id)).tags

    assert [await tags_of(one), await tags_of(two)] == [("north", "vip"), ("north", "vip")]
    await act(desk, admin, "client.untag", one, tags="vip")
    assert [await tags_of(one), await tags_of(two)] == [("north",), ("north", "vip")]
    await act(desk, admin, "journal.undo")
    await act(desk, admin, "journal.undo")
    assert [await tags_of(one), await tags_of(two)] == [("vip",), ()]
    with pytest.raises(NotFound, match="no tag"):
        await act(desk, admin, "client.untag", one, tags="south")
    with pytest.raises(Refused, match="No tag was given"):
        await act(desk, admin, "client.tag", one, tags=" , ")


async def test_who_moves_out_of_an_organization_no_longer_manages_it(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna", organization="Acme")
    async with desk.read() as connection:
        acme = (await clients.load(connection, one)).organization_id
    async with desk.change(admin, "test") as change:
        await change.insert(organization_manager, organization_id=acme, client_id=one)
    await act(desk, admin, "client.organization", one, organization="acme")
    async with desk.read() as connection:
        assert (await clients.load(connection, one)).manages == ("Acme",)
    await act(desk, admin, "client.organization", one, organization="Zeta")
    async with desk.read() as connection:
        found = await clients.load(connection, one)
    assert (found.organization, found.manages, found.organization_by) == ("Zeta", (), "manual")
    await act(desk, admin, "journal.undo")
    async with desk.read() as connection:
        found = await clients.load(connection, one)
    assert (found.organization, found.manages) == ("Acme", ("Acme",))
    await act(desk, admin, "client.organization", one, organization="")
    async with desk.read() as connection:
        found = await clients.load(connection, one)
    assert (found.organization, found.manages, found.organization_by) == ("", (), "none")
    assert await wrong(desk) == []


async def test_incident_approval_is_switched(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna")
    for expected in (True, False):
        await act(desk, admin, "client.approval", one)
        async with desk.read() as connection:
            assert (await clients.load(connection, one)).incident_approval is expected


async def test_a_ban_made_a_moment_ago_is_not_overwritten(
    desk: Desk, admin: Actor, database_url: str
) -> None:
    one = await add(desk, admin, "Anna", status="pending")
    async with await Desk.open(database_url, clock=desk.clock) as other:
        async with desk.change(admin, "client.ban") as change:
            await statuses.give(change, [one], "banned", reason="calls names")
            approval = asyncio.create_task(act(other, admin, "client.approve", one))
            await asyncio.sleep(0.3)  # it waits for the row, or the file, that this change holds
            assert not approval.done()
        with pytest.raises(Refused, match="Remove the ban first"):
            await approval
    assert await status(desk, one) == ("banned", "calls names")


async def test_viewers_and_former_admins_do_not_undo(desk: Desk, admin: Actor) -> None:
    staff_id = await add_staff(desk, admin, "tom", "Tom", "agent")
    with pytest.raises(Refused, match="Viewers change nothing"):
        await undo_last(desk, replace(admin, role="viewer"))
    await add_staff(desk, admin, "ola", "Ola", "admin")
    async with desk.change(await staff.actor(desk, "ola"), "staff.edit") as change:
        await change.update(people, admin.staff_id or 0, role="agent")
    with pytest.raises(Refused, match="Only an admin undoes"):
        await undo_last(desk, admin)
    assert [member.id for member in await staff.members(desk) if member.login == "tom"] == [staff_id]


async def test_a_long_history_is_read_to_its_beginning(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna")
    for number in range(7):
        await act(desk, admin, "client.tag", one, tags=f"t{number}")
    seen: list[str] = []
    at = At()
    while True:
        async with desk.read() as connection:
            found = await history.page(connection, "client", one, at=at, limit=3)
        seen += [line.detail for line in found.rows]
        if not found.has_after:
            break
        last = found.rows[-1].id
        at = At(after=Anchor(last, last))
    assert seen == [f"t{number}" for number in reversed(range(7))] + [""]
    async with desk.read() as connection:
        end = await history.page(connection, "client", one, at=At(last=True), limit=2)
    assert [line.detail for line in end.rows] == ["t0", ""]
    assert end.has_before
