"""`helpdesk settings`: what an administrator sets for the whole desk."""

import click

from console.cli import output
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made


@made("list", text="List the settings of this desk.", examples="helpdesk settings list --json")
async def _list(session: Session) -> None:
    from console.data import settings

    async with session.acting() as (desk, _actor), desk.read() as connection:
        found = (await settings.load(connection)).model_dump()
    if session.json:
        output.emit(found)
        return
    about = {name: field.description or "" for name, field in settings.DeskSettings.model_fields.items()}
    columns = (Column("setting"), Column("value", "right"), Column("", gives=True))
    output.table(columns, [[name, str(value), about[name]] for name, value in found.items()])


@made(
    "set",
    click.Argument(["name"]),
    click.Argument(["value"]),
    text="Set one of them. Admins only; `helpdesk journal undo` takes it back.",
    examples="helpdesk settings set journal_keep_days 730",
)
async def _set(session: Session, name: str, value: str) -> None:
    from console.data import settings
    from console.data.records import Done

    async with session.acting() as (desk, actor):
        async with desk.change(actor, "setting.put", detail=f"{name}: {value}") as change:
            changed = await settings.put(change, name, value)
        sentence = f"{name} is {value} now." if changed else f"{name} was {value} already."
        session.done(Done(sentence, change.entry_id if changed else None, int(changed)))


command = click.Group(
    "settings", commands=[_list, _set], help="What an administrator sets for the whole desk."
)
