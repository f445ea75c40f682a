"""How the screens look, picture by picture. After a change that is meant: pytest tests/screens --snapshot-update."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.databases import SqliteFiles
from tests.screens.driving import Console, open_console, press, settle, the_app
from tests.screens.making import house, noon
from tests.screens.scene import fill

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}


class Picture(SingleFileSnapshotExtension):
    """One SVG a screen."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


def comparable(svg: str) -> str:
    """The drawing without fonts, and without the name that is made anew of what it holds."""
    svg = re.sub(r"\s*@font-face\s*{[^}]*}", "", svg)
    return re.sub(r"terminal-\d+", "terminal", svg) + "\n"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, sqlite_files: SqliteFiles) -> dict[str, str]:
    """The URLs of a desk that looks alive, and of an empty one."""
    urls = {
        name: sqlite_files.new(tmp_path_factory.mktemp("scene"), f"{name}.db") for name in ("alive", "empty")
    }

    async def make() -> None:
        async with house(urls["empty"], clock=noon):
            pass
        async with house(urls["alive"], clock=noon) as home:
            await fill(home)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, make()).result()
    return urls


@pytest.fixture
def look(filled: dict[str, str], snapshot: SnapshotAssertion) -> Callable[..., Awaitable[None]]:
    """Open the console, press keys, and compare what it shows."""
    pictures = snapshot.use_extension(Picture)

    async def compare(size: str, *keys: str, desk: str = "alive") -> None:
        pilot: Console
        async with open_console(filled[desk], SIZES[size], clock=noon) as pilot:
            await press(pilot, *keys)
            await settle(pilot)
            assert comparable(the_app(pilot).export_screenshot(title="helpdesk")) == pictures

    return compare


SCREENS: dict[str, tuple[str, ...]] = {
    "clients": ("j", "j", "space", "space"),
    "client": ("enter",),
    "organization": ("2", "enter"),
    "incident": ("enter", "enter"),
    "incidents": ("5",),
    "pending": ("6",),
    "held": ("7",),
    "help": ("question_mark",),
    "menu": ("m",),
    "card": ("slash", *"kowalska", "enter", "N"),
    "masked": ("K",),
    "masked_client": ("K", "enter"),
    "prompt": ("b", "r", "u", "d", "e"),
    "form": ("n",),
    "form_refused": ("n", "f2"),
    "edit": ("enter", "e"),
    "job": ("J",),
    "organization_form": ("2", "n"),
    "details": ("enter", "d"),
    "access": ("enter", "right"),
    "contacts": ("enter", *["right"] * 3),
    "notes": ("enter", *["right"] * 4),
    "credit": ("enter", *["right"] * 5),
    "sla": ("enter", *["right"] * 7),
    "refused": ("B",),
    "who": ("w", *"812", "enter"),
    "who_several": ("w", *"kowal", "enter"),
    "merge": ("space", "space", "Y", "right", "down", "down"),
    "merge_asks": ("slash", *"kowalska", "enter", *["space"] * 3, "Y"),
    "merge_end": ("space", "space", "Y", "G"),
    "who_nobody": ("w", *"zzz", "enter"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCREENS)
async def test_screen(look: Callable[..., Awaitable[None]], scene: str, size: str) -> None:
    await look(size, *SCREENS[scene])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tab", ["1", "2", "4", "5", "6", "7", "comma"])
async def test_empty_list(look: Callable[..., Awaitable[None]], size: str, tab: str) -> None:
    await look(size, tab, desk="empty")


def test_pictures_hold_no_path_of_this_machine() -> None:
    for picture in (Path(__file__).parent / "__snapshots__").rglob("*.svg"):
        assert "/tmp/" not in picture.read_text()
