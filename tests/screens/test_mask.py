"""One key hides personal data on every screen, at once and on screens opened while it is hidden."""

from __future__ import annotations

import asyncio

import pytest

from console.screens.client import ClientScreen
from console.widgets.mask import HIDDEN
from tests.screens.driving import (
    Console,
    answer,
    open_console,
    place,
    press,
    prompt,
    screen,
    text,
    type_filter,
    until,
)
from tests.screens.making import House, client_with_everything

# Parts of what client_with_everything plants, none of which the console's own words hold.
PERSONAL = (
    "kowalska", "anna", "acme", "gmail", "601 555", "22 555", "annak", "K-000812", "polna", "warszawa", "00-001",
    "printer", "fire", "sign in", "old matter",
)  # fmt: skip


def leaks(pilot: Console) -> list[str]:
    """Personal words that are painted now."""
    shown = text(pilot).casefold()
    return [word for word in PERSONAL if word.casefold() in shown]


WAYS: dict[str, tuple[str, ...]] = {
    "clients": (),
    "menu": ("m",),
    "view": ("v",),
    "question": ("b",),
    "note": ("a",),
    "edit": ("e",),
    "incident form": ("i",),
    "refusal": ("B",),
    "client": ("enter",),
    "client tabs": ("enter", "right"),
    "access": ("enter", "right", "right"),
    "contacts": ("enter", *["right"] * 3),
    "notes": ("enter", *["right"] * 4),
    "credit": ("enter", *["right"] * 5),
    "invoices": ("enter", *["right"] * 6),
    "sla": ("enter", *["right"] * 7),
    "history": ("enter", *["right"] * 8),
    "details": ("enter", "d"),
    "organizations": ("2",),
    "organization": ("2", "enter"),
    "organization incidents": ("2", "enter", "right"),
    "organization managers": ("2", "enter", "right", "right"),
    "organization history": ("2", "enter", "left"),
    "incident": ("enter", "enter"),
    "help": ("question_mark",),
    "pending": ("6",),
    "held": ("7",),
    "settings": ("comma",),
    "palette": ("ctrl+p",),
    "feed": ("F",),
    "card": ("M", "enter"),
    "who question": ("w", "a", "c", "m", "e"),
    "who": ("w", "8", "1", "2", "enter"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_nothing_personal_is_shown_on_screens_opened_while_masked(home: House, way: str) -> None:
    await client_with_everything(home)
    async with open_console(home.url, (120, 40)) as pilot:
        assert leaks(pilot)
        await press(pilot, "K")
        assert leaks(pilot) == []
        assert "masked · Ann" in text(pilot)
        await press(pilot, *WAYS[way])
        assert leaks(pilot) == [], text(pilot)


@pytest.mark.parametrize(
    "way", [one for one in WAYS if one not in ("question", "note", "edit", "palette", "who question")]
)
async def test_the_key_hides_what_is_shown_and_shows_it_again(home: House, way: str) -> None:
    await client_with_everything(home)
    async with open_console(home.url, (120, 40)) as pilot:
        await press(pilot, *WAYS[way])
        if place(pilot) == "form":
            return  # letters are letters there
        before = text(pilot).splitlines()
        await press(pilot, "K")
        assert leaks(pilot) == [], text(pilot)
        await press(pilot, "K")
        after = text(pilot).splitlines()
        if way not in ("menu", "view", "refusal", "card"):
            assert after[:-2] == before[:-2]


async def test_no_frame_shows_anything_personal_while_masked(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url, (120, 40)) as pilot:
        await press(pilot, "K")
        seen: list[str] = []
        driver = pilot.app._driver
        assert driver is not None
        write = driver.write

        def spy(data: str) -> None:
            seen.append(data)
            write(data)

        driver.write = spy  # type: ignore[method-assign]
        for keys in (
            ("enter",),
            ("right",),
            ("right",),
            ("q",),
            ("2",),
            ("enter",),
            ("1",),
            ("enter", "enter"),
        ):
            await press(pilot, *keys)
        painted = "".join(seen).casefold()
        assert [word for word in PERSONAL if word.casefold() in painted] == []


async def test_the_filter_and_what_is_typed_are_stars(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await type_filter(pilot, "kowalska")
        await press(pilot, "K")
        assert leaks(pilot) == []
        assert "/ ********" in text(pilot)
        await type_filter(pilot, "nobody kowalska")
        assert leaks(pilot) == []
        assert HIDDEN in text(pilot)


async def test_an_action_while_masked_names_nobody(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "K", "b")
        assert "Ban: *****. Reason:" in text(pilot)
        await answer(pilot, "Anna was rude")
        while prompt(pilot).display:
            await press(pilot, "enter")
        assert "Ban: done · u undoes" in text(pilot)
        await press(pilot, "b")
        assert "***** is banned already." in text(pilot)
        assert leaks(pilot) == []
        await press(pilot, "K", "b")
        assert "Anna Kowalska is banned already." in text(pilot)


async def test_the_palette_names_no_client_while_masked(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "K", "ctrl+p", *"kowalska")
        await asyncio.sleep(0.3)
        await until(pilot, lambda: "acme" not in text(pilot).casefold())
        assert "anna@" not in text(pilot)


async def test_every_screen_hides_unless_it_says_otherwise(home: House) -> None:
    """A screen that is added later is hidden by default: what is drawn by lines shows nothing."""
    from console.widgets.paint import LineWidget

    class New(LineWidget):
        def lines(self, width: int) -> list[tuple[tuple[str, str], ...]]:
            return [(("Anna Kowalska", ""),)]

    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter")
        shown = screen(pilot)
        assert isinstance(shown, ClientScreen)
        await shown.mount(New(), before="#keys")
        await press(pilot, "K")
        assert leaks(pilot) == []
        assert "**** ********" in text(pilot)
