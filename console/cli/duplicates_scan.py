"""`helpdesk duplicates scan` and `evaluate`: the whole base searched, and how well that is done."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console.cli import output
from console.cli.session import Session
from console.cli.session import command as made
from console.text import plural

if TYPE_CHECKING:
    from console.data.duplicates.evaluate import Evaluated
    from console.data.duplicates.scan import Scanned
    from console.data.duplicates.truth import Rates

_DOING = {
    "loading": "{done:,} records read",
    "reading": "{share} % of the keys read",
    "learning": "{share} % of the weights estimated",
    "comparing": "{done:,} of {total:,} pairs compared",
    "grouping": "{done:,} of {total:,} clients put into groups",
}
MOST_PROCESSES = 4
_PROCESSES = click.Option(
    ["--processes"],
    type=click.IntRange(1, 64),
    default=min(os.cpu_count() or 1, MOST_PROCESSES),
    show_default="one a processor, four at most",
    help="How many may help where there are many pairs.",
)


class _Shown:
    """The line of progress."""

    def __init__(self) -> None:
        self._line = output.Progress()

    def __call__(self, what: str, done: int, total: int) -> None:
        share = 100 * done // total if total else 100
        self._line.show(_DOING[what].format(done=done, total=total, share=share))

    def clear(self) -> None:
        """Take the line away."""
        self._line.clear()


@made(
    "scan",
    click.Option(["--retrain"], is_flag=True, help="Estimate the weights anew from this base first."),
    _PROCESSES,
    text="Search the whole base for clients who are here twice, and put what is found into the queue. A scan that was "
    "stopped goes on where it was. Afterwards the queue keeps itself current; scan again after a year, or a merge of "
    "two bases.\n\nBelow 1,000 clients pairs are weighed by weights that come with helpdesk, from then on by the "
    "base's own, estimated by its first scan and never again unless you say --retrain.\n\nIt lays down what it "
    "compares in a folder of its own under TMPDIR, some 300 bytes a client, and takes it away again.",
    examples="""
    helpdesk duplicates scan
    helpdesk duplicates scan --retrain --json
    """,
)
async def scan(session: Session, retrain: bool, processes: int) -> None:
    """Scan, and say what came of it."""
    from console.data.duplicates.crew import crew
    from console.data.duplicates.scan import scan as run
    from console.data.errors import Refused

    shown, begun = _Shown(), time.monotonic()
    async with session.acting() as (desk, actor):
        if not actor.may_change:
            raise Refused("Viewers change nothing. Ask an agent or an admin to scan.")
        try:
            async with crew(processes) as helpers:
                found = await run(desk, retrain=retrain, helpers=helpers, progress=shown)
        finally:
            shown.clear()
    _answer(session, found, time.monotonic() - begun)


def _answer(session: Session, found: "Scanned", seconds: float) -> None:
    if session.json:
        output.emit(
            {
                "clients": found.clients,
                "compared": found.compared,
                "kept": found.kept,
                "model_version": found.model_version,
                "resumed": found.resumed,
                "seconds": round(seconds, 2),
            }
        )
        return
    again = " It went on with a scan that was stopped." if found.resumed else ""
    output.tell(
        f"Compared {plural(found.compared, 'pair', 'pairs')} of {plural(found.clients, 'client', 'clients')} in "
        f"{seconds:.0f} s; {found.kept:,} are worth a look.{again} See them: helpdesk duplicates list"
    )


@made(
    "evaluate",
    click.Argument(["file"], type=click.Path(path_type=Path)),
    click.Option(
        ["--entity"], metavar="COLUMN", required=True, help="The column that says which records are one."
    ),
    click.Option(
        ["--map", "mapped"],
        metavar="TARGET=COLUMN",
        multiple=True,
        required=True,
        help="Where a clue stands: + joins columns, and | parts several values in a cell.",
    ),
    click.Option(
        ["--decisions"],
        type=click.IntRange(0),
        default=0,
        help="Let as many decisions of staff be made first; those pairs do not count.",
    ),
    _PROCESSES,
    text="Measure how well duplicates are found: labelled records of a CSV file (gzipped or not) go into a database of "
    "their own, where the real scan runs. Your database is not touched.\n\nTargets are name, given_name, family_name, "
    "birth_date, email, phone, handle, organization, mail_domain, street, city, postcode, country, external_id and "
    "kind (person or company).",
    examples="""
    helpdesk duplicates evaluate people.csv --entity cluster --map name=first_name+surname --map birth_date=dob
    helpdesk duplicates evaluate clients.csv.gz --entity who --map name=name --map email=emails --decisions 200 --json
    """,
)
async def evaluate(
    session: Session, file: Path, entity: str, mapped: tuple[str, ...], decisions: int, processes: int
) -> None:
    """Measure, and print the figures."""
    from console.data.duplicates import labelled
    from console.data.duplicates.evaluate import evaluate as run

    shown, targets = _Shown(), labelled.targets(mapped)
    try:
        found = await run(file, entity, targets, decided=decisions, processes=processes, progress=shown)
    finally:
        shown.clear()
    if session.json:
        output.emit(found.json())
    else:
        _write(found)


def _write(found: "Evaluated") -> None:
    output.tell(
        f"{found.records:,} records, {found.true_pairs:,} true pairs; {found.candidate_pairs:,} pairs compared, "
        f"{found.blocking_recall:.3f} of the true ones among them"
    )
    output.tell(f"at the line        {_rates(found.line)}")
    output.tell(f"at {found.best.threshold:+.1f} bits       {_rates(found.best)}")
    output.tell(f"in groups          F1 {found.cluster_f1:.3f}")
    output.tell(f"{found.seconds:.1f} s, {found.peak_mb:.0f} MB at most")


def _rates(rates: "Rates") -> str:
    return f"precision {rates.precision:.3f}, recall {rates.recall:.3f}, F1 {rates.f1:.3f}"
