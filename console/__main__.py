"""`python -m console` and the `helpdesk` command: the standard library only, then what the command needs."""

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from console import __version__

if TYPE_CHECKING:
    from console.first_page import FirstPage

OK, FAILED, USAGE, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 130, 141

# Global options, and whether each takes a value. The command line's own parser knows the same (console/cli/root.py).
OPTIONS = {
    "--database": True,
    "--mouse": False,
    "--no-mouse": False,
    "--colour": False,
    "--no-colour": False,
    "--theme": True,
    "--time-zone": True,
    "--driver": True,
}


def main() -> int:
    """Open the console, or run one command; returns the exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        sys.stdout.write(f"helpdesk {__version__}\n")
        return OK
    try:
        code = _run(arguments)
        if sys.stdout is not None:  # closed before the program began
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted.\n")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has enough. The interpreter must not complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE


def _run(arguments: Sequence[str]) -> int:
    # Imports make many objects and no garbage: collecting during them is a tenth of the start.
    gc.disable()
    completing = "_HELPDESK_COMPLETE" in os.environ
    options = None if completing else console_options(arguments)
    if options is not None:
        return _open_console(options)
    from console.cli.root import run

    _collect_again()
    return run(arguments)


def _open_console(options: Mapping[str, str | bool]) -> int:
    """Paint the first page and answer keys on it, while the console itself is imported."""
    from console.first_page import FirstPage

    page = FirstPage.open(options, os.environ)
    if page is None:
        run = _import_console()
        _collect_again()
        return run(options, None)
    with page:
        imported = page.answer_while(_import_console)
        if imported is None:
            os._exit(OK)  # without waiting for imports that nobody needs any more
        _collect_again()
        return imported(options, page)


def _import_console() -> "Callable[[Mapping[str, str | bool], FirstPage | None], int]":
    from console.cli import opening

    opening.prepare()
    return opening.run


def _collect_again() -> None:
    """Collect garbage from now on, but never look through what was imported."""
    gc.freeze()
    gc.enable()


def console_options(arguments: Sequence[str]) -> dict[str, str | bool] | None:
    """The global options, by name, if there is nothing else; None if this is a command or cannot be understood."""
    found: dict[str, str | bool] = {}
    rest = list(arguments)
    while rest:
        option, equals, value = rest.pop(0).partition("=")
        takes_value = OPTIONS.get(option)
        if takes_value is None or (equals and not takes_value):
            return None
        name = option.removeprefix("--")
        if takes_value:
            if not equals and not rest:
                return None
            found[name.replace("-", "_")] = value if equals else rest.pop(0)
        else:
            found[name.removeprefix("no-")] = not name.startswith("no-")
    return found


if __name__ == "__main__":
    sys.exit(main())
