"""Which organization a mail domain means: the longest, below it only where said, never free mail, never over a hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from console.data import assignment, clients, deletion, organizations, profile, rescan, settings
from console.data.assignment import Rule, decide, meaning
from console.data.desk import Desk
from console.data.drafts import ClientDraft, OrganizationDraft
from console.data.errors import IdentityTaken, Invalid, NotFound
from console.data.identities import attach
from console.data.models.clients import client, identity
from console.data.models.organizations import mail_domain, organization, organization_manager
from console.data.normalize import identity as normalized
from console.data.public_mail import is_public
from console.data.records import Actor, Rescan
from console.data.undo import undo, undo_last
from console.demo.places import FREE_MAIL
from tests.data.rows import column, rows, snapshot, value, wrong

NOBODY: tuple[int | None, str] = (None, "none")


async def company(desk: Desk, who: Actor, name: str, *domains: str) -> int:
    async with desk.change(who, "organization.add") as change:
        return await organizations.add(change, OrganizationDraft(name=name, mail_domain=domains))


async def person(desk: Desk, who: Actor, *emails: str, organization: str = "") -> int:
    async with desk.change(who, "client.add") as change:
        draft = ClientDraft(name=emails[0].partition("@")[0], email=emails, organization=organization)
        return await clients.add(change, draft)


async def loose(desk: Desk, who: Actor, *emails: str) -> int:
    """A client who came before the rules did: nothing was asked of them."""
    async with desk.change(who, "client.add") as change:
        client_id = await change.insert(client, name=emails[0].partition("@")[0])
        await attach(change, client_id, [normalized("email", one) for one in emails])
    return client_id


async def where(desk: Desk, client_id: int) -> tuple[int | None, str]:
    query = select(client.c.organization_id, client.c.organization_by).where(client.c.id == client_id)
    found = (await rows(desk, query))[0]
    return found[0], found[1]


async def switch_on(desk: Desk, admin: Actor) -> None:
    async with desk.change(admin, "setting.put") as change:
        await settings.put(change, "auto_organization", True)


async def previewed(desk: Desk) -> Rescan:
    async with desk.read() as connection:
        return await rescan.preview(connection)


# Which organization a domain means

_LABEL = st.text("abz", min_size=1, max_size=2)
_HOST = st.lists(_LABEL, min_size=2, max_size=5).map(".".join)


@given(_HOST, st.dictionaries(_HOST, st.booleans(), max_size=8))
def test_the_longest_domain_that_holds_wins(host: str, domains: dict[str, bool]) -> None:
    rules = {name: Rule(name, below, number) for number, (name, below) in enumerate(domains.items(), 1)}
    holding = [n for n, below in domains.items() if host == n or (below and host.endswith("." + n))]
    found = meaning(host, rules)
    assert (found.domain if found else None) == max(holding, key=len, default=None)


@pytest.mark.parametrize(
    "host",
    [
        "gmail.com",
        "wp.pl",
        "seznam.cz",
        "gmx.de",
        "orange.fr",
        "ukr.net",
        "mailinator.com",
        "eu.gmail.com",
        *FREE_MAIL,
    ],
)
def test_free_mail_and_disposable_domains_mean_nothing(host: str) -> None:
    assert is_public(host)
    assert meaning(host, {host: Rule(host, True, 1), "gmail.com": Rule("gmail.com", True, 2)}) is None
    assert not decide(None, "none", (host,), {}, make=True).moves


@pytest.mark.parametrize(
    "host", ["acme.pl", "notgmail.com", "gmail.com.acme.pl", "com", "", "pl", "acme.example"]
)
def test_company_domains_are_not_taken_for_free_mail(host: str) -> None:
    assert not is_public(host)


@given(st.sampled_from(["none", "auto", "import", "manual"]), st.lists(_HOST, max_size=3), st.booleans())
def test_what_was_set_by_hand_stays(by: str, hosts: list[str], make: bool) -> None:
    verdict = decide(7, by, hosts, {host: Rule(host, True, n) for n, host in enumerate(hosts)}, make=make)
    if by == "manual" or not hosts:
        assert not verdict.moves


# One client


async def test_a_new_client_joins_the_organization_of_the_address(desk: Desk, admin: Actor) -> None:
    acme = await company(desk, admin, "Acme", ".acme.pl")
    sales = await company(desk, admin, "Acme Sales", "sales.acme.pl")
    assert await where(desk, await person(desk, admin, "Anna@ACME.pl")) == (acme, "auto")
    assert await where(desk, await person(desk, admin, "bob@lodz.acme.pl")) == (acme, "auto")
    assert await where(desk, await person(desk, admin, "cy@sales.acme.pl")) == (sales, "auto")
    # Sales has no dot, so what is below it is Acme's.
    assert await where(desk, await person(desk, admin, "di@x.sales.acme.pl")) == (acme, "auto")
    assert await where(desk, await person(desk, admin, "ed@notacme.pl")) == NOBODY
    assert await where(desk, await person(desk, admin, "flo@gmail.com")) == NOBODY
    assert await wrong(desk) == []


async def test_an_organization_named_by_hand_is_kept(desk: Desk, admin: Actor) -> None:
    acme = await company(desk, admin, "Acme", "acme.pl")
    anna = await person(desk, admin, "anna@acme.pl", organization="Zeta")
    async with desk.change(admin, "client.edit") as change:
        assert (await assignment.assign(change, anna)).moved == 0
    zeta, by = await where(desk, anna)
    assert zeta != acme
    assert by == "manual"


async def test_who_moves_by_a_new_address_loses_management(desk: Desk, admin: Actor) -> None:
    acme = await company(desk, admin, "Acme", "acme.pl")
    zeta = await company(desk, admin, "Zeta", "zeta.pl")
    anna = await person(desk, admin, "anna@acme.pl")
    async with desk.change(admin, "client.manager") as change:
        await change.insert(organization_manager, organization_id=acme, client_id=anna, may_reply=True)
    async with desk.change(admin, "client.edit") as change:
        own = await value(desk, select(identity.c.id).where(identity.c.client_id == anna))
        await change.update(identity, own, raw="anna@zeta.pl", normalized="anna@zeta.pl")
        await assignment.assign(change, anna)
    assert await where(desk, anna) == (zeta, "auto")
    assert await rows(desk, select(organization_manager.c.id)) == []


async def test_an_edited_address_moves_and_an_edit_of_the_organization_stays(
    desk: Desk, admin: Actor
) -> None:
    acme = await company(desk, admin, "Acme", "acme.pl")
    zeta = await company(desk, admin, "Zeta", "zeta.pl")
    anna = await person(desk, admin, "anna@acme.pl")
    async with desk.change(admin, "client.edit") as change:
        await profile.edit(change, anna, {"email": ("anna@zeta.pl",)})
    assert await where(desk, anna) == (zeta, "auto")
    async with desk.change(admin, "client.edit") as change:
        await profile.edit(change, anna, {"email": ("anna@zeta.pl", "a@zeta.pl"), "organization": "Acme"})
    assert await where(desk, anna) == (acme, "manual")


async def test_two_organizations_of_one_client_are_a_conflict_and_nothing_moves(
    desk: Desk, admin: Actor
) -> None:
    await company(desk, admin, "Acme", "acme.pl")
    await company(desk, admin, "Zeta", "zeta.pl")
    anna = await person(desk, admin, "anna@acme.pl", "anna@zeta.pl")
    assert await where(desk, anna) == NOBODY
    found = await previewed(desk)
    assert (found.moves, found.conflicts) == (0, 1)
    assert found.conflicting[0].organizations == ("Acme", "Zeta")
    async with desk.read() as connection:
        assert "2 organizations (acme.pl, zeta.pl)" in await assignment.why(connection, anna)


async def test_why_names_the_rule_or_the_hand(desk: Desk, admin: Actor) -> None:
    await company(desk, admin, "Acme", ".acme.pl")
    by_rule = await person(desk, admin, "anna@it.acme.pl")
    by_hand = await person(desk, admin, "bob@acme.pl", organization="Zeta")
    free = await person(desk, admin, "cy@gmail.com")
    unknown = await person(desk, admin, "di@nobody.pl")
    async with desk.read() as connection:
        assert "acme.pl, and mail from there and what is below it" in await assignment.why(
            connection, by_rule
        )
        assert await assignment.why(connection, by_hand) == (
            "Ann Admin set it by hand on 2026-03-02; no mail domain changes that."
        )
        assert "at gmail.com" in await assignment.why(connection, free)
        assert await assignment.why(connection, unknown) == "No organization has the mail domain nobody.pl."
        assert await assignment.why(connection, 1) == ""


# Organizations made of domains


async def test_an_unknown_company_domain_makes_an_organization_of_all_its_clients(
    desk: Desk, admin: Actor
) -> None:
    before = [await person(desk, admin, f"{name}@acme.pl") for name in ("anna", "bob")]
    assert [await where(desk, one) for one in before] == [NOBODY, NOBODY]
    await switch_on(desk, admin)
    cy = await person(desk, admin, "cy@acme.pl")
    made, by = await where(desk, cy)
    assert made is not None
    assert by == "auto"
    assert await column(desk, organization, made, "name") == "acme.pl"
    assert [await where(desk, one) for one in before] == [(made, "auto")] * 2
    assert await rows(desk, select(mail_domain.c.domain, mail_domain.c.source)) == [("acme.pl", "auto")]
    await undo_last(desk, admin)
    assert [await where(desk, one) for one in before] == [NOBODY, NOBODY]
    assert await rows(desk, select(organization.c.id)) == []
    assert await wrong(desk) == []


async def test_free_mail_never_makes_an_organization(desk: Desk, admin: Actor) -> None:
    await switch_on(desk, admin)
    for address in ("anna@gmail.com", "bob@mailinator.com", "cy@poczta.example", "di@sub.wp.pl"):
        assert await where(desk, await person(desk, admin, address)) == NOBODY
    with pytest.raises(Invalid, match=r"Anybody may have an address at gmail\.com"):
        await company(desk, admin, "Google", ".gmail.com")
    assert (await previewed(desk)).made == 0


async def test_a_phone_alone_makes_nothing(desk: Desk, admin: Actor) -> None:
    await switch_on(desk, admin)
    async with desk.change(admin, "client.add") as change:
        anna = await clients.add(change, ClientDraft(name="Anna", mobile=("+48601555010",)))
    assert await where(desk, anna) == NOBODY


# Rescan


async def test_a_rescan_does_what_its_preview_says_and_is_undone_as_one(desk: Desk, admin: Actor) -> None:
    acme = await company(desk, admin, "Acme", ".acme.pl")
    zeta = await company(desk, admin, "Zeta", "zeta.pl")
    stay = await person(desk, admin, "hand@acme.pl", organization="Zeta")
    movers = [await loose(desk, admin, f"c{n}@{h}acme.pl") for n, h in enumerate(("", "it.", "x.it."))]
    both = await loose(desk, admin, "both@acme.pl", "both@zeta.pl")
    alike = await loose(desk, admin, "two@gmail.com", "two@zeta.pl")
    for n in range(3):
        await loose(desk, admin, f"n{n}@new{n % 2}.pl")
    async with desk.change(admin, "client.organization") as change:
        other = await change.insert(organization, name="Old")
        await change.update(client, movers[0], organization_id=other, organization_by="import")
        await change.insert(organization_manager, organization_id=other, client_id=movers[0])
    await switch_on(desk, admin)
    before = await snapshot(desk)

    found = await previewed(desk)
    assert (found.moves, found.made, found.conflicts, found.managers) == (7, 2, 1, 1)
    assert {(one.before, one.after) for one in found.moving} == {
        ("Old", "Acme"), ("", "Acme"), ("", "Zeta"), ("", "new0.pl"), ("", "new1.pl"),
    }  # fmt: skip
    assert await snapshot(desk) == before

    done = await rescan.rescan(desk, admin)
    assert (done.moved, done.made) == (7, 2)
    assert [await where(desk, one) for one in movers] == [(acme, "auto")] * 3
    assert await where(desk, alike) == (zeta, "auto")
    assert (await where(desk, both), await where(desk, stay)) == (NOBODY, (zeta, "manual"))
    assert await wrong(desk) == []
    after = await previewed(desk)
    assert (after.moves, after.made, after.conflicts) == (0, 0, 1)
    assert (await rescan.rescan(desk, admin)).entry_id is None

    assert done.entry_id is not None
    await undo(desk, admin, done.entry_id)
    assert await snapshot(desk) == before
    assert await wrong(desk) == []


async def test_a_rescan_in_many_chunks_is_one_undo(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (rescan, assignment):
        monkeypatch.setattr(module, "CHUNK", 3)
    monkeypatch.setattr(rescan, "HOSTS", 2)
    monkeypatch.setattr(rescan, "_TERMS", 2)
    for name in ("a", "b", "c", "d", "e"):
        for n in range(4):
            await loose(desk, admin, f"{n}@{name}.pl")
        await company(desk, admin, name, f"{name}.pl")
    before = await snapshot(desk)
    assert (await previewed(desk)).moves == 20
    done = await rescan.rescan(desk, admin)
    assert done.moved == 20
    assert done.entry_id is not None
    assert (await previewed(desk)).moves == 0
    await undo(desk, admin, done.entry_id)
    assert await snapshot(desk) == before


async def test_a_rule_added_says_who_moves_and_moves_them(desk: Desk, admin: Actor) -> None:
    acme = await company(desk, admin, "Acme")
    ids = [await loose(desk, admin, address) for address in ("a@acme.pl", "b@it.acme.pl", "c@acme.com")]
    two = await loose(desk, admin, "d@gmail.com", "d@it.acme.pl")
    before = await snapshot(desk)
    async with desk.read() as connection:
        narrow = await rescan.preview_adding(connection, acme, "acme.pl")
        wide = await rescan.preview_adding(connection, acme, ".acme.pl")
    assert (narrow.moves, wide.moves) == (1, 3)
    done = await rescan.add_domain(desk, admin, acme, ".acme.pl")
    assert done.moved == 3
    assert [await where(desk, one) for one in ids] == [(acme, "auto"), (acme, "auto"), NOBODY]
    assert await where(desk, two) == (acme, "auto")
    await undo_last(desk, admin)
    assert await snapshot(desk) == before


async def test_a_rule_removed_lets_go_whom_it_brought(desk: Desk, admin: Actor) -> None:
    acme = await company(desk, admin, "Acme", ".acme.pl")
    it = await company(desk, admin, "Acme IT", "it.acme.pl")
    anna, bob = await person(desk, admin, "anna@it.acme.pl"), await person(desk, admin, "bob@acme.pl")
    hand = await person(desk, admin, "cy@acme.pl", organization="Acme")
    async with desk.read() as connection:
        assert (await rescan.preview_removing(connection, it, "it.acme.pl")).moving[0].after == "Acme"
        assert (await rescan.preview_removing(connection, acme, "acme.pl")).moving[0].after == ""
        with pytest.raises(NotFound):
            await rescan.preview_removing(connection, acme, "it.acme.pl")
    assert (await rescan.remove_domain(desk, admin, it, "it.acme.pl")).moved == 1
    assert await where(desk, anna) == (acme, "auto")
    assert (await rescan.remove_domain(desk, admin, acme, ".acme.pl")).moved == 2
    assert [await where(desk, one) for one in (anna, bob, hand)] == [NOBODY, NOBODY, (acme, "manual")]


async def test_a_domain_of_another_organization_is_refused(desk: Desk, admin: Actor) -> None:
    await company(desk, admin, "Acme", "acme.pl")
    zeta = await company(desk, admin, "Zeta")
    async with desk.read() as connection:
        with pytest.raises(IdentityTaken, match="belongs to Acme already"):
            await rescan.preview_adding(connection, zeta, ".acme.pl")
    for bad in ("", "acme", "a b.pl", "acme..pl", "gmail.com", "x" * 300 + ".pl", "acme.pl\n"):
        with pytest.raises((Invalid, IdentityTaken)):
            await rescan.add_domain(desk, admin, zeta, bad)


async def test_archived_deleted_and_merged_clients_are_left(desk: Desk, admin: Actor) -> None:
    ids = [await loose(desk, admin, f"{n}@acme.pl") for n in range(2)]
    async with desk.change(admin, "client.archive") as change:
        await change.update(client, ids[0], archived_at=change.at)
        await deletion.delete_clients(change, [ids[1]])
    await company(desk, admin, "Acme", "acme.pl")
    assert (await previewed(desk)).moves == 0


HOSTILE = "\u202e<b>[red]\x1b[31m'; DROP TABLE client; --%_"


async def test_hostile_names_go_through(desk: Desk, admin: Actor) -> None:
    acme = await company(desk, admin, HOSTILE, ".acme.pl")
    anna = await loose(desk, admin, "a%_@x.acme.pl")
    assert (await previewed(desk)).moving[0].after == HOSTILE.strip()
    await rescan.rescan(desk, admin)
    assert await where(desk, anna) == (acme, "auto")
