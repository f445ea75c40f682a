"""Where the full scan stands: kept in the database, so that one that was killed goes on."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models.base import from_milliseconds
from console.data.models.journal import about
from console.data.records.duplicates import ScanState

_NAME = "duplicates_scan"


@dataclass(frozen=True, slots=True)
class State:
    """The last full scan: ``run`` counts them; times in milliseconds, 0 for never.

    ``first`` and ``second`` are the pair up to which pairs are scored, ``done`` of ``total`` pairs.
    """

    run: int = 0
    started: int = 0
    finished: int = 0
    model_version: int = 0
    first: int = -1
    second: int = -1
    done: int = 0
    total: int = 0
    clients: int = 0

    @property
    def runs(self) -> bool:
        """Whether a scan has begun and not ended: it is to be gone on with."""
        return bool(self.started) and not self.finished

    def shown(self) -> ScanState:
        """The state as staff see it."""

        def moment(value: int) -> datetime | None:
            return from_milliseconds(value) if value else None

        return ScanState(moment(self.started), moment(self.finished), self.done, self.total)

    def at(self, pair: tuple[int, int], done: int) -> "State":
        """The state after this pair."""
        return replace(self, first=pair[0], second=pair[1], done=done)


async def load(connection: AsyncConnection) -> State:
    """Where the last scan stands."""
    found = (await connection.execute(select(about.c.value).where(about.c.name == _NAME))).scalar()
    return State(**json.loads(found)) if found else State()


async def keep(connection: AsyncConnection, state: State) -> None:
    """Write where it stands."""
    value = json.dumps(asdict(state))
    if not (
        await connection.execute(update(about).where(about.c.name == _NAME).values(value=value))
    ).rowcount:
        await connection.execute(insert(about).values(name=_NAME, value=value))
