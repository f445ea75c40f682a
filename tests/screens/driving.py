"""The console driven as a user would: keys in, lines out. Tests wait for conditions, never for a time."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from console.app import HelpdeskApp
from console.data.desk import Clock, utc_now
from console.screens.desk_screen import DeskScreen
from console.settings import Settings
from console.widgets.action_menu import ActionMenu
from console.widgets.filter_line import FilterLine
from console.widgets.form_fields import FieldRow
from console.widgets.note_prompt import NotePrompt
from console.widgets.prompt import Prompt
from console.widgets.record_list import RecordList
from tests import shared_styles

shared_styles.use()
SIZE = (80, 24)
PATIENCE = 60.0
BUSY = ("loads", "changes", "leaving")
HOPS = 4
"""How often all must be at rest: what a driver or a thread hands over is a few rounds of the loop on its way."""
LOOKS, NAP = 50, 0.001
"""How often it is looked whether all is handled, before others get the processor for so many seconds."""

Console = Pilot[int]


@asynccontextmanager
async def open_console(
    url: str, size: tuple[int, int] = SIZE, *, clock: Clock = utc_now, environ: dict[str, str] | None = None
) -> AsyncIterator[Console]:
    """The console on a database, its desk open and the list of clients loaded."""
    settings = Settings(database=url, time_zone="UTC")
    app = HelpdeskApp(settings, environ={} if environ is None else environ, clock=clock)
    async with app.run_test(size=size) as pilot:
        assert await app.opened()
        assert not app.failure, app.failure
        await settle(pilot)
        yield pilot


def the_app(pilot: Console) -> HelpdeskApp:
    """The app that is driven."""
    assert isinstance(pilot.app, HelpdeskApp)
    return pilot.app


async def settle(pilot: Console) -> None:
    """Wait until nothing loads or changes, and everything is drawn."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await _drained(pilot)
            busy = [worker for worker in pilot.app.workers if worker.group in BUSY and not worker.is_finished]
            if busy:
                await asyncio.gather(*(worker.wait() for worker in busy), return_exceptions=True)
            elif pilot.app.animator._animations:
                # What scrolls jumps there, but with the animator's next step.
                await pilot.app.animator.wait_for_idle()
            elif pilot.app.is_running and _is_due(pilot.app.screen):
                pilot.app.screen._on_timer_update()  # at once, and not at the sixtieth of a second that is next
            else:
                break


def _is_due(screen: Screen[Any]) -> bool:
    """Whether anything waits for the screen to be laid out or drawn, as scrolling does."""
    drawn = screen._layout_required or screen._scroll_required or screen._repaint_required
    return bool(drawn or screen._recompose_required or screen._dirty_widgets or screen._callbacks)


async def _drained(pilot: Console) -> None:
    """Wait until app, screens and widgets all wait for a message: those there were are handled, and what they led to.

    Only looked at: ``Pilot`` sends a message through each of them to learn the same, which costs more than the key.
    """
    app = pilot.app
    looks = at_rest = 0
    while at_rest < HOPS and app.is_running and app._exception is None:
        looks += 1
        await asyncio.sleep(0 if looks % LOOKS else NAP)
        at_rest = 0 if any(map(_is_at_work, (app, *app._registry))) else at_rest + 1


def _is_at_work(pump: MessagePump) -> bool:
    queue: Any = pump._message_queue
    waits = queue.empty() and queue.ready_event._waiters
    return not waits and (pump._task is None or not pump._task.done())


async def until(pilot: Console, holds: Callable[[], bool]) -> None:
    """Wait until something holds: for what comes without a key."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.01)
            await settle(pilot)


async def press(pilot: Console, *keys: str) -> None:
    """Press keys, and wait after each until what it began has ended.

    As ``Pilot.press``, but for its naps of a fiftieth of a second: three quarters of its time.
    """
    for key in keys:
        driver = pilot.app._driver
        assert driver is not None
        event = events.Key(key, _character(key))
        event.set_sender(pilot.app)
        driver.send_message(event)
        await settle(pilot)


async def type_keys(pilot: Console, text: str) -> None:
    """Type a word, a key for each letter."""
    await press(pilot, *(_character_to_key(letter) if not letter.isalnum() else letter for letter in text))


def _character(key: str) -> str | None:
    if len(key) == 1:
        return key
    try:
        return unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
    except KeyError:
        return None


async def type_filter(pilot: Console, text: str) -> None:
    """Fill the filter of the list that is open, as typing would."""
    screen(pilot).query_one(FilterLine).value = text
    await settle(pilot)


async def answer(pilot: Console, *answers: str) -> None:
    """Answer the questions that are asked, one after another."""
    for given in answers:
        field = screen(pilot).query_one(Prompt).query_one(Input)
        field.value = given
        await press(pilot, "enter")


async def accept_rest(pilot: Console) -> None:
    """Leave what else is asked at what it proposes."""
    for _ in range(5):
        if prompt(pilot).display:
            await press(pilot, "enter")


async def ban(pilot: Console, reason: str = "rude") -> None:
    """Ban whoever the keys are on."""
    await press(pilot, "b")
    await answer(pilot, reason)
    await accept_rest(pilot)


async def write_note(pilot: Console, text: str) -> None:
    """Write into the note that is open, and save it."""
    screen(pilot).query_one(NotePrompt).query_one(TextArea).text = text
    await press(pilot, "f2")


def field(pilot: Console, name: str) -> FieldRow:
    """A field of the form that is open."""
    return next(one for one in pilot.app.screen.query(FieldRow) if one.field_name == name)


async def fill(pilot: Console, **texts: str) -> None:
    """Write into fields of the form that is open, as typing would."""
    for name, given in texts.items():
        field(pilot, name).field.focus()
        field(pilot, name).set_text(given)
        await settle(pilot)


def screen(pilot: Console) -> DeskScreen:
    """The screen that is open."""
    found = pilot.app.screen
    assert isinstance(found, DeskScreen), found
    return found


def place(pilot: Console) -> str:
    """The place of the screen that is open."""
    return screen(pilot).PLACE


def said(pilot: Console) -> str:
    """What the status line says."""
    return screen(pilot).said


def listing(pilot: Console) -> RecordList:
    """The list of the screen that is open."""
    return screen(pilot).query_one(RecordList)


def menu(pilot: Console) -> ActionMenu:
    """The menu of the screen that is open."""
    return screen(pilot).query_one(ActionMenu)


def prompt(pilot: Console) -> Prompt:
    """The question on the screen that is open."""
    return screen(pilot).query_one(Prompt)


def note(pilot: Console) -> NotePrompt:
    """The note on the screen that is open."""
    return screen(pilot).query_one(NotePrompt)


def lines(pilot: Console) -> list[str]:
    """The text on screen, line by line."""
    return [strip.text for strip in pilot.app.screen._compositor.render_strips()]


def text(pilot: Console) -> str:
    """All the text on screen."""
    return "\n".join(lines(pilot))


def line_with(pilot: Console, part: str) -> str:
    """The first line on screen that has this part."""
    for line in lines(pilot):
        if part in line:
            return line
    raise AssertionError(f"{part!r} is not on the screen:\n{text(pilot)}")


def names(pilot: Console) -> list[str]:
    """The names of the rows on screen, top to bottom."""
    return [_cell(row.cells, "name") for row in listing(pilot).visible_rows]


def under_cursor(pilot: Console) -> str:
    """The first cell of the row under the cursor; empty if there is none."""
    row = listing(pilot).cursor_row
    return "" if row is None else _cell(row.cells, "name")


def _cell(cells: object, key: str) -> str:
    if isinstance(cells, dict):
        return str(cells[key])
    assert isinstance(cells, tuple)
    return str(cells[0])
