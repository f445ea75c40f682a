"""The fields of a form: checked as they are typed, kept as a draft at every pause, and who is known already beside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget

from console.commands import Command
from console.commands.forms import ABOUT, BASE, Field, Opened, base_of, text_of
from console.data import unsaved
from console.data.edits import Value
from console.data.likely import Likely
from console.screens import keys
from console.screens.desk_screen import DeskScreen
from console.screens.known import Known
from console.text import plural
from console.widgets.form_fields import FieldRow
from console.widgets.key_line import KeyLine
from console.widgets.mask import MASK
from console.widgets.record_list import RecordList
from console.widgets.said import Said
from console.widgets.top_line import TopLine
from console.wording import NO_NAME

PAUSE = 0.3
"""Seconds after a key until what is typed by then is kept as a draft."""


class Fields(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The fields, scrolled as the cursor goes: up and down are keys of the form, not of the scroll bar."""


class FormFields(DeskScreen):
    """What is typed into the form of a command on ``ids``, opened from ``origin``."""

    PLACE: ClassVar[str] = "form"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("form")

    def __init__(
        self, command: Command, ids: Sequence[int], whom: str, origin: DeskScreen, first: str = ""
    ) -> None:
        super().__init__()
        assert command.form is not None
        self.command, self.form, self.ids = command, command.form, ids
        self._whom, self._origin, self._first_field = whom, origin, first
        self._base: Mapping[str, Value] = {}
        self._begun: dict[str, str] = {}
        self._restored: unsaved.Unsaved | None = None
        self._built = self._saving = self._tried = self._waits_to_keep = False

    @property
    def scope(self) -> str:
        """What the draft of this form is called."""
        return ":".join([self.command.id, *map(str, self.ids)])

    @property
    def is_built(self) -> bool:
        """Whether the fields are there to be typed into."""
        return self._built

    def body(self) -> Iterable[Widget]:
        """The fields, who is known already beside them, and a line about the field the cursor is in."""
        with Horizontal(id="form"):
            yield Fields(id="fields")
            if self.form.likely:
                yield Known(id="likely")
        yield Said("", "dim", id="hint")

    def on_mount(self) -> None:
        """Name the form at once."""
        about = (self._whom,) if self._whom else ()
        self.query_one("#top", TopLine).show_trail((*about, self.command.title), public=(self.command.title,))
        if not self.form.likely:
            kept = [hint for hint in keys.hints(self.PLACE) if hint.key != "f3"]
            self.query_one("#keys", KeyLine).set_keys(kept)

    # Loading

    async def load(self) -> None:
        """The fields once, with what they begin with or what was typed before; who is known already again."""
        if self._built:
            await self._load_likely()
            return
        await self._begin(restore=True)
        rows = [self._row(one) for one in self.form.fields]
        await self.query_one("#fields", Fields).mount_all(rows)
        self.go_to(self._first_field)
        self._built = True
        self._check_all()
        if self._restored is not None:
            at = f"{self._restored.saved_at.astimezone(self.desk_app.zone):%a %H:%M}"
            self.tell(f"What you typed at {at} is here again. f5 begins anew.")
        await self._load_likely()

    async def _begin(self, *, restore: bool) -> None:
        app = self.desk_app
        if restore and app.actor.staff_id is not None and not self.form.edits:
            await unsaved.take_over(app.desk, app.actor.staff_id, self.scope)
        async with app.desk.read() as connection:
            opened = await self.form.open(connection, app.actor, self.ids) if self.form.open else Opened()
            found = None
            if restore and app.actor.staff_id is not None:
                found = await unsaved.load(connection, app.actor.staff_id, self.scope)
        self._restored, self._opened = found, opened
        self._base = (base_of(found.fields) if found else None) or opened.values
        self._begun = {one.name: self._first(one) for one in self.form.fields}

    def _first(self, one: Field) -> str:
        """The text a field begins with."""
        known = self._base.get(one.name)
        return text_of(known) if known else (one.default if known is None else "")

    def _row(self, one: Field) -> FieldRow:
        typed = self._restored.fields.get(one.name) if self._restored else None
        value = self._begun[one.name] if typed is None else typed
        label = one.label + (" *" if one.required else "")
        row = FieldRow(
            one.name,
            label,
            value,
            choices=self._opened.choices.get(one.name) or one.choices,
            lines=one.lines,
            label_width=self._label_width,
        )
        if typed is None:
            self._begun[one.name] = row.text  # as it is shown, so that only what is typed counts as a change
        return row

    @property
    def _label_width(self) -> int:
        return max(len(one.label) for one in self.form.fields) + 6

    @property
    def rows(self) -> list[FieldRow]:
        """The fields, top to bottom."""
        return list(self.query(FieldRow))

    @property
    def typed(self) -> dict[str, str]:
        """The texts that differ from what the form began with, by field."""
        return {row.field_name: row.text for row in self.rows if row.text != self._begun[row.field_name]}

    # Checking and keeping

    @on(FieldRow.Changed)
    def _field_changed(self, event: FieldRow.Changed) -> None:
        self._check(event.row)
        if event.row.field.has_focus:
            self._show_hint(event.row)
        if not self._waits_to_keep:  # one write for all that is typed until then
            self._waits_to_keep = True
            self.set_timer(PAUSE, self._paused)

    @on(FieldRow.Focused)
    def _field_focused(self, event: FieldRow.Focused) -> None:
        # Once it is laid out: before, nobody knows whether there are fields below the screen.
        self.call_after_refresh(self._show_hint, event.row)

    def _paused(self) -> None:
        self._waits_to_keep = False
        if self.is_attached and self._built and not self._saving:
            self._keep()
            if self.form.likely:
                self.request(self._load_likely, "likely")

    def _keep(self) -> None:
        """Keep what is typed so far; forget the draft where that is nothing."""
        typed = self.typed
        about = {ABOUT: self._whom} if self._whom else {}
        self.desk_app.keep_draft(self.scope, typed | self._seen() | about if typed else {})

    def _seen(self) -> dict[str, str]:
        """What the fields had when the edit began, for the action and the draft."""
        return {BASE: json.dumps(dict(self._base), ensure_ascii=True)} if self.form.edits else {}

    def _field(self, row: FieldRow) -> Field:
        return next(one for one in self.form.fields if one.name == row.field_name)

    def _problem(self, row: FieldRow) -> str:
        if self.form.edits and row.text == self._begun[row.field_name]:
            return ""  # what was there before need not be mended to change something else
        return self.form.problem(self._field(row), row.text)

    def _check(self, row: FieldRow) -> str:
        """What is wrong with a row, which is marked; one that is still empty only once saving was tried."""
        problem = self._problem(row)
        row.mark(bool(problem) and (self._tried or bool(row.text.strip())))
        return problem

    def _check_all(self) -> list[FieldRow]:
        """The rows something is wrong with."""
        return [row for row in self.rows if self._check(row)]

    def _show_hint(self, row: FieldRow) -> None:
        if not self.is_attached or not row.field.has_focus:
            return
        field = self._field(row)
        problem = self._problem(row) if self._tried or row.text.strip() else ""
        hint = field.hint or ("several: with commas between them" if field.several else self._below())
        self.query_one("#hint", Said).say(problem or hint, "warning" if problem else "dim")

    def _below(self) -> str:
        """That there are more fields than the screen shows."""
        fields = self.query_one("#fields", Fields)
        left = int(fields.max_scroll_y - fields.scroll_y)
        return f"{plural(left, 'more field', 'more fields')} below" if left > 0 else ""

    # Known already

    async def _load_likely(self) -> None:
        if self.form.likely is None or not self._built:
            return
        values = self.form.parse({row.field_name: row.text for row in self.rows})
        own = self.ids[0] if self.form.edits and self.ids else None
        async with self.desk_app.desk.read() as connection:
            found = await self.form.likely(connection, values, own)
        for known in self.query(Known):
            known.show(found)

    def do_form_likely(self) -> None:
        """Open who is known already; with several, go to the list of them first."""
        known = next(iter(self.query(Known)), None)
        if known is None or not known.found:
            self.tell("Nobody known has what is typed so far.", "refusal")
        elif len(known.found) == 1:
            self._open_known(known.found[0])
        else:
            known.go()
            self._tell_known(known)
            self.tell("enter opens one of them; q there comes back here.")

    @on(RecordList.Opened)
    def _known_opened(self, event: RecordList.Opened) -> None:
        if (found := self.query_one(Known).one(event.row_id)) is not None:
            self._open_known(found)

    @on(RecordList.Highlighted)
    def _known_highlighted(self) -> None:
        known = self.query_one(Known)
        if known.has_keys:
            self._tell_known(known)

    def _tell_known(self, known: Known) -> None:
        """What has no room in the list is told below it."""
        if (found := known.under_cursor) is not None:
            told = f"{found.name or NO_NAME}: {found.why}"
            self.query_one("#hint", Said).say(told, "dim", hidden=MASK)

    def _open_known(self, one: Likely) -> None:
        self._keep()
        self.desk_app.open_record("client", one.id, one.name)

    # Moving

    def do_form_next(self) -> None:
        """The next field; after the last, the first."""
        self._move(1)

    def go_to(self, name: str) -> None:
        """Put the cursor into the field of this name, else into the first."""
        rows = self.rows
        row = next((row for row in rows if row.field_name == name), rows[0])
        self.set_focus(row.field)  # at once: the next key is meant for it

    def do_form_previous(self) -> None:
        """The field before; before the first, the last."""
        self._move(-1)

    def _move(self, steps: int) -> None:
        rows = self.rows
        here = next((place for place, row in enumerate(rows) if row.field.has_focus), -steps)
        rows[(here + steps) % len(rows)].field.focus()
