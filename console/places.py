"""Who the user is, and where their own files are. The standard library only, for the first page needs it."""

import os
import sys
from collections.abc import Mapping

NAME = "helpdesk"


def data_folder(environ: Mapping[str, str] = os.environ) -> str:
    """Where the database is of a user who names none."""
    return _folder("XDG_DATA_HOME", ".local/share", environ)


def settings_folder(environ: Mapping[str, str] = os.environ) -> str:
    """Where the settings file is of a user who names none."""
    return _folder("XDG_CONFIG_HOME", ".config", environ)


def _folder(variable: str, usual: str, environ: Mapping[str, str]) -> str:
    named = environ.get(variable, "")
    if os.path.isabs(named):  # noqa: PTH117 - pathlib costs more to import than the first page to paint
        return f"{named}/{NAME}"
    usual = "Library/Application Support" if sys.platform == "darwin" else usual
    return f"{home(environ)}/{usual}/{NAME}"


def home(environ: Mapping[str, str] = os.environ) -> str:
    """The user's home."""
    named = environ.get("HOME", "")
    if os.path.isabs(named):  # noqa: PTH117 - as above
        return named.rstrip("/")
    import pwd

    return pwd.getpwuid(os.getuid()).pw_dir.rstrip("/")


def login() -> str:
    """The operating-system user's name: who acts, unless a key over SSH says otherwise.

    Asked of the system, not of the environment, which anybody can set.
    """
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"  # a container may run a user that has no name
