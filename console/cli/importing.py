"""`helpdesk clients import` and `helpdesk organizations import`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console.cli import output
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.data.transfer import Report

SHOWN = 20

_COLUMNS = {
    "clients": "name (needed), kind, email, mobile, phone, organization, mail_domain, username, external_id, language,"
    " time_zone, status, tags, address, city, postcode, country",
    "organizations": "name (needed), mail_domain, external_id, phone, website, address, city, postcode, country",
}
_WHAT = {
    "clients": "A row needs a name and at least one of email, mobile, phone. Whose e-mail address or username is here"
    " already is skipped, or with --update brought up to date: cells that hold something win, nothing is emptied."
    " Organizations that are named are made if they are missing.",
    "organizations": "An organization that is here already by name is skipped, or with --update brought up to date:"
    " cells that hold something win, nothing is emptied.",
}


def command_for(noun: str) -> click.Command:
    """The import command of a noun."""
    text = (
        f"Import {noun} from a CSV file: UTF-8, columns separated by commas, the first line names them.\n\n"
        f"Columns: {_COLUMNS[noun]}. Several values in a cell are separated by |. Unknown columns are reported and left"
        f" out.\n\n{_WHAT[noun]}\n\nAll of it is one batch: helpdesk journal undo takes it back. Exit code 1 if a row"
        " was rejected; the others are in."
    )

    async def run(session: Session, file: Path, update: bool, dry_run: bool) -> int:
        return await _import(session, noun, file, update, dry_run)

    return made(
        "import",
        click.Argument(["file"], type=click.Path(path_type=Path)),
        click.Option(
            ["--update"], is_flag=True, help="Bring known records up to date instead of skipping them."
        ),
        click.Option(["--dry-run"], is_flag=True, help="Check everything, write nothing."),
        text=text,
        examples=f"""
        helpdesk {noun} import new.csv --dry-run
        helpdesk {noun} import new.csv --json
        helpdesk journal undo
        """,
    )(run)


async def _import(session: Session, noun: str, file: Path, update: bool, dry_run: bool) -> int:
    from console.data.transfer import Options, import_clients, import_organizations

    run = import_clients if noun == "clients" else import_organizations
    progress = output.Progress()

    def tell(rows: int, share: float) -> None:
        progress.show(f"{rows:,} rows read, {share:.0%}")

    async with session.acting() as (desk, actor):
        try:
            report = await run(desk, actor, file, Options(update=update, dry_run=dry_run, tell=tell))
        finally:
            progress.clear()
    if session.json:
        output.emit(_object(report))
    else:
        _say(report, dry_run)
    return 1 if report.rejected else 0


def _object(report: "Report") -> dict[str, Any]:
    def lines(found: list[tuple[int, str]]) -> list[dict[str, Any]]:
        return [{"line": line, "reason": reason} for line, reason in found]

    return {
        "rows": report.rows,
        "created": report.created,
        "updated": report.updated,
        "skipped": report.skipped,
        "rejected": lines(report.rejected),
        "batch": None if report.batch is None else str(report.batch),
        "skipped_lines": lines(report.skips),
        "warnings": lines(report.warnings),
        "organizations_created": report.organizations,
        "unknown_columns": [
            {"column": name, "did_you_mean": meant or None} for name, meant in report.unknown_columns.items()
        ],
    }


def _say(report: "Report", dry_run: bool) -> None:
    for name, meant in report.unknown_columns.items():
        advice = f" Did you mean {meant}?" if meant else ""
        output.complain(f"The column {name!r} is unknown and was left out.{advice}")
    for what, found in (("rejected", report.rejected), ("skipped", report.skips), ("note", report.warnings)):
        for line, reason in found[:SHOWN]:
            output.complain(f"line {line} {what}: {reason}")
        if len(found) > SHOWN:
            output.complain(f"… and {len(found) - SHOWN:,} more {what}; --json has them.")
    counts = f"{report.created:,} created, {report.updated:,} updated, {report.skipped:,} skipped"
    output.say(f"{report.rows:,} rows: {counts}, {len(report.rejected):,} rejected.")
    if dry_run:
        output.say("This was a dry run: nothing was written.")
    elif report.batch is not None:
        output.say(f"To take it back: helpdesk journal undo {report.batch}")
