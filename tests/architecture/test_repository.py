"""What is kept in the repository."""

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
MACHINE_PATH = re.compile(rb"(?<![\w.~*-])/(?:work|root|home|Users)/\w")


def kept_files() -> list[Path]:
    if not (REPOSITORY / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    files = [REPOSITORY / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def test_no_file_names_a_place_on_one_machine() -> None:
    assert [file for file in kept_files() if MACHINE_PATH.search(file.read_bytes())] == []


def test_every_folder_of_tests_is_a_package() -> None:
    # Otherwise two test files of one name in different folders are taken for one.
    folders = {file.parent for file in kept_files() if file.match("test_*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []
