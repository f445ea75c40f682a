"""What others changed on my favourites, by command."""

import asyncio

from console.data import staff
from console.data.desk import Desk
from tests.cli.running import Helpdesk


def change_as_bob(helpdesk: Helpdesk, email: str) -> None:
    """Another member of staff edits the client with this address."""

    async def edit() -> None:
        from console.data import find
        from console.data.models.clients import client

        assert helpdesk.database is not None
        async with await Desk.open(helpdesk.database) as desk:
            bob = await staff.actor(desk, "bob")
            async with desk.read() as connection:
                one = await find.client_id(connection, email)
            async with desk.change(bob, "client.edit", about=("client", one)) as change:
                await change.update(client, one, language="pl")

    asyncio.run(edit())


def test_the_feed_lists_what_others_changed(helpdesk_on: Helpdesk) -> None:
    helpdesk_on.ok("clients", "add", "Anna", "--email", "anna@acme.pl")
    helpdesk_on.ok("staff", "add", "bob", "--name", "Bob", "--role", "agent")
    assert "Nothing changed on your favourites since" in helpdesk_on.ok("favourites", "feed").out
    helpdesk_on.ok("clients", "favourite", "anna@acme.pl")
    change_as_bob(helpdesk_on, "anna@acme.pl")
    out = helpdesk_on.ok("favourites", "feed").out
    assert "Anna" in out
    assert "Bob" in out
    (one,) = helpdesk_on.ok("favourites", "feed", "--since", "3 d", "--json").json
    assert (one["action"], one["client"], one["actor"]) == ("client.edit", "Anna", "Bob")
    assert helpdesk_on.ok("favourites", "feed", "--since", "2099-01-01", "--json").json == []
    wrong = helpdesk_on("favourites", "feed", "--since", "whenever")
    assert wrong.code == 1
    assert "whenever" in wrong.err
