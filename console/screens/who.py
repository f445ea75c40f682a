"""Who-is-this: whom something pasted means, and what to know before talking to them, on one screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget

from console.commands import Command, answers, by_id
from console.commands.forms import Opened
from console.commands.who import PICK_KEYS
from console.data import who
from console.data.records import ClientFacts, IncidentFacts, IncidentRow
from console.data.records.who import Answer, Candidate
from console.screens import keys
from console.screens.desk_screen import DeskScreen
from console.text import one_line
from console.widgets.banner import BannerNote, WarningBanner
from console.widgets.facts import Fact, Facts
from console.widgets.record_list import Column, ListRow, RecordList, RowFlags
from console.widgets.top_line import TopLine
from console.wording import NO_NAME

_WARNINGS = 6
_LEAST_ROWS = 3
_AROUND = 6  # the lines at top and bottom, the header of the list, and two that are empty

_NOBODY = "n writes them down as a new client. Less of it may find more: part of a name, the last digits of a number."

ABOUT = (
    Column("key", "", 1),
    Column("number", "", 12),
    Column("subject", "who, and what is open", 12, grow=1),
    Column("state", "state", 9, drop=2),
    Column("due", "due", 9, align="right"),
    Column("owner", "owner", 8, drop=1),
)
SEVERAL = (
    Column("key", "", 1),
    Column("name", "who may be meant", 18, grow=3),
    Column("why", "found by", 12, grow=2),
    Column("organization", "organization", 12, grow=2, drop=2),
    Column("at", "seen", 8, align="right", drop=1),
    Column("status", "status", 12),
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the list: what enter on it opens, by name and id, and how it is called; a candidate of several."""

    row: ListRow
    what: str
    id: int
    title: str
    candidate: Candidate | None = None


class WhoScreen(DeskScreen):
    """The answer for what was pasted (``given``), or for the one of several who was ``picked``."""

    PLACE: ClassVar[str] = "who"
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings("who"),
        *(Binding(key, f"pick({key})", "Pick", show=False, id=f"who.{key}") for key in PICK_KEYS.split(",")),
    ]

    def __init__(self, given: str, picked: Candidate | None = None) -> None:
        super().__init__()
        self.given = given
        self.answer: Answer | None = None
        self._picked = picked
        self._lines: dict[int, _Line] = {}
        self._numbered: tuple[_Line, ...] = ()

    def body(self) -> Iterable[Widget]:
        """Warnings, whom it is with what is open, and what is told of them."""
        with Vertical(id="who"):
            yield WarningBanner(most=_WARNINGS, id="banner")
            yield RecordList(ABOUT, narrow=True, loading_text="Looking for them…", id="list")
            yield Facts(most_lines=1, id="told")

    @property
    def listing(self) -> RecordList:
        """The list."""
        return self.query_one("#list", RecordList)

    def on_mount(self) -> None:
        """Say what is looked for at once, then look."""
        self._show_trail()
        self.listing.focus()

    def _show_trail(self) -> None:
        self.query_one("#top", TopLine).show_trail(("Who is", one_line(self.given, 60) or "…"))

    def ask_again(self, given: str) -> None:
        """Answer something else in the place of this."""
        self.given, self._picked, self.answer = given, None, None
        self._show_trail()
        self._clear()
        self.listing.show_loading()
        self.reload()

    # Loading

    async def load(self) -> None:
        """The answer, read in one state of the database."""
        app, given, picked = self.desk_app, self.given, self._picked
        async with app.desk.read() as connection:
            now, reader = app.desk.now(), app.actor.staff_id
            if picked is None:
                found = await who.answer(connection, given, reader, now)
            else:
                found = await who.of(connection, picked, given, reader, now)
        if self.is_attached and (given, picked) == (self.given, self._picked):
            is_new, self.answer = self.answer is None, found
            self._show(found)
            if is_new and found.found is None:
                self.say(answers.sentence(found) + self._advice(found))
            elif is_new and found.kind in ("organization", "purged"):
                self.say(answers.sentence(found))

    def _advice(self, found: Answer) -> str:
        if found.kind == "several":
            return " Press a number."
        return f" n adds them{', with this filled in' if found.new else ''}." if found.given else ""

    def vanished(self, sentence: str) -> None:
        """See ``DeskScreen``."""
        self.answer = None
        self._clear()
        self.listing.set_empty_text("Nothing is left. q goes back.")
        self.listing.set_window(())
        self.tell(f"{sentence} q goes back.", "error")

    def _clear(self) -> None:
        self._lines, self._numbered = {}, ()
        self.query_one("#banner", WarningBanner).set_notes(())
        self.query_one("#told", Facts).set_facts(())

    def _times(self) -> answers.Times:
        return answers.Times(self.desk_app.desk.now(), self.desk_app.zone)

    def _show(self, found: Answer) -> None:
        times = self._times()
        warned = answers.warnings(found, times)
        notes = [BannerNote(one.text, one.right, one.urgent) for one in warned]
        self.query_one("#banner", WarningBanner).set_notes(notes)
        told = [Fact(label, values) for label, values in answers.facts(found, times)]
        self.query_one("#told", Facts).set_facts(told)
        lines = self._several(found) if found.found is None else self._about(found)
        self._numbered = tuple(one for one in lines if _key(one))
        self._lines = {one.row.id: one for one in lines}
        self.listing.set_columns(SEVERAL if found.found is None else ABOUT)
        self.listing.set_empty_text(_NOBODY, public=True)
        self.listing.set_window([one.row for one in lines])
        self._share_out()

    def on_resize(self, event: events.Resize) -> None:
        """The list gives way to what stands around it."""
        self._share_out()

    def _share_out(self) -> None:
        """Give the list the lines it needs; where there are too few, what is told below it stays in sight."""
        width = self.size.width
        told = len(self.query_one("#told", Facts).lines(width))
        warned = len(self.query_one("#banner", WarningBanner).lines(width))
        rows = max(len(self._lines), 1)
        room = max(self.size.height - _AROUND - told - warned, _LEAST_ROWS)
        self.listing.styles.height = 1 + (min(rows, room) if self._lines else room)

    # The lines

    def _several(self, found: Answer) -> list[_Line]:
        times = self._times()
        return [
            _Line(
                ListRow(
                    place,
                    {
                        "key": _digit(place),
                        "name": one.name or NO_NAME,
                        "why": one.why,
                        "organization": one.organization,
                        "at": times.when(one.seen_at),
                        "status": answers.status(one),
                    },
                    RowFlags(warning=one.status in ("banned", "spam"), dim=one.state != "live"),
                ),
                "candidate",
                one.id,
                one.name,
                one,
            )
            for place, one in enumerate(found.candidates, 1)
        ]

    def _about(self, found: Answer) -> list[_Line]:
        assert found.found is not None
        one = found.found
        if found.client is not None:
            known = found.client
            lines = [
                _person("client", one.id, known.client.name, known.client.organization, known.client.status)
            ]
            if known.contact is not None:
                title = known.contact.name
                lines.append(_person("contact", known.contact.id, title, known.contact.job_title, ""))
            return lines + self._incidents(known.incidents)
        if found.sender is not None:
            sender = found.sender
            first = _person("sender", -1, sender.name or sender.address, "", "no client")
            return [first, *self._incidents(sender.incidents)]
        if found.organization is not None:
            company = found.organization
            lines = [_person("organization", company.id, company.name, "", company.state)]
            return lines + [
                _person("manager", one, name, "may answer" if reply else "", "", key=_digit(place))
                for place, (one, name, reply) in enumerate(company.managers[:20], 1)
            ]
        return []

    def _incidents(self, rows: Sequence[IncidentRow]) -> list[_Line]:
        times = self._times()
        return [
            _Line(
                ListRow(
                    row.id,
                    {
                        "key": _digit(place),
                        "number": row.readable,
                        "subject": row.subject or "(no subject)",
                        "state": row.state if row.folder == "inbox" else row.folder,
                        "due": times.when(row.due_at) or "-",
                        "owner": row.owner or "-",
                    },
                    RowFlags(warning=row.overdue, dim=row.state in ("closed", "cancelled")),
                ),
                "incident",
                row.id,
                row.readable,
            )
            for place, row in enumerate(rows, 1)
        ]

    # What can be done

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        if (line := self._lines.get(event.row_id)) is not None:
            self._open(line)

    @on(RecordList.MarkToggled)
    def _marked(self) -> None:
        self.tell("Rows are marked in the list of clients.", "refusal")

    def action_pick(self, number: int) -> None:
        """A number key: open the line that has it."""
        if number > len(self._numbered):
            self.tell(f"There is no line {number} here.", "refusal")
        else:
            self._open(self._numbered[number - 1])

    def do_pick(self) -> None:
        """From the palette: say how."""
        self.tell("Press the number of a line.")

    def _open(self, line: _Line) -> None:
        answer = self.answer
        if line.candidate is not None:
            self.app.push_screen(WhoScreen(self.given, line.candidate))
        elif line.what == "contact" and answer is not None and answer.client is not None:
            self.desk_app.open_record("client", answer.client.client.id, answer.client.client.name)
        elif line.what == "sender":
            self.tell("They are no client yet: n makes them one, with these incidents.", "refusal")
        else:
            what = {"manager": "client"}.get(line.what, line.what)
            self.desk_app.open_record(what, line.id, line.title)

    def targets(self) -> list[int]:
        """The client of the answer, or of the line under the cursor."""
        found = self.target()
        return [] if found is None else [found.id]

    def target(self) -> ClientFacts | None:
        """See ``DeskScreen``."""
        if self.answer is None:
            return None
        if self.answer.client is not None:
            one = self.answer.client.client
            name = one.name or NO_NAME
            return ClientFacts(
                one.id, name, one.status, one.favourite, one.email, one.state, one.organization_id
            )
        line = self._lines.get(self.listing.cursor_id or 0)
        meant = line.candidate if line else None
        if meant is None or meant.kind != "client":
            return None
        return ClientFacts(meant.id, meant.name or NO_NAME, meant.status, False, "", meant.state)

    def begin(self, command: Command, first: str = "") -> None:
        """A new client begins with what was pasted; a one-time sender becomes one with their incidents."""
        if command.id != "client.new":
            super().begin(command, first)
            return
        sender = self.answer.sender if self.answer else None
        if sender is not None and sender.incidents:
            self._register(sender.incidents[0])
            return
        reason = command.disabled_reason(None, self.desk_app.actor)
        if reason is not None:
            self.say(reason, "refusal")
        else:
            self.open_form(self._filled_in(command), [], first)

    def _register(self, row: IncidentRow) -> None:
        command = by_id("incident.register")
        reason = command.disabled_reason(
            IncidentFacts(row.id, row.readable, row.client_id), self.desk_app.actor
        )
        if reason is not None:
            self.say(reason, "refusal")
        else:
            self.execute(command, [row.id], {})

    def _filled_in(self, command: Command) -> Command:
        """The command with a form that begins with what was pasted, and keeps drafts of its own for it."""
        assert command.form is not None
        new = dict(self.answer.new) if self.answer else {}

        async def opened(*_: object) -> Opened:
            several = {one.name for one in command.form.fields if one.several} if command.form else set()
            return Opened({name: (text,) if name in several else text for name, text in new.items()})

        mark = sha256(repr(sorted(new.items())).encode()).hexdigest()[:16] if new else ""
        name = f"{command.id}:{mark}" if mark else command.id
        return replace(command, id=name, form=replace(command.form, open=opened))

    def after(self, command: Command, made: int | None) -> None:
        """A new client is the answer now."""
        if made is not None:
            self._picked = Candidate("client", made, "", "written down just now")


def _person(what: str, row_id: int, name: str, about: str, state: str, key: str = "") -> _Line:
    """A line about a person or a company: the first of an answer."""
    who_and_where = one_line(name, 200) or NO_NAME
    cells = {
        "key": key,
        "number": what,
        "subject": f"{who_and_where}, {one_line(about, 200)}" if about else who_and_where,
        "state": state,
        "due": "",
        "owner": "",
    }
    return _Line(ListRow(row_id, cells, RowFlags(warning=state in ("banned", "spam"))), what, row_id, name)


def _digit(place: int) -> str:
    return str(place) if place < 10 else ""


def _key(line: _Line) -> str:
    cells = line.row.cells
    return "" if isinstance(cells, tuple) else cells["key"]
