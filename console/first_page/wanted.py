"""What the user asked for, as far as the first page needs it: which database, which colours.

``console.settings`` reads all settings, checks them and says what is wrong; it is imported later. Whatever is unusual
is left to it: then there is no first page.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from console import places

PREFIX = "HELPDESK_"
_NAMES = ("database", "theme", "colour", "driver", "mouse", "time_zone")
_SAID = {
    **dict.fromkeys(("true", "1", "yes", "on", "y", "t"), True),
    **dict.fromkeys(("false", "0", "no", "off", "n", "f"), False),
}
_UNUSUAL = frozenset("?%@#")


class Wanted(NamedTuple):
    """``database`` as it was written; ``theme`` dark or light; whether there are colours."""

    database: str
    theme: str
    colour: bool

    @property
    def file(self) -> str | None:
        """The path of the SQLite file; None for PostgreSQL, and for an address that must be read with more care."""
        scheme, separator, rest = self.database.partition("://")
        if not separator:
            return _expanded(self.database)
        if scheme.partition("+")[0] != "sqlite" or not rest.startswith("/") or _UNUSUAL & set(rest):
            return None
        return _expanded(rest[1:]) if len(rest) > 1 else None

    @property
    def is_remote(self) -> bool:
        """Whether it is on a server."""
        return self.database.partition("://")[0].partition("+")[0] in ("postgresql", "postgres")


def wanted(options: Mapping[str, str | bool], environ: Mapping[str, str]) -> Wanted | None:
    """What was asked for on the command line, in the environment, in the settings file, in that order.

    None where there is something unusual about it, or another driver is wanted, which knows of no first page.
    """
    written = _file(environ)
    if written is None:
        return None
    variables = {name.upper(): value for name, value in environ.items() if name.upper().startswith(PREFIX)}
    found: dict[str, object] = {}
    for name in _NAMES:
        for value in (options.get(name), variables.get(PREFIX + name.upper()), written.get(name)):
            if value is not None:
                found[name] = value
                break
    colour = found.get("colour", True)
    colour = _SAID.get(colour.lower()) if isinstance(colour, str) else colour
    database = found.get("database", f"sqlite:///{places.data_folder(environ)}/helpdesk.db")
    theme = found.get("theme", "dark")
    usual = isinstance(database, str) and database and theme in ("dark", "light") and isinstance(colour, bool)
    if not usual or found.get("driver", "differential") != "differential":
        return None
    return Wanted(str(database), str(theme), bool(colour) and not environ.get("NO_COLOR"))


def _file(environ: Mapping[str, str]) -> dict[str, object] | None:
    """The keys of the settings file, empty if there is none; None where it cannot be understood."""
    named = environ.get(f"{PREFIX}CONFIG")
    path = _expanded(named) if named else f"{places.settings_folder(environ)}/settings.toml"
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib is imported later
            content = file.read()
    except OSError:
        return None if named or os.path.exists(path) else {}  # noqa: PTH110
    import tomllib

    try:
        return tomllib.loads(content.decode())
    except ValueError:
        return None


def _expanded(path: str) -> str:
    return os.path.expanduser(path)  # noqa: PTH111
