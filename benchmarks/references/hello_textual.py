"""The least that Textual can be: a line of text, and a key that changes it. Run: python hello_textual.py"""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    """Says hello, and more when a key is pressed."""

    BINDINGS = [("down", "answer", "Answer")]  # noqa: RUF012 - as in Textual's own first example

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("Hello, world", id="line")

    def action_answer(self) -> None:
        """The key was pressed."""
        self.query_one("#line", Static).update("It moved")


if __name__ == "__main__":
    Hello().run()
