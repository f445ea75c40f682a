"""What was done, in words: for the status line, the timeline of a record and ``helpdesk journal list``. Pure."""

from dataclasses import dataclass

from console.data.records import HistoryLine
from console.layout import clients as clients_list
from console.text import plural

NO_NAME = clients_list.NO_NAME
"""What a record without a name is called."""


@dataclass(frozen=True, slots=True)
class Words:
    """An action in words: done to somebody ('Banned {}'), on that record's own timeline, and as a thing undone."""

    past: str
    own: str
    noun: str


WORDS: dict[str, Words] = {
    "client.access": Words("Changed department access of {}", "Department access", "the change of access"),
    "client.add": Words("Added {}", "Added", "adding a client"),
    "client.approve": Words("Approved {}", "Approved", "the approval"),
    "client.ban": Words("Banned {}", "Banned", "the ban"),
    "client.contact": Words("Added a contact to {}", "Added a contact", "the contact"),
    "client.credit": Words("Added credit to {}", "Added credit", "the credit"),
    "client.delete": Words("Deleted {}", "Deleted", "the deletion"),
    "client.disapprove": Words("Disapproved {}", "Disapproved", "the disapproval"),
    "client.edit": Words("Edited {}", "Edited", "the edit"),
    "client.favourite": Words("Marked {} as favourite", "Marked as favourite", "the favourite mark"),
    "client.favourite-off": Words("{} no longer favourite", "No longer favourite", "taking the mark away"),
    "client.approval": Words(
        "Incident approval on for {}", "Incident approval on", "the switch of incident approval"
    ),
    "client.approval-off": Words(
        "Incident approval off for {}", "Incident approval off", "the switch of incident approval"
    ),
    "client.archive": Words("Archived {}", "Archived", "archiving"),
    "client.organization": Words("Set the organization of {}", "Organization", "the change of organization"),
    "client.tag": Words("Tagged {}", "Tagged", "the tags"),
    "client.unarchive": Words("Brought {} back", "Brought back", "bringing back"),
    "client.untag": Words("Took tags off {}", "Tags taken off", "taking tags off"),
    "client.incident": Words("Created an incident for {}", "Created an incident", "creating an incident"),
    "client.job": Words("Logged a job for {}", "Logged a job", "logging a job"),
    "client.import": Words("Imported {}", "Imported", "the import"),
    "client.manager": Words("Made {} a manager", "Made manager", "making a manager"),
    "client.no-manager": Words("Took management from {}", "No longer manager", "taking management away"),
    "client.merge": Words("Merged into {}", "Merged", "the merge"),
    "client.merge_contact": Words("Made a contact of {}", "Made a contact", "the merge as contact"),
    "client.not-spam": Words("{} not spam", "Not spam", "not spam"),
    "client.note": Words("Added a note to {}", "Added a note", "the note"),
    "client.purge": Words("Purged {}", "Purged", "the purge"),
    "client.restore": Words("Restored {}", "Restored", "restoring"),
    "client.sla": Words("Changed an SLA target of {}", "SLA target", "the change of an SLA target"),
    "client.spam": Words("Marked {} as spam", "Marked as spam", "marking as spam"),
    "client.unban": Words("Removed the ban of {}", "Removed the ban", "removing the ban"),
    "contact.edit": Words("Edited the contact {}", "Edited a contact", "the edit of a contact"),
    "contact.remove": Words("Took the contact {} away", "Contact taken away", "taking a contact away"),
    "contact.primary": Words(
        "Made {} the primary contact", "Primary contact", "the change of primary contact"
    ),
    "department.activate": Words("Activated {}", "Activated", "activating a department"),
    "department.add": Words("Added the department {}", "Added", "adding a department"),
    "department.deactivate": Words("Deactivated {}", "Deactivated", "deactivating a department"),
    "department.edit": Words("Changed {}", "Changed", "the change of a department"),
    "credit.reverse": Words("Reversed credit of {}", "Reversed credit", "the reversal of credit"),
    "demo.make": Words("Made demonstration data", "Demonstration data", "demonstration data"),
    "duplicate.decide": Words(
        "Compared {} with another client", "Compared with another client", "the decision"
    ),
    "duplicate.different": Words("Not the same: {}", "Not the same as another client", "the decision"),
    "duplicate.related": Words("Related: {}", "Related to another client", "the decision"),
    "held.release": Words("Released {}", "Released from quarantine", "the release"),
    "incident.add": Words("Added to {}", "Message added", "the message"),
    "incident.attach": Words("Gave a sender to {}", "Was the sender", "giving the sender to a client"),
    "incident.create": Words("Created {}", "Created", "creating an incident"),
    "incident.register": Words("Registered {}", "Registered as a client", "registering the sender"),
    "journal.prune": Words("Shortened the journal", "Shortened the journal", "shortening the journal"),
    "journal.undo": Words("Undid {}", "Undid", "the undo"),
    "organization.add": Words("Added {}", "Added", "adding an organization"),
    "organization.access": Words(
        "Changed default department access of {}", "Default department access", "the change of default access"
    ),
    "organization.add-domain": Words("New mail domain of {}", "New mail domain", "the mail domain"),
    "organization.archive": Words("Archived {}", "Archived", "archiving"),
    "organization.delete": Words("Deleted {}", "Deleted", "deleting an organization"),
    "organization.merge": Words("Merged into {}", "Merged", "the merge of organizations"),
    "organization.remove-domain": Words(
        "Mail domain taken from {}", "Mail domain taken away", "taking a mail domain away"
    ),
    "organization.rescan": Words(
        "Moved {} by mail domain", "Moved by mail domain", "the rescan of mail domains"
    ),
    "organization.restore": Words("Restored {}", "Restored", "restoring an organization"),
    "organization.sla": Words("Changed an SLA target of {}", "SLA target", "the change of an SLA target"),
    "organization.unarchive": Words("Brought {} back", "Brought back", "bringing back"),
    "organization.edit": Words("Edited {}", "Edited", "the edit of an organization"),
    "organization.import": Words("Imported {}", "Imported", "the import"),
    "setting.put": Words("Changed a setting", "Changed a setting", "the change of a setting"),
    "staff.activate": Words("Activated {}", "Activated", "activating staff"),
    "staff.add": Words("Added {} to staff", "Added to staff", "adding staff"),
    "staff.deactivate": Words("Deactivated {}", "Deactivated", "deactivating staff"),
    "staff.edit": Words("Changed {}", "Changed", "the change of staff"),
}


# Actions whose detail belongs to the sentence.
_TOLD = {
    "organization.access",
    "organization.add-domain",
    "organization.merge",
    "organization.remove-domain",
    "organization.sla",
    "setting.put",
    "department.edit",
    "staff.edit",
    "contact.primary",
    "contact.edit",
    "contact.remove",
    "client.edit",
    "organization.edit",
    "client.incident",
    "client.job",
    "client.merge",
    "client.merge_contact",
    "client.access",
    "client.contact",
    "client.credit",
    "credit.reverse",
    "client.organization",
    "client.sla",
    "client.tag",
    "client.untag",
    "incident.attach",
    "duplicate.decide",
}


def words(action: str) -> Words:
    """The words of an action; one of a newer version shows its id."""
    return WORDS.get(action, Words(action + " {}", action, action))


def past(action: str, whom: str) -> str:
    """What an action did to somebody: 'Banned Anna Kowalska'."""
    return words(action).past.format(whom)


def told(action: str, whom: str, detail: str) -> str:
    """The same with what exactly was done, where that belongs to it: 'Added credit to Anna Kowalska: 2 h'."""
    return past(action, whom) + (f": {detail}" if detail and action in _TOLD else "")


def noun(action: str) -> str:
    """What an undo of the action takes back: 'the ban'."""
    return words(action).noun


def done(line: HistoryLine, *, on_record: bool = False) -> str:
    """One line of a timeline without its date and author. ``on_record``: the reader sees whose timeline it is."""
    if line.undoes is not None:
        return f"Undid {noun(line.detail)}"
    action = line.action
    if line.detail == "off" and f"{action}-off" in WORDS:
        action += "-off"
    whom = line.subject or plural(line.rows, "row", "rows")
    text = words(action).own if on_record else past(action, whom)
    if action in _TOLD and line.detail:
        text += f": {line.detail}"
    return f"{text}: {line.reason}" if line.reason else text
