"""A screen that draws only what changes."""

from __future__ import annotations

from typing import TypeVar

from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

Result = TypeVar("Result")


class QuietScreen(Screen[Result]):
    """Textual's screen, except that a change of focus does not repaint the whole of it.

    The widgets that lose and get the focus repaint themselves; over a slow line the rest would cost a full
    screen of bytes each time a prompt opens or closes.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
