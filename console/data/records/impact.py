"""What an action would touch, counted before it runs."""

from dataclasses import dataclass

AT_ONCE = 25
"""Records an action may touch without an impact card; above it the count is typed to confirm."""


@dataclass(frozen=True, slots=True)
class Impact:
    """An impact card: what comes before what cannot be undone, changes who sees what, or touches many.

    ``title`` says what would be done ('Ban 31 clients'), ``count`` how many records it is done to. ``touched`` are
    further things with their numbers, ``names`` a sample of the records, ``flags`` what deserves a second look
    ('2 managers'), ``sight`` sentences on who gains or loses sight of what, ``left_out`` why it is not done to some
    of those asked for, ``answers`` what was answered before ('department: Sales'). ``word`` is what must be typed
    where the count will not do; '' for the count.
    """

    title: str
    count: int
    touched: tuple[tuple[str, int], ...] = ()
    names: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    sight: tuple[str, ...] = ()
    left_out: str = ""
    undoable: bool = True
    word: str = ""
    answers: tuple[str, ...] = ()

    @property
    def confirm(self) -> str:
        """What must be typed to go on; '' where enter is enough."""
        return self.word or (str(self.count) if self.count > AT_ONCE else "")

    def confirmed_by(self, typed: str) -> bool:
        """Whether what was typed is what was asked for; a count may have its commas."""
        given = typed.strip()
        return given == self.confirm or (not self.word and given.replace(",", "") == self.confirm)
