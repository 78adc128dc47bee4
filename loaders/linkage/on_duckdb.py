"""DuckDB as the engine of linking: in memory, in this process. It reads the SQL of linkage as it stands."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import duckdb
import pyarrow as pa
from splink.backends.duckdb import DuckDBAPI

_MEMORY = "2GB"  # what DuckDB may hold before it spills to a temporary folder


class DuckDBEngine:
    """The Engine on one connection, `db`."""

    notes: Sequence[str] = ()

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self.db = db
        self.api: Any = DuckDBAPI(connection=db)

    @contextmanager
    def rows(self, name: str, table: pa.Table) -> Iterator[None]:
        """These rows under a name, without a copy of them."""
        self.db.register(name, table)
        yield
        self.db.unregister(name)

    def make(self, table: str, query: str) -> None:
        """Keep what a query finds."""
        self.db.execute(f"CREATE OR REPLACE TABLE {table} AS {query}")

    def drop(self, table: str) -> None:
        """Forget a table."""
        self.db.execute(f"DROP TABLE {table}")

    def read(self, query: str) -> pa.Table:
        """What a query finds."""
        return self.db.execute(query).to_arrow_table()

    def columns(self, table: str) -> list[str]:
        """The columns of a table, in order."""
        found = self.db.execute(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table]
        ).fetchall()
        return [name for (name,) in found]

    def said(self, condition: str) -> str:
        """The condition as it stands."""
        return condition

    def to_learn_from(self, held: Any, features: pa.Table) -> AbstractContextManager[Any]:
        """What is held, for it is held here."""
        return nullcontext(held)


@contextmanager
def on_duckdb() -> Iterator[DuckDBEngine]:
    """A database in memory that spills to a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="linking-") as folder:
        db = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": _MEMORY,
                "threads": os.cpu_count() or 1,
                "temp_directory": folder,
            },
        )
        try:
            yield DuckDBEngine(db)
        finally:
            db.close()
