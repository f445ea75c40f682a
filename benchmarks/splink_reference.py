"""What Splink makes of labelled records, beside ours: python -m benchmarks.splink_reference FILE… [--into F.json].

Each file runs with each kind of settings, and through `helpdesk duplicates evaluate`, in a process of its own, so that
its peak of memory is its own. Splink's seconds are from the file to the last score, training included, imports and the
comparison with the truth not; ours are what `evaluate` says. Seconds of the processor are of the whole process of each
side. Recall counts the pairs lost in blocking. Needs the extra ``scaleout``.
"""

from __future__ import annotations

import argparse
import json
import logging
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import labelled

KINDS = ("ours", "demo", "tuned")
PROBABILITIES = (0.5, 0.9, 0.95)


def measured(file: Path, kind: str) -> dict[str, Any]:
    """The figures of one run, in this process: quality, seconds of the clock and of the processor, MB at the peak."""
    import duckdb
    import splink

    connection = duckdb.connect()
    begun, worked = time.perf_counter(), time.process_time()
    predicted = _predicted(connection, file, kind)
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "file": file.name,
        "settings": kind,
        "splink": splink.__version__,
        **quality(connection, predicted),
        "seconds": round(seconds, 2),
        "processor_seconds": round(processor, 2),
        "peak_mb": round(peak),
    }


def _predicted(connection: Any, file: Path, kind: str) -> str:
    """The name of the table with every scored pair."""
    from splink import DuckDBAPI, Linker

    from benchmarks import splink_settings, splink_tuned

    read = "create table records as select * from read_csv(?, header = true, all_varchar = true)"
    connection.execute(read, [str(file)])
    columns = [row[0] for row in connection.execute("describe records").fetchall()]
    if kind == "demo":
        plan = splink_settings.demo(columns)
    else:
        plan = splink_tuned.tuned(connection, file, columns)
    connection.execute(f"create table prepared as {plan.prepared}")
    backend = DuckDBAPI(connection=connection)
    linker = Linker(backend.register("prepared"), plan.settings(), log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(list(plan.deterministic), plan.recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=plan.sampled, seed=1)
    for rule in plan.sessions:
        _trained(linker, rule)
    return str(linker.inference.predict().physical_name)


def _trained(linker: Any, rule: Any) -> None:
    """Run one session; one whose few pairs fit no model is told of and left out, as Splink's user would have to."""
    try:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True
        )
    except ValueError as error:
        print(f"A session could not be trained and is left out: {error}", file=sys.stderr)


def quality(connection: Any, predicted: str) -> dict[str, Any]:
    """How the scored pairs agree with the column ``cluster``; true pairs are all there are, found or not."""
    records, pairs = connection.execute(
        "select sum(n)::bigint, (sum(n * (n - 1)) // 2)::bigint from"
        " (select count(*) as n from prepared group by cluster)"
    ).fetchone()
    true = "(cluster_l = cluster_r)::int"
    candidates, found = connection.execute(f"select count(*), sum({true}) from {predicted}").fetchone()
    steps = connection.execute(f"""
        select weight, sum(n) over best as taken, sum(t) over best as hit from (
            select match_weight as weight, count(*) as n, sum({true}) as t from {predicted} group by 1)
        window best as (order by weight desc) order by 2.0 * hit / (taken + {pairs}) desc limit 1
    """).fetchone()
    at = {}
    for line in PROBABILITIES:
        above = f"select count(*), sum({true}) from {predicted} where match_probability >= {line}"
        taken, hit = connection.execute(above).fetchone()
        at[str(line)] = _figures(taken, hit, pairs)
    return {
        "records": records,
        "true_pairs": pairs,
        "candidate_pairs": candidates,
        "blocking_recall": round((found or 0) / pairs, 4),
        "best": {"threshold": round(steps[0], 2), **_figures(steps[1], steps[2], pairs)} if steps else None,
        "at": at,
    }


def _figures(taken: int, hit: int | None, pairs: int) -> dict[str, float]:
    hit = int(hit or 0)
    return {
        "precision": round(hit / taken, 4) if taken else 0.0,
        "recall": round(hit / pairs, 4),
        "f1": round(2 * hit / (taken + pairs), 4),
    }


def _apart(file: Path, kind: str) -> dict[str, Any]:
    """The figures of a run in a process of its own."""
    here = ["-m", "benchmarks.splink_reference", "--here", "--settings", kind, str(file)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, *(_evaluate(file) if kind == "ours" else here)]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = {"file": file.name, "settings": kind, **json.loads(ran.stdout)}
    return told | {"processor_seconds": round(worked, 2)}


def _evaluate(file: Path) -> list[str]:
    """Arguments of Python that put the records through our own search."""
    maps = labelled.MAPS[labelled.kind_of(list(next(labelled.rows(file))))]
    named = [part for one in maps for part in ("--map", one)]
    return ["-m", "console", "duplicates", "evaluate", str(file), "--entity", "cluster", *named, "--json"]


def _line(one: dict[str, Any]) -> str:
    """A row of the table: the line is ours, or Splink's 95 %."""
    best, line = one["best"], one.get("line") or one["at"]["0.95"]
    cells = [
        one["file"],
        one["settings"],
        *(f"{best[name]:.3f}" for name in ("f1", "precision", "recall")),
        f"{line['precision']:.3f}",
        f"{line['f1']:.3f}",
        f"{one['blocking_recall']:.3f}",
        f"{one['candidate_pairs'] / one['records']:.1f}",
        f"{one['processor_seconds']:.0f} s",
        f"{one['peak_mb']:.0f} MB",
    ]
    return f"| {' | '.join(cells)} |"


HEAD = (
    "set",
    "by",
    "best F1",
    "precision",
    "recall",
    "precision at the line",
    "F1 there",
    "blocking recall",
    "pairs a record",
    "processor",
    "memory",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each file with each kind of settings, print a JSON line of each, and a table of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--settings", choices=KINDS, action="append")
    parser.add_argument("--into", type=Path, help="a file that keeps the figures of all runs")
    parser.add_argument("--here", action="store_true", help="in this process")
    given = parser.parse_args(arguments)
    figures = []
    for file in given.files:
        for kind in given.settings or KINDS:
            one = measured(file, kind) if given.here else _apart(file, kind)
            figures.append(one)
            print(json.dumps(one), flush=True)
    if not given.here:
        print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
        print("\n".join(_line(one) for one in figures))
    if given.into:
        given.into.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
