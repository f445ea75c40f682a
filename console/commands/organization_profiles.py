"""Writing organizations down, and editing them: actions with forms."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from console.commands.acting import entry_of
from console.commands.forms import Field, Form, Opened, base_of
from console.commands.model import SHOWN, Command, Inputs
from console.commands.profiles import ADDRESS, named
from console.data import organization_profile, organizations
from console.data.desk import Desk
from console.data.drafts import ORGANIZATION_RULES, OrganizationDraft
from console.data.errors import NotFound, Refused
from console.data.records import Actor, Done, OrganizationFacts
from console.wording import past

ORGANIZATION_FIELDS = (
    Field("name", "name", required=True),
    Field(
        "mail_domain",
        "mail domain",
        several=True,
        hint="whose senders belong to it: acme.pl, or .acme.pl with those below it",
    ),
    Field("external_id", "external id", hint="what another system calls it"),
    Field("phone", "phone"),
    Field("website", "website"),
    *ADDRESS,
    Field("remarks", "remarks", lines=True),
)


async def _open(connection: AsyncConnection, actor: Actor, ids: Sequence[int]) -> Opened:
    return Opened(await organization_profile.values(connection, ids[0]))


NEW = Form(ORGANIZATION_FIELDS, ORGANIZATION_RULES)
EDIT = Form(ORGANIZATION_FIELDS, ORGANIZATION_RULES, open=_open, edits=True)


async def _new(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    draft = OrganizationDraft.model_validate(NEW.filled(inputs))
    async with desk.change(actor, "organization.add") as change:
        organization_id = await organizations.add(change, draft)
        change.entry.object_type, change.entry.object_id = "organization", organization_id
    return Done(past("organization.add", draft.name), entry_of(change), 1, organization_id)


async def _edit(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    if len(ids) != 1:
        raise Refused("Organizations are edited one by one. Name one of them.")
    async with desk.change(actor, "organization.edit", about=("organization", ids[0])) as change:
        known = await organizations.locked_facts(change, ids)
        if not known:
            raise NotFound("There is no such organization. It may have been purged.")
        found = known[0]
        if (reason := _gone(found)) is not None:
            raise Refused(reason)
        fields = await organization_profile.edit(change, ids[0], EDIT.parse(inputs), base_of(inputs))
        change.entry.detail = named(fields)
    if not fields:
        return Done(f"It is so already for {found.name}. Nothing was changed.")
    domains = " Members move with R, rescan." if "mail_domain" in fields else ""
    return Done(f"{past('organization.edit', found.name)}: {named(fields)}.{domains}", entry_of(change), 1)


def _gone(target: OrganizationFacts) -> str | None:
    if target.state in ("deleted", "absorbed"):
        return f"{target.name} is {target.state}. Restore it first."
    return None


ORGANIZATION_PROFILES: tuple[Command, ...] = (
    Command(
        "organization.new",
        "n",
        "New organization",
        "Add an organization: its name, and the mail domains of its members.",
        frozenset({"organizations"}),
        footer=SHOWN,
        form=NEW,
        run=_new,
        changes=True,
    ),
    Command(
        "organization.edit",
        "e",
        "Edit organization",
        "Name, mail domains, address, remarks: all that is known of it.",
        frozenset({"organizations", "organization"}),
        "more",
        footer=frozenset({"organization"}),
        form=EDIT,
        run=_edit,
        disabled=_gone,
        changes=True,
    ),
)
