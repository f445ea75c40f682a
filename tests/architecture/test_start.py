"""What starting costs: imports come before the first line on screen."""

import json
import subprocess
import sys

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
