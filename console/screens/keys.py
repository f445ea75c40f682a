"""What the table of commands becomes on a screen: bindings, the last line's keys, the menu."""

from collections.abc import Iterable

from textual.binding import Binding, BindingType

from console.commands import Command, for_place
from console.commands.model import Target
from console.commands.who import PICK_KEYS
from console.data.records import Actor
from console.widgets.action_menu import MenuGroup, MenuItem
from console.widgets.key_line import KeyHint

# Keys that the list in focus, or its screen, handles itself.
_OWN = {"enter", "space", PICK_KEYS}
_SHOWN = {
    "apostrophe": "'",
    "asterisk": "*",
    "comma": ",",
    "slash": "/",
    "colon": ":",
    "question_mark": "?",
    "right": "left right",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
}


# What goes back besides q; on a list escape must not leave the console.
_LEFT_BY = {
    **dict.fromkeys(
        [
            "client",
            "organization",
            "incident",
            "reading",
            "alike",
            "sender",
            "look",
            "candidate",
            "pair",
            "match",
        ],
        ",escape",
    ),
    **dict.fromkeys(("who", "whom", "merge", "merged", "unmerge"), ",escape,ctrl+g"),
}

# They act while a field has the focus, which would take the key for itself.
_BEFORE_FIELDS = {"form_save", "form_likely", "form_anew", "form_help", "form_leave"}


def key_name(key: str) -> str:
    """A key as staff read it: '/' for 'slash'; of several that do the same, the first."""
    if key == PICK_KEYS:
        return "1-9"
    first = key.partition(",")[0]
    return _SHOWN.get(first, first)


def key_names(keys: str) -> str:
    """All keys that do the same: 'f2, ctrl+d'."""
    if keys == PICK_KEYS:
        return "1 to 9"
    return ", ".join(key_name(key) for key in keys.split(","))


def titled(command: Command) -> str:
    """A command's title as it begins a line."""
    return command.title[:1].upper() + command.title[1:]


def bindings(place: str) -> list[BindingType]:
    """A binding for each command of a place, with the command's id, so that users can remap it."""
    return [
        Binding(
            command.key + (_LEFT_BY.get(place, "") if command.id == "back" else ""),
            f"command('{command.id}')",
            command.title,
            show=False,
            id=command.id,
            priority=command.id in _BEFORE_FIELDS,
        )
        for command in for_place(place)
        if command.key and command.key not in _OWN
    ]


def hints(place: str, *, leave: str = "back") -> list[KeyHint]:
    """The keys of the last line; ``leave`` is what q does here."""
    shown = [command for command in for_place(place) if command.footer & {place, "anywhere"}]
    return [KeyHint(key_name(c.key), leave if c.id == "back" else _short(c)) for c in shown]


def _short(command: Command) -> str:
    words = command.title.lower().split()
    return {"add": words[-1], "create": words[-1], "next": "tabs", "who": "who is"}.get(words[0], words[0])


def menu(commands: Iterable[Command], target: Target | None, actor: Actor, many: int) -> list[MenuGroup]:
    """The two menus, Status and More; with ``many`` marks they hold what can be done to many, and
    nothing but the actor's role can stand in the way.
    """
    groups: dict[str, list[MenuItem]] = {"status": [], "more": []}
    for command in commands:
        if command.menu and not (many > 1 and (command.single or command.form)):
            reason = command.disabled_reason(None if many > 1 and not command.disabled else target, actor)
            if many > 1 and actor.may_change:
                reason = None
            item = MenuItem(
                command.id,
                key_name(command.key),
                command.title,
                _short_reason(reason, target),
                command.danger,
            )
            groups[command.menu].append(item)
    return [(title, groups[name]) for name, title in (("status", "Status"), ("more", "More")) if groups[name]]


def _short_reason(reason: str | None, target: Target | None) -> str | None:
    """The reason as the menu says it: everybody sees whose menu it is."""
    if reason is None:
        return None
    return reason.removeprefix(f"{target.name} " if target else "").rstrip(".")
