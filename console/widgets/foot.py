"""What stands at the foot of a screen: the last result, and what asks in its place."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from console.widgets.action_menu import ActionMenu
from console.widgets.note_prompt import NotePrompt
from console.widgets.prompt import Prompt
from console.widgets.status_line import StatusLine


class Foot(Vertical):
    """Status line, menu, prompt and note prompt, with the ids `status`, `menu`, `prompt` and `note`.

    They have a parent of their own because Textual repaints the whole parent of what is shown or hidden: so a
    prompt in the place of the status line costs a line, not a screen.
    """

    DEFAULT_CSS = "Foot { height: auto; width: 1fr; }"

    def compose(self) -> ComposeResult:
        """The line that is always there, and those that are hidden until they are needed."""
        yield StatusLine(id="status")
        yield ActionMenu(id="menu")
        yield Prompt(id="prompt")
        yield NotePrompt(id="note")
