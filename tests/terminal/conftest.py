"""A demonstration database of the size that the recorded keys are meant for."""

import shutil
from pathlib import Path

import pytest

from benchmarks.key_script import CLIENTS
from tests.end_to_end.terminal import environment, run


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    file = folder / "demo.db"
    arguments = ["--database", str(file), "demo", "--clients", str(CLIENTS), "--no-open"]
    done = run(arguments, environment(folder))
    assert done.returncode == 0, done.stderr
    return file


@pytest.fixture
def demo(made_demo: Path, tmp_path: Path) -> Path:
    """A demonstration database of this test's own."""
    file = tmp_path / "demo.db"
    shutil.copyfile(made_demo, file)
    return file
