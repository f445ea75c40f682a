"""Creating an incident or logging a job for a client: the client is filled in, the rest is a form."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from console.commands.acting import entry_of, targets, whom
from console.commands.forms import Field, Form, Opened
from console.commands.model import CLIENTS, WHO, Command, Inputs
from console.commands.reasons import gone
from console.data import departments, settings
from console.data.desk import Desk
from console.data.drafts import text
from console.data.errors import Refused
from console.data.models.words import CHANNELS, PRIORITIES
from console.data.records import Actor, Done, Submission
from console.data.submit import MAX_SUBJECT, submit

_YES_NO = ("yes", "no")


async def _open(connection: AsyncConnection, actor: Actor, ids: Sequence[int]) -> Opened:
    """The departments there are, and the one that the client's incidents go to by themselves."""
    desk = await settings.load(connection)
    usual = await departments.addressed(connection, ids[0], None, desk.default_department)
    names = await departments.names(connection)
    return Opened({"department": usual.department}, {"department": names})


def _form(channel: str, notify: str) -> Form:
    fields = (
        Field("subject", "subject", required=True, hint="what it is about, in a few words"),
        Field("text", "text", lines=True, hint="tab goes on to the next field"),
        Field("department", "department", hint="who looks after it"),
        Field("priority", "priority", choices=PRIORITIES, default="medium"),
        Field("channel", "came by", choices=CHANNELS, default=channel, hint="how it reached you"),
        Field(
            "notify", "tell them", choices=_YES_NO, default=notify, hint="whether the client is told of it"
        ),
    )
    return Form(fields, {"subject": lambda given: text("subject", given, MAX_SUBJECT)}, open=_open)


REQUEST, JOB = _form("call", "yes"), _form("staff", "no")


async def _made(
    desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs, *, kind: str, form: Form
) -> Done:
    action = "client.job" if kind == "job" else "client.incident"
    given = {one.name: inputs.get(one.name) or one.default for one in form.fields}
    async with desk.change(actor, action, client_id=ids[0]) as change:
        found, _ = await targets(change, gone, ids)
        if len(found) > 1:
            raise Refused("An incident belongs to one client. Name one of them.")
        department_id = None
        if given["department"]:
            department_id, _ = await departments.find(change.connection, given["department"])
        made = await submit(
            change,
            Submission(
                channel=given["channel"],
                subject=given["subject"],
                body=given["text"],
                client_id=found[0].id,
                kind=kind,
                department_id=department_id,
                priority=given["priority"],
                by_staff=True,
                notify=given["notify"] == "yes",
            ),
        )
        change.entry.object_type, change.entry.object_id = "client", found[0].id
        change.entry.detail = made.number
    return Done(f"{made.told} for {whom(found)}", entry_of(change), 1)


async def _request(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    return await _made(desk, actor, ids, inputs, kind="request", form=REQUEST)


async def _job(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    return await _made(desk, actor, ids, inputs, kind="job", form=JOB)


NEW_INCIDENTS: tuple[Command, ...] = (
    Command(
        "client.incident",
        "i",
        "Create incident",
        "Write down what they ask for, as they say it on the phone or in a chat.",
        CLIENTS | WHO,
        "more",
        footer=frozenset({"client"}) | WHO,
        form=REQUEST,
        run=_request,
        disabled=gone,
        changes=True,
    ),
    Command(
        "client.job",
        "J",
        "Log a job",
        "Write down work done or to be done for them, of your own accord.",
        CLIENTS | WHO,
        "more",
        form=JOB,
        run=_job,
        disabled=gone,
        changes=True,
    ),
)
