"""Settings of one user: from the command line, the environment, the settings file, in that order."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from console import places

PREFIX = "HELPDESK_"
FILE = "HELPDESK_CONFIG"
_WRITE = {
    "database": 'sqlite:///FILE or postgresql://USER@HOST/NAME, for example "sqlite:////srv/helpdesk.db"',
    "time_zone": 'a zone of the IANA list, for example "Europe/Warsaw"',
    "theme": '"dark" or "light"',
    "colour": "true or false",
    "mouse": "true or false",
    "driver": '"differential", which writes only what changes, or "stock", Textual\'s own',
}


class BadSetting(Exception):
    """A setting cannot be used; ``str()`` of it is a sentence that says where it is and what to write."""


def default_database() -> str:
    """The database of a user who names none: a file in their data directory."""
    return f"sqlite:///{places.data_folder()}/helpdesk.db"


def settings_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the settings file is, whether it exists or not: `$HELPDESK_CONFIG`, else the user's own."""
    if named := environ.get(FILE):
        return Path(named).expanduser()
    return Path(places.settings_folder(environ)) / "settings.toml"


class Settings(BaseSettings):
    """What the console and the commands are told; make it with `load`.

    `time_zone` '' is the machine's own; `mouse` None means on, but off over SSH.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    database: str = Field(default_factory=default_database, min_length=1)
    time_zone: str = ""
    theme: Literal["dark", "light"] = "dark"
    colour: bool = True
    mouse: bool | None = None
    driver: Literal["differential", "stock"] = "differential"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name:
            try:
                ZoneInfo(name)
            except (KeyError, ValueError, OSError) as error:
                raise ValueError("not a time zone") from error
        return name

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The command line, then the environment, then the settings file."""
        return (init_settings, env_settings, InitSettingsSource(settings_cls, _read(settings_file())))


def load(options: Mapping[str, Any]) -> Settings:
    """The settings of this run; ``options`` are those of the command line, without what was not given.

    Raises BadSetting, which names where the bad value is and what to write there.
    """
    try:
        return Settings(**options)
    except ValidationError as error:
        problem = error.errors()[0]
        key = str(problem["loc"][0])
        raise BadSetting(_sentence(key, str(problem["input"]), options)) from error


def _sentence(key: str, value: str, options: Mapping[str, Any]) -> str:
    write = _WRITE[key]
    if key in options:
        return f"--{key.replace('_', '-')} cannot be {value[:80]!r}. Write {write}."
    variable = PREFIX + key.upper()
    if any(name.upper() == variable for name in os.environ):
        return f"The environment variable {variable} cannot be {value[:80]!r}. Write {write}."
    file = settings_file()
    return f"{file}, line {_line_of(file, key)}: {key} cannot be {value[:80]!r}. Write {write}."


def _read(file: Path) -> dict[str, Any]:
    """The keys of the settings file, empty if there is none; BadSetting where it cannot be understood."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if os.environ.get(FILE):
            sentence = f"There is no settings file {file}. Make it, or unset {FILE}."
            raise BadSetting(sentence) from None
        return {}
    except tomllib.TOMLDecodeError as error:
        sentence = f"{file} is not valid TOML: {error}. Write lines such as: mouse = false"
        raise BadSetting(sentence) from error
    except UnicodeDecodeError as error:
        raise BadSetting(f"{file} is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise BadSetting(f"{file} cannot be read: {error.strerror}. Check its permissions.") from error
    for key in content:
        if key not in Settings.model_fields:
            raise BadSetting(_unknown(file, key))
    return content


def _unknown(file: Path, key: str) -> str:
    from rapidfuzz import process

    known = list(Settings.model_fields)
    near = process.extractOne(key, known, score_cutoff=70)
    advice = f"Did you mean {near[0]}?" if near else f"Settings are {', '.join(known)}."
    return f"{file}, line {_line_of(file, key)}: there is no setting {key!r}. {advice}"


def _line_of(file: Path, key: str) -> int:
    pattern = re.compile(rf"\s*\[?[\"']?{re.escape(key)}\b")
    lines = file.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if pattern.match(line)), 1)
