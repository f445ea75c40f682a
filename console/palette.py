"""The command palette: every action of the place, and clients by any word of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar, cast

from textual.binding import Binding, BindingType
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from console.commands import Command, for_place
from console.data import clients
from console.data.clients import ClientQuery
from console.data.errors import DeskError
from console.data.views import Reader
from console.screens.desk_screen import DeskScreen
from console.screens.form import FormScreen
from console.screens.keys import key_names, titled
from console.screens.router import Router
from console.text import one_line

FOUND = 8


class Palette(CommandPalette):
    """Textual's palette, which ctrl+g closes as well: escape is slow or lost in some terminals."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+g", "escape", "Close", show=False, id="palette.close"),
    ]

    @property
    def is_gathering(self) -> bool:
        """Whether it is still looking for what matches."""
        group = self._GATHER_COMMANDS_GROUP
        return any(one.group == group and not one.is_finished for one in self.workers)


class ActionProvider(Provider):
    """The actions that work on the screen the palette was opened from; what cannot run says why."""

    def _commands(self) -> list[Command]:
        screen = self.screen
        if not isinstance(screen, DeskScreen):
            return []
        return [
            command
            for command in for_place(screen.PLACE)
            if command.id != "palette" and (command.key or command.menu)
        ]

    def _help(self, command: Command) -> str:
        screen = cast(DeskScreen, self.screen)
        app = cast(Router, self.app)
        reason = command.disabled_reason(screen.target(), app.actor) if app.ready else None
        if reason is not None and app.masked:
            reason = screen.without_name(reason)
        if reason is not None:
            return f"Not now: {reason}"
        return f"{command.help} ({key_names(command.key)})" if command.key else command.help

    def _run(self, command: Command) -> None:
        cast(DeskScreen, self.screen).action_command(command.id)

    async def discover(self) -> Hits:
        """All actions, before anything is typed."""
        for command in self._commands():
            run = partial(self._run, command)
            yield DiscoveryHit(Content(titled(command)), run, text=titled(command), help=self._help(command))

    async def search(self, query: str) -> Hits:
        """The actions whose title has the letters typed."""
        matcher = self.matcher(query)
        for command in self._commands():
            title = titled(command)
            if (score := matcher.match(title)) > 0:
                yield Hit(
                    score, Content(title), partial(self._run, command), text=title, help=self._help(command)
                )


class FieldProvider(Provider):
    """The fields of what can be edited here: straight to one of them; in a form, to one that is out of sight."""

    async def search(self, query: str) -> Hits:
        """The fields whose name has the letters typed."""
        matcher = self.matcher(query)
        for title, run in self._fields():
            if (score := matcher.match(title)) > 0:
                yield Hit(score, Content(title), run, text=title, help="Opens the form at this field.")

    def _fields(self) -> Iterator[tuple[str, Callable[[], None]]]:
        screen = self.screen
        if isinstance(screen, FormScreen):
            for one in screen.form.fields:
                yield f"Go to {one.label}", partial(screen.go_to, one.name)
        elif isinstance(screen, DeskScreen):
            edits = [one for one in for_place(screen.PLACE) if one.key and one.form and one.form.edits]
            for command in edits:
                for one in command.form.fields if command.form else ():
                    yield f"{titled(command)}: {one.label}", partial(screen.begin, command, one.name)


class ClientProvider(Provider):
    """Clients by name, any identity or organization."""

    async def search(self, query: str) -> Hits:
        """The first few clients that match, in the order of their names."""
        app = cast(Router, self.app)
        if len(query.strip()) < 2 or not app.ready or app.masked:
            return  # while personal data is masked nobody's name is shown, not even as a choice
        try:
            async with app.desk.read() as connection:
                reader = Reader(app.actor.staff_id, app.desk.now())
                page = await clients.page(connection, ClientQuery(query), reader, limit=FOUND)
        except DeskError:
            return  # the screen below says what is wrong with the database
        for place, row in enumerate(page.rows):
            name = one_line(row.name, 40)
            about = one_line(
                " · ".join(p for p in (row.email or row.mobile, row.organization, row.status) if p)
            )
            opened = partial(app.open_record, "client", row.id, row.name)
            yield Hit(0.9 - place / 100, Content(name), opened, text=name, help=about)
