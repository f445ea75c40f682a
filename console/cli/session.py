"""What a command runs in: the settings, the open database, who acts, and how it answers."""

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

import click

from console.cli import output

if TYPE_CHECKING:
    from console.data.desk import Desk
    from console.data.records import Actor, Done
    from console.settings import Settings

Body = Callable[..., Coroutine[Any, Any, int | None]]


class Quit(Exception):
    """A command has said what it had to and ends with this exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Session:
    """One run of a command; ``options`` are the settings given on the command line, ``json`` how to answer."""

    options: dict[str, Any] = field(default_factory=dict)
    json: bool = False

    @functools.cached_property
    def settings(self) -> "Settings":
        """The settings of this run; BadSetting where one cannot be used."""
        from console.settings import load

        return load(self.options)

    @functools.cached_property
    def zone(self) -> tzinfo | None:
        """The viewer's time zone; None is the machine's."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.settings.time_zone) if self.settings.time_zone else None

    def local(self, moment: datetime | None) -> str:
        """A point in time in the viewer's zone, to the minute; '' for none."""
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M}" if moment else ""

    @asynccontextmanager
    async def desk(self, *, create: bool = True) -> "AsyncIterator[Desk]":
        """The open database, closed at the end."""
        from console.data.desk import Desk

        async with await Desk.open(self.settings.database, create=create) as desk:
            yield desk

    @asynccontextmanager
    async def acting(self) -> "AsyncIterator[tuple[Desk, Actor]]":
        """The open database and the member of staff who runs the command; Refused if they are none."""
        from console.data import staff

        async with self.desk() as desk:
            yield desk, await staff.actor(desk, staff.system_login(), via="command")

    def done(self, done: "Done", **more: Any) -> None:
        """Answer what an action did."""
        if self.json:
            entry = None if done.entry_id is None else str(done.entry_id)
            output.emit({"sentence": done.sentence, "entry": entry, "count": done.count, **more})
        else:
            output.tell(done.sentence)


_DATABASE = click.Option(
    ["--database"],
    metavar="URL",
    help="The database: sqlite:///FILE, postgresql://USER@HOST/NAME, or a file's path.",
    expose_value=False,
    callback=lambda context, _option, value: remember(context, "database", value),
)


def remember(context: click.Context, name: str, value: Any) -> None:
    if value is not None:
        context.ensure_object(Session).options[name] = value


def _answer_in_json(context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        context.ensure_object(Session).json = True


_JSON = click.Option(
    ["--json"],
    is_flag=True,
    help="Answer in JSON (keys: docs/commands.md).",
    expose_value=False,
    callback=_answer_in_json,
)


def command(
    name: str,
    *params: click.Parameter,
    text: str,
    examples: str = "",
    json: bool = True,
) -> Callable[[Body], click.Command]:
    """Make a command of a coroutine that takes the Session and the params by name, and may return an exit code."""

    def made(body: Body) -> click.Command:
        def callback(**values: Any) -> int:
            session = click.get_current_context().ensure_object(Session)
            return asyncio.run(body(session, **values)) or 0

        shared = [*([_JSON] if json else []), _DATABASE]
        whole = text + (f"\n\n\b\nExamples:\n{_indented(examples)}" if examples else "")
        return click.Command(name, params=[*params, *shared], callback=callback, help=whole)

    return made


def _indented(examples: str) -> str:
    return "\n".join(f"  {line.strip()}" for line in examples.strip().splitlines())
