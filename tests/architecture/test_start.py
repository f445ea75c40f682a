"""What starting costs: imports come before the first line on screen."""

import json
import subprocess
import sys

# What the first page can do without: slow to import, or not needed before it is painted.
SLOW = {
    "argparse",
    "asyncio",
    "ast",
    "dataclasses",
    "dis",
    "email",
    "inspect",
    "json",
    "logging",
    "pathlib",
    "shutil",
}
LATER = {"socket", "ssl", "subprocess", "tempfile", "threading", "tomllib", "tokenize", "urllib"}

# What the console needs for some actions only, or not at all.
NOT_FOR_THE_CONSOLE = {"alembic", "asyncpg", "click", "httpx", "mako", "phonenumbers"}

REPORT = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"


def imported_by(statement: str) -> set[str]:
    """The top-level modules that this statement imports in a fresh interpreter."""

    def modules(code: str) -> set[str]:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        return set(json.loads(done.stdout))

    # Hooks of other packages may import modules into every interpreter of this environment.
    return modules(f"{statement}\n{REPORT}") - modules(REPORT)


def test_the_entry_module_imports_the_standard_library_only() -> None:
    loaded = imported_by("import console.__main__")
    assert loaded - sys.stdlib_module_names == {"console"}


def test_the_version_is_told_by_the_standard_library_alone() -> None:
    # What asks for it first is a shell, or a person who wants to know whether it is installed.
    script = "import contextlib, io, sys; sys.argv = ['helpdesk', '--version']; import console.__main__"
    call = "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): console.__main__.main()"
    loaded = imported_by(f"{script}\n{call}")
    assert loaded - sys.stdlib_module_names == {"console"}


def test_the_first_page_is_of_the_standard_library_and_of_little_of_it() -> None:
    loaded = imported_by("import console.__main__, console.first_page")
    assert loaded - sys.stdlib_module_names == {"console"}
    assert loaded & (SLOW | LATER) == set()


def test_a_move_on_the_first_page_needs_no_more() -> None:
    loaded = imported_by("import console.first_page, console.terminal.difference")
    assert loaded & SLOW == set()


def test_opening_the_console_does_not_import_what_few_actions_need() -> None:
    loaded = imported_by("from console.cli.opening import prepare; prepare()")
    assert {"textual", "sqlalchemy"} <= loaded
    assert loaded & NOT_FOR_THE_CONSOLE == set()


def test_opening_the_console_imports_no_command_line_and_no_demonstration() -> None:
    report = (
        "import json, sys; print(json.dumps([name for name in sys.modules if name.startswith('console.')]))"
    )
    statement = f"from console.cli.opening import prepare; prepare(); {report}"
    done = subprocess.run([sys.executable, "-c", statement], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    assert "console.app" in loaded
    assert {name for name in loaded if name.startswith("console.cli.")} == {
        "console.cli.opening",
        "console.cli.output",
    }
    assert not [name for name in loaded if name.startswith(("console.demo", "console.data.transfer"))]
