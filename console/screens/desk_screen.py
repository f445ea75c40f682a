"""What all screens of the console share: the lines at top and bottom, and the path of an action.

Key, menu or palette, then ``begin``; questions, if the action asks any; then the action runs in a worker of the
app (never cancelled), says what it did, and the screen loads anew what it shows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from console.commands import Command, by_id, for_place
from console.commands.impacts import weigh
from console.commands.merging import AsksFirst
from console.commands.model import Target
from console.data.errors import DeskError, NotFound
from console.data.pasted import sensible
from console.screens import keys, questions
from console.screens.latest import Latest
from console.screens.note_drafts import NoteDrafts
from console.screens.router import Router
from console.widgets.action_menu import ActionMenu, MenuItem
from console.widgets.foot import Foot
from console.widgets.key_line import KeyLine
from console.widgets.mask import HIDDEN, MASK
from console.widgets.note_prompt import NotePrompt
from console.widgets.prompt import Ask, Prompt
from console.widgets.quiet_screen import QuietScreen
from console.widgets.status_line import UNDOES, Kind, StatusLine
from console.widgets.top_line import TopLine

_WHO = "Who is (paste anything):"


class DeskScreen(QuietScreen[None]):
    """A screen of the console. ``PLACE`` names it in the table of commands; ``LEAVE`` is what q does."""

    PLACE: ClassVar[str] = "anywhere"
    LEAVE: ClassVar[str] = "back"
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self._loads = Latest(self.app)
        self._asked: tuple[Command, Sequence[int], str] | None = None
        self._answers: dict[str, str] = {}
        self._notes = NoteDrafts(self)
        self._stale = False
        self._unsaid: tuple[str, Kind, str] | None = None

    @property
    def desk_app(self) -> Router:
        """The app, as screens see it."""
        return cast(Router, self.app)

    # What a screen gives

    def body(self) -> Iterable[Widget]:
        """The widgets between the top line and the bottom lines."""
        return ()

    def targets(self) -> Sequence[int]:
        """The ids an action works on: the marks, else the row under the cursor."""
        return []

    def target(self) -> Target | None:
        """What commands must know of the one under the cursor."""
        return None

    def whom(self) -> str:
        """How the targets are called in a question."""
        found = self.target()
        count = len(self.targets())
        return f"{count:,} clients" if count > 1 else found.name if found else ""

    def without_name(self, reason: str) -> str:
        """Why an action cannot run on the target, without its name."""
        found = self.target()
        return reason.replace(found.name, MASK) if found is not None and found.name else reason

    async def load(self) -> None:
        """Load what is shown; called in a worker. A DeskError is shown in the status line."""

    def after(self, command: Command, made: int | None) -> None:
        """An action has run: a new record may be opened."""

    def let_marks_go(self) -> str:
        """An action has been done on the marks, which go; returns what is said of it."""
        return ""

    # Lines at top and bottom

    def compose(self) -> ComposeResult:
        """Top line, body, and the lines at the bottom."""
        yield TopLine(id="top")
        yield from self.body()
        yield Foot()
        yield KeyLine(keys.hints(self.PLACE, leave=self.LEAVE), id="keys")

    def on_mount(self) -> None:
        """Show who acts, and load. Textual calls this besides a subclass's own."""
        self.show_actor()
        if self._unsaid is not None:
            text, kind, hidden = self._unsaid
            self.say(text, kind, hidden=hidden)
        self.reload()

    def on_screen_resume(self) -> None:
        """Coming back to the screen: what changed meanwhile is loaded."""
        self.show_actor()
        if self._stale:
            self.reload()

    def show_actor(self) -> None:
        """The right end of the top line."""
        self.query_one("#top", TopLine).set_right(self.desk_app.who)

    def say(self, text: str, kind: Kind = "info", *, hidden: str = HIDDEN) -> None:
        """One sentence in the status line; on a screen that is only about to open, when it is there.

        ``hidden`` stands in its place while personal data is masked.
        """
        if self.is_composed:
            self.query_one("#status", StatusLine).show(text, kind, hidden=hidden)
        else:
            self._unsaid = text, kind, hidden

    def tell(self, text: str, kind: Kind = "info") -> None:
        """A sentence that holds nothing personal."""
        self.say(text, kind, hidden=text)

    @property
    def is_composed(self) -> bool:
        """Whether its widgets are there."""
        return bool(self.query("#status"))

    @property
    def said(self) -> str:
        """What the status line says."""
        return self.query_one("#status", StatusLine).text

    # Loading

    def reload(self) -> None:
        """Load anew what is shown; while another screen is on top, when this one comes back."""
        # Not is_current, which is True for the screen below as well: the terminal's own background is no colour.
        if self.app.screen is not self and self.is_mounted and self._loads_once:
            self._stale = True
            return
        self._stale = False
        self.request(self.load)

    _loads_once = False

    def request(self, load: Callable[[], Awaitable[None]], kind: str = Latest.WHOLE) -> None:
        """Run a load in a worker, the newest one of its kind if several are asked for."""

        async def guarded() -> None:
            if not await self.desk_app.opened() or not self.is_attached:
                return
            try:
                await load()
                self._loads_once = True
            except NotFound as error:
                if self.is_attached:
                    self.vanished(str(error))
            except DeskError as error:
                if self.is_attached:
                    self.failed(str(error))

        self._loads.request(guarded, kind)

    def vanished(self, sentence: str) -> None:
        """What was shown is no longer there: say so. A screen of one record shows nothing of it any more."""
        self.failed(sentence)

    def failed(self, sentence: str) -> None:
        """A load failed: say why, and how to try again."""
        self.say(f"{sentence} ctrl+l tries again.", "error")

    # The path of an action

    def action_command(self, command_id: str) -> None:
        """A key, the menu or the palette asks for a command."""
        menu = self.query_one("#menu", ActionMenu)
        if menu.display:
            menu.close()
        command = by_id(command_id)
        if command.run is not None or command.screen:
            self.begin(command)
            return
        handler = getattr(self, f"do_{command_id.replace('-', '_')}", None)
        if (reason := command.not_allowed(self.desk_app.actor)) is not None:
            self.tell(reason, "refusal")
        elif handler is not None:
            handler()
        else:
            self.desk_app.go(command_id)

    def begin(self, command: Command, first: str = "") -> None:
        """Refuse with the reason, ask what the command asks, or run it; a form opens at the field ``first``."""
        ids = self.targets() if command.disabled is not None else []
        reason = command.disabled_reason(self.target(), self.desk_app.actor)
        if len(ids) > 1 and self.desk_app.actor.may_change:
            reason = None  # it runs on those of the marks that it can run on, and says which it could not
        if reason is not None:
            self.say(reason, "refusal", hidden=self.without_name(reason))
        elif len(ids) > 1 and (command.single or command.form):
            self.tell(f"{command.title} is done one by one. Take the marks away (q) first.", "refusal")
        elif command.form is not None:
            self.open_form(command, ids, first)
        elif command.screen:
            self.desk_app.begin_merge(command, ids, self)
        elif any(ask.choose for ask in command.asks):
            self.request(lambda: self._read_choices(command, ids), "choices")
        elif command.asks:
            self.ask_rest(command, ids, {})
        else:
            self.execute(command, ids, {})

    def open_form(self, command: Command, ids: Sequence[int], first: str = "") -> None:
        """Open the form of a command, which is about one record or a new one."""
        self.desk_app.open_form(command, ids, self.whom() if ids else "", self, first)

    async def _read_choices(self, command: Command, ids: Sequence[int]) -> None:
        """Ask, once the choices that the database holds are known."""
        async with self.desk_app.desk.read() as connection:
            asks = [
                replace(ask, choices=await ask.choose(connection)) if ask.choose else ask
                for ask in command.asks
            ]
        missing = next((ask for ask in asks if ask.choose and not ask.choices), None)
        if missing is not None:
            self.tell(f"There is no {missing.label.lower()} to choose yet.", "refusal")
        elif self.is_attached:
            self.ask_rest(replace(command, asks=tuple(asks)), ids, {})

    def ask_rest(self, command: Command, ids: Sequence[int], answers: dict[str, str]) -> None:
        """Ask what these answers leave open, then run the command."""
        self._asked, self._answers = (command, ids, self.whom()), dict(answers)
        self._ask()

    def _ask(self) -> None:
        """Open the first question that has no answer yet; run the command when all have one."""
        if self._asked is None:
            return
        command, ids, whom = self._asked
        left = [ask for ask in command.asks if ask.name not in self._answers]
        if not left:
            self._asked = None
            self.execute(command, ids, dict(self._answers))
        elif left[0].lines:
            label = questions.label(command, whom, left[0])
            self.query_one("#note", NotePrompt).ask(left[0].name, label)
            self._notes.restore(f"{command.id}:{left[0].name}", ids, whom)
        else:
            several = [ask for ask in left if not ask.lines]
            self.query_one("#prompt", Prompt).ask([questions.question(command, whom, ask) for ask in several])

    @on(Prompt.Finished)
    def _prompt_finished(self, event: Prompt.Finished) -> None:
        self._answers |= event.answers
        self._ask()

    @on(NotePrompt.Changed)
    def _note_typed(self, event: NotePrompt.Changed) -> None:
        self._notes.typed(event.text)

    @on(NotePrompt.Answered)
    def _note_answered(self, event: NotePrompt.Answered) -> None:
        self._answers[event.name] = event.text
        self._ask()

    @on(Prompt.Cancelled)
    @on(NotePrompt.Cancelled)
    def _cancelled(self) -> None:
        self._asked = None
        kept = self._notes.left()
        self.tell("Nothing was changed." + (" Your text is kept, and comes back here." if kept else ""))

    def execute(self, command: Command, ids: Sequence[int], answers: dict[str, str]) -> None:
        """Run a command, after its impact card if it has one, in a worker of the app, so that leaving the screen
        does not stop it.
        """
        self.app.run_worker(self._execute(command, ids, answers), group="changes", exit_on_error=False)

    async def _execute(self, command: Command, ids: Sequence[int], answers: dict[str, str]) -> None:
        app = self.desk_app
        if not await app.opened():
            return
        if len(ids) > 1:
            self.tell(f"{command.title}: {len(ids):,} clients…", "busy")
        inputs = {**answers, "zone": str(app.zone or "")}
        try:
            with app.long_work(command.title, len(ids), "counting"):
                card = await weigh(app.desk, app.actor, command, ids, inputs)
        except DeskError as error:
            self.refused(command, ids, answers, error)
            return
        if card is None:
            await self._run(command, ids, answers)
        else:
            app.open_impact(card, lambda: self._confirmed(command, ids, answers))

    def _confirmed(self, command: Command, ids: Sequence[int], answers: dict[str, str]) -> None:
        self.app.run_worker(self._run(command, ids, answers), group="changes", exit_on_error=False)

    async def _run(self, command: Command, ids: Sequence[int], answers: dict[str, str]) -> None:
        assert command.run is not None
        app = self.desk_app
        try:
            with app.long_work(command.title, len(ids)):
                done = await command.run(app.desk, app.actor, ids, {**answers, "zone": str(app.zone or "")})
        except DeskError as error:
            self.refused(command, ids, answers, error)
            return
        self._notes.saved(command.id)
        gone = ""
        if done.entry_id is not None and command.disabled is not None and self.is_attached:
            gone = self.let_marks_go()
        app.changed(done.entry_id)
        if self.is_attached:
            self.after(command, done.made)
        undoes = UNDOES if questions.undoable(command, done.entry_id) else ""
        app.say_on_top(done.sentence + gone + undoes, hidden=f"{keys.titled(command)}: done{undoes}")

    def refused(
        self, command: Command, ids: Sequence[int], answers: dict[str, str], error: DeskError
    ) -> None:
        """The data layer refused: say why; what was typed stays, and the question it is about is asked again."""
        if isinstance(error, AsksFirst):
            self.desk_app.open_record("merge", error.entry_id)
            return
        self.desk_app.say_on_top(str(error), "error")
        if not command.asks or not answers or not self.is_attached:
            return
        names = [ask.name for ask in command.asks]
        wrong = questions.field_of(error)
        place = names.index(wrong) if wrong in names else 0
        self._asked = (command, ids, self.whom())
        self._answers = {name: answers[name] for name in names[:place] if name in answers}
        ask = command.asks[place]
        if ask.lines:
            note = self.query_one("#note", NotePrompt)
            note.ask(ask.name, questions.label(command, self.whom(), ask), text=answers.get(ask.name, ""))
        else:
            kept = [replace(ask, default=answers.get(ask.name, ask.default)) for ask in command.asks[place:]]
            self.query_one("#prompt", Prompt).ask(
                [questions.question(command, self.whom(), ask) for ask in kept]
            )
        # The questions stand in its place; here both are needed.
        self.query_one("#status", StatusLine).display = True

    # The menu

    def do_menu(self) -> None:
        """Open the menu for the targets."""
        ids = self.targets()
        if not ids or (len(ids) == 1 and self.target() is None):
            self.tell("There is nothing under the cursor.", "refusal")
            return
        groups = keys.menu(for_place(self.PLACE), self.target(), self.desk_app.actor, len(ids))
        if self.desk_app.masked:
            groups = [(title, [self._nameless(item) for item in items]) for title, items in groups]
        self.query_one("#menu", ActionMenu).open(groups)

    def _nameless(self, item: MenuItem) -> MenuItem:
        return replace(item, reason=self.without_name(item.reason)) if item.reason else item

    @on(ActionMenu.Chosen)
    def _menu_chosen(self, event: ActionMenu.Chosen) -> None:
        self.chosen(event.item_id)

    def chosen(self, item_id: str) -> None:
        """A row of the menu: the command of that id."""
        self.begin(by_id(item_id))

    @on(ActionMenu.Refused)
    def _menu_refused(self, event: ActionMenu.Refused) -> None:
        self.say(event.reason + ".", "refusal")

    def do_reload(self) -> None:
        """Load and paint anew."""
        self.desk_app.repaint()
        self.reload()

    def do_who(self) -> None:
        """Ask who is meant: anything may be pasted."""
        ask = Ask("who", _WHO, required=True, refusal="ctrl+g cancels.", hidden=_WHO, pasted=sensible)
        self.query_one("#prompt", Prompt).ask(ask, lambda answers: self.desk_app.open_who(answers["who"]))

    def do_back(self) -> None:
        """Leave the screen."""
        self.app.pop_screen()
