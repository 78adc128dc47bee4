"""What can only be known when a source has been read to its end, put right in its person table.

An identifier on more than two people of one source is no identifier; a restriction, an unborn child or a duplicate
record that came to light on a later row is applied.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from loaders.context import Context
from loaders.standard import close
from loaders.tables import PERSON

MOST_PEOPLE_PER_IDENTIFIER = 2
"""A duplicate record may share a number with its original; three people sharing one is a placeholder."""

IDENTIFIERS = ("nhs_number", "upn", "former_upn", "uln", "llid", "pnc")

Report = Callable[[str, int, str, str], None]
"""Called with file, line, column and reason for each value dropped."""


def correct_people(path: Path, context: Context, report: Report) -> None:
    """Rewrite a source's person table where something in it has to change; leave it alone otherwise."""
    shared = _shared_identifiers(path)
    if not (shared or _late(context)):
        return
    aside = path.with_suffix(".tmp")
    writer = pq.ParquetWriter(aside, PERSON.schema, compression="zstd")
    with pq.ParquetFile(path) as people, ExitStack() as stack:
        stack.callback(close, writer)
        for batch in people.iter_batches():
            table = pa.Table.from_batches([batch])
            for name, values in shared.items():
                table = _without(table, name, values, report)
            writer.write_table(_with_late(table, context))
    aside.replace(path)


def _shared_identifiers(path: Path) -> dict[str, list[str]]:
    shared: dict[str, list[str]] = {}
    for name in IDENTIFIERS:
        counts = Counter(pq.read_table(path, columns=[name])[name].to_pylist())
        many = [value for value, n in counts.items() if value is not None and n > MOST_PEOPLE_PER_IDENTIFIER]
        if many:
            shared[name] = many
    return shared


def _without(table: pa.Table, name: str, values: list[str], report: Report) -> pa.Table:
    """The table with those values of one identifier left out, each reported by its line."""
    found = pc.is_in(table[name], value_set=pa.array(values, pa.string()))
    for where in table.filter(found)["source_row"].to_pylist():
        file, _, line = str(where).rpartition(":")
        report(file, int(line), name, "on more than two people of this source: no identifier")
    return _replace(table, name, pc.if_else(found, None, table[name]))


def _with_late(table: pa.Table, context: Context) -> pa.Table:
    """The table with what later rows said: a restriction, a child not born yet, a second record, an adoption."""
    if not _late(context):
        return table
    ids = [str(record_id) for record_id in table["record_id"].to_pylist()]
    kinds = table["restriction_kind"].to_pylist()
    late = [context.restrict_later.get(record_id) or kind for record_id, kind in zip(ids, kinds, strict=True)]
    flags = [kind is not None for kind in late]
    births = zip(ids, table["status"].to_pylist(), table["dob"].to_pylist(), strict=True)
    status = ["unborn" if _unborn(one, said, dob, context) else said for one, said, dob in births]
    named = zip(ids, table["duplicate_of"].to_pylist(), strict=True)
    survivors = [said or context.duplicate_later.get(record_id) for record_id, said in named]
    before = zip(ids, table["adopted"].to_pylist(), strict=True)
    told: dict[str, list[Any]] = {
        "restriction_kind": late,
        "restricted": flags,
        "status": status,
        "duplicate_of": survivors,
        "adopted": [record_id in context.adopted_later or said for record_id, said in before],
    }
    for name, values in told.items():
        table = _replace(table, name, values)
    return table


def _late(context: Context) -> bool:
    return bool(context.restrict_later or context.unborn_later or context.duplicate_later or context.adopted_later)


def _unborn(record_id: str, said: str | None, dob: date | None, context: Context) -> bool:
    return record_id in context.unborn_later and said == "alive" and (dob is None or dob > context.as_at)


def _replace(table: pa.Table, name: str, values: "list[Any] | pa.ChunkedArray[Any]") -> pa.Table:
    place = table.schema.get_field_index(name)
    field = PERSON.schema.field(name)
    column = values if isinstance(values, pa.ChunkedArray) else pa.array(values, type=field.type)
    return table.set_column(place, field, column)
