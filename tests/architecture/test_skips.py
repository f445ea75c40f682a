"""A test that skips is green on a machine that lacks what it needs: the gate must not take that for a pass."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

ONE_TEST = """
import pytest

def test_that_skips():
    pytest.skip("no oven")

@pytest.mark.xfail(reason="known")
def test_that_is_known_to_fail():
    assert False
"""

WHOLE_FILE = """
import pytest

pytest.skip("no kitchen", allow_module_level=True)
"""


def outcome(folder: Path, ci: str) -> tuple[int, str]:
    """The exit code and the output of a run of the two files."""
    (folder / "test_one.py").write_text(ONE_TEST)
    (folder / "test_whole.py").write_text(WHOLE_FILE)
    (folder / "pytest.ini").write_text("[pytest]\n")
    here = ["-p", "tests.conftest", "--rootdir", str(folder), "--continue-on-collection-errors"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *here, str(folder)],
        cwd=REPOSITORY,
        env={**os.environ, "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_skipping_is_allowed_on_a_colleagues_machine(tmp_path: Path) -> None:
    code, output = outcome(tmp_path, ci="")
    assert code == pytest.ExitCode.OK
    assert "2 skipped, 1 xfailed" in output


def test_skipping_fails_in_the_gate(tmp_path: Path) -> None:
    code, output = outcome(tmp_path, ci="true")
    assert code == pytest.ExitCode.TESTS_FAILED
    assert re.search("Under CI=true nothing may skip.*no oven", output)
    assert re.search("Under CI=true nothing may skip.*no kitchen", output)
    assert "1 failed, 1 xfailed, 1 error" in output
