"""`python -m console` and the `helpdesk` command: the standard library only, then what the command needs."""

import gc
import os
import sys
from collections.abc import Sequence
from functools import partial

from console import __version__

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
    if options is None:
        from console.cli.root import run as command

        run = partial(command, arguments)
    else:
        from console.cli.opening import run as console

        run = partial(console, options)
    gc.freeze()
    gc.enable()
    return run()


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
