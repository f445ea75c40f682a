"""What an administrator sets for the whole desk, with what holds where nothing is set."""

import json
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import departments
from console.data.change import Change
from console.data.errors import Invalid
from console.data.models.settings import setting
from console.data.plain import YES_NO, only_admins
from console.data.records import Setting


class DeskSettings(BaseModel):
    """The settings of a desk; what a noun needs to be told is added here with that noun.

    Screens and commands are made of the fields: the name in words, the type and its bounds, the description. Yes or
    no, whole numbers, ``Literal`` words and texts can be shown; what ends in ``_days`` stands under Retention.

    ``journal_keep_days``: for how many days the journal keeps the details of changes; 0 is for ever.
    ``auto_organization``: whether an unknown company mail domain makes an organization (see ``assignment``).
    ``deleted_keep_days``: for how many days a deleted client can be restored, before they are purged.
    ``auto_register``: whether an unknown sender becomes a client; ``auto_approve``: whether approved at once.
    ``default_department``: the name of the department for what names none; '' for the first one.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    journal_keep_days: int = Field(
        default=0, ge=0, le=36500, description="Days the journal keeps the details of changes; 0 is for ever."
    )
    deleted_keep_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Days a deleted client can be restored; then they are purged, with everything of theirs.",
    )
    auto_register: bool = Field(
        default=True,
        description="Whether an unknown sender becomes a client; else the incident has no client.",
    )
    auto_approve: bool = Field(
        default=False, description="Whether a sender who becomes a client is approved at once; else pending."
    )
    default_department: str = Field(
        default="", max_length=200, description="The department of what names none; empty: the first one."
    )
    auto_organization: bool = Field(
        default=False,
        description="Whether a company's mail domain that nobody knows yet makes an organization.",
    )


async def load(connection: AsyncConnection) -> DeskSettings:
    """The settings as they are now; a value that a newer version wrote and this one does not know is left out."""
    rows = (await connection.execute(select(setting.c.name, setting.c.value))).all()
    known = {name: json.loads(value) for name, value in rows if name in DeskSettings.model_fields}
    return DeskSettings(**known)


async def put(change: Change, name: str, value: Any) -> bool:
    """Set one setting; False if it was so already. Only admins may. Invalid says what it can be."""
    only_admins(change.actor, "changes settings")
    one = described(DeskSettings(), name)
    try:
        checked = getattr(DeskSettings(**{name: value}), name)
    except ValidationError as error:
        shown = repr(value)[:60]
        raise Invalid(name, f"{name} cannot be {shown}. Write {one.allowed}.") from error
    if name == "default_department" and checked:
        _, checked = await departments.find(change.connection, checked)
    written = json.dumps(checked)
    query = select(setting.c.id).where(setting.c.name == name)
    if (known := (await change.connection.execute(query)).scalar()) is not None:
        return await change.update(setting, known, value=written)
    await change.insert(setting, name=name, value=written)
    return True


def shown(now: DeskSettings) -> list[Setting]:
    """Every setting with what it is, in words."""
    return [described(now, name) for name in DeskSettings.model_fields]


def described(now: DeskSettings, name: str) -> Setting:
    """One setting with what it is, in words; Invalid if there is none of this name."""
    if name not in DeskSettings.model_fields:
        names = ", ".join(DeskSettings.model_fields)
        raise Invalid(name, f"There is no setting {name[:40]!r}. Use one of {names}.")
    field = DeskSettings.model_fields[name]
    allowed, choices = _allowed(field)
    return Setting(
        name,
        name.replace("_", " ").capitalize(),
        "retention" if name.endswith("_days") else "clients",
        worded(getattr(now, name)),
        worded(field.default),
        allowed,
        choices,
        field.description or "",
    )


def worded(value: Any) -> str:
    """A value as it is written: yes and no as words."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _allowed(field: FieldInfo) -> tuple[str, tuple[str, ...]]:
    """What a setting can be, in words, and its choices where they can be listed."""
    kind = field.annotation
    if kind is bool:
        return "yes or no", YES_NO
    if get_origin(kind) is Literal:
        words = get_args(kind)
        return f"{', '.join(words[:-1])} or {words[-1]}", words
    if kind is not int:
        return "a text", ()
    least = next((one.ge for one in field.metadata if hasattr(one, "ge")), None)
    most = next((one.le for one in field.metadata if hasattr(one, "le")), None)
    bounds = f" from {least}" * (least is not None) + f" to {most}" * (most is not None)
    return f"a whole number{bounds}", ()
