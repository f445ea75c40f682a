"""The words a client is found by: where each comes from, and the rows of ``client_word`` they become.

A row repeats the client's folded name, so that the matches of a beginning are read in the order of names, and the
``heads`` of all of the client's words, so that most who lack another typed word are passed over without a look.
"""

from collections.abc import Iterable, Mapping

from console.data.normalize import identity_words, words

NAME, IDENTITY, AROUND = range(3)
"""Kinds of words, the best first: of names (the client's, contacts'), of identities and ids, of what is around."""

COLUMNS = ("word", "client_id", "sort_name", "kind", "heads")
Row = tuple[str, int, str, int, int]

_LETTERS = 27  # the first letter: a to z, or another
_PAIRS = 36  # the first two characters, folded into as many bits as 63 leave


class ClientWords:
    """The words of one client, each with the best kind it has."""

    def __init__(self, sort_name: str, name: str) -> None:
        self.sort_name = sort_name
        self._kinds: dict[str, int] = {}
        self.named(name)

    def named(self, name: str) -> None:
        """A name of the client or of a contact."""
        self._add(words(name), NAME)

    def coded(self, *codes: str) -> None:
        """Username, external id."""
        for code in codes:
            self._add(words(code), IDENTITY)

    def reached(self, kind: str, normalized: str) -> None:
        """An identity, the client's or a contact's."""
        self._add(identity_words(kind, normalized), IDENTITY)

    def belongs(self, organization: str) -> None:
        """The organization's name."""
        self._add(words(organization), AROUND)

    def tagged(self, tag: str) -> None:
        """A tag: found with and without the # before it."""
        found = words(tag)
        self._add(found, AROUND)
        self._add({f"#{word}" for word in found}, AROUND)

    def rows(self, client_id: int) -> list[Row]:
        """The rows of ``client_word``, with ``COLUMNS``."""
        heads = heads_of(self._kinds)
        return [(word, client_id, self.sort_name, kind, heads) for word, kind in self._kinds.items()]

    def _add(self, found: Iterable[str], kind: int) -> None:
        for word in found:
            self._kinds[word] = min(kind, self._kinds.get(word, kind))


def heads_of(found: Iterable[str] | Mapping[str, int]) -> int:
    """63 bits: one for each first letter of the words, and one for their first two characters.

    Who lacks a bit of a beginning lacks the word. Digits written backwards count for nothing.
    """
    bits = 0
    for word in found:
        if not word or word[0] == "~":
            continue
        letter = ord(word[0]) - ord("a")
        bits |= 1 << (letter if 0 <= letter < _LETTERS - 1 else _LETTERS - 1)
        if len(word) > 1:
            bits |= 1 << (_LETTERS + (ord(word[0]) * 31 + ord(word[1])) % _PAIRS)
    return bits
