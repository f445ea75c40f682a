"""Scoring by the batch, apart from the database: in a thread, or in processes of their own where there are many."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.data.duplicates import pairs, scoring
from console.data.duplicates.both import Ids
from console.data.duplicates.form import unpack
from console.data.duplicates.model import Model, from_json

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray

    from console.data.duplicates.candidates import Candidates

SIZE = 5_000
"""Pairs of a batch."""
MANY = 100_000
"""Pairs from which processes are worth their start."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs with the packed forms of their clients. ``scores`` asks for the bits of each."""

    pairs: list[Ids]
    forms: dict[int, str]
    run: int
    at: datetime
    scores: bool = False


@dataclass(frozen=True, slots=True)
class Scores:
    """The rows of pairs worth keeping, and, where asked for, pairs with their bits."""

    rows: list[dict[str, Any]]
    bits: list[tuple[Ids, float]]


class Counts:
    """How many clients have a key, from two sorted arrays."""

    def __init__(self, keys: "NDArray[int64]", counts: "NDArray[int64]") -> None:
        self._keys = keys
        self._counts = counts

    def of(self, wanted: Iterable[int]) -> dict[int, int]:
        """The counts of some keys; a key that only one client has is left out."""
        import numpy as np

        asked = np.unique(np.fromiter(wanted, dtype=np.int64))
        places = np.minimum(np.searchsorted(self._keys, asked), max(len(self._keys) - 1, 0))
        known = self._keys[places] == asked if len(self._keys) else np.zeros(len(asked), dtype=bool)
        return dict(zip(asked[known].tolist(), self._counts[places[known]].tolist(), strict=True))


def scored(batch: Batch, counts: Counts, model: Model) -> Scores:
    """Score a batch."""
    forms = {one: unpack(text) for one, text in batch.forms.items()}
    known = [pair for pair in batch.pairs if pair[0] in forms and pair[1] in forms]
    levels = scoring.levels_of(known, forms)
    if not batch.scores:
        worth = [pairs.may_be_kept(one, model) for one in levels]
        known, levels = list(compress(known, worth)), list(compress(levels, worth))
    shares = scoring.shared_keys(known, forms)
    judged = scoring.weighed(known, levels, forms, counts.of(key for keys in shares for key in keys), model)
    return Scores(
        [pairs.row_of(one, forms, model, batch.run, batch.at) for one in judged if pairs.is_kept(one, model)],
        [(one.pair, one.scored.bits) for one in judged] if batch.scores else [],
    )


class Scorer:
    """Scores batches as its executor does it."""

    def __init__(self, executor: Executor, counts: Counts | None, model: Model) -> None:
        self._executor = executor
        self._counts = counts
        self._model = model

    def score(self, batch: Batch) -> "asyncio.Future[Scores]":
        """Begin with a batch."""
        loop = asyncio.get_running_loop()
        if self._counts is None:
            return loop.run_in_executor(self._executor, _in_process, batch)
        return loop.run_in_executor(self._executor, scored, batch, self._counts, self._model)


@asynccontextmanager
async def scorer(found: "Candidates", model: Model, processes: int) -> AsyncIterator[Scorer]:
    """A scorer for these candidates, in a thread unless there are many and ``processes`` are allowed."""
    if len(found) < MANY or processes < 2:
        with ThreadPoolExecutor(1) as thread:
            yield Scorer(thread, Counts(found.keys, found.counts), model)
        return
    import numpy as np

    with tempfile.TemporaryDirectory(prefix="helpdesk-scan-") as folder:
        for name, values in (("keys", found.keys), ("counts", found.counts)):
            np.save(Path(folder) / f"{name}.npy", values)
        begin = (folder, model.to_json(), os.getpid())
        with ProcessPoolExecutor(processes, get_context("spawn"), _begin, begin) as pool:
            yield Scorer(pool, None, model)


_OWN: list[Any] = []
"""What a process of the pool scores by: counts and model."""


def _begin(folder: str, model: str, parent: int) -> None:
    import threading
    import time

    import numpy as np

    keys, counts = (np.load(Path(folder) / f"{name}.npy", mmap_mode="r") for name in ("keys", "counts"))
    _OWN[:] = [Counts(keys, counts), from_json(model)]

    def watch() -> None:
        """End with a scan that was killed."""
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _in_process(batch: Batch) -> Scores:
    return scored(batch, _OWN[0], _OWN[1])
