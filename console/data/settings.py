"""What an administrator sets for the whole desk, with what holds where nothing is set."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.errors import Invalid, Refused
from console.data.models.settings import setting


class DeskSettings(BaseModel):
    """The settings of a desk; what a noun needs to be told is added here with that noun.

    ``journal_keep_days``: for how many days the journal keeps the details of changes; 0 is for ever.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    journal_keep_days: int = Field(
        default=0, ge=0, le=36500, description="Days the journal keeps the details of changes; 0 is for ever."
    )


async def load(connection: AsyncConnection) -> DeskSettings:
    """The settings as they are now; a value that a newer version wrote and this one does not know is left out."""
    rows = (await connection.execute(select(setting.c.name, setting.c.value))).all()
    known = {name: json.loads(value) for name, value in rows if name in DeskSettings.model_fields}
    return DeskSettings(**known)


async def put(change: Change, name: str, value: Any) -> bool:
    """Set one setting; False if it was so already. Only admins may. Invalid says what it can be."""
    if change.actor.role != "admin":
        raise Refused("Only an admin changes settings.")
    if name not in DeskSettings.model_fields:
        names = ", ".join(DeskSettings.model_fields)
        raise Invalid(name, f"There is no setting {name!r}. Use one of {names}.")
    try:
        checked = getattr(DeskSettings(**{name: value}), name)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise Invalid(name, f"The setting {name} cannot be {value!r}: {reason}.") from error
    written = json.dumps(checked)
    query = select(setting.c.id).where(setting.c.name == name)
    if (known := (await change.connection.execute(query)).scalar()) is not None:
        return await change.update(setting, known, value=written)
    await change.insert(setting, name=name, value=written)
    return True
