"""Opening the console from the command line."""

from collections.abc import Mapping
from importlib import import_module

from console.cli import output
from console.first_page import FirstPage
from console.settings import BadSetting, Settings, load


def prepare() -> None:
    """Import all that the console needs."""
    import_module("console.app")


def run(options: Mapping[str, str | bool], page: FirstPage | None = None) -> int:
    """Open the console with the global options given, on the first page if it is painted; returns the exit code."""
    try:
        settings = load(options)
    except BadSetting as error:
        if page is not None:
            page.terminal.restore()
        output.complain(str(error))
        return 1
    return open_console(settings, page)


def open_console(settings: Settings, page: FirstPage | None = None) -> int:
    """Open the console; what keeps it from opening is a sentence on standard error."""
    from console.app import run as run_console
    from console.data.errors import DeskError

    try:
        return run_console(settings, page)
    except DeskError as error:
        output.complain(str(error))
        return 1
