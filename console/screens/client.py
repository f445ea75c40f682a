"""One client: everything known of them at the left, their tabs at the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.ext.asyncio import AsyncConnection
from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from console import alike
from console.commands import Command, by_id
from console.data import assignment, clients, finding, notes
from console.data.merging.absorbed import absorbed, survivor
from console.data.records import Client, ClientFacts, Identity, Note
from console.data.records.duplicates import Suggestion
from console.data.records.merging import Absorbed
from console.screens import keys
from console.screens.alike import AlikeScreen
from console.screens.client_tabs import CLIENT_TABS
from console.screens.merged import also
from console.screens.panels import Context
from console.screens.record_screen import RecordScreen
from console.widgets.banner import BannerNote, WarningBanner
from console.widgets.facts import BLANK, Fact
from console.widgets.suggested import Suggested
from console.widgets.tab_line import TabLine
from console.wording import NO_NAME

SUGGESTED = 20
"""Clients looked for who may be the same, or only related."""


class ClientScreen(RecordScreen):
    """A client whole, by id; for one merged into another that one, unless what was ``left`` with them is wanted."""

    PLACE: ClassVar[str] = "client"
    TABS = CLIENT_TABS
    TRAIL = "Clients"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("client")

    def __init__(self, record_id: int, name: str, *, tab: str = "", left: bool = False) -> None:
        super().__init__(record_id, name, tab=tab)
        self.client: Client | None = None
        self._left = left
        self._absorbed: list[Absorbed] = []
        self._warnings: list[Note] = []
        self._why = ""

    def below(self) -> Iterable[Widget]:
        """See ``RecordScreen``: on the summary, who may be the same."""
        yield Suggested("may be the same", "= shows why", id="suggested")

    async def load(self) -> None:
        """The record; then, while it is read already, who may be the same."""
        await super().load()
        found = await self._read_suggested()
        if self.is_attached and self.client is not None:
            self._show_suggested(found)

    async def _read_suggested(self) -> list[Suggestion]:
        if self.client is None or self.client.state != "live":
            return []
        async with self.desk_app.desk.read() as connection:
            return alike.one_client(await finding.of_client(connection, self.record_id, limit=SUGGESTED))

    def _show_suggested(self, found: Sequence[Suggestion]) -> None:
        self.query_one("#suggested", Suggested).show(found)
        self._place_suggested(self.current_tab)

    def _place_suggested(self, tab: str) -> None:
        """They belong to the summary, and take no room where there are none."""
        suggested = self.query_one("#suggested", Suggested)
        suggested.display = bool(suggested.found) and tab == "summary"

    @on(TabLine.Selected)
    def _another_tab(self, event: TabLine.Selected) -> None:
        self._place_suggested(event.tab_id)

    def do_alike(self) -> None:
        """Who may be the same, side by side."""
        self.app.push_screen(AlikeScreen(self.record_id, self.name_shown))

    async def read(self, connection: AsyncConnection, context: Context) -> Sequence[Fact]:
        """See ``RecordScreen``."""
        self.client = await self._survivor(connection)
        self._absorbed = await absorbed(connection, "client", self.record_id)
        self._warnings = await notes.warnings(connection, self.record_id, context.now)
        self._why = await assignment.why(connection, self.record_id)
        self.name_shown = self.client.name or NO_NAME
        return facts(self.client, context, self._absorbed)

    async def _survivor(self, connection: AsyncConnection) -> Client:
        """The client; for one who was merged into another by now, that one."""
        reader = self.desk_app.actor.staff_id
        found = await clients.load(connection, self.record_id, reader)
        if found.absorbed_into is None or self._left:
            return found
        self.record_id = await survivor(connection, "client", self.record_id)
        said = f"{found.name or NO_NAME} was merged into this client. U shows what was left there."
        self.say(said, hidden="They were merged into this client.")
        return await clients.load(connection, self.record_id, reader)

    def forget(self) -> None:
        """See ``RecordScreen``."""
        self.client, self._warnings = None, []
        self._show_suggested(())

    def do_contacts(self) -> None:
        """Go to the tab Contacts."""
        self.query_one("#tabs", TabLine).select("contacts")

    def show_banner(self) -> None:
        """Warnings come before anything else."""
        app = self.desk_app
        context = Context(self.record_id, app.desk.now(), app.zone)
        shown = []
        for note in self._warnings:
            ends = f", ends {context.day(note.expires_at)}" if note.expires_at else ""
            shown.append(BannerNote(note.text[:500], note.author + ends))
        self.query_one("#banner", WarningBanner).set_notes(shown)

    def more_details(self) -> list[tuple[str, str]]:
        """Why they are in their organization, or in none."""
        return [("why there", self._why)] if self._why else []

    def targets(self) -> list[int]:
        """The client shown."""
        return [self.record_id]

    def target(self) -> ClientFacts | None:
        """See ``DeskScreen``; None while loading."""
        one = self.client
        if one is None:
            return None
        return ClientFacts(
            one.id, one.name or NO_NAME, one.status, one.favourite, one.email, one.state, one.organization_id
        )

    def begin(self, command: Command, first: str = "") -> None:
        """In Contacts, e edits the contact under the cursor; some actions are on such a row only."""
        if command.id == "client.edit" and self.current_tab == "contacts" and self.listing.cursor_id:
            command = by_id("contact.edit")
        tab = _ROWS.get(command.id.partition(".")[0])
        if tab is None:
            super().begin(command, first)
            return
        row = self.listing.cursor_id if self.current_tab == tab else None
        reason = command.disabled_reason(self.target(), self.desk_app.actor)
        if reason is not None:
            self.say(reason, "refusal")
        elif row is None:
            self.tell(f"Go to {tab.capitalize()}, and put the cursor on the line that is meant.", "refusal")
        elif command.form is not None:
            self.open_form(command, [row], first)
        elif command.asks:
            self.ask_rest(command, [row], {})
        else:
            self.execute(command, [row], {})

    def do_take_away(self) -> None:
        """What - does in the tab that is open."""
        found = {"contacts": "contact.remove", "credit": "credit.reverse"}.get(self.current_tab)
        if found is None:
            self.tell("In Contacts, - removes a contact; in Credit it reverses a line.", "refusal")
        else:
            self.begin(by_id(found))


# Actions on the rows of a tab, by noun.
_ROWS = {"contact": "contacts", "credit": "credit"}


def facts(client: Client, context: Context, merged: Sequence[Absorbed] = ()) -> list[Fact]:
    """What is known of a client, in groups; what is not known is left out. ``merged`` were merged into them."""
    star = "* " if client.favourite else ""
    name = Fact("", (star + (client.name or NO_NAME),), "strong")
    groups = [
        [name, *_status(client, context), *also(merged, context)],
        [*_identities(client), *_where(client, context)],
        _portal(client),
    ]
    shown: list[Fact] = []
    for group in groups:
        shown += [BLANK, *group] if shown and group else group
    return shown


def _status(client: Client, context: Context) -> list[Fact]:
    words = [client.status]
    if client.kind == "company":
        words.append("company")
    if client.manages:
        words.append("manager")
    style = "warning" if client.status in ("banned", "spam") else ""
    found = [Fact("", (" · ".join(words),), style, public=True)]
    if client.status_reason:
        found.append(Fact("", (client.status_reason,)))
    if client.status_by and client.status_at:
        until = f", until {context.day(client.status_until)}" if client.status_until else ""
        found.append(
            Fact("", (f"by {client.status_by}, {context.when(client.status_at)}{until}",), "dim", public=True)
        )
    if client.state != "live":
        until = f", to be purged on {context.day(client.purge_at)}" if client.purge_at else ""
        state = "merged into another client" if client.state == "absorbed" else client.state
        found.append(Fact("", (state + until,), "warning", public=True))
    return found


def _raws(client: Client, wanted: str, *, mobile: bool | None = None) -> tuple[str, ...]:
    def fits(one: Identity) -> bool:
        return one.contact_id is None and one.type == wanted and mobile in (None, one.mobile)

    return tuple(one.raw for one in client.identities if fits(one))


def _identities(client: Client) -> list[Fact]:
    found = [
        Fact("email", _raws(client, "email")),
        Fact("mobile", _raws(client, "phone", mobile=True)),
        Fact("phone", _raws(client, "phone", mobile=False)),
        *(Fact(kind, _raws(client, kind)) for kind in ("facebook", "twitter", "linkedin", "chat")),
        Fact("user", (client.username,)),
        Fact("org", (client.organization,)),
        Fact("manages", client.manages if client.manages != (client.organization,) else ()),
        Fact("mail @", (client.mail_domain,)),
        Fact("address", (client.address.one_line,)),
    ]
    return [fact for fact in found if any(fact.values)]


def _where(client: Client, context: Context) -> list[Fact]:
    born = client.birth_date.isoformat() if client.birth_date else ""
    found = [
        Fact("zone", (_zone(client.time_zone, context),)),
        Fact("lang", (client.language,)),
        Fact("born", (born,)),
        Fact("ext id", (client.external_id,)),
        Fact("tags", (", ".join(client.tags),)),
    ]
    return [fact for fact in found if any(fact.values)]


def _zone(name: str, context: Context) -> str:
    """The zone's city and the time there now."""
    if not name:
        return ""
    try:
        local = context.now.astimezone(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return name
    return f"{name.rpartition('/')[2].replace('_', ' ')}, {local:%H:%M}"


def _portal(client: Client) -> list[Fact]:
    scope = {"all": "all incidents", "from_date": f"from {client.portal_from}", "new": "new incidents only"}
    switch = {"inherit": "as for all", "on": "on", "off": "off"}[client.portal]
    return [
        Fact("portal", (f"{switch}, {scope[client.portal_scope]}",)),
        Fact("approval", ("requests on" if client.incident_approval else "requests off",)),
    ]
