"""A form: the fields of one action, checked as they are typed, kept as a draft at every pause.

A form that edits a record tells the action what it saw, so that a colleague's change is never written over; what both
changed is shown field by field to be chosen from.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual import on

from console.commands.impacts import weigh
from console.data.edits import EditConflict
from console.data.errors import DeskError, IdentityTaken, Invalid
from console.screens import keys
from console.screens.conflict import ConflictScreen
from console.screens.form_typed import FormFields
from console.screens.reading import ReadingScreen, help_blocks
from console.text import plural
from console.widgets.form_fields import FieldRow
from console.widgets.status_line import UNDOES


class FormScreen(FormFields):
    """The form of a command on ``ids``, opened from ``origin``, to which it goes back."""

    @on(FieldRow.Entered)
    def _entered(self, event: FieldRow.Entered) -> None:
        """Enter goes on; in the last field it saves."""
        if event.row is self.rows[-1]:
            self.do_form_save()
        else:
            self._move(1)

    def do_form_save(self) -> None:
        """Check everything, then run the action."""
        if not self._built or self._saving:
            return
        self._tried = True
        wrong = self._check_all()
        if wrong:
            wrong[0].field.focus()
            self._show_hint(wrong[0])
            count = plural(len(wrong), "field needs", "fields need")
            self.tell(f"Not saved: {count} another look, marked with !.", "refusal")
        elif self.form.edits and not self.typed:
            self.tell("Nothing differs from what is there already.", "refusal")
        else:
            self._saving = True
            self.tell("Saving…", "busy")
            self.app.run_worker(self._save(), group="changes", exit_on_error=False)

    def _inputs(self) -> dict[str, str]:
        zone = {"zone": str(self.desk_app.zone or "")}
        if self.form.edits:
            return {**self.typed, **self._seen(), **zone}
        return {**{row.field_name: row.text for row in self.rows}, **zone}

    async def _save(self) -> None:
        """Show the impact card, where there is one, before anything is written."""
        app, inputs = self.desk_app, self._inputs()
        try:
            card = await weigh(app.desk, app.actor, self.command, self.ids, inputs)
            if card is None:
                await self._write(inputs)
            else:
                self.tell("Not saved yet.")
                app.open_impact(card, lambda: self._go_on(inputs))
        except DeskError as error:
            self._not_saved(error)
        finally:
            self._saving = False

    def _go_on(self, inputs: Mapping[str, str]) -> None:
        self.app.run_worker(self._write_confirmed(inputs), group="changes", exit_on_error=False)

    async def _write_confirmed(self, inputs: Mapping[str, str]) -> None:
        try:
            await self._write(inputs)
        except DeskError as error:
            self._not_saved(error)

    async def _write(self, inputs: Mapping[str, str]) -> None:
        app, command = self.desk_app, self.command
        assert command.run is not None
        try:
            done = await command.run(app.desk, app.actor, self.ids, inputs)
        except EditConflict as conflict:
            self.app.push_screen(ConflictScreen(self._whom, conflict.fields, self._chosen))
            return
        self._built = False  # nothing more is kept of it
        app.keep_draft(self.scope, {})
        if self.is_attached and self.app.screen is self:
            self.app.pop_screen()
        app.changed(done.entry_id)
        if self._origin.is_attached:
            self._origin.after(command, done.made)
        undoes = UNDOES if done.entry_id else ""
        app.say_on_top(done.sentence + undoes, hidden=f"{keys.titled(command)}: done{undoes}")

    def _not_saved(self, error: DeskError) -> None:
        """Say why; what was typed stays, and the cursor goes to the field it is about."""
        field = "email" if isinstance(error, IdentityTaken) else getattr(error, "field", "")
        row = next((one for one in self.rows if one.field_name == field), None)
        if row is not None and isinstance(error, Invalid):
            row.mark(True)
            row.field.focus()
        offer = " f3 opens them." if isinstance(error, IdentityTaken) and self.form.likely else ""
        self.desk_app.say_on_top(f"{error}{offer}", "error")
        self.request(self._load_likely, "likely")

    def _chosen(self, kept: Mapping[str, bool] | None) -> None:
        """What to keep was chosen, True for mine: begin from what is there now, and save again."""
        if kept is None:
            self.tell("Nothing was saved; your text is still here.")
            return

        async def again() -> None:
            mine = {name: text for name, text in self.typed.items() if kept.get(name, True)}
            await self._begin(restore=False)
            for row in self.rows:
                row.set_text(self._begun[row.field_name])
                self._begun[row.field_name] = row.text
                row.set_text(mine.get(row.field_name, row.text))
            if self.typed:
                self.do_form_save()
            else:
                self.tell("Nothing of yours is left to save: your colleague's values stand.")

        self.request(again, "again")

    def do_form_anew(self) -> None:
        """Forget what was typed, and begin with what is there."""

        async def anew() -> None:
            await self._begin(restore=False)
            for row in self.rows:
                row.set_text(self._begun[row.field_name])
                self._begun[row.field_name] = row.text
            self._tried = False
            self._check_all()
            self._keep()
            self.rows[0].field.focus()
            self.tell("The form is as it was in the beginning.")

        self.request(anew, "again")

    def do_form_leave(self) -> None:
        """Leave; what was typed stays as a draft."""
        typed = self._built and self.typed
        if self._built:
            self._keep()
        self.app.pop_screen()
        self.desk_app.say_on_top(
            "Not saved. What you typed is kept, and comes back with the form."
            if typed
            else "Nothing was changed."
        )

    def do_back(self) -> None:
        """q in the list of who is known already: back to the fields."""
        self._move(1)

    def do_form_help(self) -> None:
        """The keys of a form."""
        self.app.push_screen(ReadingScreen(("Keys", "form"), help_blocks("form")))
