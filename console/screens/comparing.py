"""A list of those who may be the same, and below it the two under the cursor side by side, with the reasons."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from console import alike
from console.commands import Command
from console.commands.duplicates import PairFacts
from console.data.records.duplicates import Pair
from console.screens import keys
from console.screens.deciding import DecidingScreen
from console.screens.desk_screen import DeskScreen
from console.screens.reading import ReadingScreen
from console.widgets.compare import Compare
from console.widgets.reader import Block
from console.widgets.record_list import Column, RecordList

LOADING = "Looking for them…"


class Looked(NamedTuple):
    """A client who is looked at whole: their id, and how they are called."""

    id: int
    name: str


class ComparingScreen(DeskScreen):
    """A subclass gives the rows, and says which two are meant by the one under the cursor (``pair``)."""

    COLUMNS: ClassVar[Sequence[Column]] = ()

    @abstractmethod
    def pair(self) -> Pair | None:
        """The two under the cursor; None where there is nobody."""

    def above(self) -> Iterable[Widget]:
        """What stands above the list; nothing unless a subclass has something."""
        return ()

    def body(self) -> Iterable[Widget]:
        """The list, and the comparison, which takes no keys."""
        yield from self.above()
        yield RecordList(self.COLUMNS, loading_text=LOADING, id="list")
        yield Compare(id="compare")

    @property
    def listing(self) -> RecordList:
        """The list."""
        return self.query_one("#list", RecordList)

    def on_mount(self) -> None:
        """Say where this is, and take the keys."""
        self.show_where()
        self.listing.focus()

    def show_where(self) -> None:
        """Where this is, in the top line."""

    @on(RecordList.Highlighted)
    def _another(self) -> None:
        self.show_pair()

    def show_pair(self) -> None:
        """The two under the cursor, side by side."""
        self.query_one("#compare", Compare).show(self.pair(), self.nobody())

    def nobody(self) -> str:
        """What is said in place of the comparison."""
        return ""

    # What commands must know

    def targets(self) -> Sequence[int]:
        """See ``DeskScreen``: the two under the cursor."""
        found = self.pair()
        return [] if found is None else [found.first.id, found.second.id]

    def target(self) -> PairFacts | None:
        """See ``DeskScreen``."""
        found = self.pair()
        if found is None:
            return None
        names = f"{alike.name_of(found.first)} and {alike.name_of(found.second)}"
        return PairFacts(found.first.id, names)

    def refuse(self, command: Command) -> bool:
        """Say why a command of the keys here cannot run; False if it can."""
        reason = command.disabled_reason(self.target(), self.desk_app.actor)
        if reason is None and self.pair() is None:
            reason = "There is nobody under the cursor."
        if reason is not None:
            self.say(reason, "refusal", hidden=self.without_name(reason))
        return reason is not None

    # What the keys do

    def do_skip_pair(self) -> None:
        """Leave it as it is: the next."""
        if self.pair() is None:
            self.tell("There is nothing to skip.", "refusal")
        else:
            self.next_row()

    def next_row(self) -> None:
        """Go on to what is decided next."""
        rows, here = self.listing.rows, self.listing.cursor_id
        if rows and rows[-1].id == here:
            self.tell("That was the last of them.")
        self.listing.action_move(1)

    def looked(self) -> tuple[Looked, ...]:
        """Those under the cursor who can be looked at whole."""
        found = self.pair()
        sides = (found.first, found.second) if found else ()
        return tuple(Looked(side.id, alike.name_of(side)) for side in sides if side.id)

    def do_open_both(self) -> None:
        """Look at them whole, one after the other."""
        if looked := self.looked():
            self.desk_app.open_look(self, looked)
        else:
            self.tell("There is nobody under the cursor.", "refusal")

    def not_meant(self, looked: Sequence[Looked]) -> str:
        """Why nothing can be decided here of those who were looked at, as a sentence; '' where it can."""
        if [one.id for one in looked] == [one.id for one in self.looked()]:
            return ""
        return "The list has changed meanwhile, and nothing was decided. Look again."

    @on(RecordList.Opened)
    def _opened(self) -> None:
        self.do_explain_pair()

    def do_explain_pair(self) -> None:
        """All that is known of both, and each clue with its points."""
        if (found := self.pair()) is not None:
            whole = PairScreen if found.first.id else SenderPairScreen
            self.app.push_screen(whole(self, self.looked(), ("Duplicates", _title(found)), in_full(found)))


class PairScreen(DecidingScreen, ReadingScreen, inherit_bindings=False):
    """A pair in full; what is decided of the two is done on the screen one came from."""

    PLACE: ClassVar[str] = "pair"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("pair")

    def __init__(
        self,
        origin: ComparingScreen,
        looked: tuple[Looked, ...],
        trail: Sequence[str],
        blocks: Sequence[Block],
    ) -> None:
        super().__init__(trail, blocks)
        self._origin, self._looked = origin, looked


class SenderPairScreen(PairScreen, inherit_bindings=False):
    """A client beside the sender of an incident, in full."""

    PLACE: ClassVar[str] = "match"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("match")


def _title(pair: Pair) -> str:
    return f"{alike.name_of(pair.first)} and {alike.name_of(pair.second)}"


def in_full(pair: Pair) -> list[Block]:
    """A pair to be read: the columns one under another, then every clue."""
    why = pair.explanation
    rows = [
        (row.label, row.first or "-", "=" if row.same else "", row.second or "-")
        for row in alike.compared(pair)
    ]
    names = ("", alike.name_of(pair.first), "", alike.name_of(pair.second))
    clues = [(f"{one.points:+d}", one.text) for one in (*why.reasons, *why.against)]
    told = [
        Block(table=(names, *rows)),
        Block(alike.verdict(why), f"{why.points:+d} points", table=tuple(clues)),
    ]
    if absent := alike.missing(why):
        told.append(Block(absent, title_style="dim"))
    if pair.decision:
        told.append(Block(alike.decided(pair), title_style="dim"))
    return told
