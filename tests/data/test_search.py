"""The search of clients: what finds them, in which order, what is near, and that it stays right."""

from typing import Any

import pytest
from sqlalchemy import update

from console.data import client_search, client_walk, clients, contacts, notes, tags
from console.data.clients import ClientQuery
from console.data.desk import Desk
from console.data.drafts import ClientDraft, ContactDraft
from console.data.models.clients import alias, client, client_word, identity
from console.data.models.organizations import organization
from console.data.near import variants
from console.data.paging import At
from console.data.records import Actor, ClientRow, Page, Sort
from console.data.typed import readings
from console.data.undo import undo
from console.data.views import Reader
from tests.data import rows


async def add(desk: Desk, who: Actor, name: str, **more: object) -> int:
    async with desk.change(who, "client.add") as change:
        return await clients.add(change, ClientDraft(name=name, **more))


async def page(
    desk: Desk, text: str, at: At | None = None, *, limit: int = 100, **more: Any
) -> Page[ClientRow]:
    async with desk.read() as connection:
        query = ClientQuery(text, **more)
        return await clients.page(connection, query, Reader(None, desk.now()), at=at or At(), limit=limit)


async def names(desk: Desk, text: str) -> list[str]:
    """Those who match; nobody where some are only near."""
    found = await page(desk, text)
    return [] if found.near else [row.name for row in found.rows]


async def near(desk: Desk, text: str) -> list[str]:
    found = await page(desk, text)
    assert bool(found.rows) == bool(found.near)
    assert all(row.near for row in found.rows)
    return [row.name for row in found.rows] if found.near else []


async def everything(desk: Desk, text: str, **more: Any) -> set[int]:
    """What select-all would mark."""
    async with desk.read() as connection:
        reader = Reader(None, desk.now())
        pieces = clients.matching_ids(connection, ClientQuery(text, **more), reader)
        return {one async for piece in pieces for one in piece}


async def count(desk: Desk, text: str, **more: Any) -> int | None:
    async with desk.read() as connection:
        return await clients.count(connection, ClientQuery(text, **more), Reader(None, desk.now()))


async def kowalska(desk: Desk, admin: Actor) -> int:
    made = await add(
        desk,
        admin,
        "Anna Kowalska-Żak",
        email=("anna.kowalska@acme.pl",),
        mobile=("+48 601 555 010",),
        organization="Hurtownia Północ",
        username="annak",
        external_id="CRM-77",
        twitter=("@AnnaZ",),
        tags=("vip", "Key account"),
    )
    async with desk.change(admin, "contact.add") as change:
        draft = ContactDraft(name="Zenon Kwas", email=("zk@kwas.example",), phone=("+48 22 123 45 67",))
        await contacts.add(change, made, draft)
    async with desk.change(admin, "note.add") as change:
        await notes.add(change, [made], "Prefers szparagi on Mondays")
    await add(desk, admin, "Jan Nowak", email=("jan.nowak@acme.com",), mobile=("+48 602 555 019",))
    return made


FINDS = (
    "anna", "kowalska zak", "ŻAK", "zenon", "kwas zen", "annak", "crm-77", "CRM 77", "annaz", "@annaz",
    "601555010", "601 555 010", "+48 601 555 010", "0048601555010", "0601555010", "+48 (0) 601 555 010", "5010",
    "010", "48601", "601-555", "221234567", "anna 601 555 010", "kowalska 5010",
    "anna.kowalska@acme.pl", "Anna.Kowalska@ACME.pl", "anna.kow", "kowalska@acme", "@acme.pl", "acme.pl",
    "<anna.kowalska@acme.pl>", "zk@kwas.example", "kwas.example",
    "hurtownia", "północ", "hurt anna", "vip", "#vip", "#VIP anna", "#key", "key account", "#key account",
    "szparagi", "szpar", "anna szparagi", "a k", "an ko",
)  # fmt: skip


@pytest.mark.parametrize("typed", FINDS)
async def test_a_client_is_found_by_everything_that_is_theirs(desk: Desk, admin: Actor, typed: str) -> None:
    made = await kowalska(desk, admin)
    assert await names(desk, typed) == ["Anna Kowalska-Żak"]
    assert await everything(desk, typed) == {made}
    assert await count(desk, typed) == 1


async def test_names_in_other_letters_are_found_with_and_without_their_signs(
    desk: Desk, admin: Actor
) -> None:
    for name in (
        "Łukasz Wiśniewski",
        "Jürgen Weiß",
        "Ольга Шевченко",
        "Νίκος Παπάς",
        "Sean O'Brien",
        "Jean-Paul Le Ñu",
    ):
        await add(desk, admin, name, email=(f"x{len(name)}.{ord(name[0])}@example.com",))
    for typed, name in (
        ("lukasz", "Łukasz Wiśniewski"),
        ("WIŚNIEW", "Łukasz Wiśniewski"),
        ("weiss", "Jürgen Weiß"),
        ("weiß jurgen", "Jürgen Weiß"),
        ("ольга", "Ольга Шевченко"),
        ("olga", "Ольга Шевченко"),
        ("νικος", "Νίκος Παπάς"),
        ("O'Brien", "Sean O'Brien"),
        ("o’brien", "Sean O'Brien"),
        ("jean-paul", "Jean-Paul Le Ñu"),
        ("jean paul nu", "Jean-Paul Le Ñu"),
    ):
        assert await names(desk, typed) == [name], typed


async def test_whole_words_of_names_come_first_and_notes_last(desk: Desk, admin: Actor) -> None:
    noted = await add(desk, admin, "Adam", email=("adam@example.com",))
    async with desk.change(admin, "note.add") as change:
        await notes.add(change, [noted], "A friend of Mark")
    await add(desk, admin, "Beata", email=("beata@example.com",), tags=("mark",))
    await add(desk, admin, "Celina", email=("celina@example.com",), organization="Mark & Sons")
    await add(desk, admin, "Dora", email=("mark@example.com",))
    await add(desk, admin, "Zdzich Marko", email=("zm@example.com",))
    await add(desk, admin, "Emil Marko", email=("em@example.com",))
    await add(desk, admin, "Zygmunt Mark", email=("zy@example.com",))
    await add(desk, admin, "Filip Mark", email=("fm@example.com",))
    ranked = ["Filip Mark", "Zygmunt Mark", "Emil Marko", "Zdzich Marko", "Dora", "Beata", "Celina", "Adam"]
    assert await names(desk, "mark") == ranked
    # An order that was chosen is kept.
    by_email = (await page(desk, "mark", sort=Sort("email", True))).rows
    assert [row.name for row in by_email][:2] == ["Zygmunt Mark", "Zdzich Marko"]
    # Page by page, forward and backward, it is the same list.
    shown: list[ClientRow] = []
    at = At()
    while True:
        piece = await page(desk, "mark", at, limit=3)
        shown += piece.rows
        if not piece.has_after:
            break
        at = At(after=piece.rows[-1].anchor)
    assert [row.name for row in shown] == ranked
    before = await page(desk, "mark", At(before=shown[4].anchor), limit=3)
    assert [row.name for row in before.rows] == ranked[1:4]
    assert before.has_before
    last = await page(desk, "mark", At(last=True), limit=3)
    assert [row.name for row in last.rows] == ranked[-3:]
    letter = await page(desk, "mark", At(letters="zd"), limit=2)
    assert [row.name for row in letter.rows] == ranked[3:5]
    async with desk.read() as connection:
        pieces = clients.matching_ids(
            connection,
            ClientQuery("mark"),
            Reader(None, desk.now()),
            between=(shown[5].anchor, shown[2].anchor),
        )
        assert [one async for piece in pieces for one in piece] == [row.id for row in shown[2:6]]


@pytest.fixture(params=["walked", "by word"])
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few are many, so that the list is walked in small pieces, or the words are read at once."""
    monkeypatch.setattr(client_search, "CAP", 3)
    monkeypatch.setattr(client_walk, "PIECES", (4, 6) if request.param == "walked" else (1,))
    monkeypatch.setattr(client_walk, "RARE", 0)
    monkeypatch.setattr(client_walk, "HOPEFUL", 100 if request.param == "walked" else 0)
    monkeypatch.setattr(client_walk, "_AHEAD", 1)


async def crowd(desk: Desk, admin: Actor) -> list[str]:
    """Forty clients; the names of those who have both a word that begins with an and one with ko, in order."""
    async with desk.change(admin, "client.add") as change:
        owner = await change.insert(organization, name="Kobalt")
        for number in range(40):
            first = ("Anna", "Jan", "Antoni", "Zofia")[number % 4]
            last = ("Kowal", "Nowak", "Kos", "Zak", "Anders")[number % 5]
            member = {"organization_id": owner, "organization_by": "manual"} if number % 7 == 0 else {}
            gone = {"archived_at": desk.now()} if number % 11 == 3 else {}
            status = "banned" if number % 3 == 0 else "approved"
            await change.insert(client, name=f"{first} {last} {number:02}", status=status, **member, **gone)
    return sorted(
        name
        for number in range(40)
        for name in [
            f"{('Anna', 'Jan', 'Antoni', 'Zofia')[number % 4]} "
            f"{('Kowal', 'Nowak', 'Kos', 'Zak', 'Anders')[number % 5]} {number:02}"
        ]
        if number % 11 != 3
        and (number % 4 in (0, 2) or number % 5 == 4)
        and (number % 5 in (0, 2) or number % 7 == 0)
    )


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("sort", [Sort(), Sort("name", True), Sort("status"), Sort("email", True)])
async def test_many_who_match_are_listed_in_order_by_whatever_way(
    desk: Desk, admin: Actor, sort: Sort
) -> None:
    expected = await crowd(desk, admin)
    shown: list[ClientRow] = []
    at = At()
    while True:
        piece = await page(desk, "an ko", at, limit=4, sort=sort)
        assert piece.has_before is bool(shown)
        shown += piece.rows
        if not piece.has_after:
            break
        at = At(after=piece.rows[-1].anchor)
    assert sorted(row.name for row in shown) == expected
    if sort.column == "name":
        assert [row.name for row in shown] == (expected[::-1] if sort.descending else expected)
    back = await page(desk, "an ko", At(before=shown[6].anchor), limit=4, sort=sort)
    assert [row.id for row in back.rows] == [row.id for row in shown[2:6]]
    here = await page(desk, "an ko", At(start=shown[3].anchor), limit=2, sort=sort)
    assert [row.id for row in here.rows] == [row.id for row in shown[3:5]]
    last = await page(desk, "an ko", At(last=True), limit=3, sort=sort)
    assert [row.id for row in last.rows] == [row.id for row in shown[-3:]]
    assert await everything(desk, "an ko") == {row.id for row in shown}
    assert await count(desk, "an ko") == len(expected)


@pytest.mark.usefixtures("many")
async def test_many_who_match_among_the_banned_are_those_only(desk: Desk, admin: Actor) -> None:
    expected = [name for name in await crowd(desk, admin) if int(name[-2:]) % 3 == 0]
    banned: tuple[dict[str, Any], ...] = ({"view": "banned"}, {"status": "banned"})
    for more in banned:
        assert [row.name for row in (await page(desk, "an ko", **more)).rows] == expected
        assert await count(desk, "an ko", **more) == len(expected)
    archived = await page(desk, "an", view="archived")
    assert {int(row.name[-2:]) % 11 for row in archived.rows} == {3}


@pytest.mark.parametrize(
    "typed",
    ["kowaslka", "kowalaska", "kovalska", "jowalska", "owalska", "kowalsak", "ana kowalska", "anna kowaslka",
     "601555011", "601 555 100", "5010555106", "kowaslka@acme.pl"],
)  # fmt: skip
async def test_what_nobody_has_finds_those_who_are_near(desk: Desk, admin: Actor, typed: str) -> None:
    await add(desk, admin, "Anna Kowalska", email=("a.kowalska@acme.pl",), mobile=("+48 601 555 010",))
    await add(desk, admin, "Piotr Wysocki", email=("pw@example.com",), mobile=("+48 505 777 123",))
    expected = [] if typed == "5010555106" else ["Anna Kowalska"]
    assert await near(desk, typed) == expected
    assert await names(desk, typed) == []
    assert await count(desk, typed) == len(expected)


async def test_near_matches_stay_out_where_something_matches(desk: Desk, admin: Actor) -> None:
    await add(desk, admin, "Anna Kowalska", email=("a@example.com",))
    await add(desk, admin, "Anna Kowalaska", email=("b@example.com",))
    assert await names(desk, "kowalska") == ["Anna Kowalska"]
    assert (await page(desk, "kowalka")).near == ("kowalska",)
    assert await near(desk, "qwertz") == []


def test_a_word_at_one_edit_is_among_the_variants() -> None:
    assert {"kowalska", "kowsalka", "owaslka", "jowaslka", "kowaslkaa"} <= variants("kowaslka")
    assert "kowaslka" not in variants("kowaslka")
    assert {"601555010", "601555101"} <= variants("601555011")
    assert all(one.isdecimal() for one in variants("601555011"))


async def test_old_ids_lead_to_who_is_left(desk: Desk, admin: Actor) -> None:
    first = await add(desk, admin, "Old Name", email=("old@example.com",), external_id="ERP-1")
    second = await add(desk, admin, "Newer", email=("newer@example.com",))
    third = await add(desk, admin, "Newest", email=("newest@example.com",))
    for absorbed, survivor in ((first, second), (second, third)):
        async with desk.change(admin, "client.merge") as change:
            await change.update_where(identity, identity.c.client_id == absorbed, {"live": False})
            await change.update(client, absorbed, absorbed_into=survivor)
            await change.insert(alias, kind="username", value=f"login{absorbed}", client_id=survivor)
    for typed in (
        str(first),
        str(second),
        str(third),
        f"#{first}",
        f"login{first}",
        "erp-1",
        "old name",
        "newer",
    ):
        assert await names(desk, typed) == ["Newest"], typed
        assert await everything(desk, typed) == {third}


HOSTILE = (
    "x" * 10_000, "ab " * 3_000, "1" * 10_000, "\x00", "a\x00b", "\ud800", "anna\udfff", "%", "_", "%%%", "a_n%", "'",
    "''; DROP TABLE client; --", '"', "\\", "!!", "...", "@", "@@", "#", "##", "~", "~0", "-", "+", "()", "*", "a*",
    "NEAR(a b)", "AND", "\u202eanna", "🦊", "\t\n", "٣٤٥", "9" * 19, "#" + "9" * 30, "²³", "(0)", "+(0)-",
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
async def test_no_text_breaks_the_search(desk: Desk, admin: Actor, number: int) -> None:
    await add(desk, admin, "Bob Xyz", email=("bob@b.example",))
    found = await page(desk, HOSTILE[number])
    assert [row.name for row in found.rows] in ([], ["Bob Xyz"])
    assert await count(desk, HOSTILE[number]) == len(found.rows)
    assert await everything(desk, HOSTILE[number]) == {row.id for row in found.rows}


def test_only_so_much_of_a_text_is_read() -> None:
    assert all(len(terms) <= 8 for terms in readings("ab cd " * 5_000))
    assert all(
        len(one) <= 65 for terms in readings("x" * 10_000) for term in terms for one in term.beginnings
    )


async def test_what_is_written_and_undone_is_found_and_no_longer_found(desk: Desk, admin: Actor) -> None:
    made = await kowalska(desk, admin)
    async with desk.change(admin, "client.tag") as untagged:
        await tags.remove(untagged, [made], ["vip"])
    assert await names(desk, "vip") == []
    async with desk.change(admin, "organization.edit") as renamed:
        await renamed.update_where(
            organization, organization.c.name == "Hurtownia Północ", {"name": "Zachód"}
        )
    assert await names(desk, "zachod") == ["Anna Kowalska-Żak"]
    assert await names(desk, "hurtownia") == []
    async with desk.change(admin, "client.edit") as edited:
        await edited.update(client, made, name="Maria Lis")
    assert await names(desk, "maria zachod") == ["Maria Lis"]
    assert await rows.wrong(desk) == []
    for change in (edited, renamed, untagged):
        assert change.entry_id is not None
        await undo(desk, admin, change.entry_id)
    assert await names(desk, "#vip anna hurtownia") == ["Anna Kowalska-Żak"]
    assert await names(desk, "maria") == []
    assert await rows.wrong(desk) == []


@pytest.mark.parametrize("wrong", [{"heads": 0}, {"sort_name": "zzz"}, {"kind": 2}])
async def test_what_stands_wrong_beside_a_word_is_told_and_mended(
    desk: Desk, admin: Actor, wrong: dict[str, object]
) -> None:
    from console.data import derived

    made = await kowalska(desk, admin)
    async with desk.quiet() as connection:
        mine = (client_word.c.client_id == made) & (client_word.c.word == "anna")
        await connection.execute(update(client_word).where(mine).values(wrong))
    assert await rows.wrong(desk) == [f"client {made}: the search words are out of date"]
    async with desk.quiet() as connection:
        assert await derived.recount(connection) == 1
    assert await rows.wrong(desk) == []
