"""What linking asks of the database it runs its SQL on. Two can be asked: on_duckdb.py and on_spark.py.

The SQL of linkage stands once, as DuckDB reads it; an engine of another dialect says it in its own words. Nothing here
runs a query, and nothing outside the two engines knows which of them it speaks to.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Protocol

import pyarrow as pa

from loaders.linkage.settings import Comparison


class Engine(Protocol):
    """A database open for one linking job, that spills to a folder of its own and is gone afterwards.

    `api` is Splink's way to it; `notes` are what readers of the result should know of it.
    """

    api: Any
    notes: Sequence[str]

    def rows(self, name: str, table: pa.Table) -> AbstractContextManager[None]:
        """These rows under a name, for as long as the block lasts."""
        ...

    def make(self, table: str, query: str) -> None:
        """Keep what a query finds as a table, instead of one of that name."""
        ...

    def drop(self, table: str) -> None:
        """Forget a table."""
        ...

    def read(self, query: str) -> pa.Table:
        """What a query finds."""
        ...

    def columns(self, table: str) -> list[str]:
        """The columns of a table, in order; none where there is no such table."""
        ...

    def said(self, condition: str) -> str:
        """A condition in the engine's own words, for Splink, which speaks to the engine itself."""
        ...

    def to_learn_from(self, held: Any, features: pa.Table) -> AbstractContextManager[Any]:
        """The features as Splink takes them to learn m and u; `held` is what `hold` gave.

        Splink samples by the hash of the engine it learns on: only what is learnt on one of them is the same for both.
        """
        ...


Opened = Callable[[], AbstractContextManager[Engine]]


def hold(engine: Engine, features: pa.Table) -> Any:
    """Make the table `features`; returns it as Splink takes it."""
    with engine.rows("feature_rows", features):
        engine.make("features", "SELECT * FROM feature_rows ORDER BY uid")
    return engine.api.register("features", dataset_display_name="people")


def rows_in(engine: Engine, table: str) -> int:
    """How many rows a table has."""
    return int(engine.read(f"SELECT count(*) AS count FROM {table}")["count"][0].as_py() or 0)


def in_words_of(engine: Engine, comparisons: Iterable[Comparison]) -> list[Comparison]:
    """The comparisons as the engine reads them."""
    return [
        replace(
            each,
            missing=engine.said(each.missing),
            levels=[
                level if level.sql == "ELSE" else replace(level, sql=engine.said(level.sql)) for level in each.levels
            ],
        )
        for each in comparisons
    ]
