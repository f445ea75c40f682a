"""The root of the command line: global options, and nouns that are imported when they are asked for."""

import importlib
import os
import re
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import click
from click.shell_completion import shell_complete

from console import __version__
from console.cli import output
from console.cli.session import Quit, Session, remember

_SURROGATE = re.compile("[\ud800-\udfff]")
FAILED, USAGE, INTERRUPTED = 1, 2, 130
COMPLETING = "_HELPDESK_COMPLETE"

# Noun: the module in console.cli whose `group` (or `command`) it is, and the line that `helpdesk --help` shows.
NOUNS = {
    "clients": ("clients", "List, show, add, import clients; approve, ban, delete them, and all else."),
    "organizations": ("organizations", "List, show, add, import organizations."),
    "contacts": ("contacts", "List, edit, remove the contacts of a client; make one primary."),
    "credit": ("credit", "The ledger of a client's credit; reverse a line of it."),
    "duplicates": ("duplicates", "Clients who may be one: list, explain, decide; search the base."),
    "incidents": ("incidents", "List, show, create incidents; register their senders."),
    "who": ("who", "Say who is meant by anything: a number, an address, a link, a name."),
    "held": ("held", "What is in quarantine, and letting it go."),
    "favourites": ("favourites", "What others changed on your favourites."),
    "staff": ("staff", "Add, list and change the people who work here."),
    "departments": ("departments", "Add, list and change departments."),
    "journal": ("journal", "What was changed, by whom; take it back; prove it whole."),
    "certificates": ("erasing", "What purges have left: when, by whom, how many rows."),
    "settings": ("settings", "What an administrator sets for the whole desk."),
    "migrate": ("migrate", "Create a database, or bring one to the newest schema."),
    "doctor": ("doctor", "Say what is wrong with settings, database, terminal, and how to mend it."),
    "housekeeping": ("keeping", "Do what a desk does by itself, once: for cron."),
    "demo": ("demo", "Make a demonstration database and open it."),
    "completion": ("completion", "Print the completion script for bash, zsh or fish."),
}


class LazyGroup(click.Group):
    """A group whose commands live in modules that are imported only when one of them is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The nouns, in the order that a new user meets them."""
        return list(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a noun."""
        if cmd_name not in NOUNS:
            return None
        module = importlib.import_module(f"console.cli.{NOUNS[cmd_name][0]}")
        found: click.Command = module.command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of nouns, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in NOUNS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of these arguments; an unknown one is answered with the nearest."""
        if args and args[0] not in NOUNS and not args[0].startswith("-"):
            from rapidfuzz import process

            near = process.extractOne(args[0], list(NOUNS), score_cutoff=60)
            advice = f"Did you mean {near[0]}?" if near else "See: helpdesk --help"
            ctx.fail(f"There is no command {args[0]!r}. {advice}")
        return super().resolve_command(ctx, args)


def _setting(context: click.Context, option: click.Parameter, value: Any) -> None:
    remember(context, str(option.name), value)


def _version(context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        output.say(f"helpdesk {__version__}")
        context.exit()


def _option(*names: str, **how: Any) -> click.Option:
    how.setdefault("callback", _setting)
    return click.Option(list(names), expose_value=False, **how)


_HELP = """The helpdesk console, and its commands.

Without a command it opens the console. Whatever a command changes is in the journal and can be taken back with
`helpdesk journal undo`. You act as the member of staff with your login on this machine.

\b
Examples:
  helpdesk                                   open the console
  helpdesk clients list --filter kowalska    find clients
  helpdesk clients ban 42 --reason "spams"   act on one
  helpdesk journal undo                      take it back
  helpdesk demo                              look around with made-up data

Settings come from these options, then HELPDESK_DATABASE, HELPDESK_THEME and so on, then the settings file
(HELPDESK_CONFIG, else settings.toml in helpdesk of your configuration folder), then what is usual.
Exit codes: 0 done, 1 not done (the sentence on standard error says why), 2 wrong usage.
"""

root = LazyGroup(
    "helpdesk",
    help=_HELP,
    params=[
        _option("--database", metavar="URL", help="The database: a URL, or the path of a SQLite file."),
        _option("--theme", metavar="NAME", help="dark or light."),
        _option(
            "--colour/--no-colour", default=None, help="Colours in the console. NO_COLOR means none, too."
        ),
        _option("--mouse/--no-mouse", default=None, help="The mouse in the console. Off over SSH."),
        _option(
            "--time-zone", metavar="ZONE", help="The zone that times are shown in, such as Europe/Warsaw."
        ),
        _option(
            "--driver",
            metavar="NAME",
            help="How the console writes: differential, only what changes; or stock, all that was drawn.",
        ),
        _option("--version", is_flag=True, is_eager=True, callback=_version, help="Print the version."),
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code. Errors are sentences on standard error."""
    try:
        _check_readable(arguments)
        if COMPLETING in os.environ:
            return shell_complete(root, {}, "helpdesk", COMPLETING, os.environ[COMPLETING])
        with root.make_context("helpdesk", list(arguments), obj=Session()) as context:
            code = root.invoke(context)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.UsageError as error:
        return _usage(error)
    except click.ClickException as error:
        output.complain(error.format_message())
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        output.complain("Interrupted.")
        return INTERRUPTED
    except Quit as quitting:
        return quitting.code
    except BrokenPipeError:
        raise
    except Exception as error:
        return _failed(error)
    return code if isinstance(code, int) else 0


def _check_readable(arguments: Sequence[str]) -> None:
    if any(_SURROGATE.search(argument) for argument in arguments):
        raise click.UsageError("An argument is not UTF-8, so it names nothing here. Write it in UTF-8.")


def _usage(error: click.UsageError) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        output.report(error.format_message() + "\n")
        return USAGE
    output.complain(error.format_message())
    where = error.ctx.command_path if error.ctx else "helpdesk"
    output.complain(f"Usage: see {where} --help")
    return USAGE


def _failed(error: Exception) -> int:
    """The sentence of an error that the user can mend; a bug shows where it happened."""
    sentence = mendable(error)
    if sentence is None:
        output.report("".join(traceback.format_exception(error)))
        output.complain(
            "This is a fault in helpdesk. Nothing more was changed. Please report the lines above."
        )
    else:
        output.complain(sentence)
    return FAILED


def mendable(error: Exception) -> str | None:
    """What to tell the user about an error they can do something about; None for a bug."""
    errors, settings = sys.modules.get("console.data.errors"), sys.modules.get("console.settings")
    if errors is not None and isinstance(error, errors.DeskError):
        return str(error)
    if settings is not None and isinstance(error, settings.BadSetting):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        name = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
        return f"{name}{error.strerror}."
    return None
