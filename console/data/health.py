"""What can be wrong with a database, and how to mend it. Reads only."""

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import text

from console.data import derived, staff
from console.data.desk import Desk
from console.data.migrations import HEAD

ENOUGH_ROOM = 200 << 20
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``level`` is ok, warning or wrong; ``mend`` says what to do, '' where nothing is."""

    what: str
    level: str
    sentence: str
    mend: str = ""


async def examine(desk: Desk, login: str, *, thorough: bool = True) -> AsyncIterator[Finding]:
    """Look at an open database for the person with this login; ``thorough`` reads all of it."""
    yield Finding("schema", "ok", f"{desk.location.shown} has the newest schema, {HEAD}.")
    if desk.dialect.name == "sqlite":
        for finding in await _sqlite(desk, thorough=thorough):
            yield finding
    else:
        yield await _postgresql(desk)
    if thorough:
        yield await _derived(desk)
    yield await _staff(desk, login)


async def _sqlite(desk: Desk, *, thorough: bool) -> list[Finding]:
    path = desk.location.path
    assert path is not None
    found = []
    blocked = next((one for one in (path, path.parent) if not os.access(one, os.W_OK)), None)
    if blocked is None:
        found.append(Finding("writable", "ok", "The database can be written by you."))
    else:
        mend = f"Ask the owner of {blocked} for write access; the folder must be writable, too."
        found.append(Finding("writable", "wrong", f"{blocked} is read-only for you.", mend))
    async with desk.read() as connection:
        mode = str((await connection.execute(text("PRAGMA journal_mode"))).scalar_one())
        if mode == "wal":
            found.append(Finding("journal mode", "ok", "Many may read while one writes (WAL)."))
        else:
            mend = "Put the file on a local disk, writable by you; network folders cannot do WAL."
            found.append(Finding("journal mode", "warning", f"The journal mode is {mode}, not WAL.", mend))
        if thorough:
            broken = list((await connection.execute(text("PRAGMA integrity_check(5)"))).scalars())
            loose = (await connection.execute(text("PRAGMA foreign_key_check"))).all()
            found.append(_integrity(broken, len(loose)))
    found.append(_room(shutil.disk_usage(path.parent).free, path.stat().st_size))
    return found


def _integrity(broken: list[str], loose: int) -> Finding:
    if broken != ["ok"]:
        mend = "Restore it from a backup, or try: sqlite3 FILE .recover"
        return Finding("integrity", "wrong", f"The file is damaged: {'; '.join(broken[:_SHOWN])}.", mend)
    if loose:
        mend = "Restore it from a backup; rows were written by something else than helpdesk."
        return Finding("integrity", "wrong", f"{loose} rows refer to others that are not there.", mend)
    return Finding("integrity", "ok", "The file is sound, and every reference holds.")


def _room(free: int, size: int) -> Finding:
    sentence = f"{free >> 20:,} MB are free on the disk, the database has {size >> 20:,} MB."
    if free > max(ENOUGH_ROOM, size // 5):
        return Finding("disk", "ok", sentence)
    return Finding("disk", "warning", sentence, "Free some space, before writing fails.")


async def _postgresql(desk: Desk) -> Finding:
    async with desk.read() as connection:
        query = "SELECT pg_is_in_recovery() OR NOT has_table_privilege('client', 'INSERT, UPDATE, DELETE')"
        read_only = bool((await connection.execute(text(query))).scalar_one())
    if read_only:
        mend = "Connect to the primary server, as a user who may write."
        return Finding("writable", "wrong", "The database is read-only for this user.", mend)
    return Finding("writable", "ok", "The database can be written by this user.")


async def _derived(desk: Desk) -> Finding:
    async with desk.read() as connection:
        found = await derived.differences(connection)
    if not found:
        return Finding("counters", "ok", "Counters, list columns and search words are in step.")
    sentence = (
        f"{len(found)} counters, list columns or search words are out of step: {'; '.join(found[:_SHOWN])}."
    )
    return Finding("counters", "wrong", sentence, "Run: helpdesk doctor --mend")


async def mend(desk: Desk) -> int:
    """Make all counters, list columns and search words anew; returns how many rows were wrong."""
    async with desk.quiet() as connection:
        return await derived.recount(connection)


async def _staff(desk: Desk, login: str) -> Finding:
    members = await staff.members(desk)
    if not members:
        sentence = f"There is no staff yet; you ({login}) become the first admin when you start."
        return Finding("staff", "ok", sentence)
    mine = next((one for one in members if one.login == login), None)
    if mine is None:
        admins = ", ".join(one.login for one in members if one.role == "admin" and one.active)
        sentence = f"You are {login}, and no member of staff has that login."
        return Finding(
            "staff", "wrong", sentence, f"Ask an admin ({admins}) to run: helpdesk staff add {login}"
        )
    if not mine.active:
        return Finding("staff", "wrong", f"The login {login} is no longer active.", "Ask an admin.")
    return Finding("staff", "ok", f"You are {mine.name} ({login}), {mine.role}.")
