"""Who-is-this: from any screen, and what can be done with the answer."""

from console.commands.model import ANYWHERE, LISTS, RECORDS, WAITING, WHO, WHOM, Command

PICK_KEYS = "1,2,3,4,5,6,7,8,9"
"""The keys that choose a numbered line of the answer; the screen handles them itself."""

ON_WHO: tuple[Command, ...] = (
    Command(
        "who",
        "w",
        "Who is this",
        "Paste or type anything: a number, an address, a handle, an incident, a link, an id, a name. It says who they "
        "are, warnings first.",
        ANYWHERE,
        footer=LISTS | RECORDS | WAITING | WHO,
    ),
    Command(
        "pick",
        PICK_KEYS,
        "pick",
        "Open the line of this number: an incident, or one of those who may be meant.",
        WHO | WHOM,
        footer=WHO | WHOM,
    ),
)
