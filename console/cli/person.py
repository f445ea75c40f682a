"""`helpdesk clients export-person`: everything about one person as a ZIP file."""

import contextlib
import os
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from console.cli import output
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.data.person import PersonFile


@made(
    "export-person",
    click.Argument(["client"], metavar="ID"),
    click.Option(
        ["--to", "to"], required=True, metavar="FILE.zip", help="The file to write; only you can read it."
    ),
    click.Option(["--force"], is_flag=True, help="Write over a file that is there."),
    text="Write everything about one person to a ZIP file: what they may ask for, and what to keep before a purge.\n\n"
    "Profile, incidents, messages, files, mail, contacts, notes, credit, invoices, department access and the journal,"
    " as CSV and JSON; a README.txt inside says what is what. Private notes of staff are in a folder of their own: read"
    " them before you hand the file out. Nothing is changed, so nothing is journalled. Deleted clients go by their id.",
    examples="""
    helpdesk clients export-person anna@acme.example --to anna.zip
    helpdesk clients export-person 250019078565798977 --to /safe/anna.zip --force --json
    """,
)
async def export_person(session: Session, client: str, to: str, force: bool) -> None:
    """Read in one state of the database, write beside the file, and put it in its place when it is whole."""
    from console.data import find, person
    from console.data.errors import Refused

    target = Path(to)
    _check(target, force)
    count = 0
    async with session.acting() as (desk, actor), desk.read() as connection:
        if not actor.may_change:
            raise Refused("Viewers take no copies of personal data. Ask an agent or an admin.")
        client_id = await find.client_id(connection, client)
        now = desk.now()
        with _placed(target, force) as whole, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            async for file in person.files(connection, client_id, now):
                await _write(archive, file, now)
                count += 1
    _say(session, target, client_id, count)


def _say(session: Session, target: Path, client_id: int, count: int) -> None:
    size = target.stat().st_size
    if session.json:
        output.emit({"file": str(target), "client": str(client_id), "files": count, "bytes": size})
    else:
        output.tell(f"Wrote {target}: {count:,} files, {size:,} bytes. Only you can read it.")


def _check(target: Path, force: bool) -> None:
    from console.data.errors import Refused

    if target.is_dir():
        raise Refused(f"{target} is a folder. Name a file: --to {target}/person.zip")
    if target.exists() and not target.is_file():
        raise Refused(f"{target} is not a file. Name another one.")
    if target.exists() and not force:
        raise Refused(f"{target} exists. Name another file, or add --force to write over it.")
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent}. Make it, or name another one.")


@contextlib.contextmanager
def _placed(target: Path, force: bool) -> Iterator[IO[bytes]]:
    """A file beside the target that takes its place at the end, whole; after an error nothing is left."""
    from console.data.errors import Refused

    beside: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)  # mode 0600
        beside = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
        _check(target, force)
        beside.replace(target)
    except BaseException as error:
        if beside is not None:
            beside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Refused(f"{target} cannot be written: {error.strerror}. Name another place.") from error
        raise


async def _write(archive: zipfile.ZipFile, file: "PersonFile", now: datetime) -> None:
    info = zipfile.ZipInfo(file.path, now.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as entry:
        async for part in file.parts:
            entry.write(part)
