"""Writing clients and their contacts down, and editing them: actions with forms."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from console.commands.acting import entry_of, targets, whom
from console.commands.forms import Field, Form, Opened, base_of
from console.commands.model import CLIENTS, SHOWN, WHO, Command, Inputs
from console.commands.reasons import gone
from console.commands.sight import contact_card, contact_edit_card, edit_card
from console.data import clients, contacts, likely, profile
from console.data.desk import Desk
from console.data.drafts import CLIENT_RULES, CONTACT_RULES, ClientDraft, ContactDraft
from console.data.edits import Value
from console.data.errors import Refused
from console.data.models.words import CLIENT_KINDS, CONTACT_ACCESS, PORTAL_SCOPE, PORTAL_SWITCH
from console.data.records import Actor, Done
from console.text import one_line
from console.wording import past

ADDRESS = (
    Field("address", "street"),
    Field("postcode", "postcode"),
    Field("city", "city"),
    Field("country", "country", hint="two letters: PL, DE; it reads numbers without a country code"),
)
_IDENTITIES = (
    Field("email", "email", several=True, hint="an email, a mobile, a phone or a handle is needed"),
    Field(
        "mobile", "mobile", several=True, hint="with country code: +48 601 555 010; or fill in the country"
    ),
    Field("phone", "phone", several=True, hint="with country code: +48 22 555 01 99"),
)
_HANDLES = tuple(Field(kind, kind, several=True) for kind in ("facebook", "twitter", "linkedin", "chat"))
_ABOUT = (
    Field("organization", "organization", hint="by name; made if there is none of that name"),
    Field("username", "username", hint="one word, for the portal; nobody else may have it"),
    Field("external_id", "external id", hint="what another system calls them"),
    *ADDRESS,
    Field("language", "language", hint="two letters: pl, en"),
    Field("time_zone", "time zone", hint="such as Europe/Warsaw"),
    Field("birth_date", "birth date", hint="such as 1980-05-31"),
    Field("tags", "tags", several=True, option="tag"),
    Field("portal", "portal", choices=PORTAL_SWITCH, default="inherit", hint="inherit: as set for all"),
    Field(
        "portal_scope",
        "portal shows",
        choices=PORTAL_SCOPE,
        default="all",
        hint="all their incidents, those from a date on, or only new ones",
    ),
    Field("portal_from", "from", hint="the date, such as 2026-01-31"),
)
_NAME = Field("name", "name", required=True)
_KIND = Field("kind", "kind", choices=CLIENT_KINDS, default="person")
CLIENT_FIELDS = (_NAME, _KIND, *_IDENTITIES, *_ABOUT, *_HANDLES)
CONTACT_FIELDS = (
    _NAME,
    Field("job_title", "job title"),
    Field("email", "email", several=True),
    Field("phone", "phone", several=True, hint="with country code: +48 601 555 010"),
    Field(
        "access",
        "portal access",
        choices=CONTACT_ACCESS,
        default="none",
        hint="none; limited: their own incidents; complete: all of the client's",
    ),
    *ADDRESS,
)


async def _likely(
    connection: AsyncConnection, values: Mapping[str, Value], own: int | None
) -> list[likely.Likely]:
    """Those who have what was typed first, then those who are like them."""
    exact = await likely.clients(connection, values, but=own)
    known = {one.id for one in exact}
    near = await likely.alike(connection, values, but=own)
    return [*exact, *(one for one in near if one.id not in known)][: likely.SHOWN]


async def _open_client(connection: AsyncConnection, actor: Actor, ids: Sequence[int]) -> Opened:
    return Opened(await profile.values(connection, ids[0]))


async def _open_contact(connection: AsyncConnection, actor: Actor, ids: Sequence[int]) -> Opened:
    return Opened((await contacts.values(connection, ids[0]))[1])


NEW_CLIENT = Form(CLIENT_FIELDS, CLIENT_RULES, likely=_likely)
EDIT_CLIENT = Form(CLIENT_FIELDS, CLIENT_RULES, open=_open_client, edits=True, likely=_likely)
NEW_CONTACT = Form(CONTACT_FIELDS, CONTACT_RULES)
EDIT_CONTACT = Form(CONTACT_FIELDS, CONTACT_RULES, open=_open_contact, edits=True)


async def _new_client(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    draft = ClientDraft.model_validate(NEW_CLIENT.filled(inputs))
    async with desk.change(actor, "client.add") as change:
        client_id = await clients.add(change, draft)
        change.entry.object_type, change.entry.object_id = "client", client_id
    return Done(past("client.add", draft.name), entry_of(change), 1, client_id)


async def _edit_client(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    given = EDIT_CLIENT.parse(inputs)
    if not given:
        raise Refused("Nothing was named that could be changed. Say what, such as the city.")
    async with desk.change(actor, "client.edit") as change:
        found, _ = await targets(change, gone, ids)
        if len(found) > 1:
            raise Refused("Clients are edited one by one. Name one of them.")
        fields = await profile.edit(change, found[0].id, given, base_of(inputs))
        change.entry.detail = named(fields)
    if not fields:
        return Done(f"It is so already for {whom(found)}. Nothing was changed.")
    return Done(f"{past('client.edit', whom(found))}: {named(fields)}", entry_of(change), 1)


def named(fields: Sequence[str]) -> str:
    """The fields that were changed, as a sentence names them."""
    return ", ".join(field.replace("_", " ") for field in fields)


async def _new_contact(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """A contact belongs to one client."""
    async with desk.change(actor, "client.contact") as change:
        found, _ = await targets(change, gone, ids)
        if len(found) > 1:
            raise Refused("A contact belongs to one client. Take the marks away, or open the client.")
        draft = ContactDraft.model_validate(NEW_CONTACT.filled(inputs))
        await contacts.add(change, found[0].id, draft)
        change.entry.detail = draft.name
    return Done(f"Added the contact {draft.name} to {whom(found)}", entry_of(change), 1)


async def _edit_contact(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    if len(ids) != 1:
        raise Refused("Contacts are edited one by one. Name one of them.")
    async with desk.change(actor, "contact.edit", about=("contact", ids[0])) as change:
        client_id, name = await contacts.edit(change, ids[0], EDIT_CONTACT.parse(inputs), base_of(inputs))
        change.entry.client_id, change.entry.detail = client_id, name
    if not change.written:
        return Done(f"It is so already for {name}. Nothing was changed.")
    return Done(past("contact.edit", name), entry_of(change), 1)


async def _remove_contact(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    if len(ids) != 1:
        raise Refused("Contacts are taken away one by one. Name one of them.")
    async with desk.change(actor, "contact.remove", about=("contact", ids[0])) as change:
        client_id, name = await contacts.remove(change, ids[0])
        change.entry.client_id, change.entry.detail = client_id, name
    return Done(past("contact.remove", one_line(name)), entry_of(change), 1)


async def _primary(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Make one contact the primary one."""
    async with desk.change(actor, "contact.primary", about=("contact", ids[0])) as change:
        client_id, name = await contacts.make_primary(change, ids[0])
        change.entry.client_id, change.entry.detail = client_id, name
    entry = entry_of(change)
    return Done(f"{name} is the primary contact {'now' if entry else 'already'}", entry, 1)


_ON_CONTACTS = frozenset({"client"})

PROFILES: tuple[Command, ...] = (
    Command(
        "client.new",
        "n",
        "New client",
        "Add a client: a name and at least one identity. Who may be known already shows beside the form.",
        frozenset({"clients"}) | WHO,
        footer=SHOWN,
        form=NEW_CLIENT,
        run=_new_client,
        changes=True,
    ),
    Command(
        "client.edit",
        "e",
        "Edit profile",
        "Name, identities, address, organization, tags, portal: all that is known of them. In Contacts: the contact.",
        CLIENTS,
        "more",
        footer=frozenset({"client"}),
        form=EDIT_CLIENT,
        impact=edit_card,
        run=_edit_client,
        disabled=gone,
        changes=True,
    ),
    Command(
        "client.contact",
        "C",
        "Add contact",
        "A further person under the client; the first is the primary one, whom invitations and invoices go to.",
        CLIENTS,
        "more",
        form=NEW_CONTACT,
        impact=contact_card,
        run=_new_contact,
        disabled=gone,
        changes=True,
    ),
    Command(
        "contact.edit",
        "",
        "Edit contact",
        "In Contacts, e: what is known of the contact under the cursor, and what they see in the portal.",
        _ON_CONTACTS,
        form=EDIT_CONTACT,
        impact=contact_edit_card,
        run=_edit_contact,
        changes=True,
    ),
    Command(
        "contact.primary",
        "P",
        "Make primary",
        "In Contacts: invitations and invoices go to this contact from now on.",
        _ON_CONTACTS,
        run=_primary,
        changes=True,
    ),
    Command(
        "contact.remove",
        "",
        "Remove contact",
        "In Contacts, -: take the contact under the cursor away; their addresses are free again.",
        _ON_CONTACTS,
        run=_remove_contact,
        changes=True,
    ),
)
