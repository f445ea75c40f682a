"""The console: a Textual app that only routes. Screens show, commands act, the desk keeps."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import Any, ClassVar

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
from console.data.desk import Clock, utc_now
from console.data.records import Impact
from console.first_page import FirstPage
from console.first_page.terminal import Terminal
from console.palette import ActionProvider, ClientProvider, FieldProvider, Palette
from console.screens import keys, whom
from console.screens.beginning import Beginning
from console.screens.client import ClientScreen
from console.screens.clients import ClientsScreen
from console.screens.comparing import ComparingScreen, Looked
from console.screens.desk_app import DeskApp
from console.screens.desk_screen import DeskScreen
from console.screens.duplicates import DuplicatesScreen
from console.screens.form import FormScreen
from console.screens.impact import ImpactScreen
from console.screens.incident import IncidentScreen
from console.screens.incidents import IncidentsScreen
from console.screens.look import CandidateScreen, LookScreen
from console.screens.merge import MergeScreen
from console.screens.news import NewsScreen
from console.screens.organization import OrganizationScreen
from console.screens.organizations import OrganizationsScreen
from console.screens.reading import ReadingScreen, help_blocks
from console.screens.settings import screen_of
from console.screens.too_small import TooSmallScreen
from console.screens.unmerge import UnmergeScreen
from console.screens.waiting import HeldScreen, PendingScreen
from console.screens.who import WhoScreen
from console.settings import Settings
from console.terminal.capabilities import charset, colours_off, mouse_wanted, refuse_terminal, too_small
from console.terminal.cells import Cells
from console.terminal.driver import DifferentialDriver
from console.terminal.line_filter import terminal_filters
from console.terminal.theme import apply_theme
from console.widgets.reader import Block
from console.widgets.record_list import RecordList

log = logging.getLogger("helpdesk")
BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (100, "-wide")]
_MODIFIER = re.compile("(shift|control|alt|super|hyper|meta|lock)$")
_MOVES = {"up", "down", "j", "k", "pageup", "pagedown", "home", "end", "g", "G"}
_LEAVES = {"q", "escape", "ctrl+g", "ctrl+c", "1", "2", "4", "5"}


def styles() -> list[str | PurePath]:
    """The style sheets: inside the installed package, or beside it in a checkout."""
    inside = Path(console.__file__).parent / "styles"
    folder = inside if inside.is_dir() else inside.parent.parent / "styles"
    return sorted(folder.glob("*.tcss"))


class HelpdeskApp(DeskApp, inherit_bindings=False):
    """The console on one desk. ``open_desk`` is awaited in the first worker, after the first paint."""

    TITLE = "helpdesk"
    CSS_PATH = styles()
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "clients": ClientsScreen,
        "organizations": OrganizationsScreen,
        "duplicates": DuplicatesScreen,
        "incidents": IncidentsScreen,
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
        Binding("ctrl+l", "repaint", "Repaint", show=False, priority=True, id="app.repaint"),
        Binding("ctrl+c", "interrupt", "Leave", show=False, id="app.interrupt"),
    ]

    def __init__(
        self,
        settings: Settings,
        environ: dict[str, str] | None = None,
        *,
        clock: Clock = utc_now,
        page: FirstPage | None = None,
    ) -> None:
        self._environ = dict(os.environ) if environ is None else environ
        colour = settings.colour and not colours_off(self._environ)
        super().__init__(settings, clock=clock, beginning=Beginning(page, settings, colour=colour))
        self.painted: Cells | None = None
        self.kept_input: tuple[bytes, ...] = ()
        self._guards = terminal_filters(charset(self._environ))
        self._interrupts = 0
        apply_theme(self, settings.theme)
        self.animation_level = "none"
        if settings.driver == "differential":
            self.driver_class = DifferentialDriver

    def on_load(self) -> None:
        """Take the terminal over from the first page, for the driver that is about to be made."""
        self.painted, self.kept_input = self.beginning.take_terminal()

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
            self.toggle_mask()
        elif command_id == "stop":
            self.stop_work()
        elif command_id == "palette":
            self.action_command_palette()
        elif command_id == "help" and isinstance(self.screen, DeskScreen):
            place = self.screen.PLACE
            if place != "reading":
                self.push_screen(ReadingScreen(("Keys", f"{place}"), help_blocks(place)))
            else:
                self.screen.tell("q goes back; up, down, pgup and pgdn scroll.")

    def _open_feed(self) -> None:
        """The news of my favourites, unless they are open already."""
        if not isinstance(self.screen, NewsScreen):
            self.push_screen(NewsScreen())

    def _go_to_tab(self, mode: str) -> None:
        if self.current_mode != mode:
            self.switch_mode(mode)
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def open_record(self, what: str, record_id: int, title: str = "", text: str = "") -> None:
        """Open a client, an organization or an incident by id, the undo of a merge, or a text to read.

        An absorbed record is opened as what was left with it, else as its survivor.
        """
        if what in ("client", "absorbed client"):
            self.push_screen(ClientScreen(record_id, title, left=what != "client"))
        elif what == "merge":
            self.push_screen(UnmergeScreen(record_id))
        elif what in ("organization", "absorbed organization"):
            self.push_screen(OrganizationScreen(record_id, title, left=what != "organization"))
        elif what == "incident":
            self.push_screen(IncidentScreen(record_id, title))
        else:
            self.push_screen(ReadingScreen((title,), [Block(text=text)]))

    def open_who(self, given: str) -> None:
        """Say who is meant by what was pasted; on the screen of another answer, in its place."""
        if isinstance(self.screen, WhoScreen):
            self.screen.ask_again(given)
        else:
            self.push_screen(WhoScreen(given))

    def open_form(
        self, command: Command, ids: Sequence[int], whom: str, origin: DeskScreen, first: str = ""
    ) -> None:
        """Open the form of a command, the cursor in the field ``first``."""
        self.push_screen(FormScreen(command, ids, whom, origin, first))

    def begin_merge(self, command: Command, ids: Sequence[int], origin: DeskScreen) -> None:
        """Show the merge of these records; of a single one ask first, on ``origin``, whom it is merged with."""
        whom.begin(self, origin, command, ids)

    def open_merge(self, ids: Sequence[int], kind: str = "client") -> None:
        """Show the merge of these records."""
        self.push_screen(MergeScreen(ids, kind))

    def open_look(self, origin: ComparingScreen, looked: Sequence[Looked]) -> None:
        """Show clients whole, about whom ``origin`` decides."""
        self.push_screen((LookScreen if len(looked) > 1 else CandidateScreen)(origin, looked))

    def open_impact(self, card: Impact, go_on: Callable[[], None]) -> None:
        """Show an impact card over the screen that is open."""
        self.push_screen(ImpactScreen(card, go_on))

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

    def begins(self, key: str) -> bool:
        """Whether it is still unknown what this user may do; the first page may have brought rows already."""
        return self.is_opening and key not in _LEAVES and key not in _MOVES

    def loads_for(self, key: str) -> bool:
        """Whether the list in focus still awaits its rows, the form its fields, the palette what enter is to run."""
        if key in _LEAVES and not (key.isdecimal() and isinstance(self.screen, WhoScreen)):
            return False
        if not self.beginning.is_over:
            return True
        if isinstance(self.screen, Palette):
            return key == "enter" and self.screen.is_gathering
        if isinstance(self.screen, FormScreen):
            return not self.screen.is_built
        if self.focused is None and isinstance(self.screen, DeskScreen):  # it has only just been opened
            return not self.screen.is_composed or any(one.is_loading for one in self.screen.query(RecordList))
        return isinstance(self.focused, RecordList) and self.focused.is_loading

    def action_repaint(self) -> None:
        """Ctrl+L, while typing too: write the screen anew, and load anew what it shows."""
        self.repaint()
        if isinstance(self.screen, DeskScreen):
            self.screen.reload()

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
            if self.screen_stack and isinstance(
                self.screen, DeskScreen
            ):  # none is left while the console ends
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


def run(settings: Settings, page: FirstPage | None = None) -> int:
    """Open the console, on the first page if it is painted already; returns the exit code."""
    # One that was closed before the program began is None.
    is_terminal = all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
    refusal = refuse_terminal(os.environ, is_terminal=is_terminal)
    if refusal is not None:
        sys.stderr.write(f"{refusal}\n")
        return 1
    start_log()
    if colours_off(os.environ) or not settings.colour:
        os.environ["NO_COLOR"] = "1"
    else:
        os.environ.pop("NO_COLOR", None)  # set and empty means colours, which Textual does not know
    app = HelpdeskApp(settings, page=page)
    with contextlib.nullcontext() if page is not None else Terminal().lent():
        code = app.run(mouse=mouse_wanted(os.environ, asked=settings.mouse))
    if app.failure:
        sys.stderr.write(f"{app.failure}\n")
    return app.return_code or (code or 0)
