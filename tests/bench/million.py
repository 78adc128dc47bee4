"""Predict and cluster of a million records, ours beside Splink's own, on the same pairs with the same model.

`make bench-linkage` with BENCH=full runs it and puts a table on the page; one run of each, every step a process of its
own. `python -m tests.bench.million RECORDS` prints the table alone.
"""

import json
import logging
import math
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from splink import Linker

from loaders.linkage.engine import hold
from loaders.linkage.laps import Laps
from loaders.linkage.linking import Decided, labels_of
from loaders.linkage.lists import read_list
from loaders.linkage.matrix import read_matrix
from loaders.linkage.model import Model, settings
from loaders.linkage.on_duckdb import on_duckdb
from loaders.linkage.prepare import prepare
from loaders.linkage.score import Scorer
from loaders.linkage.settings import JOIN_WEIGHT, comparisons
from tests.bench.linkage_peers import council, timed

RECORDS = 1_000_000
PER_PERSON = 2.5  # records of a person in the invented council, a little less than on average
LIMIT = 4 * 3600  # seconds


def make(folder: Path, records: int) -> None:
    """The features of as many records of an invented council."""
    file, _ = council(folder, math.ceil(records / PER_PERSON))
    found = read_list(file)
    features = prepare(found.people, found.addresses)
    pq.write_table(features.slice(0, records), folder / "features.parquet")


def ours(folder: Path) -> None:
    """Find the pairs, learn, predict, cluster; keep the pairs and the model for the other."""
    features, rules = pq.read_table(folder / "features.parquet"), read_matrix().for_lists()
    with on_duckdb() as engine:
        asked = Scorer(engine, features)
        scored = asked.score(rules, seed=1)
        laps = Laps()
        labels, _ = labels_of(asked, scored, rules, list(map(str, features["source"].to_pylist())), Decided())
        laps.end("clustering")
        engine.db.execute(f"COPY (SELECT uid_l, uid_r FROM met) TO '{folder}/pairs.parquet' (FORMAT parquet)")
    model = {"prior": scored.facts["prior"], "parameters": scored.facts["model"].parameters}
    (folder / "model.json").write_text(json.dumps(model), encoding="utf-8")
    seconds = {**scored.facts["scoring_seconds"], **laps.seconds}
    _tell(folder, "ours", seconds, len(np.unique(labels)), len(scored.pairs))


def splink(folder: Path) -> None:
    """Splink's predict on the same pairs with the same model, and its connected components at the same weight."""
    rows = pq.read_table(folder / "features.parquet")
    model = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    chosen = settings(
        comparisons(rows.column_names), Model(model["parameters"]), prior=model["prior"], count=rows.num_rows
    )
    with on_duckdb() as engine:  # the same database, of the same size
        people, db = hold(engine, rows), engine.db
        db.execute(
            "CREATE TABLE to_score AS SELECT '0' AS match_key, uid_l AS join_key_l, uid_r AS join_key_r"
            f" FROM '{folder}/pairs.parquet' ORDER BY uid_l, uid_r"
        )
        laps, linker = Laps(), Linker(people, chosen, log_level=logging.ERROR)
        linker.table_management.register_blocked_pairs_for_predict(engine.api.register("to_score"))
        predicted = linker.inference.predict(warning_mode="never")
        laps.end("predicting")
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold_match_weight=JOIN_WEIGHT
        )
        laps.end("clustering")
        persons = db.execute(f"SELECT count(DISTINCT cluster_id) FROM {found.physical_name}").fetchall()[0][0]
        pairs = db.execute("SELECT count(*) FROM to_score").fetchall()[0][0]
    _tell(folder, "splink", laps.seconds, persons, pairs)


def _tell(folder: Path, who: str, seconds: Mapping[str, float], people: int, pairs: int) -> None:
    told = {"seconds": seconds, "people": people, "pairs": pairs}
    (folder / f"{who}.json").write_text(json.dumps(told), encoding="utf-8")


def lines(records: int = RECORDS) -> Iterator[str]:
    """The part of the page, from a fresh run."""
    with tempfile.TemporaryDirectory(prefix="bench-million-") as name:
        folder, mib = Path(name), {}
        for step in ("make", "ours", "splink"):
            command = [sys.executable, "-m", "tests.bench.million", step, name, str(records)]
            ended = timed(command, {**os.environ, "FNX_DATA": f"{name}/data"}, limit=LIMIT)
            if ended is None:
                yield f"The step `{step}` did not end within {LIMIT // 3600} hours."
                return
            mib[step] = ended[1]
        told = {who: json.loads((folder / f"{who}.json").read_text(encoding="utf-8")) for who in ("ours", "splink")}
    yield from _table(records, told, mib)


def _table(records: int, told: Mapping[str, Any], mib: Mapping[str, float]) -> Iterator[str]:
    own, other = told["ours"]["seconds"], told["splink"]["seconds"]
    both = {who: seconds["predicting"] + seconds["clustering"] for who, seconds in (("own", own), ("other", other))}
    yield _HEAD.format(records=records, pairs=told["ours"]["pairs"], weight=JOIN_WEIGHT)
    yield f"| predict, seconds | {own['predicting']:.0f} | {other['predicting']:.0f} |"
    yield f"| cluster, seconds | {own['clustering']:.0f} | {other['clustering']:.0f} |"
    yield f"| both, seconds | {both['own']:.0f} | {both['other']:.0f} |"
    yield f"| records a second | {records / both['own']:,.0f} | {records / both['other']:,.0f} |"
    yield f"| people found | {told['ours']['people']:,} | {told['splink']['people']:,} |"
    yield f"| most memory, MiB | {mib['ours']:,.0f} | {mib['splink']:,.0f} |"
    yield ""
    yield _FOOT.format(times=both["other"] / both["own"], finding=own["finding pairs"], learning=own["learning"])


_HEAD = """
## Predict and cluster, beside Splink's own

The first {records:,} records of an invented council, {pairs:,} candidate pairs, the same model. This program predicts
with Splink, asks its guards and clusters by constrained average link; Splink predicts and takes connected components
above a weight of {weight:g}. One run of each, in a process of its own.

| | this program | Splink |
|---|---|---|"""

_FOOT = """This program goes at {times:.2f} times the speed of Splink's own. Before that it found the pairs in
{finding:.0f} seconds and learnt the model in {learning:.0f}; both were then given to the other."""


def main(step: str, *rest: str) -> None:
    """Do one step, or all of them."""
    if step == "make":
        make(Path(rest[0]), int(rest[1]))
    elif step in ("ours", "splink"):
        {"ours": ours, "splink": splink}[step](Path(rest[0]))
    else:
        print("\n".join(lines(int(step))))


if __name__ == "__main__":
    main(*sys.argv[1:])
