"""What the first page takes to be wanted is what the settings say."""

from collections.abc import Mapping
from pathlib import Path

import platformdirs
import pytest

from console import places, settings
from console.first_page.wanted import Wanted, wanted
from console.terminal.capabilities import colours_off


def both(
    options: Mapping[str, str | bool], environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> tuple[Wanted | None, tuple[str, str, bool] | None]:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    try:
        found = settings.load(options)
    except settings.BadSetting:
        return wanted(options, environ), None
    colour = found.colour and not colours_off(environ)
    return wanted(options, environ), (found.database, found.theme, colour)


@pytest.mark.parametrize(
    "options", [{}, {"database": "/srv/a.db"}, {"theme": "light", "colour": False}], ids=str
)
@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"HELPDESK_DATABASE": "sqlite:////srv/b.db", "HELPDESK_THEME": "light"},
        {"helpdesk_colour": "off", "NO_COLOR": ""},
        {"HELPDESK_COLOUR": "Yes", "NO_COLOR": "1"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "written", ["", 'database = "/srv/c.db"\ncolour = false\n', 'theme = "light"\nmouse = true\n']
)
def test_it_is_what_the_settings_say(
    options: dict[str, str | bool],
    environ: dict[str, str],
    written: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "settings.toml").write_text(written)
    environ = {"HOME": str(tmp_path), "HELPDESK_CONFIG": str(tmp_path / "settings.toml")} | environ
    first, found = both(options, environ, monkeypatch)
    assert first == found


@pytest.mark.parametrize(
    ("options", "environ", "written"),
    [
        ({"theme": "purple"}, {}, ""),
        ({"database": ""}, {}, ""),
        ({}, {"HELPDESK_COLOUR": "perhaps"}, ""),
        ({}, {}, "theme = [1]"),
        ({}, {}, "= nonsense"),
        ({}, {"HELPDESK_CONFIG": "/nowhere/settings.toml"}, ""),
    ],
    ids=str,
)
def test_what_the_settings_refuse_has_no_first_page(
    options: dict[str, str | bool],
    environ: dict[str, str],
    written: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "settings.toml").write_text(written)
    environ = {"HOME": str(tmp_path), "HELPDESK_CONFIG": str(tmp_path / "settings.toml")} | environ
    assert both(options, environ, monkeypatch) == (None, None)


def test_another_driver_knows_of_no_first_page(tmp_path: Path) -> None:
    assert wanted({"driver": "stock"}, {"HOME": str(tmp_path)}) is None


@pytest.mark.parametrize(
    ("database", "file"),
    [
        ("/srv/a.db", "/srv/a.db"),
        ("a.db", "a.db"),
        ("sqlite:////srv/a.db", "/srv/a.db"),
        ("sqlite+aiosqlite:///a.db", "a.db"),
        ("sqlite:///a.db?mode=ro", None),
        ("sqlite://", None),
        ("sqlite:///", None),
        ("postgresql://me@host/desk", None),
        ("mysql://me@host/desk", None),
    ],
)
def test_which_file_it_is(database: str, file: str | None) -> None:
    assert Wanted(database, "dark", True).file == file


def test_home_is_meant_by_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/srv/ann")
    assert Wanted("~/a.db", "dark", True).file == "/srv/ann/a.db"


@pytest.mark.parametrize("folder", ["", "/elsewhere", "relative"])
def test_a_users_own_folders_are_where_everybody_looks(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/srv/ann")
    monkeypatch.setenv("XDG_DATA_HOME", folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", folder)
    assert places.data_folder() == platformdirs.user_data_dir("helpdesk", appauthor=False)
    assert places.settings_folder() == platformdirs.user_config_dir("helpdesk", appauthor=False)
