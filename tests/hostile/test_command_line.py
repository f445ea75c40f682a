"""Every payload through the command line: names, subjects, notes, files, errors; in tables, pages and JSON."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from console.cli.root import run
from console.data import staff
from console.data.desk import Desk
from console.data.models.clients import client, identity
from console.data.models.departments import department
from console.data.models.incidents import attachment, incident, message
from console.data.models.notes import note
from console.data.models.organizations import organization
from console.data.records import Actor
from console.text import cells
from tests.cli.running import Answer, Helpdesk
from tests.databases import SqliteFiles
from tests.hostile.payloads import LONG, PAYLOADS

# Everything a terminal obeys or a reader is deceived by; a line feed is what lines end with.
FOREIGN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
ESCAPED_IN_JSON = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)


def storable(text: str) -> bool:
    """Whether a database takes the text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


STORED = {name: text for name, text in PAYLOADS.items() if storable(text)}


async def _fill(url: str) -> None:
    async with await Desk.open(url) as desk:
        actor = await staff.first_admin(desk, staff.system_login(), "\x1b]0;me\x07")
        async with desk.change(actor, "hostile.fill") as change:
            support = await change.insert(department, name="Support\x1b[2J")
            for number, text in enumerate(STORED.values(), 1):
                await _fill_one(change, actor, support, number, text)


async def _fill_one(change: Any, actor: Actor, support: int, number: int, text: str) -> None:
    owner = await change.insert(organization, name=text)
    client_id = await change.insert(
        client, name=text, city=text, organization_id=owner, organization_by="manual", status_reason=text
    )
    raw = f"p{number}@x.example"
    await change.insert(
        identity, client_id=client_id, contact_id=None, type="email", raw=raw, normalized=raw, position=0
    )
    await change.insert(note, client_id=client_id, author_id=actor.staff_id, level="warning", text=text)
    incident_id = await change.insert(
        incident,
        number=number,
        hash=f"{number:025x}",
        client_id=client_id,
        channel="email",
        department_id=support,
        subject=text,
    )
    message_id = await change.insert(
        message, incident_id=incident_id, kind="client", author=text, channel="email", body=text
    )
    values = {"name": text, "media_type": text, "sha256": "0" * 64}
    await change.insert(attachment, incident_id=incident_id, message_id=message_id, **values)


@pytest.fixture(scope="module")
def helpdesk(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Helpdesk:
    folder = tmp_path_factory.mktemp("hostile")
    url = sqlite_files.new(folder)
    asyncio.run(_fill(url))
    return Helpdesk(folder, url)


def inert(text: str) -> bool:
    return FOREIGN.search(text) is None


class Here:
    """The same commands in this process, where a process for each payload would take minutes."""

    def __init__(self, capture: pytest.CaptureFixture[bytes]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str) -> Answer:
        code = run(arguments)
        out, err = self._capture.readouterr()
        return Answer(code, out.decode(), err.decode(), out)


@pytest.fixture
def here(
    helpdesk: Helpdesk, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Here:
    monkeypatch.setenv("HELPDESK_DATABASE", str(helpdesk.database))
    monkeypatch.setenv("HOME", str(helpdesk.home))
    return Here(capfdbinary)


@pytest.mark.parametrize(
    "command",
    [
        ["clients", "list", "--all"],
        ["organizations", "list", "--all"],
        ["incidents", "list", "--all"],
        ["staff", "list"],
        ["journal", "list"],
    ],
    ids=" ".join,
)
def test_lists_are_inert_and_aligned(command: list[str], helpdesk: Helpdesk) -> None:
    answer = helpdesk.ok(*command)
    assert inert(answer.out)
    lines = answer.out.splitlines()
    if command[0] in ("clients", "organizations"):
        assert len(lines) == len(STORED) + 1
        assert len({cells(line) for line in lines}) == 1


@pytest.mark.parametrize("command", ["clients", "organizations", "incidents"])
def test_json_is_inert_and_says_exactly_what_is_stored(command: str, helpdesk: Helpdesk) -> None:
    answer = helpdesk.ok(command, "list", "--all", "--json")
    assert ESCAPED_IN_JSON.search(answer.raw.decode()) is None
    found = [row["subject" if command == "incidents" else "name"] for row in answer.json]
    assert sorted(found) == sorted(STORED.values())


@pytest.mark.parametrize("name", list(STORED))
def test_a_client_and_an_incident_are_inert(name: str, here: Here) -> None:
    number = list(STORED).index(name) + 1
    for command in (["clients", "show", f"p{number}@x.example"], ["incidents", "show", str(number)]):
        answer = here(*command)
        assert answer.code == 0
        assert inert(answer.out)
        assert f"p{number}@x.example" in answer.out or f"INC-{number:06d}" in answer.out
        assert len(answer.out) < 250_000


@pytest.mark.parametrize("name", [name for name in STORED if name not in LONG])
def test_errors_are_inert_and_one_line(name: str, here: Here, tmp_path: Path) -> None:
    text = STORED[name]
    number = list(STORED).index(name) + 1
    taken = here("clients", "add", "Other", "--email", f"p{number}@x.example")
    assert "belongs to" in taken.err
    unknown = here("organizations", "show", f"{text} of nobody")
    wrong = here("clients", "list", "--status", f"{text}")
    database = here(
        "clients", "list", "--database", f"{tmp_path}/{text.replace('/', '')[:40]}/none/of this/\x1b[2J"
    )
    for answer, lines in ((taken, 1), (unknown, 1), (wrong, 2)):
        assert answer.code in (1, 2)
        assert inert(answer.err)
        assert answer.err.count("\n") == lines
    assert inert(database.err + database.out)


def test_files_of_payloads_are_answered_inertly(helpdesk: Helpdesk, tmp_path: Path) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    file = tmp_path / "hostile \x1b]0;x\x07.csv"
    rows = [f"{quoted(text)},{quoted(text)},{quoted(text)}" for text in STORED.values()]
    header = "name,email," + quoted("\x1b[31mcolour")
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8", newline="")
    for how in ([], ["--json"]):
        answer = helpdesk("clients", "import", str(file), *how)
        assert answer.code == 1
        assert inert(answer.out)
        assert inert(answer.err)
    missing = helpdesk("clients", "import", str(tmp_path / "\x1b[2J.csv"))
    assert missing.code == 1
    assert inert(missing.err)


def test_what_no_database_takes_is_refused(helpdesk: Helpdesk, tmp_path: Path) -> None:
    file = tmp_path / "nul.csv"
    file.write_bytes(b"name,email\na\0b,nul@x.example\n")
    report = helpdesk("clients", "import", str(file), "--json").json
    assert [one["line"] for one in report["rejected"]] == [2]
    assert "NUL" in report["rejected"][0]["reason"]


async def test_the_base_was_really_filled(helpdesk: Helpdesk) -> None:
    async with await Desk.open(str(helpdesk.database)) as desk, desk.read() as connection:
        names = set((await connection.execute(select(client.c.name))).scalars())
    assert set(STORED.values()) <= names
    assert len(STORED) > 70
