"""Whom a record is merged with: asked for on one line, and chosen where several may be meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncConnection
from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from console.commands import Command, answers
from console.commands.who import PICK_KEYS
from console.data import find, organizations, who
from console.data.errors import DeskError, NotFound, Refused
from console.data.organizations import OrganizationQuery
from console.data.pasted import sensible
from console.data.records.who import Candidate
from console.screens import keys
from console.screens.desk_screen import DeskScreen
from console.screens.merge import open_merge
from console.screens.router import Router
from console.screens.who import SEVERAL
from console.text import one_line, plural
from console.widgets.mask import MASK
from console.widgets.prompt import Ask, Prompt
from console.widgets.record_list import ListRow, RecordList, RowFlags
from console.widgets.top_line import TopLine
from console.wording import NO_NAME

Chosen = Callable[[int], None]
LINES = 9
"""Those who may be meant, at most, where words are all that is known: a number chooses each."""


def begin(app: Router, origin: DeskScreen, command: Command, ids: Sequence[int]) -> None:
    """Open the merge of these records; of a single one ask on ``origin`` whom it is merged with."""
    if len(ids) != 1:
        open_merge(app, ids, command.screen)
        return
    one, kind = ids[0], command.screen
    asked = {"contact": "Contact of {}: who", "organization": "Merge {} with"}.get(kind, "Merge {} with")
    hint = "(name or mail domain):" if kind == "organization" else "(anything; empty suggests):"
    ask = Ask(
        "other",
        f"{asked.format(one_line(origin.whom(), 24))} {hint}",
        required=kind == "organization",
        refusal="ctrl+g cancels.",
        hidden=f"{asked.format(MASK)} {hint}",
        pasted=sensible if kind != "organization" else None,
    )

    def answered(given: dict[str, str]) -> None:
        look = _look(app, origin, given["other"], one, kind)
        origin.app.run_worker(look, group="loads", exit_on_error=False)

    origin.query_one("#prompt", Prompt).ask(ask, answered)


async def _look(app: Router, origin: DeskScreen, given: str, one: int, kind: str) -> None:
    """Open the merge with whom is meant, or let one of several be chosen."""
    try:
        async with app.desk.read() as connection:
            found = await (_organizations if kind == "organization" else _clients)(
                connection, app, given, one
            )
    except DeskError as error:
        app.say_on_top(str(error), "refusal")
        return
    if len(found) == 1:
        open_merge(app, (one, found[0].id), kind)
    else:
        choice = WhomScreen(given, found, lambda chosen: open_merge(app, (one, chosen), kind))
        origin.app.push_screen(choice)


async def _suggested(connection: AsyncConnection, one: int) -> list[Candidate]:
    """Those who may be the same client, the likeliest first."""
    from console.data.duplicates import lookup  # what compares names is not needed before the first question

    found = await lookup.of_client(connection, one, limit=LINES)
    if not found:
        raise Refused("Nobody is known who looks like the same client. Name the other one.")
    return [
        Candidate(
            "client",
            each.client_id,
            each.name,
            f"{each.explanation.percent} %",
            each.email or each.mobile,
            each.organization,
            each.status,
        )
        for each in found
    ]


async def _clients(connection: AsyncConnection, app: Router, given: str, one: int) -> list[Candidate]:
    """The clients that may be meant besides this one, without a word those like them; Refused where there is none."""
    if not given:
        return await _suggested(connection, one)
    answer = await who.answer(connection, given, app.actor.staff_id, app.desk.now())
    meant = [answer.found] if answer.found else list(answer.candidates)
    people = [each for each in meant if each.kind == "client"]
    others = [each for each in people if each.id != one and each.state in ("live", "archived")]
    if others:
        return others
    if any(each.id == one for each in people):
        raise Refused("That is the same client. Name the other one.")
    if people:
        raise Refused(
            f"{people[0].name or NO_NAME} is {people[0].state}. Restore them first, or name another one."
        )
    raise NotFound(f"Nobody is found by {one_line(given, 40)!r}. Try a name, an address, a number or an id.")


async def _organizations(connection: AsyncConnection, app: Router, given: str, one: int) -> list[Candidate]:
    try:
        ids = [await find.organization_id(connection, given)]
        found = [Candidate("organization", each, "", "") for each in ids]
    except find.Ambiguous as several:
        found = [
            Candidate("organization", each.id, each.name, "name", each.hint) for each in several.candidates
        ]
    except NotFound:
        found = await _like(connection, app, given)
    others = [each for each in found if each.id != one]
    if not others and found:
        raise Refused("That is the same organization. Name the other one.")
    if not others:
        raise NotFound(
            f"No organization is found by {one_line(given, 40)!r}. Try a word of the name, or an id."
        )
    return others


async def _like(connection: AsyncConnection, app: Router, given: str) -> list[Candidate]:
    """The organizations that a filter by these words would show."""
    page = await organizations.page(connection, OrganizationQuery(given), app.desk.now(), limit=LINES)
    return [
        Candidate(
            "organization",
            row.id,
            row.name,
            row.domains or "no mail domain",
            plural(row.clients, "client", "clients"),
        )
        for row in page.rows
    ]


class WhomScreen(DeskScreen):
    """Several who may be meant; ``chosen`` is told which."""

    PLACE: ClassVar[str] = "whom"
    LEAVE: ClassVar[str] = "cancel"
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings("whom"),
        *(Binding(key, f"pick({key})", "Pick", show=False, id=f"whom.{key}") for key in PICK_KEYS.split(",")),
    ]

    def __init__(self, given: str, found: Sequence[Candidate], chosen: Chosen) -> None:
        super().__init__()
        self._given, self._found, self._chosen = given, tuple(found), chosen

    def body(self) -> Iterable[Widget]:
        """Those who may be meant."""
        yield RecordList(SEVERAL, narrow=True, id="list")

    def on_mount(self) -> None:
        """Show them; there is nothing to load."""
        self.query_one("#top", TopLine).show_trail(
            ("Merge with", one_line(self._given, 40)), public=("Merge with",)
        )
        listing = self.query_one("#list", RecordList)
        listing.set_window([self._row(place, one) for place, one in enumerate(self._found, 1)])
        listing.focus()
        self.tell("Several may be meant. Choose one: its number, or enter.")

    async def load(self) -> None:
        """What is shown was found when it was asked for."""

    def _row(self, place: int, one: Candidate) -> ListRow:
        times = answers.Times(self.desk_app.desk.now(), self.desk_app.zone)
        cells = {
            "key": str(place) if place < 10 else "",
            "name": one.name or NO_NAME,
            "why": one.why if not one.about else f"{one.why}, {one.about}",
            "organization": one.organization,
            "at": times.when(one.seen_at),
            "status": answers.status(one),
        }
        return ListRow(place, cells, RowFlags(warning=one.status in ("banned", "spam")))

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        self.action_pick(event.row_id)

    @on(RecordList.MarkToggled)
    def _marked(self) -> None:
        self.tell("One is chosen here. Mark several in the list of clients, and press Y there.", "refusal")

    def action_pick(self, number: int) -> None:
        """This one is meant."""
        if number > len(self._found):
            self.tell(f"There is no line {number} here.", "refusal")
            return
        self.app.pop_screen()
        self._chosen(self._found[number - 1].id)

    def do_pick(self) -> None:
        """From the palette: say how."""
        self.tell("Press the number of a line.")

    def do_back(self) -> None:
        """Merge nobody."""
        self.app.pop_screen()
        self.desk_app.say_on_top("Nothing was merged.", hidden="Nothing was merged.")
