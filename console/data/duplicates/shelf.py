"""What a scan compares by, laid down once in a folder that several processes read: forms, pairs, counts, models.

Forms are as they were when the scan began to read; who changes meanwhile is scored after it.
"""

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.duplicates.compare import CLUES, Levels
from console.data.duplicates.form import Form, unpack
from console.data.duplicates.model import Model, from_json
from console.data.models.duplicates import duplicate_form

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray

    from console.data.desk import Desk
    from console.data.duplicates.candidates import Candidates

_READ = 20_000
_FORMS, _OFFSETS, _LEVELS = "forms", "offsets.npy", "levels"
_WIDTH = f"S{len(CLUES)}"
_ARRAYS = ("ids", "firsts", "seconds", "keys", "counts")


async def put_forms(desk: "Desk", folder: Path) -> "NDArray[int64]":
    """Write the forms of all who are looked for; returns their ids, in order."""
    import numpy as np

    ids: list[int] = []
    sizes: list[int] = []
    with (folder / _FORMS).open("wb") as file:
        last, some = -(1 << 63), [(0, "")]
        while some:
            async with desk.read() as connection:
                some = await _next(connection, last)
            packed = [text.encode() for _, text in some]
            ids += [one for one, _ in some]
            sizes += [len(text) for text in packed]
            file.write(b"".join(packed))
            last = ids[-1] if ids else last
        file.write(b"\n")  # an empty file cannot be mapped
    np.save(folder / _OFFSETS, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))
    return np.array(ids, dtype=np.int64)


async def _next(connection: AsyncConnection, after: int) -> list[tuple[int, str]]:
    form = duplicate_form.c
    query = select(form.client_id, form.form).where(form.client_id > after, form.form != "")
    rows = await connection.execute(query.order_by(form.client_id).limit(_READ))
    return [(row[0], row[1]) for row in rows.all()]


def put_pairs(folder: Path, found: "Candidates") -> None:
    """Write which pairs are to be compared, and how many clients have what they may share."""
    import numpy as np

    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", getattr(found, name))
    with (folder / _LEVELS).open("wb") as file:
        # Room for all of them: a process that writes to a map where there is none is killed.
        os.posix_fallocate(file.fileno(), 0, max(len(found), 1) * len(CLUES))


def put_model(folder: Path, name: str, model: Model) -> None:
    """Write a model under a name that no other has."""
    (folder / f"{name}.json").write_text(model.to_json(), encoding="utf-8")


class Shelf:
    """A folder's forms, pairs and counts. Clients are named by their places in the order of their ids."""

    def __init__(self, folder: Path) -> None:
        import numpy as np

        self._folder = folder
        with (folder / _FORMS).open("rb") as file:
            self._forms = mmap(file.fileno(), 0, access=ACCESS_READ)
        self._offsets: Any = np.load(folder / _OFFSETS, mmap_mode="r")
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        self.ids: Any = arrays["ids"]
        self._firsts, self._seconds = arrays["firsts"], arrays["seconds"]
        self._levels: Any = np.memmap(folder / _LEVELS, dtype=_WIDTH, mode="r+")
        self.counts = Counts(arrays["keys"], arrays["counts"])
        self._models: dict[str, Model] = {}

    def pairs(self, some: slice) -> list[tuple[int, int]]:
        """Some of the pairs, as places."""
        return list(zip(self._firsts[some].tolist(), self._seconds[some].tolist(), strict=True))

    def ids_of(self, some: slice) -> tuple["NDArray[int64]", "NDArray[int64]"]:
        """The ids of some of the pairs, in two columns."""
        return self.ids[self._firsts[some]], self.ids[self._seconds[some]]

    def levels(self, some: slice) -> list[Levels | None]:
        """The levels of some of the pairs, as far as they were kept."""
        return [Levels(one.decode()) if one else None for one in self._levels[some].tolist()]

    def keep_levels(self, some: slice, found: Sequence[Levels]) -> None:
        """Keep the levels of some of the pairs for whoever compares them next."""
        self._levels[some] = [one.encode() for one in found]

    def forms(self, places: Iterable[int]) -> dict[int, Form]:
        """The forms of clients, each once."""
        wanted = sorted(set(places))
        begins = self._offsets[wanted].tolist()
        ends = self._offsets[[place + 1 for place in wanted]].tolist()
        found = self._forms
        return {
            place: unpack(found[begin:end].decode())
            for place, begin, end in zip(wanted, begins, ends, strict=True)
        }

    def model(self, name: str) -> Model:
        """The model of this name, read once."""
        if name not in self._models:
            self._models[name] = from_json((self._folder / f"{name}.json").read_text(encoding="utf-8"))
        return self._models[name]


@lru_cache(maxsize=1)
def opened(folder: Path) -> Shelf:
    """The shelf in this folder, opened once in each process."""
    return Shelf(folder)


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
