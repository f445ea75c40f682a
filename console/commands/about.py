"""What takes back, what moves about, what helps: the same on every screen."""

from collections.abc import Sequence

from console.commands.merging import asking_first
from console.commands.model import (
    ANYWHERE,
    CLIENTS,
    HOUSE,
    INCIDENTS,
    LISTS,
    LOOKED,
    MERGED,
    RECORDS,
    SETTINGS,
    SHOWN,
    TABBED,
    WAITING,
    WHO,
    WHOM,
    Command,
    Inputs,
)
from console.data.desk import Desk
from console.data.errors import Refused, UndoConflict
from console.data.records import Actor, Done
from console.data.undo import undo, undo_last
from console.wording import noun


async def _undo(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Take back my last change, or the journal entry named."""
    if not actor.may_change:
        raise Refused("Viewers change nothing, so there is nothing of yours to undo.")
    try:
        undone = await (undo(desk, actor, ids[0]) if ids else undo_last(desk, actor))
    except (Refused, UndoConflict) as error:
        raise await asking_first(desk, actor, ids, error) from error
    sentence = f"Undid {noun(undone.action)}"
    if undone.rows > 1:
        sentence += f", {undone.rows:,} rows"
    if undone.already_sent:
        sentence += f"; already sent and not recalled: {', '.join(undone.already_sent)}"
    return Done(sentence, undone.entry_id, undone.rows)


GETTING_ABOUT: tuple[Command, ...] = (
    Command("clients", "1", "Clients", "The list of clients.", ANYWHERE),
    Command("organizations", "2", "Organizations", "The list of organizations.", ANYWHERE),
    Command("duplicates", "4", "Duplicates", "Clients who may be one, the surest first.", ANYWHERE),
    Command(
        "incidents",
        "5",
        "Incidents",
        "The list of all incidents: open, mine, unassigned, overdue, spam.",
        ANYWHERE,
    ),
    Command("pending", "6", "Pending", "Clients who wait for approval, with what they first sent.", ANYWHERE),
    Command("held", "7", "Held", "What is in quarantine: whose it is, and why.", ANYWHERE),
    Command(
        "open",
        "enter",
        "open",
        "Open what is under the cursor.",
        LISTS | WAITING | RECORDS | WHO | WHOM | MERGED,
        footer=LISTS | WAITING | WHO | WHOM | MERGED,
    ),
    Command(
        "mark",
        "space",
        "mark",
        "Mark the row, or take the mark away; actions work on marks.",
        frozenset({"clients"}),
        footer=SHOWN,
    ),
    Command(
        "mark_range",
        "V",
        "mark to here",
        "Mark all rows from the one marked last to the cursor.",
        frozenset({"clients"}),
    ),
    Command(
        "mark_all",
        "asterisk",
        "mark all",
        "Mark all clients that the filter and the view match now, however many; q takes the marks away.",
        frozenset({"clients"}),
    ),
    Command(
        "settings",
        "comma",
        "Settings",
        "Clients, departments, staff, retention: what an admin sets for the whole desk.",
        ANYWHERE,
        admins=True,
    ),
    Command(
        "menu",
        "m",
        "menu",
        "All actions on what is meant here, with their keys.",
        (LISTS - INCIDENTS) | TABBED,
        footer=SHOWN,
    ),
    Command(
        "next_tab",
        "right",
        "next tab",
        "The tab to the right; left goes back.",
        TABBED | SETTINGS | LOOKED,
        footer=SHOWN,
    ),
)

TAKING_BACK: tuple[Command, ...] = (
    Command(
        "journal.undo",
        "u",
        "undo",
        "Take back your last change, a batch as a whole.",
        ANYWHERE,
        footer=SHOWN,
        run=_undo,
        changes=True,
    ),
)

HELPING: tuple[Command, ...] = (
    Command(
        "details",
        "d",
        "details",
        "Everything known of them, whole: what is at the left.",
        TABBED,
        footer=SHOWN,
    ),
    Command(
        "take_away",
        "minus",
        "take away",
        "In Contacts: remove the contact. In Credit: reverse the line by its opposite.",
        frozenset({"client"}),
    ),
    Command("previous_tab", "left", "previous tab", "The tab to the left.", TABBED | SETTINGS | LOOKED),
    Command(
        "older", "b", "older", "Bring the older part of the thread.", frozenset({"incident"}), footer=SHOWN
    ),
    Command("client", "c", "client", "Open the client it belongs to.", INCIDENTS, footer=SHOWN),
    Command("sort", "o", "order", "Sort by the next column.", LISTS | HOUSE),
    Command(
        "jump",
        "apostrophe",
        "jump to",
        "Type the first letters: the cursor goes to the first row at or after them in this order. enter ends it.",
        LISTS,
    ),
    Command("reverse", "O", "reverse", "Turn the order around.", LISTS | HOUSE),
    Command(
        "find",
        "slash",
        "find",
        "Filter as you type; enter or down goes back to the list. On a client: look among the incidents.",
        LISTS | WAITING | TABBED | HOUSE,
        footer=LISTS,
    ),
    Command(
        "stop",
        "ctrl+g",
        "stop",
        "Stop an action on many that is running; what it has done is taken back.",
        LISTS | RECORDS,
    ),
    Command("confirm", "enter", "confirm", "Do what the card says.", frozenset({"impact"}), footer=SHOWN),
    Command("cancel", "ctrl+g", "cancel", "Leave things as they are, as q does.", frozenset({"impact"})),
    Command(
        "feed",
        "F",
        "news of favourites",
        "What colleagues, mail and the portal changed on your favourites since you last looked.",
        ANYWHERE,
    ),
    Command(
        "contacts",
        "h",
        "contacts",
        "Open the client under the cursor at their contacts; on a client, go to the tab.",
        CLIENTS,
    ),
    Command(
        "mask",
        "K",
        "mask",
        "Hide names, addresses, texts and whatever else is personal on every screen; again shows it.",
        ANYWHERE,
    ),
    Command("reload", "ctrl+l", "repaint", "Load and paint the screen anew.", ANYWHERE),
    Command(
        "palette",
        "colon",
        "run",
        "Find any action or client by typing (also Ctrl+P).",
        ANYWHERE,
        footer=SHOWN,
    ),
    Command(
        "view",
        "v",
        "view",
        "Which are shown: mine, favourites, pending, unassigned, spam, overdue, in debt, deleted …",
        LISTS,
        footer=SHOWN,
    ),
    Command("help", "question_mark", "help", "The keys of this screen.", ANYWHERE, footer=SHOWN),
    Command("back", "q", "back", "Go back; on a list, leave the console.", ANYWHERE, footer=SHOWN),
)

_FORM, _CONFLICT = frozenset({"form"}), frozenset({"conflict"})

# Where staff type, a letter is only a letter: these are the keys that act all the same.
IN_FORMS: tuple[Command, ...] = (
    Command("form_save", "f2,ctrl+d", "save", "Check everything, and save.", _FORM, footer=_FORM),
    Command("form_next", "tab,down", "next field", "The next field; enter goes on, too.", _FORM),
    Command("form_previous", "shift+tab,up", "field before", "The field before.", _FORM),
    Command(
        "form_likely",
        "f3,ctrl+o",
        "known already",
        "Open a client who is known already and has what you typed; q comes back to the form.",
        _FORM,
        footer=_FORM,
    ),
    Command("form_anew", "f5,ctrl+r", "anew", "Forget what you typed.", _FORM, footer=_FORM),
    Command("form_help", "f1", "help", "The keys of a form.", _FORM, footer=_FORM),
    Command(
        "form_leave",
        "ctrl+g,escape",
        "leave",
        "Leave without saving; what you typed is kept, and comes back with the form.",
        _FORM,
        footer=_FORM,
    ),
    Command(
        "conflict_choose",
        "left,right",
        "choose",
        "Keep the other of the two in this row; space and enter do it, too.",
        _CONFLICT,
        footer=_CONFLICT,
    ),
    Command(
        "conflict_save", "f2,ctrl+d", "save", "Save what stands in brackets.", _CONFLICT, footer=_CONFLICT
    ),
    Command(
        "conflict_leave",
        "q,ctrl+g,escape",
        "back",
        "Back to the form; nothing is saved.",
        _CONFLICT,
        footer=_CONFLICT,
    ),
)
