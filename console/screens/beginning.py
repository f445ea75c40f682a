"""What the app takes over from the first page: the terminal, what it shows, the cursor, the keys typed meanwhile."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from console.data.records import Anchor, ClientRow, Waiting
from console.first_page import FirstPage
from console.first_page.reading import FirstRow
from console.layout.window import Window
from console.settings import Settings
from console.terminal.cells import Cells


class Beginning:
    """The start of an app, with the first page if there is one.

    Until the list stands as the first page shows it no frame is drawn, so that nothing vanishes and comes back. ``who``
    works here, as far as the first page knows.
    """

    def __init__(self, page: FirstPage | None, settings: Settings, *, colour: bool) -> None:
        self._page = page
        asked = (settings.database, settings.theme, colour)
        self._fits = page is not None and page.want == asked
        self._held: ExitStack | None = None
        self.who = page.who if page is not None and self._fits else ""

    @property
    def is_over(self) -> bool:
        """Whether the list has been taken over, and keys can go there."""
        return self._held is None

    def take_terminal(self) -> tuple[Cells | None, tuple[bytes, ...]]:
        """What the terminal shows, None if nobody knows, and what has been typed; from now on it is the driver's."""
        if self._page is None:
            return None, ()
        self._page.terminal.handed_over = True
        return (self._page.painted if self._fits else None), self._page.kept_input

    def hold(self, app: App[Any], driver: object) -> None:
        """Draw nothing yet. When Textual leaves the terminal, it is to be as it was before the first page."""
        if self._page is None:
            return
        if isinstance(driver, LinuxDriver):
            driver.attrs_before = self._page.terminal.modes
        self._held = ExitStack()
        self._held.enter_context(app.batch_update())

    def release(self) -> None:
        """The list stands: draw."""
        if self._held is not None:
            self._held.close()
        self._held = None

    @property
    def waiting(self) -> Waiting | None:
        """What the first page says behind the tabs, as long as its rows are there to be taken."""
        if self._page is None or self._page.window is None or not self._fits:
            return None
        return Waiting(*self._page.waits)

    def take_rows(self) -> tuple[Window, dict[int, ClientRow]] | None:
        """The rows of the first page, once, as the list holds them and as records; None if there are none to take."""
        page, self._page = self._page, None
        if page is None or page.window is None or not self._fits:
            return None
        return page.window, {row.id: record_of(row) for row in page.rows}


def record_of(row: FirstRow) -> ClientRow:
    """A client of the first page as the list of clients loads them."""
    return ClientRow(
        row.id,
        bool(row.favourite),
        row.name,
        row.kind,
        row.email,
        row.mobile,
        row.mail_domain,
        row.organization,
        row.contacts,
        row.open_incidents,
        row.status,
        row.state,
        bool(row.approval),
        Anchor(row.sorted_by, row.id),
        row.organization_id,
    )
