"""Notes that must be seen before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.text import one_line
from console.widgets.paint import Line, LineWidget, sides


@dataclass(frozen=True, slots=True)
class BannerNote:
    """A note in the banner: its text, untrusted, and at the right who wrote it and until when it holds."""

    text: str
    right: str = ""
    warning: bool = True


class WarningBanner(LineWidget):
    """The notes, warnings first, a line each; nothing, and no line, without notes. Beyond `most`, their
    number.
    """

    DEFAULT_CSS = "WarningBanner { height: auto; }"

    def __init__(
        self,
        notes: Sequence[BannerNote] = (),
        *,
        most: int = 3,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._notes: tuple[BannerNote, ...] = tuple(notes)
        self._most = most

    def set_notes(self, notes: Sequence[BannerNote]) -> None:
        """Show other notes."""
        self._notes = tuple(notes)
        self.redraw()

    def lines(self, width: int) -> list[Line]:
        """A line for each note."""
        notes = sorted(self._notes, key=lambda note: not note.warning)
        shown = notes if len(notes) <= self._most else notes[: self._most - 1]
        lines = [_note_line(note, width) for note in shown]
        if len(shown) < len(notes):
            lines.append(((f"   and {len(notes) - len(shown)} more", "dim"),))
        return lines


def _note_line(note: BannerNote, width: int) -> Line:
    right = one_line(note.right, width // 3)
    sign, style = ("!", "warning") if note.warning else ("-", "")
    text = one_line(note.text, max(width - 4 - (len(right) + 2 if right else 0), 0))
    return sides(
        [(" ", ""), (f"{sign} {text}", style)],
        [(right + " ", "dim")] if right else [],
        width,
    )
