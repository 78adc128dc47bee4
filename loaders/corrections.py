"""What can only be known when a source has been read to its end, put right in its person table.

An identifier on more than two people of one source is no identifier; a restriction or an unborn child that came to
light on a later row is applied.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from loaders.context import Context
from loaders.tables import PERSON

MOST_PEOPLE_PER_IDENTIFIER = 2
"""A duplicate record may share a number with its original; three people sharing one is a placeholder."""

IDENTIFIERS = ("nhs_number", "upn", "former_upn", "uln", "llid")

Report = Callable[[str, int, str, str], None]
"""Called with file, line, column and reason for each value dropped."""


def correct_people(path: Path, context: Context, report: Report) -> None:
    """Rewrite a source's person table where something in it has to change; leave it alone otherwise."""
    shared = _shared_identifiers(path)
    if not (shared or context.restrict_later or context.unborn_later):
        return
    aside = path.with_suffix(".tmp")
    with pq.ParquetFile(path) as table, pq.ParquetWriter(aside, PERSON.schema, compression="zstd") as writer:
        for batch in table.iter_batches():
            rows: list[dict[str, Any]] = pa.Table.from_batches([batch]).to_pylist()
            for row in rows:
                _unshare(row, shared, report)
                _apply_late(row, context)
            writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=PERSON.schema))
    aside.replace(path)


def _shared_identifiers(path: Path) -> dict[str, set[str]]:
    shared: dict[str, set[str]] = {}
    for name in IDENTIFIERS:
        counted = Counter(pq.read_table(path, columns=[name])[name].to_pylist())
        many = {value for value, n in counted.items() if value is not None and n > MOST_PEOPLE_PER_IDENTIFIER}
        if many:
            shared[name] = many
    return shared


def _unshare(row: dict[str, Any], shared: dict[str, set[str]], report: Report) -> None:
    for name, values in shared.items():
        if row[name] in values:
            row[name] = None
            file, _, line = row["source_row"].rpartition(":")
            report(file, int(line), name, "on more than two people of this source: no identifier")


def _apply_late(row: dict[str, Any], context: Context) -> None:
    record_id = row["record_id"]
    if record_id in context.restrict_later and not row["restricted"]:
        row["restricted"], row["restriction_kind"] = True, context.restrict_later[record_id]
    if record_id in context.unborn_later and row["status"] == "alive" and _not_born(row["dob"], context.as_at):
        row["status"] = "unborn"


def _not_born(dob: date | None, as_at: date) -> bool:
    return dob is None or dob > as_at
