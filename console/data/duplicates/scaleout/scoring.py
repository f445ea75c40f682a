"""An export scored by Splink on DuckDB, on as much disk as it takes and with as many processors as there are."""

import itertools
import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.data.duplicates.form import FORM_VERSION
from console.data.duplicates.model import Model, from_json
from console.data.duplicates.scaleout import evidence, settings
from console.data.duplicates.scaleout import folder as files
from console.data.duplicates.scaleout.evidence import Compared, Evidence
from console.data.duplicates.shelf import Counts
from console.data.errors import Refused

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MISSING = "Scoring needs Splink. Install it: pip install 'helpdesk-console[scaleout]'"
SIZE = 10_000
"""Pairs of a batch."""
Told = Callable[[str, int, int], None]

_LOAD = (
    """create table clients as select * from read_csv('{clients}', header = true, delim = ',', quote = '"',
    escape = '"', columns = {{'client_id': 'BIGINT', 'form': 'VARCHAR'}}, max_line_size = 1000000)""",
    """create table postings as select * from read_csv('{keys}', header = true, delim = ',',
    columns = {{'key': 'BIGINT', 'client_id': 'BIGINT', 'weight': 'INTEGER'}})""",
    """create table counts as select * from read_csv('{counts}', header = true, delim = ',',
    columns = {{'key': 'BIGINT', 'clients': 'BIGINT'}})""",
    """create table records as select client_id as unique_id, coalesce(keys, []) as keys, '' as match_key from clients
    left join (select client_id, list(key) as keys from postings group by client_id) using (client_id)""",
)
# The heaviest pairs of each client, as a scan chooses them (see ``duplicates.candidates``).
CHOSEN = """
with weighed as (
    select pair.join_key_l as first, pair.join_key_r as second, sum(mine.weight) as weight from {pairs} as pair
    join postings as mine on mine.client_id = pair.join_key_l
    join postings as theirs on theirs.client_id = pair.join_key_r and theirs.key = mine.key
    group by all),
sides as (
    select first as owner, second as other, weight from weighed union all select second, first, weight from weighed),
ranked as (
    select owner, other, row_number() over (partition by owner order by weight desc, other) as place from sides),
best as (
    select least(owner, other) as first, greatest(owner, other) as second, min(place) as place from ranked
    where place <= {each} group by 1, 2),
reached as (select place, sum(count(*)) over (order by place) as pairs from best group by place)
select first, second from best
where place <= (select coalesce(max(place), 1) from reached where pairs <= {most}) order by first, second
"""
_EVIDENCE = """
create table evidence (join_key_l BIGINT, join_key_r BIGINT, match_key VARCHAR, relation VARCHAR, percent INTEGER,
    levels VARCHAR, gated DOUBLE, kept BOOLEAN, first_form BIGINT, second_form BIGINT)
"""
COMPARED = """
select first, second, mine.form as first_form, theirs.form as second_form from chosen
join clients as mine on mine.client_id = first join clients as theirs on theirs.client_id = second
"""
RESULT = """
select join_key_l as first_id, join_key_r as second_id, relation,
    cast(round(coalesce(gated, match_weight) * 1000) as BIGINT) as score, percent, levels, first_form, second_form
from {predicted} join evidence on join_key_l = unique_id_l and join_key_r = unique_id_r
where kept order by 1, 2
"""


@dataclass(frozen=True, slots=True)
class Scored:
    """How many pairs were compared, how many of them the queue wants, and the seconds it took."""

    compared: int
    kept: int
    seconds: float


def score(folder: Path, told: Told, processes: int | None = None) -> Scored:
    """Score the export in this folder and write the result beside it.

    Refused where Splink is missing, or the export was made by another version. It uses the processors there are,
    and where memory ends, the folder's disk.
    """
    try:
        import splink  # noqa: F401
    except ImportError:
        raise Refused(MISSING) from None
    about = files.about(folder)
    if about.form_version != FORM_VERSION:
        raise Refused("The export was made by another version of helpdesk. Use the same one here.")
    begun, model = time.monotonic(), from_json(about.model)
    with _scratch(folder) as connection:
        run = _Run(connection, folder, model, told)
        run.load()
        compared = run.choose(about.each, about.most)
        run.compare(compared, processes or os.cpu_count() or 1)
        kept = run.add_up()
    done = Scored(compared, kept, round(time.monotonic() - begun, 2))
    found = {"compared": compared, "kept": kept, "seconds": done.seconds, "model_version": model.version}
    files.write(folder, files.SCORED, found)
    return done


@contextmanager
def _scratch(folder: Path) -> Iterator["DuckDBPyConnection"]:
    """An empty DuckDB on the folder's disk, gone afterwards."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="scratch-", dir=folder) as place:
        connection = duckdb.connect(str(Path(place) / "scratch.duckdb"))
        try:
            yield connection
        finally:
            connection.close()


class _Run:
    def __init__(self, connection: "DuckDBPyConnection", folder: Path, model: Model, told: Told) -> None:
        from splink import DuckDBAPI

        self._connection = connection
        self._folder = folder
        self._model = model
        self._told = told
        self._backend = DuckDBAPI(connection=connection)

    def load(self) -> None:
        """Read the files."""
        named = {"clients": files.CLIENTS, "keys": files.KEYS, "counts": files.COUNTS}
        paths = {name: _quoted(self._folder / file) for name, file in named.items()}
        for statement in _LOAD:
            self._connection.execute(statement.format(**paths))
        self._told("reading", 1, 1)

    def choose(self, each: int, most: int) -> int:
        """The pairs that Splink finds by our keys, the heaviest of each client; returns how many."""
        found = self._linker([]).inference.compute_blocked_pairs_for_predict()
        chosen = CHOSEN.format(pairs=found.physical_name, each=each, most=most)
        self._connection.execute(f"create table chosen as {chosen}")
        found.drop_table_from_database_and_remove_from_cache()
        return self._one("select count(*) from chosen")

    def compare(self, total: int, processes: int) -> None:
        """Fill the table of evidence."""
        import pyarrow as pa

        self._connection.execute(_EVIDENCE)
        rows = self._connection.sql("select key, clients from counts order by key").to_arrow_table()
        with _comparer(counts_of(rows), self._model, processes if total > SIZE else 1) as compare:
            done = 0
            for found in compare(self._batches()):
                columns = dict(zip(Evidence._fields, zip(*found, strict=True), strict=True))
                self._connection.register(
                    "piece", pa.table({k: list(v) for k, v in columns.items()}, schema())
                )
                self._connection.execute("insert into evidence select * from piece")
                self._connection.unregister("piece")
                done += len(found)
                self._told("comparing", done, total)

    def add_up(self) -> int:
        """Let Splink add up what the clues weigh, and write the pairs that the queue wants; returns how many."""
        found = self._connection.execute(settings.occurring("evidence")).fetchall()
        into = _quoted(self._folder / files.PAIRS)
        linker = self._linker(found)
        self._connection.execute(
            "create view blocked as select match_key, join_key_l, join_key_r from evidence"
        )
        linker.table_management.register_blocked_pairs_for_predict(self._backend.register("blocked"))
        predicted = linker.inference.predict().physical_name
        result = RESULT.format(predicted=predicted)
        self._connection.execute(f"copy ({result}) to '{into}' (format csv, header, compression gzip)")
        (self._folder / files.PAIRS).chmod(0o600)
        self._told("adding up", 1, 1)
        return self._one("select count(*) from evidence where kept")

    def _linker(self, found: Sequence[settings.Found]) -> Any:
        from splink import Linker

        given = settings.of(self._model, found)
        return Linker(self._backend.register("records"), given, log_level="ERROR")

    def _batches(self) -> Iterator[list[Compared]]:
        reading = self._connection.cursor().execute(COMPARED)
        while rows := reading.fetchmany(SIZE):
            yield [Compared(*row) for row in rows]

    def _one(self, query: str) -> int:
        row = self._connection.execute(query).fetchone()
        return int(row[0]) if row else 0


def counts_of(table: Any) -> Counts:
    """How many clients have a key, from an Arrow table of keys in order and clients."""
    import numpy as np

    return Counts(*(np.asarray(table.column(name), dtype=np.int64) for name in ("key", "clients")))


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def schema() -> Any:
    """The columns of ``Evidence``, as Arrow has them."""
    import pyarrow as pa

    kinds = {int: pa.int64(), str: pa.string(), bool: pa.bool_()}
    return pa.schema(
        [(name, kinds.get(kind, pa.float64())) for name, kind in Evidence.__annotations__.items()]
    )


@contextmanager
def _comparer(counts: Counts, model: Model, processes: int) -> Iterator[Any]:
    """What compares batches in order: here, or in processes of their own."""
    if processes < 2:
        yield lambda batches: map(partial(evidence.of, counts=counts, model=model), batches)
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (counts, model.to_json())) as pool:
        yield partial(_ahead, pool, 2 * processes)


def _ahead(
    pool: ProcessPoolExecutor, most: int, batches: Iterator[list[Compared]]
) -> Iterator[list[Evidence]]:
    """The evidence of batches in order, some of them at work at a time."""
    waiting: deque[Future[list[Evidence]]] = deque(
        pool.submit(_in_process, one) for one in itertools.islice(batches, most)
    )
    while waiting:
        yield waiting.popleft().result()
        waiting.extend(pool.submit(_in_process, one) for one in itertools.islice(batches, 1))


_OWN: list[Any] = []
"""What a process of the pool compares by: counts and model."""


def _begin(counts: Counts, model: str) -> None:
    _OWN[:] = [counts, from_json(model)]


def _in_process(batch: list[Compared]) -> list[Evidence]:
    return evidence.of(batch, *_OWN)
