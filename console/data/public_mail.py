"""Mail domains where anybody may have an address: free mail, and addresses that are thrown away."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_FOLDER = "mail_domains"


def is_public(host: str) -> bool:
    """Whether a mail domain (lower case), or one it is below of, gives mailboxes to anybody: no company is meant."""
    known = _known()
    return any(name in known for name in and_above(host))


def and_above(host: str) -> Iterator[str]:
    """A mail domain and those it is below of, the longest first: 'a.acme.pl', 'acme.pl'."""
    while "." in host:
        yield host
        host = host.partition(".")[2]


@cache
def _known() -> frozenset[str]:
    found: set[str] = set()
    for file in files("console.data").joinpath(_FOLDER).iterdir():
        if file.name.endswith(".txt"):
            lines = file.read_text(encoding="utf-8").splitlines()
            found.update(line for line in lines if line and not line.startswith("#"))
    return frozenset(found)
