"""Who may be the same as one client, or as what was typed so far: at once, by the keys of the whole base."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.drafts import HANDLES
from console.data.duplicates import candidates, groups, models, postings, scoring
from console.data.duplicates.block import probes
from console.data.duplicates.both import Ids, in_order
from console.data.duplicates.feed import MOST_HELD
from console.data.duplicates.form import Form, form, unpack
from console.data.duplicates.model import Model
from console.data.duplicates.pairs import ZONE
from console.data.duplicates.raw import Raw
from console.data.duplicates.scoring import Judged
from console.data.edits import Value
from console.data.models.base import BIGINT
from console.data.models.clients import client
from console.data.models.organizations import organization
from console.data.records.duplicates import Explanation, Suggestion

COMPARED = 25
"""Clients who are compared, of those who share keys: the ones with the heaviest."""
_SHOWN = (
    select(
        client.c.id,
        client.c.name,
        client.c.status,
        client.c.email,
        client.c.mobile,
        organization.c.name.label("organization"),
    )
    .outerjoin(organization, organization.c.id == client.c.organization_id)
    .where(client.c.id.in_(bindparam("ids", expanding=True, type_=BIGINT)))
)
_TYPED = 0
"""The id that what was typed has among forms; no client has it."""


async def of_client(connection: AsyncConnection, client_id: int, limit: int = 5) -> list[Suggestion]:
    """The clients who may be this one, the likeliest first; who staff have decided is another is left out."""
    mine = (await postings.forms(connection, [client_id])).get(client_id)
    if mine is None:
        return []
    found = await _alike(connection, client_id, unpack(mine))
    likely = found.likely()
    known = await groups.decisions(connection, [client_id]) if likely else {}
    standing = [one for one in likely if not _is_decided(one, known)]
    return await _suggestions(connection, found, standing[:limit], client_id)


async def of_values(
    connection: AsyncConnection, values: Mapping[str, Value], limit: int = 5
) -> list[Suggestion]:
    """The clients who may be whom these fields of a form describe ('name', 'email', …), the likeliest first."""
    found = await _alike(connection, _TYPED, form(raw_of(values)))
    return await _suggestions(connection, found, found.likely()[:limit], _TYPED)


def raw_of(values: Mapping[str, Value]) -> Raw:
    """What was typed, as clues."""

    def one(field: str) -> str:
        value = values.get(field, "")
        return value if isinstance(value, str) else " ".join(value)

    def several(*fields: str) -> tuple[str, ...]:
        given = (values.get(field, ()) for field in fields)
        return tuple(
            value for some in given for value in ((some,) if isinstance(some, str) else some) if value
        )

    return Raw(
        kind=one("kind") or "person",
        name=one("name"),
        emails=several("email"),
        phones=several("mobile", "phone"),
        handles=tuple(f"{kind}:{value}" for kind in HANDLES for value in several(kind)),
        organization=one("organization"),
        mail_domains=several("mail_domain"),
        street=one("address"),
        city=one("city"),
        postcode=one("postcode"),
        country=one("country"),
        birth_date=one("birth_date"),
        external_id=one("external_id"),
    )


class _Found:
    """The clients compared with one: their forms and scores, the best first."""

    def __init__(self, forms: Mapping[int, Form], judged: Sequence[Judged], model: Model) -> None:
        self.forms = forms
        self.judged = sorted(judged, key=lambda one: (-one.scored.bits, one.pair))
        self.model = model

    def likely(self) -> list[Judged]:
        """Those from as far below the line on as staff are asked about, the best first."""
        least = self.model.line - ZONE
        return [one for one in self.judged if one.scored.bits >= least]


async def _alike(connection: AsyncConnection, client_id: int, mine: Form) -> _Found:
    model = await models.current(connection)
    keys = probes(mine)
    holders = await postings.holders(connection, keys, MOST_HELD)
    # What was typed is one more who has the key: so it is counted as it will be once it is saved.
    more = int(client_id == _TYPED)
    ids = candidates.best(holders, client_id, COMPARED)
    if len(ids) < COMPARED:
        # For one client there is time for those whom a scan would pass over.
        crowd = candidates.best(holders, client_id, COMPARED, crowded=MOST_HELD - 1)
        ids = list(dict.fromkeys([*ids, *crowd]))[:COMPARED]
    packed = await postings.forms(connection, ids)
    forms = {one: unpack(text) for one, text in packed.items()} | {client_id: mine}
    pairs = [in_order(client_id, one) for one in packed]
    compared = scoring.compared(pairs, forms)
    counts = {key: len(holders.get(key, ())) for key in scoring.claimed(compared)}
    many = [key for key, count in counts.items() if count == MOST_HELD]
    counts |= await postings.counts(connection, many, candidates.COUNTED)
    counts = {key: min(count + more, candidates.COUNTED) for key, count in counts.items()}
    return _Found(forms, scoring.judged(compared, forms, counts, model), model)


def _is_decided(one: Judged, known: Mapping[Ids, groups.Decided]) -> bool:
    decided = known.get(one.pair)
    return decided is not None and decided.decision != "same" and decided.stands(one.levels)


async def _suggestions(
    connection: AsyncConnection, found: _Found, best: Sequence[Judged], mine: int
) -> list[Suggestion]:
    """These as staff are shown them."""
    if not best:
        return []
    others = {one.pair: next(two for two in one.pair if two != mine) for one in best}
    shown = await connection.execute(_SHOWN, {"ids": list(others.values())})
    rows = {row.id: row for row in shown}
    return [
        Suggestion(
            row.id,
            row.name,
            row.status,
            row.email,
            row.mobile,
            row.organization or "",
            explained(one, found.forms, found.model),
        )
        for one in best
        if (row := rows.get(others[one.pair])) is not None
    ]


def explained(one: Judged, forms: Mapping[int, Form], model: Model) -> Explanation:
    """Why two clients look like one, with what it was scored from."""
    from console.data.duplicates.explain import explain

    first, second = (forms[two] for two in one.pair)
    return explain(first, second, one.scored, one.rarity, model)
