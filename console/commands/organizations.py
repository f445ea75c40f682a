"""What staff do to organizations."""

from collections.abc import Awaitable, Callable, Sequence

from console.commands.acting import entry_of
from console.commands.domains import ON_DOMAINS
from console.commands.model import Ask, Command, Disabled, Inputs, Run
from console.commands.organization_profiles import ORGANIZATION_PROFILES
from console.commands.sla import ASKS, target_of, told
from console.data import departments, organization_access, organization_state, organizations, sla
from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import NotFound, Refused
from console.data.records import Actor, Done, OrganizationFacts
from console.text import plural
from console.wording import past

ORGANIZATIONS = frozenset({"organizations", "organization"})
Act = Callable[[Change, list[int], Inputs], Awaitable[object]]


# Why an action cannot run


def gone(target: OrganizationFacts) -> str | None:
    """Deleted and merged organizations are left alone."""
    if target.state == "deleted":
        return f"{target.name} is deleted. Restore it first (X)."
    if target.state == "absorbed":
        return f"{target.name} was merged into another organization. Open that one."
    return None


def _live(target: OrganizationFacts) -> str | None:
    return f"{target.name} is archived already." if target.state == "archived" else gone(target)


def _archived(target: OrganizationFacts) -> str | None:
    return gone(target) or (None if target.state == "archived" else f"{target.name} is not archived.")


def _empty(target: OrganizationFacts) -> str | None:
    if target.members and target.state != "deleted":
        members = plural(target.members, "member", "members")
        return (
            f"{target.name} has {members}, archived ones included. Move them first: in the list of clients, l sets"
            " another organization."
        )
    return f"{target.name} is deleted already." if target.state == "deleted" else gone(target)


def _deleted(target: OrganizationFacts) -> str | None:
    if target.state == "deleted":
        return None
    return gone(target) or f"{target.name} is not deleted."


# How an action runs


async def targets(
    change: Change, disabled: Disabled, ids: Sequence[int]
) -> tuple[list[OrganizationFacts], list[str]]:
    """The organizations an action can run on, locked, and why it cannot on the others; Refused if on none."""
    found = await organizations.locked_facts(change, ids)
    if not found:
        raise NotFound("There is no such organization. It may have been purged.")
    reasons = [(one, disabled(one)) for one in found]
    able = [one for one, reason in reasons if reason is None]
    refused = [reason for _, reason in reasons if reason is not None]
    if not able:
        raise Refused(
            refused[0] if len(refused) == 1 else f"None of {len(refused):,} organizations: {refused[0]}"
        )
    if len(able) == 1:
        change.entry.object_type, change.entry.object_id = "organization", able[0].id
    return able, refused


def whom(found: Sequence[OrganizationFacts]) -> str:
    """The one organization's name, or how many there are."""
    return found[0].name if len(found) == 1 else f"{len(found):,} organizations"


def _on(action: str, act: Act, disabled: Disabled) -> Run:
    """Run ``act`` on those of the organizations it can run on, in one change."""

    async def run(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
        async with desk.change(actor, action) as change:
            found, refused = await targets(change, disabled, ids)
            await act(change, [one.id for one in found], inputs)
        if not change.written:
            return Done(f"It is so already for {whom(found)}. Nothing was changed.")
        left = f"; {len(refused):,} left out: {refused[0].rstrip('.')}" if refused else ""
        return Done(past(action, whom(found)) + left, entry_of(change), len(found))

    return run


async def _archive(change: Change, ids: list[int], inputs: Inputs) -> None:
    await organization_state.put_away(change, ids)


async def _unarchive(change: Change, ids: list[int], inputs: Inputs) -> None:
    await organization_state.bring_back(change, ids)


async def _delete(change: Change, ids: list[int], inputs: Inputs) -> None:
    await organization_state.delete(change, ids)


async def _restore(change: Change, ids: list[int], inputs: Inputs) -> None:
    await organization_state.restore(change, ids)


async def _sla(change: Change, ids: list[int], inputs: Inputs) -> None:
    wanted = target_of(inputs)
    change.entry.detail = told(wanted)
    for one in ids:
        await sla.set_of_organization(change, one, wanted)


async def _access(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Switch the default of one organization for a department; say whom that lets in or shuts out."""
    allowed = inputs.get("allowed", "yes") == "yes"
    async with desk.change(actor, "organization.access") as change:
        department_id, named = await departments.find(change.connection, inputs.get("department", ""))
        found, _ = await targets(change, gone, ids)
        seen = [
            await organization_access.set_default(change, one.id, department_id, allowed=allowed)
            for one in found
        ]
        change.entry.detail = f"{named} {'on' if allowed else 'off'}"
    let_in, shut_out = sum(one.let_in for one in seen), sum(one.shut_out for one in seen)
    may = "may" if allowed else "may not"
    sentence = f"Members of {whom(found)} {may} submit to {named} now"
    if let_in:
        sentence += f": {plural(let_in, 'member', 'members')} newly may"
    elif shut_out:
        sentence += f": {plural(shut_out, 'member', 'members')} no longer may"
    else:
        sentence += "; this changes nothing for anybody"
    return Done(sentence, entry_of(change), len(found))


def _more(
    name: str, key: str, title: str, text: str, act: Act, disabled: Disabled, asks: tuple[Ask, ...] = ()
) -> Command:
    action = f"organization.{name}"
    run = _on(action, act, disabled)
    return Command(
        action, key, title, text, ORGANIZATIONS, "more", asks=asks, run=run, disabled=disabled, changes=True
    )


ON_ORGANIZATIONS: tuple[Command, ...] = (
    *ORGANIZATION_PROFILES,
    *ON_DOMAINS,
    Command(
        "organization.access",
        "",
        "Default department access",
        "Let members without a switch of their own submit to a department, or not; in Access, enter switches.",
        ORGANIZATIONS,
        "more",
        asks=(
            Ask("department", "Department", required=True, choose=departments.names),
            Ask(
                "allowed",
                "May its members submit to it?",
                choices=("yes", "no"),
                default="yes",
                flags="--allow/--deny",
            ),
        ),
        run=_access,
        disabled=gone,
        changes=True,
    ),
    _more(
        "sla",
        "",
        "SLA target",
        "Its own times for a kind and priority of incidents; in SLA, enter edits the target of the row.",
        _sla,
        gone,
        ASKS,
    ),
    _more(
        "archive",
        "z",
        "Archive",
        "Take it out of the lists; its members and mail domains stay.",
        _archive,
        _live,
    ),
    _more("unarchive", "Z", "Bring back", "Bring an archived organization back.", _unarchive, _archived),
    _more("delete", "x", "Delete", "Only one without members; X brings it back.", _delete, _empty),
    _more("restore", "X", "Restore", "Bring a deleted organization back.", _restore, _deleted),
)
