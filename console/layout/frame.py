"""The lines around a list: the tabs at the top, the keys at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from console.layout.lines import Line, Run, cut_line, line_width, sides, spaced
from console.text import one_line

ALWAYS = 2
"""So many keys at the end of the list are never dropped: help and the way out."""


class TopTab(NamedTuple):
    """A place reached by one key; `waiting`, if any, stands behind its title, up to 99."""

    id: str
    key: str
    title: str
    waiting: int | None = None


class KeyHint(NamedTuple):
    """A key as staff read it (`enter`, `/`), what it does in one or two words, and whether it can now."""

    key: str
    title: str
    enabled: bool = True


def who_runs(who: str, width: int) -> list[Run]:
    """The right end of the first line: who works here."""
    shown = spaced(who, width // 2)
    return [(shown + " ", "dim")] if shown else []


def tabs_line(tabs: Sequence[TopTab], current: str | None, who: str, width: int) -> Line:
    """The first line of a list: the tabs, and who works here."""
    right = who_runs(who, width)
    return sides(_tab_runs(tabs, current, width - line_width(right)), right, width)


def _tab_runs(tabs: Sequence[TopTab], current: str | None, room: int) -> list[Run]:
    """The tabs; where they do not all fit, titles go from the right: those behind which nothing waits first.

    The current one keeps its title.
    """
    short: set[str] = set()
    others = [tab for tab in reversed(tabs) if tab.id != current]
    leaving = sorted(others, key=lambda tab: tab.waiting is not None)
    runs = _all_tabs(tabs, current, short)
    while line_width(runs) > room and leaving:
        short.add(leaving.pop(0).id)
        runs = _all_tabs(tabs, current, short)
    return list(cut_line(runs, max(room, 0)))


def _all_tabs(tabs: Sequence[TopTab], current: str | None, short: set[str]) -> list[Run]:
    return [run for tab in tabs for run in _tab(tab, current, short=tab.id in short)]


def _tab(tab: TopTab, current: str | None, *, short: bool) -> list[Run]:
    text = tab.key if short else one_line(f"{tab.key} {tab.title}", 30)
    if tab.waiting is not None and not short:
        text += f" {tab.waiting}" if tab.waiting < 100 else " 99+"
    return [(" ", ""), (text, "current" if tab.id == current else ""), (" ", "")]


def keys_line(keys: Sequence[KeyHint], width: int) -> Line:
    """The last line, which never overflows while its last two keys fit."""
    first, last = keys[:-ALWAYS], keys[-ALWAYS:]
    while first and line_width(_hints([*first, *last])) > width:
        first = first[:-1]
    return tuple(_hints([*first, *last]))


def _hints(keys: Sequence[KeyHint]) -> list[Run]:
    runs: list[Run] = [(" ", "")]
    for number, hint in enumerate(keys):
        gap = "  " if number else ""
        if hint.enabled:
            runs += [(gap, ""), (hint.key, "strong"), (" " + one_line(hint.title, 20), "")]
        else:
            runs += [(gap, ""), (one_line(f"{hint.key} {hint.title}", 30), "dim")]
    return runs
