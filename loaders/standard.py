"""Writing standard tables as Parquet, one file per table and source, in batches so that memory stays bounded."""

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from loaders.context import StandardRow
from loaders.tables import TABLES, Table

BATCH_ROWS = 16_384


class NotStandard(Exception):
    """A mapping has made something that is no row of a standard table. Names the place, never a value."""


class TableWriter:
    """The standard tables of one source, under `folder/<table>/<source>.parquet`."""

    def __init__(self, folder: Path, source: str, extracted_on: date) -> None:
        self._folder = folder
        self._source = source
        self._extracted_on = extracted_on
        self._rows: dict[str, list[StandardRow]] = {name: [] for name in TABLES}
        self._writers: dict[str, pq.ParquetWriter] = {}

    def flush(self) -> None:
        """Write out what waits. Raises NotStandard."""
        for table in self._rows:
            self._flush(table)

    def add(self, table: str, row: StandardRow, source_row: str) -> None:
        """Add one row; its source and provenance are filled in here, unless the mapping says which row it is from."""
        row.setdefault("source_row", source_row)
        waiting = self._rows.get(table)
        if waiting is None:
            raise NotStandard(f"mapping.py makes rows of {table}, which is no standard table")
        waiting.append(row)
        if len(waiting) >= BATCH_ROWS:
            self._flush(table)

    def path(self, table: str) -> Path:
        """Where a table goes."""
        return self._folder / table / f"{self._source}.parquet"

    def written(self) -> list[str]:
        """Names of the tables that hold something."""
        return list(self._writers)

    def _flush(self, table: str) -> None:
        rows, self._rows[table] = self._rows[table], []
        if not rows:
            return
        schema = TABLES[table].schema
        constant = {"source": self._source, "extracted_on": self._extracted_on}
        filled = _columns_filled(table, rows)
        columns = [_array(table, field, _values(field.name, rows, filled, constant), rows) for field in schema]
        if table not in self._writers:
            self.path(table).parent.mkdir(parents=True, exist_ok=True)
            self._writers[table] = pq.ParquetWriter(self.path(table), schema, compression="zstd")
        self._writers[table].write_batch(pa.record_batch(columns, schema=schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as closing:
            closing.callback(self._close)
            if kind is None:
                self.flush()

    def _close(self) -> None:
        with ExitStack() as closing:
            for writer in self._writers.values():
                closing.callback(close, writer)


def close(writer: pq.ParquetWriter) -> None:
    """Close a Parquet file once. Raises OSError; a writer left open would try again, loudly, when it is thrown away."""
    try:
        writer.close()
    finally:
        writer.is_open = False


def read_standard(files: Iterable[Path], table: Table) -> pa.Table:
    """One standard table of every source, whole; empty where no source fills it."""
    parts = [pq.read_table(file).cast(table.schema) for file in files]
    return pa.concat_tables(parts) if parts else table.schema.empty_table()


def _columns_filled(table: str, rows: list[StandardRow]) -> set[str]:
    """The columns that some row fills. Raises NotStandard for one that the table does not have."""
    filled = set().union(*rows)
    unknown = filled - set(TABLES[table].schema.names)
    if unknown:
        raise NotStandard(f"mapping.py fills {table}.{sorted(unknown)[0]}, which is no column of loaders/tables.py")
    return filled


def _values(name: str, rows: list[StandardRow], filled: set[str], constant: dict[str, Any]) -> list[Any]:
    if name in constant or name not in filled:
        return [constant.get(name)] * len(rows)
    try:
        return list(map(itemgetter(name), rows))
    except KeyError:
        return [row.get(name) for row in rows]


def _array(table: str, field: "pa.Field[Any]", values: list[Any], rows: list[StandardRow]) -> "pa.Array[Any]":
    try:
        found: pa.Array[Any] = pa.array(values, type=field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        unfit = next(row for row, value in zip(rows, values, strict=True) if not _fits(value, field))
        raise NotStandard(
            f"mapping.py fills {table}.{field.name} with something other than {field.type}: {unfit['source_row']}"
        ) from None
    return found


def _fits(value: object, field: "pa.Field[Any]") -> bool:
    try:
        pa.array([value], type=field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return False
    return True
