"""A base scored by Splink elsewhere ends in the same queue as one that was scanned here."""

import asyncio
import gzip
import sys
from dataclasses import replace
from math import log2
from pathlib import Path

import pytest
from sqlalchemy import select, update

from console.data.desk import Desk
from console.data.duplicates import models
from console.data.duplicates.batches import AllBits
from console.data.duplicates.compare import CLUES
from console.data.duplicates.model import SHIPPED
from console.data.duplicates.scaleout import folder as files
from console.data.duplicates.scaleout import scoring, settings
from console.data.duplicates.scaleout.bringing import bring
from console.data.duplicates.scaleout.export import export
from console.data.duplicates.scaleout.scoring import Scored, score
from console.data.duplicates.scan import Scanned, scan
from console.data.errors import NotFound, Refused
from console.data.models.clients import client
from console.data.models.duplicates import duplicate_form, duplicate_pair
from console.data.records import Actor
from tests.data.lookalikes import make

Stored = dict[tuple[int, int], tuple[str, str, int, int, str]]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "out"


def _told(_what: str, _done: int, _total: int) -> None:
    pass


async def _scored(folder: Path, processes: int = 1) -> Scored:
    return await asyncio.to_thread(score, folder, _told, processes)


async def _stored(desk: Desk) -> Stored:
    """The pairs of the queue, without what says when they came."""
    async with desk.read() as connection:
        rows = (await connection.execute(select(duplicate_pair))).all()
    return {
        (row.first_id, row.second_id): (row.relation, row.queue, row.score, row.percent, row.levels)
        for row in rows
    }


def _ranks(values: list[float]) -> list[float]:
    """Places in order; those that are equal share the middle of theirs."""
    order = sorted(values)
    first = {value: place for place, value in reversed(list(enumerate(order)))}
    last = {value: place for place, value in enumerate(order)}
    return [(first[value] + last[value]) / 2 for value in values]


def _spearman(some: list[float], others: list[float]) -> float:
    one, other = _ranks(some), _ranks(others)
    mean = (len(one) - 1) / 2
    shared = sum((a - mean) * (b - mean) for a, b in zip(one, other, strict=True))
    spread = [sum((a - mean) ** 2 for a in ranks) for ranks in (one, other)]
    return float(shared / (spread[0] * spread[1]) ** 0.5)


async def test_what_splink_scores_is_the_queue_that_a_scan_makes(desk: Desk, admin: Actor, out: Path) -> None:
    await make(desk, admin, 400)
    bits: dict[tuple[int, int], float] = {}

    def collect(some: AllBits) -> None:
        both = zip(some.firsts.tolist(), some.seconds.tolist(), strict=True)
        bits.update(zip(both, some.bits.tolist(), strict=True))

    scanned: Scanned = await scan(desk, collect=collect)
    here = await _stored(desk)
    assert len(here) > 50

    exported = await export(desk, out, _told)
    done = await _scored(out)
    async with desk.quiet() as connection:
        await connection.execute(duplicate_pair.delete())
    brought = await bring(desk, out, _told)
    there = await _stored(desk)

    assert (exported.clients, done.compared, brought.pairs) == (400, scanned.compared, len(here))
    assert there.keys() == here.keys()
    assert _spearman([bits[pair] for pair in here], [float(there[pair][2]) for pair in here]) >= 0.95
    assert there == here


async def test_processes_compare_as_one_does(
    unchanged_desk: Desk, unchanged_admin: Actor, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make(unchanged_desk, unchanged_admin, 120)
    await export(unchanged_desk, out, _told)
    await _scored(out)
    alone = gzip.decompress((out / files.PAIRS).read_bytes())
    monkeypatch.setattr(scoring, "SIZE", 20)

    await _scored(out, 2)

    assert gzip.decompress((out / files.PAIRS).read_bytes()) == alone


async def test_an_empty_base_is_scored_too(unchanged_desk: Desk, unchanged_admin: Actor, out: Path) -> None:
    await export(unchanged_desk, out, _told)

    assert (await _scored(out)).compared == 0
    assert (await bring(unchanged_desk, out, _told)).pairs == 0


async def test_who_changes_after_the_export_is_scored_as_they_are_now(
    unchanged_desk: Desk, unchanged_admin: Actor, out: Path
) -> None:
    desk = unchanged_desk
    await make(desk, unchanged_admin, 120)
    await export(desk, out, _told)
    await _scored(out)
    first = next(iter(files.rows_of(out, files.PAIRS, files.OF_PAIRS)))
    changed = int(first["first_id"])
    async with desk.change(unchanged_admin, "client.edit") as change:
        await change.update(client, changed, name="Somebody Quiteelse", city="Oslo")

    brought = await bring(desk, out, _told)
    now = await _stored(desk)
    async with desk.quiet() as connection:
        await connection.execute(duplicate_pair.delete())
    await scan(desk)

    assert brought.changed > 0
    assert now == await _stored(desk)
    async with desk.read() as connection:
        waiting = select(duplicate_form.c.client_id).where(duplicate_form.c.unscored)
        assert (await connection.execute(waiting)).first() is None


async def test_a_client_who_is_gone_is_left_out(
    unchanged_desk: Desk, unchanged_admin: Actor, out: Path
) -> None:
    desk = unchanged_desk
    await make(desk, unchanged_admin, 120)
    await export(desk, out, _told)
    await _scored(out)
    gone = int(next(iter(files.rows_of(out, files.PAIRS, files.OF_PAIRS)))["first_id"])
    async with desk.change(unchanged_admin, "client.delete") as change:
        await change.update(client, gone, deleted_at=desk.now())

    await bring(desk, out, _told)

    assert not any(gone in pair for pair in await _stored(desk))


async def test_other_weights_than_the_desks_are_refused(
    unchanged_desk: Desk, unchanged_admin: Actor, out: Path
) -> None:
    desk = unchanged_desk
    await make(desk, unchanged_admin, 60)
    await export(desk, out, _told)
    await _scored(out)
    async with desk.quiet() as connection:
        version = await models.next_version(connection)
    about = files.about(out)
    newer = replace(SHIPPED, version=version).to_json()
    files.write(out, files.ABOUT, {**{n: getattr(about, n) for n in about.__slots__}, "model": newer})

    with pytest.raises(Refused, match="other weights"):
        await bring(desk, out, _told)


@pytest.mark.parametrize(
    "damage",
    [
        "first_id,second_id\n1,2\n",
        "no csv \x00",
        ",".join(files.OF_PAIRS) + "\nx,2,duplicate,5000,90,s,0,0\n",
        ",".join(files.OF_PAIRS) + "\n1,2,married,5000,90,s,0,0\n",
        ",".join(files.OF_PAIRS) + "\n2,1,duplicate,5000,90,s,0,0\n",
        ",".join(files.OF_PAIRS) + "\n1,2,duplicate,5000\n",
        ",".join(files.OF_PAIRS) + "\n1,2,duplicate,5000,90,s,0,0\n",
    ],
    ids=[
        "columns missing",
        "no table",
        "no number",
        "no relation",
        "wrong way round",
        "cut short",
        "one too many",
    ],
)
async def test_a_damaged_result_is_refused_with_a_sentence(
    unchanged_desk: Desk, unchanged_admin: Actor, out: Path, damage: str
) -> None:
    await export(unchanged_desk, out, _told)
    await _scored(out)
    (out / files.PAIRS).write_bytes(gzip.compress(damage.encode()))

    with pytest.raises(Refused, match="Score again"):
        await bring(unchanged_desk, out, _told)


async def test_a_result_cut_short_is_refused(unchanged_desk: Desk, unchanged_admin: Actor, out: Path) -> None:
    await make(unchanged_desk, unchanged_admin, 60)
    await export(unchanged_desk, out, _told)
    await _scored(out)
    whole = (out / files.PAIRS).read_bytes()
    (out / files.PAIRS).write_bytes(whole[: len(whole) // 2])

    with pytest.raises(Refused, match="damaged"):
        await bring(unchanged_desk, out, _told)


async def test_an_export_is_for_its_owners_eyes(
    unchanged_desk: Desk, unchanged_admin: Actor, out: Path
) -> None:
    await make(unchanged_desk, unchanged_admin, 20)
    await export(unchanged_desk, out, _told)
    await _scored(out)

    names = {files.CLIENTS, files.KEYS, files.COUNTS, files.PAIRS, files.ABOUT, files.SCORED}
    assert _readable_by(out) == dict.fromkeys((out.name, *names), 0)


def _readable_by(folder: Path) -> dict[str, int]:
    """What others may do with a folder and its files, by name."""
    return {path.name: path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())}


async def test_a_folder_with_something_in_it_is_refused(unchanged_desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")

    with pytest.raises(Refused, match="not empty"):
        await export(unchanged_desk, tmp_path, _told)


async def test_steps_out_of_order_say_which_comes_first(unchanged_desk: Desk, out: Path) -> None:
    with pytest.raises(NotFound, match="export-scaleout"):
        score(out, _told)
    await export(unchanged_desk, out, _told)
    with pytest.raises(NotFound, match="score-scaleout"):
        await bring(unchanged_desk, out, _told)


async def test_without_splink_it_says_what_to_install(
    unchanged_desk: Desk, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await export(unchanged_desk, out, _told)
    monkeypatch.setitem(sys.modules, "splink", None)

    with pytest.raises(Refused, match=r"pip install 'helpdesk-console\[scaleout\]'"):
        score(out, _told)


async def test_an_export_of_another_version_is_refused(unchanged_desk: Desk, out: Path) -> None:
    await export(unchanged_desk, out, _told)
    text = (out / files.ABOUT).read_text()
    (out / files.ABOUT).write_text(text.replace('"form_version": ', '"form_version": 9'))

    with pytest.raises(Refused, match="another version"):
        score(out, _told)


def test_a_level_weighs_what_the_model_says() -> None:
    place = CLUES.index("email")
    found = [(place, "s", "1"), (place, "s", "5"), (place, "x", "-")]

    given = settings.of(SHIPPED, found)
    comparison = next(one for one in given["comparisons"] if one["output_column_name"] == "email")
    _missing, *levels, _other = comparison["comparison_levels"]
    weights = [log2(level["m_probability"] / level["u_probability"]) for level in levels]
    prior = given["probability_two_random_records_match"]

    assert weights == pytest.approx([SHIPPED.weight("email", level, step) for _, level, step in found])
    assert log2(prior / (1 - prior)) == pytest.approx(SHIPPED.prior)


async def test_what_staff_decided_stays(unchanged_desk: Desk, unchanged_admin: Actor, out: Path) -> None:
    from console.data.duplicates import decisions

    desk = unchanged_desk
    await make(desk, unchanged_admin, 120)
    await scan(desk)
    before = await _stored(desk)
    pair = next(pair for pair, row in before.items() if row[1] == "duplicate")
    async with desk.change(unchanged_admin, "duplicate.decide") as change:
        await decisions.record(change, [pair], "different")
    decided = await _stored(desk)
    await export(desk, out, _told)
    await _scored(out)
    async with desk.quiet() as connection:
        await connection.execute(update(duplicate_pair).values(queue="duplicate", run=0))

    await bring(desk, out, _told)

    assert (await _stored(desk))[pair][1] == "" == decided[pair][1]
