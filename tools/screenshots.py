"""Draws docs/screenshots/ from the real console on a small made-up desk: `make screenshots`."""

from __future__ import annotations

import asyncio
import html
import re
import sys
import tempfile
from pathlib import Path

import cairosvg

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from console.data import staff  # noqa: E402
from console.data.desk import migrate  # noqa: E402
from tests.screens.driving import open_console, press, the_app  # noqa: E402
from tests.screens.making import LOGIN, house, noon  # noqa: E402
from tests.screens.scene import fill  # noqa: E402

TARGET = ROOT / "docs" / "screenshots"
SIZE = (100, 30)
FONT = "DejaVu Sans Mono"
CELL = 12.2
"""The width of a cell in Textual's drawing."""
WIDTH = 1600
SCENES = {
    "clients": ("j", "j", "j"),
    "client": ("g", "enter"),
    "incident": ("enter",),
}


def letter_by_letter(found: re.Match[str]) -> str:
    """A text whose letters each stand in their cell: Cairo would space them to its own liking."""
    before, x, after, escaped = found.groups()
    letters = html.unescape(escaped)
    places = " ".join(f"{float(x) + CELL * place:.1f}" for place in range(len(letters)))
    after = re.sub(r'\s*textLength="[^"]*"', "", after)
    return f'<text {before}x="{places}"{after}>{html.escape(letters)}</text>'


def draw(svg: str, name: str) -> None:
    """An SVG of the console as a picture, in a font that is installed: the one it names comes from the web."""
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg)
    svg = re.sub(r"font-family:\s*[^;]+;", f"font-family: {FONT}, monospace;", svg)
    svg = re.sub(r'<text ([^>]*?)x="([\d.]+)"([^>]*)>(.*?)</text>', letter_by_letter, svg)
    target = TARGET / f"{name}.png"
    cairosvg.svg2png(bytestring=svg.encode(), write_to=str(target), output_width=WIDTH)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1000} kB")


async def main() -> None:
    """Fill a database, walk through the screens, draw each."""
    TARGET.mkdir(parents=True, exist_ok=True)
    staff.system_login = lambda: LOGIN
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/helpdesk.db"
        await migrate(url)
        async with house(url, clock=noon) as home:
            await fill(home)
        async with open_console(url, SIZE, clock=noon) as pilot:
            for name, keys in SCENES.items():
                await press(pilot, *keys)
                draw(the_app(pilot).export_screenshot(title="helpdesk"), name)


if __name__ == "__main__":
    asyncio.run(main())
