"""`helpdesk settings`: what an administrator sets for the whole desk."""

from typing import TYPE_CHECKING

import click

from console.cli import output, records
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.data.records import Setting


@made("list", text="List the settings of this desk.", examples="helpdesk settings list --json")
async def _list(session: Session) -> None:
    from console.data import settings

    async with session.acting() as (desk, _actor), desk.read() as connection:
        now = await settings.load(connection)
    if session.json:
        output.emit(now.model_dump())
        return
    columns = (Column("setting"), Column("value", "right"), Column("", gives=True))
    output.table(columns, [[one.name, one.value, one.about] for one in settings.shown(now)])


@made(
    "explain",
    click.Argument(["name"], default=""),
    text="Say what a setting does, what it can be and what it usually is; without a name, all of them.",
    examples="""
    helpdesk settings explain
    helpdesk settings explain auto_approve
    """,
)
async def _explain(session: Session, name: str) -> None:
    from console.data import settings

    async with session.acting() as (desk, _actor), desk.read() as connection:
        now = await settings.load(connection)
    found = [settings.described(now, name)] if name else settings.shown(now)
    if session.json:
        output.emit([records.setting(one) for one in found])
        return
    for number, one in enumerate(found):
        if number:
            output.say()
        output.details(_lines(one))


def _lines(one: "Setting") -> list[tuple[str, str]]:
    return [
        ("setting", one.name),
        ("is", one.value or "empty"),
        ("usually", one.default or "empty"),
        ("can be", one.allowed),
        ("", one.about),
    ]


@made(
    "set",
    click.Argument(["name"]),
    click.Argument(["value"]),
    text="Set one of them. Admins only; `helpdesk journal undo` takes it back.",
    examples="""
    helpdesk settings set journal_keep_days 730
    helpdesk settings set auto_approve yes
    """,
)
async def _set(session: Session, name: str, value: str) -> None:
    from console.commands import by_id

    run = by_id("setting.put").run
    assert run is not None
    async with session.acting() as (desk, actor):
        session.done(await run(desk, actor, [], {"name": name, "value": value}))


command = click.Group(
    "settings", commands=[_list, _explain, _set], help="What an administrator sets for the whole desk."
)
