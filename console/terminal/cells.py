"""What a terminal shows: a grid of characters, each with a style. The standard library only.

The first page, painted before Textual is imported, and the driver that Textual draws through share it: what one has
painted the other need not paint again.
"""

from __future__ import annotations

from functools import lru_cache

from console.text import cells, is_steady

BLANK = " "
TAIL = ""
"""What stands in the second cell of a wide character."""

_JOINERS = "\u200d\ufe0e\ufe0f"


class Cells:
    """A screen of ``width`` by ``height`` cells, blank at first.

    ``characters[y][x]`` is what is drawn there, marks included; ``styles[y][x]`` the SGR parameters it is drawn with
    ("1;36"), empty for the terminal's own.
    """

    __slots__ = ("characters", "height", "styles", "width")

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.characters = [[BLANK] * width for _ in range(height)]
        self.styles = [[""] * width for _ in range(height)]

    def copy(self) -> Cells:
        """The same, to be changed by itself."""
        other = Cells(0, 0)
        other.width, other.height = self.width, self.height
        other.characters = [row[:] for row in self.characters]
        other.styles = [row[:] for row in self.styles]
        return other

    def put(self, x: int, y: int, text: str, style: str = "") -> int:
        """Draw ``text`` from a cell on, up to the end of the line; returns the column after it."""
        if not 0 <= y < self.height or not 0 <= x < self.width:
            return x + cells(text)
        if not is_steady(text):
            return self._put_each(x, y, text, style)
        end = min(x + len(text), self.width)
        self._part(x, y)
        self._part(end, y)
        self.characters[y][x:end] = text[: end - x]
        self.styles[y][x:end] = [style] * (end - x)
        return x + len(text)

    def _put_each(self, x: int, y: int, text: str, style: str) -> int:
        row, styles = self.characters[y], self.styles[y]
        for character in text:
            size = 0 if character in _JOINERS else cells(character)
            if x + size > self.width:
                if x < self.width:  # half of a wide character does not fit
                    self._part(self.width - 1, y)
                    row[self.width - 1], styles[self.width - 1] = BLANK, style
                return x + size
            if not size:
                if x:  # it goes onto the character before, whoever has drawn that
                    row[x - 1 if row[x - 1] != TAIL else x - 2] += character
                continue
            self._part(x, y)
            self._part(x + size, y)
            row[x : x + size] = [character, TAIL][:size]
            styles[x : x + size] = [style] * size
            x += size
        return x

    def _part(self, x: int, y: int) -> None:
        """What is drawn from ``x`` on begins there: a wide character that reaches over is gone."""
        row = self.characters[y]
        if 0 < x < self.width and row[x] == TAIL:
            row[x - 1] = row[x] = BLANK

    def set_row(self, y: int, other: Cells) -> None:
        """Show on this line what the ``other`` screen shows there."""
        self.characters[y] = other.characters[y][:]
        self.styles[y] = other.styles[y][:]

    def same_row(self, y: int, other: Cells) -> bool:
        """Whether both show the same on this line."""
        return self.characters[y] == other.characters[y] and self.styles[y] == other.styles[y]

    def text(self, y: int) -> str:
        """A line as text."""
        return "".join(self.characters[y])


@lru_cache(maxsize=1024)
def canonical(parameters: str) -> str:
    """SGR parameters as a style of ``Cells``: sorted, each colour once, without the terminal's own.

    A reset forgets what came before it.
    """
    kept: dict[str, str] = {}
    for atom in atoms(parameters):
        if atom in ("0", ""):
            kept.clear()
        else:
            kept[colour_of(atom) or atom] = atom
    return ";".join(sorted((atom for atom in kept.values() if atom not in ("39", "49")), key=_number))


def _parameter_count(given: list[str], place: int) -> int:
    """How many parameters the one at ``place`` takes: 38;5;n and 38;2;r;g;b are colours."""
    if given[place] in ("38", "48") and place + 1 < len(given):
        return {"5": 3, "2": 5}.get(given[place + 1], 1)
    return 1


def _number(atom: str) -> int:
    head = atom.partition(";")[0]
    return int(head) if head.isdigit() else 0


def colour_of(atom: str) -> str:
    """Which colour an attribute sets, that of the text or that behind it; empty if none."""
    number = _number(atom)
    if 30 <= number <= 39 or 90 <= number <= 97:
        return "text"
    return "behind" if 40 <= number <= 49 or 100 <= number <= 107 else ""


@lru_cache(maxsize=1024)
def atoms(style: str) -> tuple[str, ...]:
    """The single attributes and colours of a style."""
    given = style.split(";") if style else []
    found: list[str] = []
    place = 0
    while place < len(given):
        size = _parameter_count(given, place)
        found.append(";".join(given[place : place + size]))
        place += size
    return tuple(found)
