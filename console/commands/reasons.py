"""Why an action cannot run on a client now, each a sentence that says what to do."""

from console.commands.model import Disabled
from console.data.records import ClientFacts


def gone(target: ClientFacts) -> str | None:
    """Deleted and merged clients are left alone."""
    if target.state == "deleted":
        return f"{target.name} is deleted. Restore them first."
    if target.state == "absorbed":
        return f"{target.name} was merged into another client. Open that one."
    return None


def deleted(target: ClientFacts) -> str | None:
    """For deleted clients alone."""
    if target.state == "absorbed":
        return gone(target)
    return None if target.state == "deleted" else f"{target.name} is not deleted. x deletes them."


def member(target: ClientFacts) -> str | None:
    """For clients who belong to an organization."""
    if (reason := gone(target)) is not None:
        return reason
    return None if target.organization_id else f"{target.name} belongs to no organization. Set one first (l)."


def lift_first(target: ClientFacts) -> str | None:
    """A ban or a spam mark is lifted before the client gets another status."""
    if target.status == "banned":
        return f"{target.name} is banned. Remove the ban first (B)."
    if target.status == "spam":
        return f"{target.name} is marked as spam. Say not spam first (S)."
    return None


def unless(status: str, already: str) -> Disabled:
    """For every status but this one; ``already`` is what the sentence says of it."""

    def reason(target: ClientFacts) -> str | None:
        return gone(target) or (f"{target.name} {already}." if target.status == status else None)

    return reason


def spammable(target: ClientFacts) -> str | None:
    """Nothing of a banned client comes through, so there is nothing to call spam."""
    if target.status == "banned":
        return lift_first(target)
    return unless("spam", "is marked as spam already")(target)


def approvable(status: str) -> Disabled:
    """For clients who may get this status: approved or disapproved."""

    def reason(target: ClientFacts) -> str | None:
        already = f"{target.name} is {status} already." if target.status == status else None
        return gone(target) or already or lift_first(target)

    return reason


def only(status: str, otherwise: str) -> Disabled:
    """For clients of this status alone; ``otherwise`` is what the sentence says of the others."""

    def reason(target: ClientFacts) -> str | None:
        return gone(target) or (None if target.status == status else f"{target.name} {otherwise}.")

    return reason


def live(target: ClientFacts) -> str | None:
    """For clients who stand in the lists."""
    return f"{target.name} is archived already." if target.state == "archived" else gone(target)


def archived(target: ClientFacts) -> str | None:
    """For archived clients alone."""
    return gone(target) or (None if target.state == "archived" else f"{target.name} is not archived.")
