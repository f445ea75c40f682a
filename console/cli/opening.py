"""Opening the console from the command line."""

from collections.abc import Mapping

from console.cli import output
from console.settings import BadSetting, Settings, load


def run(options: Mapping[str, str | bool]) -> int:
    """Open the console with the global options given; returns the exit code."""
    try:
        settings = load(options)
    except BadSetting as error:
        output.complain(str(error))
        return 1
    return open_console(settings)


def open_console(settings: Settings) -> int:
    """Open the console; what keeps it from opening is a sentence on standard error."""
    from console.app import run as run_console
    from console.data.errors import DeskError

    try:
        return run_console(settings)
    except DeskError as error:
        output.complain(str(error))
        return 1
