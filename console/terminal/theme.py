"""The colours: the terminal's own background and text, one accent, one colour for warnings, red for errors.

Only the sixteen colours of the terminal's palette, so that they follow what its owner chose, survive SSH
(which does not forward COLORTERM) and cost the fewest bytes: a plain cell is written without any colour at
all.
"""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.theme import Theme

_VARIABLES = {
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "block-cursor-text-style": "none",
    "block-cursor-blurred-foreground": "ansi_default",
    "block-cursor-blurred-background": "ansi_default",
    "block-cursor-blurred-text-style": "bold",
    "block-hover-background": "ansi_default",
    "input-cursor-foreground": "ansi_default",
    "input-cursor-background": "ansi_default",
    "input-cursor-text-style": "reverse",
    "input-selection-foreground": "ansi_default",
    "border": "ansi_default",
    "border-blurred": "ansi_default",
    "scrollbar": "ansi_default",
    "scrollbar-hover": "ansi_default",
    "scrollbar-active": "ansi_default",
    "scrollbar-background": "ansi_default",
    "scrollbar-background-hover": "ansi_default",
    "scrollbar-background-active": "ansi_default",
    "scrollbar-corner-color": "ansi_default",
}


def _block_cursor(*, dark: bool) -> dict[str, str]:
    """The cursor of Textual's own lists: Textual drops `reverse` there, so its colours are named."""
    paper, ink = ("ansi_white", "ansi_black") if dark else ("ansi_black", "ansi_bright_white")
    return {"block-cursor-foreground": ink, "block-cursor-background": paper}


def _theme(name: str, *, accent: str, warning: str, dark: bool) -> Theme:
    return Theme(
        name=name,
        ansi=True,
        dark=dark,
        primary=accent,
        secondary=accent,
        accent=accent,
        success=accent,
        warning=warning,
        error="ansi_red",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables=_VARIABLES | _block_cursor(dark=dark),
    )


DARK = _theme("dark", accent="ansi_cyan", warning="ansi_yellow", dark=True)
LIGHT = _theme("light", accent="ansi_blue", warning="ansi_magenta", dark=False)
THEMES = (DARK, LIGHT)


def apply_theme(app: App[Any], name: str) -> None:
    """Register the console's themes with `app` and use the one called `name`."""
    for theme in THEMES:
        app.register_theme(theme)
    app.theme = name
