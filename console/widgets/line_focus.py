"""Focus that repaints one line: Textual would repaint every line of a widget that gains or loses the keys."""

from __future__ import annotations

from typing import Self

from textual import events
from textual.scroll_view import ScrollView


class LineFocus(ScrollView):
    """A widget of many lines, of which only the one with the cursor shows whether keys come here."""

    def refresh_cursor_line(self) -> None:
        """Repaint the line that shows whether keys come here."""
        raise NotImplementedError

    def focus(self, scroll_visible: bool = True) -> Self:
        """Let the keys come here."""
        self.app.call_later(self._take_focus, scroll_visible)
        return self

    def on_focus(self, event: events.Focus) -> None:
        """Keys come here."""
        event.prevent_default()
        self._has_focus(True)
        if self.parent is not None:
            self.parent.post_message(events.DescendantFocus(self))

    def on_blur(self, event: events.Blur) -> None:
        """Keys go elsewhere."""
        event.prevent_default()
        self._has_focus(False)
        if self.parent is not None:
            self.parent.post_message(events.DescendantBlur(self))

    def watch_has_focus(self, has_focus: bool) -> None:
        """No style depends on the focus, so none is computed anew."""

    def _take_focus(self, scroll_visible: bool) -> None:
        if self.is_attached:
            self.screen.set_focus(self, scroll_visible)

    def _has_focus(self, has_focus: bool) -> None:
        self.has_focus = has_focus
        self.refresh_cursor_line()
