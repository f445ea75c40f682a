"""What was done, in words: for the status line, the timeline of a record and ``helpdesk journal list``. Pure."""

from console.data.records import HistoryLine
from console.text import plural

# By action: what to say when it is done, with the name or count in the braces.
PAST: dict[str, str] = {
    "client.add": "Added {}",
    "client.approve": "Approved {}",
    "client.ban": "Banned {}",
    "client.disapprove": "Disapproved {}",
    "client.favourite": "Marked {} as favourite",
    "client.favourite-off": "{} no longer favourite",
    "client.import": "Imported {}",
    "client.access": "Changed department access of {}",
    "client.not-spam": "Said {}: not spam",
    "client.note": "Added a note to {}",
    "client.spam": "Marked {} as spam",
    "client.unban": "Removed the ban of {}",
    "demo.make": "Made demonstration data",
    "journal.prune": "Shortened the journal",
    "journal.undo": "Undid {}",
    "organization.add": "Added {}",
    "organization.import": "Imported {}",
    "staff.add": "Added {} to staff",
}

# The same as a thing that can be taken back: "Undid the ban".
NOUN: dict[str, str] = {
    "client.add": "adding a client",
    "client.approve": "the approval",
    "client.ban": "the ban",
    "client.disapprove": "the disapproval",
    "client.favourite": "the favourite mark",
    "client.import": "the import",
    "client.access": "the change of department access",
    "client.not-spam": "not spam",
    "client.note": "the note",
    "client.spam": "marking as spam",
    "client.unban": "removing the ban",
    "journal.undo": "the undo",
    "organization.add": "adding an organization",
    "organization.import": "the import",
    "staff.add": "adding staff",
}


def past(action: str, whom: str) -> str:
    """What an action did to somebody: 'Banned Anna Kowalska'. Actions of a newer version show their id."""
    return PAST.get(action, action + " {}").format(whom).strip()


def noun(action: str) -> str:
    """What an undo of the action takes back: 'the ban'."""
    return NOUN.get(action, action)


def done(line: HistoryLine, *, on_record: bool = False) -> str:
    """One line of a timeline without its date and author. ``on_record``: the reader sees whose timeline it is."""
    if line.undoes is not None:
        return f"Undid {noun(line.detail)}"
    action = line.action
    if action == "client.favourite" and line.detail == "off":
        action = "client.favourite-off"
    whom = "them" if on_record else line.subject or plural(line.rows, "row", "rows")
    text = past(action, whom)
    if line.reason:
        text += f": {line.reason}"
    return text
