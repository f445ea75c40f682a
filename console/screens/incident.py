"""An incident to read: what it is, warnings of its client, and the thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncConnection
from textual.binding import BindingType
from textual.widget import Widget

from console import alike
from console.data import finding, incidents, notes, senders
from console.data.records import Incident, IncidentFacts, Message, Note
from console.data.records.duplicates import Suggestion
from console.screens import keys
from console.screens.alike import SenderScreen, sender_name
from console.screens.desk_screen import DeskScreen
from console.screens.panels import Context
from console.text import one_line
from console.widgets.banner import BannerNote, WarningBanner
from console.widgets.facts import Pair, Pairs
from console.widgets.reader import Block, Reader
from console.widgets.top_line import TopLine
from console.wording import NO_NAME

_KINDS = {"client": "", "staff": "staff", "note": "private note", "event": "event"}


SUGGESTED = 20
"""Clients looked for who may be a one-time sender, or only related to them."""


class IncidentScreen(DeskScreen):
    """An incident, by id; the newest page of its thread first, older ones on demand."""

    PLACE: ClassVar[str] = "incident"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("incident")

    def __init__(self, incident_id: int, name: str) -> None:
        super().__init__()
        self.incident_id = incident_id
        self.incident: Incident | None = None
        self._shown = name
        self._older: tuple[Message, ...] = ()
        self._has_older = False
        self._suggested: list[Suggestion] = []

    def body(self) -> Iterable[Widget]:
        """Banner, properties, thread."""
        yield WarningBanner(id="banner")
        yield Pairs(id="pairs")
        yield Reader(id="thread")

    def on_mount(self) -> None:
        """Name it at once, then load."""
        self.query_one("#top", TopLine).show_trail(("Incidents", self._shown))
        self.query_one("#thread", Reader).focus()

    def targets(self) -> list[int]:
        """See ``DeskScreen``: this incident."""
        return [self.incident_id]

    def target(self) -> IncidentFacts | None:
        """See ``DeskScreen``; None while loading."""
        row = self.incident.row if self.incident else None
        return IncidentFacts(row.id, row.readable, row.client_id) if row else None

    async def load(self) -> None:
        """The incident, the newest page of its thread, and the warnings of its client."""
        desk = self.desk_app.desk
        context = Context(self.incident_id, desk.now(), self.desk_app.zone)
        async with desk.read() as connection:
            found = await incidents.load(connection, self.incident_id, context.now)
            client_id = found.row.client_id
            warned = await notes.warnings(connection, client_id, context.now) if client_id else []
            self._suggested = [] if client_id else await _suggested(connection, found)
        if not self.is_attached:
            return
        first = self.incident is None
        if self._older and self.incident and found.thread:
            # Older pages that were brought stay, and what has left the newest page since comes behind them.
            self._older += tuple(one for one in self.incident.thread if one.id < found.thread[0].id)
        else:
            self._has_older = found.has_before
        self.incident = found
        self._show(context, warned, end=first)

    def vanished(self, sentence: str) -> None:
        """See ``DeskScreen``."""
        self.incident, self._older, self._has_older, self._suggested = None, (), False, []
        self.query_one("#top", TopLine).show_trail(("Incidents", "no longer there"))
        self.query_one("#banner", WarningBanner).set_notes(())
        self.query_one("#pairs", Pairs).set_pairs(())
        self.query_one("#thread", Reader).set_blocks(
            [Block("Nothing is left. q goes back.", title_style="dim")]
        )
        self.tell(f"{sentence} q goes back.", "error")

    def _show(self, context: Context, warned: Sequence[Note], *, end: bool) -> None:
        assert self.incident is not None
        row = self.incident.row
        self.query_one("#top", TopLine).show_trail(("Incidents", row.readable, row.subject or "(no subject)"))
        self.query_one("#banner", WarningBanner).set_notes(
            [BannerNote(note.text[:500], note.author) for note in warned]
        )
        self.query_one("#pairs", Pairs).set_pairs(
            [*properties(self.incident, context), *may_be(self._suggested)]
        )
        self.query_one("#thread", Reader).set_blocks(self._blocks(context), end=end)

    def _blocks(self, context: Context) -> list[Block]:
        assert self.incident is not None
        blocks = [message_block(message, context) for message in (*self._older, *self.incident.thread)]
        if self._has_older:
            blocks.insert(0, Block("Older messages are not shown. b brings them.", title_style="dim"))
        return blocks or [Block("No messages yet.", title_style="dim")]

    def do_older(self) -> None:
        """Load the page of the thread before the first message shown."""
        if self.incident is None or not self._has_older:
            self.tell("The whole thread is shown.")
            return
        self.request(self._load_older)

    async def _load_older(self) -> None:
        if self.incident is None or not self._has_older:
            return  # the key was pressed again before the last of it had come
        desk, first = self.desk_app.desk, (*self._older, *self.incident.thread)[0].id
        async with desk.read() as connection:
            found = await incidents.load(connection, self.incident_id, desk.now(), before=first)
        if self.is_attached:
            self._older, self._has_older = (*found.thread, *self._older), found.has_before
            context = Context(self.incident_id, desk.now(), self.desk_app.zone)
            self.query_one("#thread", Reader).set_blocks(self._blocks(context))

    def do_client(self) -> None:
        """Open the client it belongs to."""
        row = self.incident.row if self.incident else None
        if row is None or row.client_id is None:
            near = " = shows who they may be." if self._suggested else ""
            self.tell(
                f"It comes from a one-time sender who is no client yet. N registers them.{near}", "refusal"
            )
        else:
            self.desk_app.open_record("client", row.client_id, row.client)

    def do_alike(self) -> None:
        """Who the one-time sender may be."""
        if self.incident is None:
            self.tell("It is still being loaded.", "refusal")
        elif self.incident.row.client_id is not None:
            self.tell("It belongs to a client. c opens them.", "refusal")
        else:
            self.app.push_screen(SenderScreen(self.incident_id, self.incident.row.client))


async def _suggested(connection: AsyncConnection, found: Incident) -> list[Suggestion]:
    """Clients who may be the one-time sender."""
    values = senders.values(found.row.channel, found.sender, sender_name(found))
    return alike.one_client(await finding.of_sender(connection, values, limit=SUGGESTED))


def may_be(suggested: Sequence[Suggestion]) -> list[Pair]:
    """Who a sender may be, in pairs; nothing where nobody is like them."""
    if not suggested:
        return []
    first, rest = suggested[0], len(suggested) - 1
    who = f"{one_line(first.name or NO_NAME, 26)} ({first.explanation.percent} %)"
    more = f" and {rest} more" if rest else ""
    return [Pair("may be", (f"{who}{more}: = shows why, N makes a client",))]


def properties(incident: Incident, context: Context) -> list[Pair]:
    """What an incident is, in pairs."""
    row = incident.row
    state = row.state if row.folder == "inbox" else f"{row.state}, in {row.folder}"
    due = f"due {context.when(row.due_at)}" if row.due_at else "no due time"
    who = row.client + (f", {incident.organization}" if incident.organization else "")
    pairs = [
        Pair("client", (who,)),
        Pair(
            "state",
            (state, f"{row.priority} {row.kind}", due),
            frozenset({2}) if row.overdue else frozenset(),
        ),
        Pair("in", (row.department, f"by {row.channel}", f"owner {row.owner or '-'}")),
    ]
    if incident.held_reason:
        pairs.append(Pair("held", (incident.held_reason,), frozenset({0})))
    return pairs


def message_block(message: Message, context: Context) -> Block:
    """One message of a thread: who and when above, files named below."""
    kind = _KINDS[message.kind]
    title = message.author + (f" ({kind})" if kind else "")
    files = [f"[file: {one.name}, {_size(one.size)}]" for one in message.attachments]
    body = "\n".join([message.body.rstrip(), *files])
    style = {"note": "accent", "event": "dim"}.get(message.kind, "")
    title_style = "accent" if message.kind == "note" else "dim" if message.kind == "event" else "strong"
    right = f"{context.stamp(message.created_at)}, {message.channel}"
    return Block(title, right, body, title_style=title_style, style=style)


def _size(size: int) -> str:
    return f"{size:,} bytes" if size < 10_000 else f"{size / 1000:,.0f} kB"
