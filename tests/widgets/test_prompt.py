"""Questions: answered, refused, cancelled, in turn; the focus returns."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from console.widgets.note_prompt import NotePrompt
from console.widgets.prompt import Ask, Prompt
from console.widgets.record_list import Column, RecordList
from tests.widgets.drawing import DrawingApp, screen_bytes, screen_lines


class PromptApp(DrawingApp):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("b,space,q", "ban", "Ban")]

    def __init__(self) -> None:
        super().__init__(lambda: [RecordList([Column("name", "name", 10)]), Prompt(), NotePrompt()])
        self.banned = False

    def action_ban(self) -> None:
        self.banned = True

    def on_prompt_answered(self, message: Prompt.Answered) -> None:
        self.keep(message)

    def on_prompt_finished(self, message: Prompt.Finished) -> None:
        self.keep(message)

    def on_prompt_cancelled(self, message: Prompt.Cancelled) -> None:
        self.keep(message)

    def on_note_prompt_answered(self, message: NotePrompt.Answered) -> None:
        self.keep(message)

    def on_note_prompt_changed(self, message: NotePrompt.Changed) -> None:
        self.keep(message)

    def on_note_prompt_cancelled(self, message: NotePrompt.Cancelled) -> None:
        self.keep(message)


REASON = Ask("reason", "Ban Anna Kowalska. Reason:", required=True, refusal="A ban needs a reason.")


async def test_a_question_is_answered_and_letters_run_nothing() -> None:
    app = PromptApp()
    async with app.run_test(size=(80, 10)) as pilot:
        app.query_one(RecordList).focus()
        app.query_one(Prompt).ask(REASON)
        await pilot.press("b", "space", "q", "x")
        assert screen_lines(app)[-1].startswith(" Ban Anna Kowalska. Reason: b qx ")
        await pilot.press("enter")
        answered, finished = app.posted
        assert isinstance(answered, Prompt.Answered)
        assert (answered.name, answered.value) == ("reason", "b qx")
        assert isinstance(finished, Prompt.Finished)
        assert finished.answers == {"reason": "b qx"}
        assert isinstance(app.focused, RecordList)
        assert not app.query_one(Prompt).display
        assert not app.banned


async def test_a_required_answer_is_asked_for_again() -> None:
    app = PromptApp()
    async with app.run_test(size=(80, 10)) as pilot:
        app.query_one(Prompt).ask(REASON)
        await pilot.press("space", "enter")
        assert "A ban needs a reason." in screen_lines(app)[-1]
        assert app.posted == []
        await pilot.press("x")
        assert "A ban needs a reason." not in screen_lines(app)[-1]


async def test_cancelling_gives_the_focus_back() -> None:
    app = PromptApp()
    async with app.run_test(size=(80, 10)) as pilot:
        for key in ("escape", "ctrl+g"):
            app.query_one(RecordList).focus()
            await pilot.pause()
            app.query_one(Prompt).ask(REASON)
            await pilot.press("x", key)
            assert isinstance(app.posted[-1], Prompt.Cancelled)
            assert isinstance(app.focused, RecordList)
            assert app.query_one(Prompt).value == ""


async def test_questions_are_asked_in_turn() -> None:
    app = PromptApp()
    asks = (
        Ask("name", "Name:", required=True),
        Ask("kind", "Kind:", choices=("person", "company"), default="person"),
    )
    async with app.run_test(size=(80, 10)) as pilot:
        app.query_one(Prompt).ask(asks)
        await pilot.press("A", "l", "enter")
        assert screen_lines(app)[-1].startswith(" Kind: person ")
        await pilot.press("tab", "enter")
        finished = app.posted[-1]
        assert isinstance(finished, Prompt.Finished)
        assert finished.answers == {"name": "Al", "kind": "company"}


async def test_a_choice_is_meant_by_its_beginning_and_others_are_refused() -> None:
    app = PromptApp()
    ask = Ask("department", "Department:", choices=("Support", "Sales", "Billing"))
    async with app.run_test(size=(80, 10)) as pilot:
        app.query_one(Prompt).ask(ask)
        await pilot.press("s", "enter")
        assert "Choose one of: Support, Sales, Billing" in screen_lines(app)[-1]
        await pilot.press("u", "enter")
        finished = app.posted[-1]
        assert isinstance(finished, Prompt.Finished)
        assert finished.answers == {"department": "Support"}


async def test_choices_are_gone_through_with_tab_and_arrows() -> None:
    app = PromptApp()
    prompt = Ask("department", "Department:", choices=("Support", "Sales", "Billing"))
    async with app.run_test(size=(80, 10)) as pilot:
        app.query_one(Prompt).ask(prompt)
        seen = []
        for key in ("tab", "down", "down", "down", "up", "shift+tab"):
            await pilot.press(key)
            seen.append(app.query_one(Prompt).value)
        assert seen == ["Support", "Sales", "Billing", "Support", "Billing", "Sales"]


async def test_a_secret_is_never_drawn() -> None:
    app = PromptApp()
    async with app.run_test(size=(80, 10)) as pilot:
        app.query_one(Prompt).ask(Ask("password", "New password:", secret=True))
        await pilot.press("h", "u", "s", "h")
        assert "hush" not in screen_bytes(app)
        await pilot.press("enter")
        finished = app.posted[-1]
        assert isinstance(finished, Prompt.Finished)
        assert finished.answers == {"password": "hush"}
        app.query_one(Prompt).ask(Ask("name", "Name:"))
        await pilot.press("x")
        assert screen_lines(app)[-1].startswith(" Name: x")


async def test_a_long_question_leaves_room_for_the_answer() -> None:
    app = PromptApp()
    async with app.run_test(size=(60, 10)) as pilot:
        app.query_one(Prompt).ask(Ask("reason", "Ban " + "Anna " * 40 + ". Reason:"))
        await pilot.press(*"abcdefgh")
        assert "abcdefgh" in screen_lines(app)[-1]


async def test_a_note_has_lines_and_is_saved_by_its_keys() -> None:
    for key in ("f2", "ctrl+d"):
        app = PromptApp()
        async with app.run_test(size=(80, 12)) as pilot:
            app.query_one(RecordList).focus()
            app.query_one(NotePrompt).ask("note", "Note on Anna:")
            await pilot.press("b", "enter", "q", key)
            answered = app.posted[-1]
            assert isinstance(answered, NotePrompt.Answered)
            assert answered.text == "b\nq"
            assert isinstance(app.focused, RecordList)
            assert not app.banned


async def test_a_note_is_a_draft_while_it_is_typed_and_kept_when_cancelled() -> None:
    app = PromptApp()
    async with app.run_test(size=(80, 12)) as pilot:
        app.query_one(NotePrompt).ask("note", "Note:", text="Call ")
        app.post_message(events.Paste("Piotr\nbefore noon"))
        await pilot.pause()
        drafts = [message.text for message in app.posted if isinstance(message, NotePrompt.Changed)]
        assert drafts[-1] == "Call Piotr\nbefore noon"
        await pilot.press("ctrl+g")
        cancelled = app.posted[-1]
        assert isinstance(cancelled, NotePrompt.Cancelled)
        assert cancelled.text == "Call Piotr\nbefore noon"


async def test_a_blank_note_is_refused() -> None:
    app = PromptApp()
    async with app.run_test(size=(80, 12)) as pilot:
        app.query_one(NotePrompt).ask("note", "Note:", refusal="A note needs words.")
        await pilot.press("space", "f2")
        assert any("A note needs words." in line for line in screen_lines(app))
        assert app.query_one(NotePrompt).display


async def test_the_first_letter_typed_over_a_default_begins_another_choice() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        app.query_one(Prompt).ask(Ask("level", "Level:", choices=("note", "warning"), default="note"))
        await pilot.press("w", "enter")
        assert app.posted[-1].answers == {"level": "warning"}  # type: ignore[attr-defined]


async def test_an_emptied_choice_is_the_default() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        app.query_one(Prompt).ask(Ask("level", "Level:", choices=("note", "warning"), default="note"))
        await pilot.press("backspace", "enter")
        assert app.posted[-1].answers == {"level": "note"}  # type: ignore[attr-defined]
