"""The wheel: everything the console needs is inside, and it starts where the checkout is not."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

import console

REPOSITORY = Path(__file__).parents[2]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def run(*command: str | Path, cwd: Path) -> str:
    """The output of a command that must succeed, run outside the checkout and without its settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # The locked build backend is in this environment; an isolated build would fetch one.
    folder = tmp_path_factory.mktemp("wheel")
    run(*PIP, "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, REPOSITORY, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of an environment that holds this wheel, and ours for the dependencies alone.

    The dependencies are borrowed because installing them takes half a minute, which the test after this one spends.
    The checkout does not come along: it is named by a .pth file, and those are not read in a borrowed folder.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=True)
    paths = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)})
    (Path(paths["purelib"]) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    commands = Path(paths["scripts"])
    run(*PIP, "--python", commands / "python", "install", "-q", "--no-deps", "--no-index", wheel, cwd=folder)
    return commands


def test_every_file_of_the_console_is_in_the_wheel(wheel: Path) -> None:
    kept = subprocess.run(
        ["git", "ls-files", "-z", "console", "styles"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    files = {file for file in kept.stdout.split("\0") if file and (REPOSITORY / file).is_file()}
    expected = {f"console/{file}" if file.startswith("styles/") else file for file in files}
    assert expected - set(ZipFile(wheel).namelist()) == set()


def test_styles_and_migrations_are_in_the_wheel(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert any(name.startswith("console/styles/") and name.endswith(".tcss") for name in names)
    assert any(name.startswith("console/data/migrations/") for name in names)


def test_nothing_but_the_console_is_in_the_wheel(wheel: Path) -> None:
    folders = {name.partition("/")[0] for name in ZipFile(wheel).namelist()}
    assert folders == {"console", f"helpdesk_console-{console.__version__}.dist-info"}


def test_the_installed_command_starts(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "helpdesk", "--version", cwd=tmp_path) == f"helpdesk {console.__version__}\n"


def test_the_installed_package_is_the_wheels(installed: Path, tmp_path: Path) -> None:
    place = run(installed / "python", "-c", "import console; print(console.__file__)", cwd=tmp_path)
    assert Path(place).is_relative_to(installed.parent)


def test_the_installed_modules_are_compiled(installed: Path, tmp_path: Path) -> None:
    # Without that the first page takes twice as long, and the console three times.
    read = [str(installed / "python"), "-v", "-c", "import console.__main__, console.app"]
    done = subprocess.run(read, cwd=tmp_path, capture_output=True, text=True, check=True)
    sources = [line for line in done.stderr.splitlines() if line.startswith("# code object from ")]
    ours = [line for line in sources if "/console/" in line]
    assert len(ours) > 100
    assert [line for line in ours if not line.rstrip("'").endswith(".pyc")] == []


def test_a_plain_install_into_an_empty_environment_starts(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True, symlinks=True)
    commands = tmp_path / "venv" / "bin"
    # The locked versions, so that what others publish tomorrow fails no test of ours; compiled when they are used.
    run(
        commands / "python", "-m", "pip", "--disable-pip-version-check", "install", "-q",
        "--no-compile", "--only-binary", ":all:", "--constraint", REPOSITORY / "constraints.txt", REPOSITORY,
        cwd=tmp_path,
    )  # fmt: skip
    assert run(commands / "helpdesk", "--version", cwd=tmp_path) == f"helpdesk {console.__version__}\n"
    assert run(commands / "python", "-m", "pip", "check", cwd=tmp_path).startswith("No broken requirements")
