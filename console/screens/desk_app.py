"""The app on its desk: who acts, what it follows and keeps by itself. Where one goes in it is ``console.app``'s."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from zoneinfo import ZoneInfo

from console.commands.acting import watched
from console.data import feed, housekeeping, impact, staff
from console.data.desk import Clock, Desk
from console.data.errors import DeskError, Refused
from console.data.records import Actor
from console.screens.beginning import Beginning
from console.screens.desk_screen import DeskScreen
from console.screens.draft_writer import DraftWriter
from console.screens.long_work import LongWork
from console.settings import Settings
from console.terminal.driver import DifferentialDriver
from console.terminal.ordered_keys import OrderedKeys
from console.widgets.mask import HIDDEN
from console.widgets.status_line import Kind

log = logging.getLogger("helpdesk")
HOUSEKEEPING_SECONDS = 60
FOLLOW_AGAIN_SECONDS = 5.0
SCORING_SECONDS = 1.0
NOBODY = Actor(None, "", "", "viewer")


class DeskApp(OrderedKeys[int], inherit_bindings=False):
    """An app on one desk, which is opened in the first worker, after the first paint."""

    def __init__(self, settings: Settings, *, clock: Clock, beginning: Beginning) -> None:
        super().__init__(ansi_color=True)
        self.settings = settings
        self.beginning = beginning
        self._clock = clock
        self._desk: Desk | None = None
        self._actor: Actor | None = None
        self._opened = asyncio.Event()
        self._own: set[int] = set()
        self._drafts = DraftWriter(self)
        self._work: LongWork | None = None
        self.masked = False
        self.zone: tzinfo | None = ZoneInfo(settings.time_zone) if settings.time_zone else None
        self.failure = ""

    # The desk

    @property
    def ready(self) -> bool:
        """Whether the desk is open."""
        return self._desk is not None

    @property
    def is_opening(self) -> bool:
        """Whether it is still unknown who acts."""
        return not self._opened.is_set()

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
        return hidden + (f"{self.actor.name}, {self.actor.role}" if self._actor else self.beginning.who)

    async def opened(self) -> bool:
        """Wait until the desk is open; False if it could not be opened."""
        await self._opened.wait()
        return self._desk is not None

    def on_mount(self) -> None:
        """Open the desk once the first screen is painted."""
        self.beginning.hold(self, self._driver)
        self.run_worker(self._open(), group="desk", exit_on_error=False)

    async def _open(self) -> None:
        try:
            self._desk = await Desk.open(self.settings.database, clock=self._clock)
            self._actor = await staff.actor(self._desk, staff.system_login())
            # Before anything is loaded: what is committed from here on is either in it, or followed.
            async with self._desk.read() as connection:
                newest = await feed.now(connection)
        except DeskError as error:
            self.failure = str(error)
            self.exit(1)
            return
        finally:
            self._opened.set()
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen) and screen.is_mounted:
                screen.show_actor()
        self.run_worker(self._follow(newest), group="feed", exit_on_error=False)
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

    async def _follow(self, cursor: feed.FeedCursor) -> None:
        """Refresh what is shown when a colleague, or another process, has changed something since the cursor."""
        while True:
            try:
                async for batch in feed.watch(self.desk, cursor=cursor):
                    cursor = batch.cursor
                    others = [entry for entry in batch.entries if entry.id not in self._own]
                    self._own -= {entry.id for entry in batch.entries}
                    about_me = ("staff", self.actor.staff_id)
                    if any(about_me in entry.touched for entry in batch.entries) and not await self._known():
                        return
                    if others:
                        self.reload_screens()
                    self._score_soon()
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

    def repaint(self) -> None:
        """Write the whole screen anew: something else may have written on the terminal."""
        if isinstance(self._driver, DifferentialDriver):
            self._driver.repaint()
        else:
            self.screen.refresh(repaint=True, layout=True)

    def say_on_top(self, sentence: str, kind: Kind = "info", *, hidden: str = HIDDEN) -> None:
        """Say what an action did on the screen that is open, which need not be the one it began on."""
        shown = next((one for one in reversed(self.screen_stack) if isinstance(one, DeskScreen)), None)
        if shown is not None:
            shown.say(sentence, kind, hidden=hidden)

    def toggle_mask(self) -> None:
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

    # What takes long, and what happens by itself

    @contextlib.contextmanager
    def long_work(self, title: str, count: int, only: str = "") -> Iterator[None]:
        """See ``Router``."""
        if count <= impact.CHUNK:
            yield
            return
        with self.long_read(title, only) as work, watched(work.watch):
            work.watch(0, count)
            yield

    @contextlib.contextmanager
    def long_read(self, title: str, only: str) -> Iterator[LongWork]:
        """See ``Router``; of two that run, the one begun last is stopped first."""
        before, work = self._work, LongWork(title, lambda sentence: self._tell(sentence, "busy"), only)
        self._work = work
        try:
            yield work
        finally:
            if self._work is work:
                self._work = before

    def stop_work(self) -> None:
        """Stop the long action that runs, if one does."""
        if self._work is not None:
            self._work.stop()
        else:
            self._tell("Nothing runs now that could be stopped.", "refusal")

    def keep_draft(self, scope: str, fields: Mapping[str, str]) -> None:
        """Keep what is typed and not saved; nothing typed forgets what was kept."""
        self._drafts.keep(scope, fields)

    def _score_soon(self) -> None:
        """Compare who has changed with others, for the queue of duplicates, unless that is going on already."""
        if self.actor.may_change and not any(
            one.group == "scores" and one.is_running for one in self.workers
        ):
            self.run_worker(self._score(), group="scores", exit_on_error=False)

    async def _score(self) -> None:
        await asyncio.sleep(SCORING_SECONDS)
        try:
            scored = await housekeeping.score(self.desk)
        except DeskError as error:
            log.warning("comparing clients: %s", error)  # they still wait for it
            return
        if scored:
            for shown in self._all_screens():
                if shown.PLACE == "duplicates":
                    shown.reload()

    def _keep_house(self) -> None:
        """Do what a desk does by itself, unless this console's user may only look."""
        if self.actor.may_change:
            self.run_worker(self._housekeeping(), group="house", exit_on_error=False)

    async def _housekeeping(self) -> None:
        try:
            await housekeeping.keep(self.desk)
        except DeskError as error:
            log.warning("housekeeping: %s", error)  # the next change the user makes will say it to them
