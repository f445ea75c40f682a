"""How often the names, places and days of a base occur: agreeing in a rare one says more."""

from collections import Counter
from collections.abc import Iterable
from math import log2

from console.data.duplicates.form import Form
from console.data.duplicates.score import RARER

_LEAST = 3  # clients who have a term for it to be listed


class Terms:
    """Terms counted over clients, and how many clients have e-mail addresses, phones and birth dates."""

    def __init__(self) -> None:
        self.clients = 0
        self.emails = 0
        self.phones = 0
        self._counts: Counter[str] = Counter()

    def add(self, forms: Iterable[Form]) -> None:
        """Count some more clients."""
        for form in forms:
            self.clients += 1
            self.emails += bool(form.emails or form.roles)
            self.phones += bool(form.phones)
            self._counts.update(_terms(form))

    def merge(self, others: "Terms") -> None:
        """Count clients that were counted apart."""
        self.clients += others.clients
        self.emails += others.emails
        self.phones += others.phones
        self._counts.update(others._counts)

    @property
    def has_channels(self) -> bool:
        """Whether the clients are known by their channels, as those of a support desk are."""
        return self.emails >= self.clients / 5 and self.phones >= self.clients / 5

    @property
    def rare(self) -> int:
        """The steps of a term that is not in the table."""
        return self._steps(2)

    def table(self) -> dict[str, int]:
        """The steps of each term that is not rare: how often all clients are halved down to those who have it."""
        return {
            term: steps
            for term, number in self._counts.items()
            if number >= _LEAST and (steps := self._steps(number)) < self.rare
        }

    def _steps(self, number: int) -> int:
        return max(1, min(RARER, int(log2(max(self.clients, 2) / number)))) if self.clients > number else 1


def _terms(form: Form) -> Iterable[str]:
    if form.kind == "p":
        yield from {f"g:{word}" for word in form.given}
        yield from {f"f:{word}" for word in form.family}
    if form.city:
        yield f"c:{form.city}"
    if form.postcode:
        yield f"p:{form.postcode}"
    if form.birth:
        yield f"b:{form.birth}"
    for host in form.domains:
        yield f"d:{host}"
