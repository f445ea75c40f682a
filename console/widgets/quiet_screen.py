"""A screen that draws only what changes."""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

Result = TypeVar("Result")
Look = tuple[str, frozenset[str]]


class QuietScreen(Screen[Result]):
    """Textual's screen, except that what has not changed is neither styled nor painted anew.

    - A change of focus does not repaint the whole of it: the widgets that lose and get the focus repaint themselves;
      over a slow line the rest would cost a full screen of bytes each time a prompt opens or closes.
    - Opening it, and coming back to it, styles its widgets once: Textual would do it again when the screen learns how
      wide it is, and each time it is shown, which is a third of the time it takes to open.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    _styled_for: Look | None = None

    def __init__(self) -> None:
        super().__init__()
        self.add_class(
            *self._get_breakpoint_classes(self.app.size.width, self.app.HORIZONTAL_BREAKPOINTS or [])
        )

    @property
    def _look(self) -> Look:
        """What the styles of its widgets depend on: the theme, and how wide it is."""
        return self.app.theme, frozenset(self.classes)

    def _on_mount(self, event: events.Mount) -> None:
        """Its widgets are there, styled as they were composed. Textual calls its own method besides."""
        self._styled_for = self._look

    def update_node_styles(self, animate: bool = True) -> None:
        """Style the widgets anew, unless they have the styles already."""
        if self._styled_for is not None and self._styled_for != self._look:
            self._styled_for = self._look
            super().update_node_styles(animate)
