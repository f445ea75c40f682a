"""Settings: the order of their sources, and sentences for what cannot be used."""

from pathlib import Path

import pytest

from console.settings import BadSetting, load
from tests.cli.running import Helpdesk


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HELPDESK_DATABASE", "HELPDESK_COLOUR", "HELPDESK_TIME_ZONE"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("HELPDESK_CONFIG", str(path))
    path.write_text("")
    return path


def test_command_line_then_environment_then_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('database = "from-file.db"\ncolour = false\ntime_zone = "Europe/Warsaw"\n')
    monkeypatch.setenv("HELPDESK_TIME_ZONE", "UTC")
    assert load({}).database == "from-file.db"
    monkeypatch.setenv("HELPDESK_DATABASE", "from-environment.db")
    assert load({}).database == "from-environment.db"
    settings = load({"database": "from-command-line.db"})
    assert (settings.database, settings.colour, settings.time_zone) == ("from-command-line.db", False, "UTC")


def test_the_usual_database_is_in_the_users_data_directory(
    file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert load({}).database == f"sqlite:///{tmp_path / 'data' / 'helpdesk' / 'helpdesk.db'}"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "mouse = true\ncoluor = false\n",
            "{file}, line 2: there is no setting 'coluor'. Did you mean colour?",
        ),
        ('\n\ntime_zone = "Warsaw"\n', "{file}, line 3: time_zone cannot be 'Warsaw'. Write a zone"),
        ('theme = "purple"', '{file}, line 1: theme cannot be \'purple\'. Write "dark" or "light".'),
        ("mouse = \n", "{file} is not valid TOML:"),
        ("[database]\nurl = 1\n", "{file}, line 1: database cannot be"),
    ],
)
def test_a_bad_file_is_named_with_the_place_and_what_to_write(
    content: str, sentence: str, file: Path
) -> None:
    file.write_text(content)
    with pytest.raises(BadSetting) as error:
        load({})
    assert str(error.value).startswith(sentence.format(file=file))


def test_a_file_that_is_not_text_or_not_there_is_named(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSetting, match="is not UTF-8 text"):
        load({})
    file.unlink()
    with pytest.raises(BadSetting, match="There is no settings file"):
        load({})


def test_bad_values_name_the_option_or_the_variable(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSetting, match=r"^--time-zone cannot be 'Mars'"):
        load({"time_zone": "Mars"})
    monkeypatch.setenv("HELPDESK_COLOUR", "perhaps")
    with pytest.raises(BadSetting, match=r"^The environment variable HELPDESK_COLOUR cannot be 'perhaps'"):
        load({})


def test_a_command_says_it_on_standard_error(helpdesk: Helpdesk) -> None:
    answer = helpdesk("--time-zone", "Mars", "clients", "list")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("--time-zone cannot be 'Mars'. Write a zone of the IANA list")


def test_the_settings_file_names_the_database(helpdesk: Helpdesk, sqlite_url: str) -> None:
    folder = helpdesk.home / ".config" / "helpdesk"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text(f'database = "{sqlite_url}"\n')
    helpdesk.database = None
    helpdesk.ok("clients", "add", "Anna", "--email", "anna@acme.example")
    assert helpdesk.ok("clients", "list", "--json").json[0]["name"] == "Anna"
    assert not (helpdesk.home / ".local" / "share" / "helpdesk").exists()


def test_first_use_makes_the_database_in_the_data_directory(helpdesk: Helpdesk) -> None:
    helpdesk.database = None
    answer = helpdesk.ok("clients", "list")
    assert answer.out.startswith("No clients yet. Add one: helpdesk clients add")
    assert (helpdesk.home / ".local" / "share" / "helpdesk" / "helpdesk.db").exists()
