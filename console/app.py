"""The console: a Textual app that only routes. Screens show, commands act, the desk keeps."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path, PurePath
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import platformdirs
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import Worker, WorkerState

import console
from console.commands import Command
from console.commands.acting import watched
from console.data import feed, housekeeping, impact, staff
from console.data.desk import Clock, Desk, utc_now
from console.data.errors import DeskError, Refused
from console.data.records import Actor, Impact
from console.palette import ActionProvider, ClientProvider, FieldProvider, Palette
from console.screens import keys
from console.screens.client import ClientScreen
from console.screens.clients import ClientsScreen
from console.screens.desk_screen import DeskScreen
from console.screens.draft_writer import DraftWriter
from console.screens.form import FormScreen
from console.screens.impact import ImpactScreen
from console.screens.incident import IncidentScreen
from console.screens.long_work import LongWork
from console.screens.news import NewsScreen
from console.screens.organization import OrganizationScreen
from console.screens.organizations import OrganizationsScreen
from console.screens.reading import ReadingScreen, help_blocks
from console.screens.settings import screen_of
from console.screens.too_small import TooSmallScreen
from console.screens.waiting import HeldScreen, PendingScreen
from console.settings import Settings
from console.terminal.capabilities import charset, colours_off, mouse_wanted, refuse_terminal, too_small
from console.terminal.line_filter import terminal_filters
from console.terminal.ordered_keys import OrderedKeys
from console.terminal.theme import apply_theme
from console.widgets.mask import HIDDEN
from console.widgets.reader import Block
from console.widgets.record_list import RecordList
from console.widgets.status_line import Kind

log = logging.getLogger("helpdesk")
BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (100, "-wide")]
_MODIFIER = re.compile("(shift|control|alt|super|hyper|meta|lock)$")
HOUSEKEEPING_SECONDS = 60
FOLLOW_AGAIN_SECONDS = 5.0
_LEAVES = {"q", "escape", "ctrl+g", "ctrl+c", "1", "2"}
NOBODY = Actor(None, "", "", "viewer")


def styles() -> list[str | PurePath]:
    """The style sheets: inside the installed package, or beside it in a checkout."""
    inside = Path(console.__file__).parent / "styles"
    folder = inside if inside.is_dir() else inside.parent.parent / "styles"
    return sorted(folder.glob("*.tcss"))


class HelpdeskApp(OrderedKeys[int], inherit_bindings=False):
    """The console on one desk. ``open_desk`` is awaited in the first worker, after the first paint."""

    TITLE = "helpdesk"
    CSS_PATH = styles()
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "clients": ClientsScreen,
        "organizations": OrganizationsScreen,
        "pending": PendingScreen,
        "held": HeldScreen,
    }
    DEFAULT_MODE = "clients"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {
        ActionProvider,
        ClientProvider,
        FieldProvider,
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "Palette", show=False, priority=True, id="app.palette"),
        Binding("ctrl+c", "interrupt", "Leave", show=False, id="app.interrupt"),
    ]

    def __init__(
        self, settings: Settings, environ: dict[str, str] | None = None, *, clock: Clock = utc_now
    ) -> None:
        super().__init__(ansi_color=True)
        self.settings = settings
        self._clock = clock
        self._environ = dict(os.environ) if environ is None else environ
        self._desk: Desk | None = None
        self._actor: Actor | None = None
        self._opened = asyncio.Event()
        self._own: set[int] = set()
        self._drafts = DraftWriter(self)
        self._guards = terminal_filters(charset(self._environ))
        self._interrupts = 0
        self._work: LongWork | None = None
        self.masked = False
        self.zone: tzinfo | None = ZoneInfo(settings.time_zone) if settings.time_zone else None
        self.failure = ""
        apply_theme(self, settings.theme)
        self.animation_level = "none"

    # The desk

    @property
    def ready(self) -> bool:
        """Whether the desk is open."""
        return self._desk is not None

    @property
    def desk(self) -> Desk:
        """The open desk; only after ``opened``."""
        assert self._desk is not None
        return self._desk

    @property
    def actor(self) -> Actor:
        """Who acts; nobody, who may do nothing, until the desk is open."""
        return self._actor or NOBODY

    @property
    def who(self) -> str:
        """Who acts, for the top line."""
        hidden = "masked · " if self.masked else ""
        return f"{hidden}{self.actor.name}, {self.actor.role}" if self._actor else hidden

    async def opened(self) -> bool:
        """Wait until the desk is open; False if it could not be opened."""
        await self._opened.wait()
        return self._desk is not None

    def on_mount(self) -> None:
        """Open the desk once the first screen is painted."""
        self.run_worker(self._open(), group="desk", exit_on_error=False)

    async def _open(self) -> None:
        try:
            self._desk = await Desk.open(self.settings.database, clock=self._clock)
            self._actor = await staff.actor(self._desk, staff.system_login())
        except DeskError as error:
            self.failure = str(error)
            self.exit(1)
            return
        finally:
            self._opened.set()
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen) and screen.is_mounted:
                screen.show_actor()
        self.run_worker(self._follow(), group="feed", exit_on_error=False)
        self.run_worker(self._remind(), group="loads", exit_on_error=False)
        self.set_interval(HOUSEKEEPING_SECONDS, self._keep_house)

    async def _remind(self) -> None:
        """Say what was typed and not saved before the line dropped."""
        if sentence := await self._drafts.reminder(self.zone):
            self.say_on_top(sentence)

    async def on_unmount(self) -> None:
        """Close the desk: a connection left open would keep the process."""
        await asyncio.gather(*(worker.wait() for worker in self.workers), return_exceptions=True)
        if self._desk is not None:
            await self._desk.close()

    # Changes, ours and others'

    def changed(self, entry_id: int | None) -> None:
        """We changed something: show it on every screen."""
        if entry_id is not None:
            self._own.add(entry_id)
        self.reload_screens()

    def reload_screens(self) -> None:
        """The screen on top loads anew at once, those below when they come back."""
        for screen in self._all_screens():
            screen.reload()

    def _all_screens(self) -> list[DeskScreen]:
        stacks = self._screen_stacks.values()
        return [screen for stack in stacks for screen in stack if isinstance(screen, DeskScreen)]

    async def _follow(self) -> None:
        """Refresh what is shown when a colleague, or another process, has changed something."""
        cursor = None
        while True:
            try:
                if cursor is None:
                    async with self.desk.read() as connection:
                        cursor = await feed.now(connection)
                async for batch in feed.watch(self.desk, cursor=cursor):
                    cursor = batch.cursor
                    others = [entry for entry in batch.entries if entry.id not in self._own]
                    self._own -= {entry.id for entry in batch.entries}
                    about_me = ("staff", self.actor.staff_id)
                    if any(about_me in entry.touched for entry in batch.entries) and not await self._known():
                        return
                    if others:
                        self.reload_screens()
            except DeskError as error:
                log.warning("following changes: %s", error)  # the database may come back
                await asyncio.sleep(FOLLOW_AGAIN_SECONDS)
                self.reload_screens()

    async def _known(self) -> bool:
        """Learn anew who acts; False for one who is no longer active, and must not go on reading."""
        try:
            self._actor = await staff.actor(self.desk, self.actor.login)
        except Refused as error:
            self.failure = str(error)
            self.exit(1)
            return False
        for screen in self._all_screens():
            if screen.is_mounted:
                screen.show_actor()
        return True

    def say_on_top(self, sentence: str, kind: Kind = "info", *, hidden: str = HIDDEN) -> None:
        """Say what an action did on the screen that is open, which need not be the one it began on."""
        shown = next((one for one in reversed(self.screen_stack) if isinstance(one, DeskScreen)), None)
        if shown is not None:
            shown.say(sentence, kind, hidden=hidden)

    def _open_feed(self) -> None:
        """The news of my favourites, unless they are open already."""
        if not isinstance(self.screen, NewsScreen):
            self.push_screen(NewsScreen())

    def _toggle_mask(self) -> None:
        """Hide personal data on every screen, or show it again: those below are drawn anew when they come back."""
        self.masked = not self.masked
        for stack in self._screen_stacks.values():
            for screen in stack:
                for widget in screen.walk_children():
                    remask = getattr(widget, "remask", None)
                    if remask is not None:
                        remask()
        for shown in self._all_screens():
            if shown.is_mounted:
                shown.show_actor()
        said = "hidden on every screen. K shows it again." if self.masked else "shown again."
        self._tell(f"Personal data is {said}")

    def _tell(self, sentence: str, kind: Kind = "info") -> None:
        """Say what holds nothing personal."""
        self.say_on_top(sentence, kind, hidden=sentence)

    # Going about

    def go(self, command_id: str) -> None:
        """Commands that lead somewhere: the tabs, the palette, the help."""
        if command_id in self.MODES:
            self._go_to_tab(command_id)
        elif command_id == "settings":
            self.push_screen(screen_of("clients"))
        elif command_id == "feed":
            self._open_feed()
        elif command_id == "mask":
            self._toggle_mask()
        elif command_id == "stop":
            self._stop()
        elif command_id == "palette":
            self.action_command_palette()
        elif command_id == "help" and isinstance(self.screen, DeskScreen):
            place = self.screen.PLACE
            if place != "reading":
                self.push_screen(ReadingScreen(("Keys", f"{place}"), help_blocks(place)))
            else:
                self.screen.tell("q goes back; up, down, pgup and pgdn scroll.")

    def _go_to_tab(self, mode: str) -> None:
        if self.current_mode != mode:
            self.switch_mode(mode)
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def open_record(self, what: str, record_id: int, title: str = "", text: str = "") -> None:
        """Open a client, an organization or an incident by id, or a text to read."""
        if what == "client":
            self.push_screen(ClientScreen(record_id, title))
        elif what == "organization":
            self.push_screen(OrganizationScreen(record_id, title))
        elif what == "incident":
            self.push_screen(IncidentScreen(record_id, title))
        else:
            self.push_screen(ReadingScreen((title,), [Block(text=text)]))

    def open_form(
        self, command: Command, ids: list[int], whom: str, origin: DeskScreen, first: str = ""
    ) -> None:
        """Open the form of a command, the cursor in the field ``first``."""
        self.push_screen(FormScreen(command, ids, whom, origin, first))

    def open_impact(self, card: Impact, go_on: Callable[[], None]) -> None:
        """Show an impact card over the screen that is open."""
        self.push_screen(ImpactScreen(card, go_on))

    @contextlib.contextmanager
    def long_work(self, title: str, count: int) -> Iterator[None]:
        """See ``Router``."""
        if count <= impact.CHUNK:
            yield
            return
        self._work = LongWork(title, lambda sentence: self._tell(sentence, "busy"))
        try:
            with watched(self._work.watch):
                self._work.watch(0, count)
                yield
        finally:
            self._work = None

    def _stop(self) -> None:
        if self._work is not None:
            self._work.stop()
        else:
            self._tell("Nothing runs now that could be stopped.", "refusal")

    def keep_draft(self, scope: str, fields: Mapping[str, str]) -> None:
        """Keep what is typed and not saved; nothing typed forgets what was kept."""
        self._drafts.keep(scope, fields)

    def _keep_house(self) -> None:
        """Do what a desk does by itself, unless this console's user may only look."""
        if self.actor.may_change:
            self.run_worker(self._housekeeping(), group="house", exit_on_error=False)

    async def _housekeeping(self) -> None:
        try:
            await housekeeping.keep(self.desk)
        except DeskError as error:
            log.warning("housekeeping: %s", error)  # the next change the user makes will say it to them

    def leave(self) -> None:
        """Leave the console once every change under way is written."""
        self.run_worker(self._leave(), group="leaving", exit_on_error=False)

    def action_leave(self) -> None:
        """Leave the console from where there is no list to go back to."""
        self.leave()

    async def _leave(self) -> None:
        await asyncio.gather(
            *(w.wait() for w in self.workers if w.group == "changes"), return_exceptions=True
        )
        self.exit(0)

    def action_interrupt(self) -> None:
        """Ctrl+C: once says how to leave, twice leaves."""
        self._interrupts += 1
        if self._interrupts > 1 or not isinstance(self.screen, DeskScreen):
            self.leave()
            return
        self.screen.tell("Press ctrl+c again to leave the console, or q to go back.")
        self.set_timer(2, self._forget_interrupt)

    def _forget_interrupt(self) -> None:
        self._interrupts = 0

    def action_command_palette(self) -> None:
        """Find an action or a client by typing."""
        if not isinstance(self.screen, Palette | TooSmallScreen):
            self.push_screen(Palette(id="--command-palette"))

    async def on_key(self, event: events.Key) -> None:
        """No key does nothing in silence: one that nobody took is named. Modifiers alone are not meant."""
        event.prevent_default()
        if await self._check_bindings(event.key) or _MODIFIER.search(event.key):
            return
        if isinstance(self.screen, DeskScreen):
            name = keys.key_name(event.key)
            self.screen.tell(f"{name} does nothing here. ? shows the keys.", "refusal")

    # The terminal

    def compose(self) -> ComposeResult:
        """Nothing of its own: the modes' screens are the interface."""
        yield from ()

    def loads_for(self, key: str) -> bool:
        """Whether the list in focus still awaits its rows, the form its fields, the palette what enter is to run."""
        if key in _LEAVES:
            return False
        if isinstance(self.screen, Palette):
            return key == "enter" and self.screen.is_gathering
        if isinstance(self.screen, FormScreen):
            return not self.screen.is_built
        if self.focused is None and isinstance(self.screen, DeskScreen):  # it has only just been opened
            return not self.screen.is_composed or any(one.is_loading for one in self.screen.query(RecordList))
        return isinstance(self.focused, RecordList) and self.focused.is_loading

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The last guard: no control character of anybody's text reaches the terminal."""
        return [*super().get_line_filters(), *self._guards]

    def on_resize(self, event: events.Resize) -> None:
        """A terminal that is too small gets one line that says so, until it grows."""
        small = too_small(*event.size)  # the app's own size is still the former one
        shown = isinstance(self.screen, TooSmallScreen)
        if small and not shown:
            self.push_screen(TooSmallScreen(small))
        elif shown and not small:
            self.pop_screen()
        elif small and isinstance(self.screen, TooSmallScreen):
            self.screen.say(small)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """An error nobody foresaw: kept in the log and said on the screen; the console goes on."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            error = event.worker.error
            log.error("in %s", event.worker.description, exc_info=error)
            sentence = f"Something went wrong ({type(error).__name__}). It is written to {log_file()}."
            if isinstance(self.screen, DeskScreen):
                self.screen.tell(sentence, "error")


def log_file() -> Path:
    """Where the console writes what went wrong."""
    return platformdirs.user_log_path("helpdesk", appauthor=False) / "console.log"


def start_log() -> None:
    """Write warnings and errors of the console to its log; where that cannot be, to nowhere."""
    handler: logging.Handler = logging.NullHandler()
    with contextlib.suppress(OSError):
        log_file().parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(log_file(), encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.propagate = False


def run(settings: Settings) -> int:
    """Open the console; returns the exit code."""
    refusal = refuse_terminal(os.environ, is_terminal=sys.stdin.isatty() and sys.stdout.isatty())
    if refusal is not None:
        sys.stderr.write(f"{refusal}\n")
        return 1
    start_log()
    if colours_off(os.environ) or not settings.colour:
        os.environ["NO_COLOR"] = "1"
    else:
        os.environ.pop("NO_COLOR", None)  # set and empty means colours, which Textual does not know
    app = HelpdeskApp(settings)
    code = app.run(mouse=mouse_wanted(os.environ, asked=settings.mouse))
    if app.failure:
        sys.stderr.write(f"{app.failure}\n")
    return app.return_code or (code or 0)
