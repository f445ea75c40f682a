"""Who may be the same: as a client, worked as in the queue; or as a sender who is no client yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType

from console import alike
from console.commands import Command, by_id
from console.data import finding, incidents, senders
from console.data.edits import Value
from console.data.records import Incident, IncidentFacts, IncidentRow
from console.data.records.duplicates import Pair, Side, Suggestion
from console.screens import keys
from console.screens.comparing import ComparingScreen
from console.screens.merge import open_merge
from console.widgets.record_list import Column, ListRow, RecordList, RowFlags
from console.widgets.top_line import TopLine
from console.wording import NO_NAME

MOST = 20


class SuggestedScreen(ComparingScreen):
    """Those who may be one client or sender, the surest first."""

    COLUMNS = (
        Column("percent", "%", 2, align="right"),
        Column("name", "may be the same", 18, grow=2),
        Column("email", "email or phone", 20, grow=2, drop=2),
        Column("why", "because", 24, grow=3, drop=1),
        Column("status", "status", 11, drop=3),
    )
    NOBODY: ClassVar[str] = "Nobody else seems to be them. q goes back."

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name_shown = name
        self._pairs: dict[int, Pair] = {}

    def show_where(self) -> None:
        """See ``ComparingScreen``."""
        self.query_one("#top", TopLine).show_trail(("Duplicates", self.name_shown or NO_NAME))

    def pair(self) -> Pair | None:
        """See ``ComparingScreen``."""
        return self._pairs.get(self.listing.cursor_id or 0)

    @on(RecordList.MarkToggled)
    def _marked(self) -> None:
        self.tell("Nothing is marked here: every line stands for itself.", "refusal")

    def vanished(self, sentence: str) -> None:
        """See ``DeskScreen``."""
        self.show_suggested(())
        self.tell(f"{sentence} q goes back.", "error")

    def show_suggested(self, found: Sequence[tuple[Suggestion, Pair]]) -> None:
        """Show these, the cursor where it was."""
        # Who is only related stands behind those who may be the same.
        shown = sorted(found, key=lambda two: two[0].explanation.relation != "duplicate")
        self._pairs = {one.client_id: pair for one, pair in shown}
        self.listing.set_empty_text(self.NOBODY, public=True)
        self.listing.set_window([suggested_row(one) for one, _ in shown])
        self.show_pair()


class AlikeScreen(SuggestedScreen):
    """Who may be the same as a client."""

    PLACE: ClassVar[str] = "alike"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("alike")

    def __init__(self, client_id: int, name: str) -> None:
        super().__init__(name)
        self.client_id = client_id

    async def load(self) -> None:
        """Those suggested, each beside the client."""
        async with self.desk_app.desk.read() as connection:
            suggested = await finding.of_client(connection, self.client_id, limit=MOST)
            pairs = [await finding.pair(connection, self.client_id, one.client_id) for one in suggested]
        if self.is_attached:
            found = zip(suggested, (turned(pair, self.client_id) for pair in pairs), strict=True)
            self.show_suggested(list(found))

    def do_same_person(self) -> None:
        """Open the merge of both, the client one came from first."""
        found = self.pair()
        if found is not None and not self.refuse(by_id("duplicate.different")):
            open_merge(self.desk_app, (found.first.id, found.second.id))
        elif found is None:
            self.tell("There is nobody under the cursor.", "refusal")


class SenderScreen(SuggestedScreen):
    """Who the one-time sender of an incident may be."""

    PLACE: ClassVar[str] = "sender"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("sender")
    NOBODY = "Nobody here seems to be them. N makes a client of them, q goes back."

    def __init__(self, incident_id: int, name: str) -> None:
        super().__init__(name)
        self.incident_id = incident_id
        self._row: IncidentRow | None = None

    async def load(self) -> None:
        """Those who may have sent it, each beside what is known of the sender."""
        async with self.desk_app.desk.read() as connection:
            found = await incidents.load(connection, self.incident_id, self.desk_app.desk.now())
            values = senders.values(found.row.channel, found.sender, sender_name(found))
            suggested = await finding.of_sender(connection, values, limit=MOST)
        if not self.is_attached:
            return
        self._row = found.row
        here = _sender_side(values, found.sender)
        pairs = [(one, Pair(0, here, _side_of(one), one.explanation)) for one in suggested]
        self.show_suggested(pairs)

    def do_same_sender(self) -> None:
        """Give the sender to the client under the cursor."""
        found = self.pair()
        if found is None:
            self.tell("There is nobody under the cursor. N makes a client of the sender.", "refusal")
        else:
            self._do("incident.attach", {"client": str(found.second.id)})

    def do_register_sender(self) -> None:
        """The sender is nobody of these."""
        self._do("incident.register", {})

    def _do(self, command_id: str, answers: dict[str, str]) -> None:
        command, row = by_id(command_id), self._row
        if row is None:
            self.tell("The incident is still being loaded.", "refusal")
            return
        reason = command.disabled_reason(
            IncidentFacts(row.id, row.readable, row.client_id), self.desk_app.actor
        )
        if reason is not None:
            self.say(reason, "refusal")
        else:
            self.execute(command, [row.id], answers)

    def after(self, command: Command, made: int | None) -> None:
        """The sender is somebody now: back to the incident."""
        if command.id in ("incident.attach", "incident.register") and self.app.screen is self:
            self.app.pop_screen()


def suggested_row(one: Suggestion) -> ListRow:
    """A suggestion as a line."""
    return ListRow(
        one.client_id,
        {
            "percent": str(one.explanation.percent),
            "name": one.name or NO_NAME,
            "email": one.email or one.mobile,
            "why": alike.brief(one.explanation),
            "status": one.status,
        },
        RowFlags(warning=one.status in ("banned", "spam")),
    )


def turned(pair: Pair, first: int) -> Pair:
    """The pair with this client first."""
    if pair.first.id == first:
        return pair
    return Pair(pair.id, pair.second, pair.first, pair.explanation, pair.decision, pair.decided_by)


def sender_name(found: Incident) -> str:
    """The name that came with an incident of a one-time sender, or ''."""
    return found.row.client if found.row.client != found.sender else ""


def _sender_side(values: Mapping[str, Value], address: str) -> Side:
    """What is known of a sender, to be shown beside a client."""

    def held(*fields: str) -> tuple[str, ...]:
        return tuple(one for field in fields for one in values.get(field, ()))

    handles = tuple(f"{kind}:{one}" for kind in senders.HANDLES for one in held(kind))
    name = str(values.get("name", "")) or address
    return Side(0, "person", name, "no client", held("email"), held("mobile", "phone"), handles, incidents=-1)


def _side_of(one: Suggestion) -> Side:
    """What a suggestion says of its client, to be shown beside a sender."""
    emails, phones = ((value,) if value else () for value in (one.email, one.mobile))
    return Side(
        one.client_id,
        "person",
        one.name,
        one.status,
        emails,
        phones,
        organization=one.organization,
        incidents=-1,
    )
