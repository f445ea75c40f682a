"""Importing clients and organizations: every row accounted for, one batch, undone as a whole."""

import os
from pathlib import Path

import pytest
from sqlalchemy import func, select

from console.data import clients, derived, find, managers, organizations, statuses
from console.data.desk import Desk
from console.data.errors import Invalid, Refused
from console.data.models.clients import client
from console.data.models.journal import journal_entry
from console.data.records import Actor, Client
from console.data.transfer import Options, Report, import_clients, import_organizations
from console.data.undo import undo_last
from tests.data.rows import snapshot

SHARED = Path(__file__).parents[3] / "shared" / "duplicates" / "clients_5k.csv"


class Importer:
    """Writes files and imports them."""

    def __init__(self, desk: Desk, admin: Actor, folder: Path) -> None:
        self.desk = desk
        self.admin = admin
        self._file = folder / "clients.csv"

    async def __call__(
        self, content: str, *, update: bool = False, dry_run: bool = False, chunk: int = 3
    ) -> Report:
        self._file.write_text(content, encoding="utf-8", newline="")
        options = Options(update=update, dry_run=dry_run, chunk=chunk)
        return self.checked(await import_clients(self.desk, self.admin, self._file, options))

    async def organizations(self, content: str, *, update: bool = False) -> Report:
        self._file.write_text(content, encoding="utf-8", newline="")
        options = Options(update=update, chunk=3)
        return self.checked(await import_organizations(self.desk, self.admin, self._file, options))

    def checked(self, report: Report) -> Report:
        assert report.rows == report.created + report.updated + report.skipped + len(report.rejected)
        return report

    async def client(self, name: str) -> Client:
        async with self.desk.read() as connection:
            return await clients.load(connection, await find.client_id(connection, name))

    async def names(self) -> list[str]:
        async with self.desk.read() as connection:
            query = select(client.c.name).order_by(client.c.sort_name)
            return list((await connection.execute(query)).scalars())

    async def in_step(self) -> bool:
        async with self.desk.read() as connection:
            return await derived.differences(connection) == []


@pytest.fixture
def importer(desk: Desk, admin: Actor, tmp_path: Path) -> Importer:
    return Importer(desk, admin, tmp_path)


async def test_every_column_arrives(importer: Importer) -> None:
    report = await importer(
        "name,kind,email,mobile,phone,organization,mail_domain,username,external_id,language,time_zone,status,tags,"
        "address,city,postcode,country\n"
        "Anna O'Brien,person,Anna@Acme.example|a.obrien@mail.example,601 555 010,22 555 01 01,Acme sp. z o.o.,"
        "acme.example,AnnaO,K-7,PL,Europe/Warsaw,pending,vip|north,ul. Długa 1,Gdańsk,80-001,pl\n"
    )
    assert (report.created, report.organizations, report.batch is not None) == (1, 1, True)
    anna = await importer.client("anna@acme.example")
    assert [(one.type, one.raw, one.normalized, one.mobile) for one in anna.identities] == [
        ("email", "Anna@Acme.example", "anna@acme.example", False),
        ("email", "a.obrien@mail.example", "a.obrien@mail.example", False),
        ("phone", "601 555 010", "+48601555010", True),
        ("phone", "22 555 01 01", "+48225550101", False),
    ]
    assert (anna.name, anna.kind, anna.username, anna.external_id) == (
        "Anna O'Brien",
        "person",
        "annao",
        "K-7",
    )
    assert (anna.language, anna.time_zone, anna.status, anna.tags) == (
        "pl",
        "Europe/Warsaw",
        "pending",
        ("north", "vip"),
    )
    assert anna.address.one_line == "ul. Długa 1, 80-001 Gdańsk, PL"
    assert (anna.organization, anna.organization_by) == ("Acme sp. z o.o.", "import")
    async with importer.desk.read() as connection:
        found = await find.organization_id(connection, "acme.example")
        organization = await organizations.load(connection, found, importer.desk.now())
    assert (organization.name, organization.clients) == ("Acme sp. z o.o.", 1)
    assert await importer.in_step()


async def test_each_bad_row_is_rejected_with_its_line_and_the_others_come(importer: Importer) -> None:
    report = await importer(
        "name,email,mobile,country,status\n"
        "Anna,anna@x.example,,,\n"
        ",nobody@x.example,,,\n"
        "Bad Mail,nonsense,,,\n"
        '"Two\nlines",two@x.example,,,\n'
        "No Way To Reach,,,,\n"
        "Short\n"
        "Long,long@x.example,,,,more\n"
        "Angry,angry@x.example,,,angry\n"
        "Nul,n\0ul@x.example,,,\n"
        f"{'x' * 1_000_000},big@x.example,,,\n"
        "=1+1,formula@x.example,,,\n"
        "\n"
        "British,,07700 900123,uk,\n"
        "Last,last@x.example,,,\n"
    )
    assert (report.rows, report.created) == (13, 4)
    assert await importer.names() == ["=1+1", "Anna", "Last", "Two\nlines"]
    assert [(line, reason[:40]) for line, reason in report.rejected] == [
        (3, "The name is missing. Write the name of t"),
        (4, "'nonsense' is not an e-mail address. Wri"),
        (7, "An e-mail address, mobile or phone is mi"),
        (8, "An e-mail address, mobile or phone is mi"),
        (9, "There are 6 cells under 5 columns. Put c"),
        (10, "The status cannot be 'angry'. Write pend"),
        (11, "The e-mail address holds a NUL character"),
        (12, "The name has 1,000,000 characters. Short"),
        (15, "'uk' is not a country. Write GB."),
    ]
    assert await importer.in_step()


async def test_who_is_here_already_is_skipped_and_a_file_twice_changes_nothing(importer: Importer) -> None:
    content = (
        "name,email,mobile\n"
        + "".join(f"Client {n},c{n}@x.example,\n" for n in range(7))
        + "Phone Only,,601555010\n"
    )
    first = await importer(content)
    assert (first.created, first.skipped) == (8, 0)
    before = await snapshot(importer.desk)
    second = await importer(content)
    assert (second.created, second.skipped, second.batch) == (0, 8, None)
    assert second.skips[0] == (2, "c0@x.example belongs to Client 0 already.")
    assert second.skips[-1] == (9, "601555010 belongs to Phone Only already.")
    assert await snapshot(importer.desk) == before
    assert (await importer("name,mobile\nTheir Wife,601 555 010\n")).created == 1


async def test_the_same_twice_in_one_file_is_rejected_with_the_first_line(importer: Importer) -> None:
    report = await importer(
        "name,email,username,mobile\n"
        "Anna,anna@x.example,,\n"
        "Tom,tom@x.example,tom,\n"
        "Ola,ola@x.example,,\n"
        "Wu,wu@x.example,,\n"
        "Anna Again,x@x.example|ANNA@x.example,,\n"
        "Other Tom,other@x.example,TOM,\n"
        "Jan,,,601555010\n"
        "jan,,,601 555 010\n"
    )
    assert report.created == 5
    assert report.rejected == [
        (6, "The email anna@x.example is that of line 2 already."),
        (7, "The username tom is that of line 3 already."),
        (9, "jan at 601555010 is that of line 8 already."),
    ]


async def test_update_brings_up_to_date_and_empties_nothing(importer: Importer) -> None:
    await importer(
        "name,email,city,status,organization\nAnna,anna@x.example,Gdańsk,pending,Acme\nTom,tom@x.example,,,\n"
    )
    report = await importer(
        "name,email,mobile,city,status,organization,tags\n"
        "Anna Kowalska,anna@x.example|anna2@x.example,601555010,,approved,Other,vip\n"
        "Tom,tom@x.example,,,,,\n"
        "New,new@x.example,,,,,\n"
        "Both,anna2@x.example|tom@x.example,,,,,\n",
        update=True,
    )
    assert (report.created, report.updated, report.skipped) == (1, 1, 1)
    assert [line for line, _ in report.rejected] == [5]
    anna = await importer.client("anna2@x.example")
    assert (anna.name, anna.status, anna.address.city, anna.organization, anna.tags) == (
        "Anna Kowalska", "approved", "Gdańsk", "Other", ("vip",),
    )  # fmt: skip
    assert [one.normalized for one in anna.identities] == ["anna@x.example", "anna2@x.example", "601555010"]
    assert report.skips == [(3, "Tom is as in this line already.")]
    assert await importer.in_step()


async def test_update_gives_organization_and_status_as_staff_would(importer: Importer) -> None:
    await importer("name,email,organization\nMia,mia@old.example,Old Ltd\n")
    mia = await importer.client("Mia")
    async with importer.desk.change(importer.admin, "client.manager") as change:
        await managers.grant(change, mia.id, may_reply=True)
        await statuses.give(change, [mia.id], "spam")
    await importer(
        "name,email,organization,status\nMia,mia@old.example,New Ltd,banned\n",
        update=True,
    )
    assert (await importer.client("Mia")).manages == ()
    async with importer.desk.change(importer.admin, "client.unban") as change:
        assert await statuses.lift(change, [mia.id], "banned")
        assert await statuses.lift(change, [mia.id], "spam")
    assert (await importer.client("Mia")).status == "approved"


async def test_two_lines_of_one_client_bring_a_number_once(importer: Importer) -> None:
    await importer("name,email\nMia,mia@old.example|mia@new.example\n")
    lines = "Mia,mia@old.example,+48601555010\nMia,mia@new.example,+48601555010\n"
    report = await importer("name,email,phone\n" + lines, update=True)
    assert (report.updated, report.skipped) == (1, 1)
    assert [one.type for one in (await importer.client("Mia")).identities] == ["email", "email", "phone"]


async def test_an_import_is_one_batch_and_undoes(importer: Importer) -> None:
    await importer("name,email,organization\nAnna,anna@x.example,Acme\n")
    before = await snapshot(importer.desk)
    rows = "".join(f"Client {n},c{n}@x.example,Firm {n % 4},firm{n % 4}.example,vip\n" for n in range(20))
    content = f"name,email,organization,mail_domain,tags\n{rows}Anna K,anna@x.example,Firm 1,,\n"
    report = await importer(content, update=True)
    assert (report.created, report.updated, report.organizations) == (20, 1, 4)
    async with importer.desk.read() as connection:
        mine = select(func.count()).where(journal_entry.c.batch_id == report.batch)
        assert (await connection.execute(mine)).scalar_one() == 7
    await undo_last(importer.desk, importer.admin)
    assert await snapshot(importer.desk) == before
    assert await importer.in_step()


async def test_a_dry_run_says_the_same_and_writes_nothing(importer: Importer) -> None:
    await importer("name,email\nAnna,anna@x.example\n")
    before = await snapshot(importer.desk)
    content = (
        "name,email,organization\n"
        + "".join(f"C{n},c{n}@x.example,Firm\n" for n in range(8))
        + "A,anna@x.example,\nB,bad,\n"
    )
    rehearsed = await importer(content, dry_run=True)
    assert await snapshot(importer.desk) == before
    assert rehearsed.batch is None
    real = await importer(content)
    counts = ("rows", "created", "skipped", "rejected")
    assert [getattr(rehearsed, name) for name in counts] == [getattr(real, name) for name in counts]


async def test_organizations_are_one_per_name_and_domains_stay_where_they_are(importer: Importer) -> None:
    report = await importer(
        "name,email,organization,mail_domain\n"
        "A,a@x.example,Żabka S.A.,zabka.example\n"
        "B,b@x.example,zabka s.a.,\n"
        "C,c@x.example,ŻABKA S.A.,zabka.example\n"
        "D,d@x.example,Other,zabka.example\n"
        "E,e@x.example,,zabka.example\n"
        "F,f@x.example,,unknown.example\n"
    )
    assert (report.created, report.organizations) == (6, 2)
    assert report.warnings == [
        (5, "The mail domain zabka.example belongs to Żabka S.A. and stays there."),
        (7, "The mail domain unknown.example has no organization and was left out."),
    ]
    assert [
        (await importer.client(name)).organization for name in ("a@x.example", "c@x.example", "e@x.example")
    ] == ["Żabka S.A."] * 3
    assert (await importer.client("d@x.example")).organization == "Other"


async def test_an_error_on_the_way_takes_back_what_was_written(importer: Importer) -> None:
    before = await snapshot(importer.desk)
    rows = "".join(f"C{n},c{n}@x.example\n" for n in range(10))
    with pytest.raises(Invalid, match="quotation mark"):
        await importer(f'name,email\n{rows}"{"never closed " * 1_500_000}')
    assert await snapshot(importer.desk) == before


async def test_columns_that_are_not_there(importer: Importer) -> None:
    with pytest.raises(Invalid, match="'emails' may be meant for email"):
        await importer("name,emails\nA,a@x.example\n")
    with pytest.raises(Invalid, match="has no column name"):
        await importer("email\na@x.example\n")
    report = await importer("name,email,Birth Day,stauts\nA,a@x.example,1.1.1970,approved\n")
    assert report.unknown_columns == {"Birth Day": "", "stauts": "status"}


async def test_viewers_import_nothing(importer: Importer) -> None:
    importer.admin = Actor(importer.admin.staff_id, "ann", "Ann", "viewer")
    with pytest.raises(Refused):
        await importer("name,email\nA,a@x.example\n")


async def test_organizations(importer: Importer) -> None:
    content = (
        "name,mail_domain,phone,city,country\n"
        "Acme sp. z o.o.,acme.example|acme.com.example,22 555 01 01,Gdańsk,PL\n"
        "Beta GmbH,beta.example,,,DE\n"
        "acme SP. z o.o.,,,,\n"
        "Gamma,beta.example,,,\n"
        ",x.example,,,\n"
        "Delta,not a domain,,,\n"
    )
    report = await importer.organizations(content)
    assert report.created == 2
    assert [line for line, _ in report.rejected] == [4, 5, 6, 7]
    again = await importer.organizations(content)
    assert (again.created, again.skipped) == (0, 2)
    assert (
        await importer.organizations("name,city\nBeta GmbH,Berlin\nAcme sp. z o.o.,Gdańsk\n", update=True)
    ).updated == 1
    async with importer.desk.read() as connection:
        found = await organizations.load(
            connection, await find.organization_id(connection, "beta.example"), importer.desk.now()
        )
    assert (found.address.city, found.address.country) == ("Berlin", "DE")
    assert await importer.in_step()


async def test_a_large_base_of_other_columns_adds_up(importer: Importer) -> None:
    if not SHARED.exists() and os.environ.get("CI") != "true":
        pytest.skip("../shared is not here")
    assert SHARED.exists()
    content = SHARED.read_text(encoding="utf-8")
    with pytest.raises(Invalid, match="'emails' may be meant for email"):
        await importer(content)
    renamed = content.replace(
        "unique_id,kind,name,emails,phones,handles,org,domain,street",
        "unique_id,kind,name,email,mobile,handles,organization,mail_domain,address",
        1,
    )
    report = await importer(renamed.replace(";", "|"), chunk=2000)
    assert report.rows == len(content.splitlines()) - 1
    assert report.created > report.rows * 0.7
    assert set(report.unknown_columns) == {"unique_id", "handles", "cluster"}
    assert await importer.in_step()
