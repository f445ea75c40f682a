"""What staff do to organizations."""

from collections.abc import Sequence

from console.commands.acting import entry_of
from console.commands.client_details import several
from console.commands.model import SHOWN, Ask, Command, Inputs
from console.data import organizations
from console.data.desk import Desk
from console.data.drafts import OrganizationDraft
from console.data.records import Actor, Done
from console.wording import past


async def _new_organization(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    draft = OrganizationDraft(name=inputs.get("name", ""), mail_domain=several(inputs.get("mail_domain", "")))
    async with desk.change(actor, "organization.add") as change:
        organization_id = await organizations.add(change, draft)
        change.entry.object_type, change.entry.object_id = "organization", organization_id
    return Done(past("organization.add", draft.name), entry_of(change), 1, organization_id)


ON_ORGANIZATIONS: tuple[Command, ...] = (
    Command(
        "organization.new",
        "n",
        "New organization",
        "Add an organization with its mail domain.",
        frozenset({"organizations"}),
        footer=SHOWN,
        asks=(Ask("name", "Name", required=True), Ask("mail_domain", "Mail domain, if any")),
        run=_new_organization,
        changes=True,
    ),
)
