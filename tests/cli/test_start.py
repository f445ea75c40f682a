"""How a command starts: what it imports, what it takes for a command, how it ends."""

import subprocess
import sys

import click
import pytest

from console.__main__ import console_options
from console.cli.root import root
from tests.cli.ready import REPOSITORY
from tests.cli.running import Helpdesk

RUN = "from console.__main__ import main; main()"
LISTED = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
DRAWING = {"textual", "rich"}
HEAVY = DRAWING | {"sqlalchemy", "pydantic", "aiosqlite", "asyncpg", "alembic"}


def imported_by(*arguments: str, home: Helpdesk) -> set[str]:
    """The top-level modules in a process that has run this command."""
    code = f"import sys; sys.argv = ['helpdesk', *{list(arguments)!r}]\n{RUN}\n{LISTED}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env=home.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def test_version_and_help_import_neither_database_nor_screen(helpdesk: Helpdesk) -> None:
    assert not imported_by("--version", home=helpdesk) & (HEAVY | {"click"})
    assert not imported_by("--help", home=helpdesk) & HEAVY


@pytest.mark.parametrize(
    "command", [["clients", "list"], ["doctor", "--fast"], ["journal", "list"], ["clients", "ban", "--help"]]
)
def test_what_does_not_draw_imports_no_textual(command: list[str], helpdesk: Helpdesk) -> None:
    assert not imported_by(*command, home=helpdesk) & DRAWING


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ([], {}),
        (["--database", "x.db"], {"database": "x.db"}),
        (["--database=x.db", "--no-mouse", "--colour"], {"database": "x.db", "mouse": False, "colour": True}),
        (["--time-zone", "UTC", "--theme", "light"], {"time_zone": "UTC", "theme": "light"}),
        (["--database"], None),
        (["--mouse=yes"], None),
        (["clients"], None),
        (["--database", "x.db", "clients", "list"], None),
        (["--help"], None),
    ],
)
def test_only_global_options_open_the_console(
    arguments: list[str], options: dict[str, str | bool] | None
) -> None:
    assert console_options(arguments) == options


def test_both_parsers_know_the_same_global_options() -> None:
    from console.__main__ import OPTIONS

    names = {name for param in root.params for name in (*param.opts, *param.secondary_opts)}
    assert names - {"--version", "--help"} == set(OPTIONS)


def test_without_a_terminal_the_console_says_so(helpdesk: Helpdesk) -> None:
    answer = helpdesk()
    assert answer.code == 1
    assert answer.err.startswith("The console needs a terminal")
    assert answer.out == ""


def test_a_wrong_command_is_answered_with_the_nearest(helpdesk: Helpdesk) -> None:
    answer = helpdesk("cleints")
    assert answer.code == 2
    assert answer.err.splitlines()[0] == "There is no command 'cleints'. Did you mean clients?"


@pytest.mark.parametrize(
    "arguments",
    [
        ["clients", "list", "--limit", "0"],
        ["clients", "list", "--status", "angry"],
        ["clients", "list", "--sort", "name:up"],
        ["clients", "ban", "1"],
        ["clients", "ban", "--reason", "x"],
        ["clients", "show"],
        ["staff", "add", "x", "--role", "boss"],
        ["--nonsense"],
        ["completion", "tcsh"],
    ],
)
def test_wrong_usage_is_exit_code_2_and_says_where_to_look(arguments: list[str], helpdesk: Helpdesk) -> None:
    answer = helpdesk(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.splitlines()[-1].startswith("Usage: see helpdesk")


def test_a_closed_pipe_is_quiet(helpdesk: Helpdesk) -> None:
    for number in range(3):
        helpdesk.ok("clients", "add", f"Client {number}", "--mobile", f"60155501{number}", "--country", "PL")
    command = f"{sys.executable} -m console clients list --json --all | head -c 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=REPOSITORY,
        env=helpdesk.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "["
    assert done.stderr == ""


@pytest.mark.parametrize("noun", ["clients", "organizations", "incidents", "staff", "journal"])
def test_every_command_teaches_by_examples(noun: str) -> None:
    context = click.Context(root)
    group = root.get_command(context, noun)
    assert isinstance(group, click.Group)
    names = group.list_commands(context)
    assert len(names) >= 2
    for name in names:
        command = group.get_command(context, name)
        assert command is not None
        assert f"helpdesk {noun} {name}" in str(command.help)


def test_completion_loads_and_completes(helpdesk: Helpdesk, tmp_path_factory: pytest.TempPathFactory) -> None:
    script = helpdesk.ok("completion", "bash").out
    assert script.startswith("# Save this as ~/.local/share/bash-completion/completions/helpdesk\n")
    file = helpdesk.home / "helpdesk.bash"
    file.write_text(script)
    done = subprocess.run(
        ["bash", "-c", f"source {file} && complete -p helpdesk"], capture_output=True, text=True, check=True
    )
    assert "_helpdesk_completion" in done.stdout
    asked = {"_HELPDESK_COMPLETE": "bash_complete", "COMP_WORDS": "helpdesk clients unb", "COMP_CWORD": "2"}
    assert helpdesk.ok(env=asked).out.split() == ["plain,unban"]
    assert helpdesk.ok("completion", "zsh").out.startswith("#compdef helpdesk\n")
    assert "complete --no-files --command helpdesk" in helpdesk.ok("completion", "fish").out
