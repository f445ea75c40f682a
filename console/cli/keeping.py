"""`helpdesk journal verify`, `prune` and `helpdesk housekeeping`: what keeps a desk sound over the years."""

from datetime import timedelta

import click

from console.cli import output
from console.cli.session import Session
from console.cli.session import command as made
from console.text import plural


@made(
    "verify",
    click.Option(
        ["--head"], metavar="NUMBER:HASH", default="", help="The head of an earlier verdict, kept elsewhere."
    ),
    text="Say whether the journal is as it was written: nothing altered, removed or put in between.\n\n"
    "Entries are sealed by a chain of hashes. Keep the head that is printed somewhere else, and name it next time: only"
    " so can it be told whether the end was cut off. Exits 1 if something is wrong.",
    examples="""
    helpdesk journal verify
    helpdesk journal verify --head 1204:9f2c…
    """,
)
async def verify(session: Session, head: str) -> int:
    """Seal what is not sealed yet, then check the whole chain."""
    from console.data import seal

    async with session.acting() as (desk, actor):
        if actor.may_change:
            await seal.seal(desk)
        verdict = await seal.verify(desk, head=head)
    if session.json:
        output.emit(
            {
                "ok": verdict.ok,
                "checked": verdict.checked,
                "erased": verdict.erased,
                "head": verdict.head,
                "entry": None if verdict.entry_id is None else str(verdict.entry_id),
                "problem": verdict.problem,
                "sentence": verdict.sentence,
            }
        )
    else:
        output.tell(verdict.sentence or f"The journal is whole: {verdict.checked:,} entries checked.")
        if verdict.head:
            output.tell(f"head {verdict.head}")
    return 0 if verdict.ok else 1


@made(
    "prune",
    click.Option(["--keep-days"], type=click.IntRange(1), required=True, help="Details this young are kept."),
    text="Delete the details of old changes. The entries stay, and say that they can no longer be undone. Admins only.",
    examples="""
    helpdesk journal prune --keep-days 730
    """,
)
async def prune(session: Session, keep_days: int) -> None:
    """Delete what is older, and say how much that was."""
    from console.data import retention

    async with session.acting() as (desk, actor):
        deleted = await retention.prune(desk, actor, timedelta(days=keep_days))
    if session.json:
        output.emit({"deleted": deleted})
    else:
        output.tell(f"Deleted {deleted:,} details of changes older than {keep_days:,} days.")


@made(
    "housekeeping",
    text="Do what a desk does by itself while a console is open: lift bans whose time is over, purge deleted clients"
    " whose time is over, seal the journal, shorten it as the settings say, compare changed clients with others for the"
    " queue of duplicates. Run it from cron where consoles are"
    " closed at night.",
    examples="""
    helpdesk housekeeping
    """,
)
async def command(session: Session) -> None:
    """Do it once, and say what was done."""
    from console.data import housekeeping

    async with session.acting() as (desk, _actor):
        kept = await housekeeping.keep(desk)
    if session.json:
        output.emit(
            {
                "lifted": kept.lifted,
                "sealed": kept.sealed,
                "pruned": kept.pruned,
                "purged": kept.purged,
                "compared": kept.scored,
            }
        )
    else:
        output.tell(
            f"Lifted {kept.lifted:,} bans, sealed {kept.sealed:,} entries, deleted {kept.pruned:,} old details,"
            f" purged {plural(kept.purged, 'client', 'clients')},"
            f" compared {plural(kept.scored, 'changed client', 'changed clients')} with others."
        )
