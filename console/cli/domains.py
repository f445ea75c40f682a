"""`helpdesk organizations rescan`, `add-domain`, `remove-domain`: what would move is shown before it does."""

from typing import TYPE_CHECKING, Any

import click

from console.cli import confirming, output
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.data.records import Rescan


@made(
    "rescan",
    *confirming.options(many=False),
    text="""Move clients where the mail domains of organizations say. The longest domain wins, free mail means nothing,
    and what was set by hand stays. With the setting auto_organization, unknown company domains make organizations.""",
    examples="helpdesk organizations rescan --dry-run\nhelpdesk organizations rescan --yes --json",
)
async def rescan_command(session: Session, dry_run: bool, yes: bool) -> None:
    await _run(session, "organization.rescan", None, "", dry_run=dry_run, yes=yes)


@made(
    "add-domain",
    click.Argument(["organization"]),
    click.Argument(["domain"]),
    *confirming.options(many=False),
    text="Let mail from a domain mean an organization; .acme.pl includes what is below it. Its clients move there.",
    examples="""
    helpdesk organizations add-domain "Acme sp. z o.o." .acme.pl --dry-run
    helpdesk organizations add-domain "Acme sp. z o.o." .acme.pl --yes --json
    """,
)
async def add_domain(session: Session, organization: str, domain: str, dry_run: bool, yes: bool) -> None:
    await _run(session, "organization.add-domain", organization, domain, dry_run=dry_run, yes=yes)


@made(
    "remove-domain",
    click.Argument(["organization"]),
    click.Argument(["domain"]),
    *confirming.options(many=False),
    text="Take a mail domain from an organization. Clients whom it had brought move out, or where a shorter one says.",
    examples="helpdesk organizations remove-domain acme.example acme.example --yes",
)
async def remove_domain(session: Session, organization: str, domain: str, dry_run: bool, yes: bool) -> None:
    await _run(session, "organization.remove-domain", organization, domain, dry_run=dry_run, yes=yes)


async def _run(
    session: Session, action: str, organization: str | None, domain: str, *, dry_run: bool, yes: bool
) -> None:
    from console.commands import by_id
    from console.commands.domains import previewed
    from console.data import find

    command, inputs = by_id(action), {"domain": domain}
    assert command.run is not None
    async with session.acting() as (desk, actor):
        async with desk.read() as connection:
            ids = [] if organization is None else [await find.organization_id(connection, organization)]
        if dry_run:
            _show(session, await previewed(action, desk, ids, domain))
            return
        await confirming.confirm(session, desk, actor, command, ids, inputs, yes=yes, dry_run=False)
        done = await command.run(desk, actor, ids, inputs)
    session.done(done)


def _show(session: Session, found: "Rescan") -> None:
    from console.commands.domains import conflicts, would

    sentence = f"This {would(found)}."
    if session.json:
        output.emit(_json(found, sentence))
        return
    for line in (sentence, *conflicts(found)):
        output.tell(line)
    for one in found.moving:
        output.tell(f"{one.client}: {one.before or 'none'} > {one.after or 'none'}")
    if found.moves > len(found.moving):
        output.tell(f"and {found.moves - len(found.moving):,} more")


def _json(found: "Rescan", sentence: str) -> dict[str, Any]:
    """A preview; the lists hold the first few."""
    return {
        "dry_run": True,
        "sentence": sentence,
        "moves": found.moves,
        "made": found.made,
        "conflicts": found.conflicts,
        "managers": found.managers,
        "seen": found.seen,
        "moving": [
            {"id": str(one.client_id), "name": one.client, "from": one.before, "to": one.after}
            for one in found.moving
        ],
        "conflicting": [
            {"id": str(one.client_id), "name": one.client, "organizations": list(one.organizations)}
            for one in found.conflicting
        ],
    }
