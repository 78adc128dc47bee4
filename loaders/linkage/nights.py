"""Last night's scores, kept so that tonight only pairs with a changed record are scored again.

A kept score holds only where it would be found again: both records have the same features as then, the pair still meets
the matrix, and model and version are the same. Kept with the build; knows nothing of who is joined.
"""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from graph.home import owner_only_files
from loaders.linkage.engine import Engine, rows_in
from loaders.tables import columns

FILE = "linkage-scores.parquet"
_MODEL = b"model"
_SCORES = columns(
    source_l=pa.string(),
    record_id_l=pa.string(),
    digest_l=pa.string(),
    source_r=pa.string(),
    record_id_r=pa.string(),
    digest_r=pa.string(),
    match_weight=pa.float64(),
    guard=pa.string(),
)
_NONE_KEPT = columns(uid_l=pa.int64(), uid_r=pa.int64(), match_weight=pa.float64(), guard=pa.string())


@dataclass(frozen=True, slots=True)
class Night:
    """Every score of one night: both records with a digest of their features, weight in log2 odds, guard or "".

    `model` is the digest of the model that gave them.
    """

    scores: pa.Table
    model: str


def read_night(folder: Path | None, model: str | None) -> Night | None:
    """The scores kept in a build, if they are of that model."""
    file = folder / FILE if folder else None
    if file is None or model is None or not file.exists():
        return None
    scores = pq.read_table(file)
    kept_with = (scores.schema.metadata or {}).get(_MODEL, b"").decode()
    return Night(scores, model) if kept_with == model else None


def write_night(folder: Path, night: Night) -> None:
    """Keep the scores with their build, for its owner only."""
    file = folder / FILE
    with owner_only_files():
        pq.write_table(night.scores.replace_schema_metadata({_MODEL: night.model.encode()}), file, compression="zstd")
    file.chmod(0o600)


def take_up(engine: Engine, last: Night | None) -> int:
    """Fill `kept` (uid_l, uid_r, match_weight, guard) with the scores that still hold for pairs of the table `met`.

    Returns how many: none on a first night, and nothing is looked at then. Needs `features`.
    """
    if last is None:
        with engine.rows("kept_rows", _NONE_KEPT.empty_table()):
            engine.make("kept", "SELECT * FROM kept_rows")
        return 0
    _digest(engine)
    with engine.rows("last_rows", last.scores):
        engine.make(
            "kept",
            """
            SELECT m.uid_l, m.uid_r, s.match_weight, s.guard
            FROM met m JOIN digests l ON l.uid = m.uid_l JOIN digests r ON r.uid = m.uid_r
            JOIN last_rows s ON s.source_l = l.source AND s.record_id_l = l.record_id AND s.digest_l = l.digest
                            AND s.source_r = r.source AND s.record_id_r = r.record_id AND s.digest_r = r.digest""",
        )
    return rows_in(engine, "kept")


def _digest(engine: Engine) -> None:
    """Fill `digests` (uid, source, record_id, digest), once."""
    if not engine.columns("digests"):
        names = [name for name in engine.columns("features") if name != "uid"]
        digest = f"md5(row({', '.join(names)})::VARCHAR)"
        engine.make("digests", f"SELECT uid, source, record_id, {digest} AS digest FROM features")


def tonight(engine: Engine, scores: pa.Table, model: str) -> Night:
    """Tonight's scores to keep. `scores` has uid_l, uid_r, match_weight and guard of every scored pair."""
    _digest(engine)
    with engine.rows("score_rows", scores):
        found = engine.read("""
            SELECT l.source AS source_l, l.record_id AS record_id_l, l.digest AS digest_l,
                   r.source AS source_r, r.record_id AS record_id_r, r.digest AS digest_r, s.match_weight, s.guard
            FROM score_rows s JOIN digests l ON l.uid = s.uid_l JOIN digests r ON r.uid = s.uid_r
            ORDER BY s.uid_l, s.uid_r""")
    return Night(found.cast(_SCORES), model)
