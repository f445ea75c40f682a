"""What `make` says where it cannot go on."""

import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

# What makes these interpreters unfit, and what is said then.
UNFIT = {
    "too old": ("*version_info*", "Python 3.9.2 is too old: Python 3.11 or newer is needed"),
    "without venv": ("*ensurepip*", "as root, run apt install python3-venv"),
}


@pytest.mark.parametrize("target", ["demo", "test", "lock"])
@pytest.mark.parametrize(("failing", "sentence"), UNFIT.values(), ids=UNFIT.keys())
def test_an_unfit_python_is_named_in_one_sentence(
    target: str, failing: str, sentence: str, tmp_path: Path
) -> None:
    python = tmp_path / "python3"
    python.write_text(f'#!/bin/sh\ncase "$*" in {failing}) exit 1;; *--version*) echo Python 3.9.2;; esac\n')
    python.chmod(0o755)
    complaint = refused(target, f"PYTHON={python}", f"VENV={tmp_path / 'venv'}")
    assert sentence in complaint[0]
    assert not (tmp_path / "venv").exists()


def test_a_missing_python_is_named_in_one_sentence(tmp_path: Path) -> None:
    complaint = refused("test", "PYTHON=python3.99", f"VENV={tmp_path / 'venv'}")
    assert complaint[0].startswith("python3.99 was not found: install Python 3.11 or newer")


def refused(*arguments: str) -> list[str]:
    """What a failing `make` wrote to its error output: our sentence, then what make itself adds."""
    done = subprocess.run(["make", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    lines = done.stderr.splitlines()
    assert len([line for line in lines if not line.startswith("make")]) == 1
    return lines
