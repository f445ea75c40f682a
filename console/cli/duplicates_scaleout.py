"""`helpdesk duplicates export-scaleout`, `score-scaleout` and `import-scaleout`: a base too big for one process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from console.cli import output
from console.cli.session import Session
from console.cli.session import command as made

_FOLDER = click.Argument(["folder"], metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
Told = Callable[[str, int, int], None]


@made(
    "export-scaleout",
    _FOLDER,
    text="Write the normalized clients, their keys and the weights into a new folder, to score them on another"
    " machine: for bases of millions of clients. Whoever can read the folder can read who your clients are; only you"
    " can, unless you say otherwise.",
    examples="""
    helpdesk duplicates export-scaleout /data/july
    helpdesk duplicates score-scaleout /data/july
    helpdesk duplicates import-scaleout /data/july
    """,
)
async def _export(session: Session, folder: Path) -> None:
    from console.data.duplicates.scaleout.export import export

    async with session.acting() as (desk, _actor):
        with _progress() as told:
            done = await export(desk, folder, told)
    if session.json:
        found = {"clients": done.clients, "keys": done.postings, "model_version": done.model_version}
        output.emit({"folder": str(folder), **found})
        return
    output.tell(f"{done.clients:,} clients with {done.postings:,} shared keys are in {folder}.")
    output.tell(f"Next, there or elsewhere: helpdesk duplicates score-scaleout {folder}")


@made(
    "score-scaleout",
    _FOLDER,
    click.Option(
        ["--processes"],
        type=click.IntRange(1),
        help="How many compare at a time; as many as there are processors if not given.",
    ),
    text="Score an export with Splink on DuckDB. It needs no database, only the extra:"
    " pip install 'helpdesk-console[scaleout]'. The result stands in the folder.",
    examples="""
    helpdesk duplicates score-scaleout /data/july
    helpdesk duplicates score-scaleout /data/july --processes 16 --json
    """,
)
async def _score(session: Session, folder: Path, processes: int | None) -> None:
    from console.data.duplicates.scaleout.scoring import score

    with _progress() as told:
        done = score(folder, told, processes)
    if session.json:
        found = {"compared": done.compared, "pairs": done.kept, "seconds": done.seconds}
        output.emit({"folder": str(folder), **found})
        return
    output.tell(f"{done.compared:,} pairs compared in {done.seconds:,.0f} s, {done.kept:,} for the queue.")
    output.tell(f"Next, where the desk is: helpdesk duplicates import-scaleout {folder}")


@made(
    "import-scaleout",
    _FOLDER,
    text="Take what was scored into the queue, in place of what the last scan found. What staff have decided stays;"
    " clients who have changed since the export are scored anew.",
    examples="""
    helpdesk duplicates import-scaleout /data/july
    helpdesk duplicates import-scaleout /data/july --json
    """,
)
async def _import(session: Session, folder: Path) -> None:
    from console.data.duplicates.scaleout.bringing import bring

    async with session.acting() as (desk, _actor):
        with _progress() as told:
            done = await bring(desk, folder, told)
    if session.json:
        found = {"pairs": done.pairs, "changed": done.changed, "model_version": done.model_version}
        output.emit({"folder": str(folder), **found})
        return
    output.tell(f"{done.pairs:,} pairs are taken in. See them: helpdesk duplicates list")
    if done.changed:
        output.tell(
            f"{done.changed:,} were left out: their clients have changed since, and were scored anew."
        )


@contextmanager
def _progress() -> Iterator[Told]:
    line = output.Progress()

    def told(what: str, done: int, total: int) -> None:
        line.show(f"{what}: {done:,}" + (f" of {total:,}" if total else ""))

    try:
        yield told
    finally:
        line.clear()


commands: tuple[click.Command, ...] = (_export, _score, _import)
