"""Spark as the engine of linking, for lists whose pairs outgrow one machine. Needs PySpark and Java: the extra `spark`.

Pairs are found, compared and scored there; what is clustered comes back to this process. Only this module speaks to
Spark, and it is imported only where Spark is asked for.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pyarrow as pa

from graph.errors import EngineDown, UsageError
from graph.settings import load_settings
from loaders.linkage.engine import Engine, hold
from loaders.linkage.on_duckdb import on_duckdb
from loaders.linkage.spark_words import in_spark

_HERE = "local"  # how the name of a master begins that is this machine
_MISSING = (
    "`--engine spark` needs PySpark and Java 17 or later, and {what} is not here. `.ci/setup spark` installs both; run"
    " .venv-spark/bin/flask then. Without the option the list is linked on this machine."
)
_GAVE_UP = (
    "Spark gave up: {why}. Look at its log, at FNX_SPARK, and whether Java is 17 or later and memory enough"
    " (spark.driver.memory, spark.executor.memory in spark-defaults.conf). Nothing was written."
)


class _Spark:
    """The Engine on one session."""

    notes: Sequence[str] = (
        "names were compared by Spark's own Jaro-Winkler similarity, which differs slightly from DuckDB's: two names at"
        " a threshold may stand at another level",
    )

    def __init__(self, session: Any) -> None:
        self._session = session
        self._made: set[str] = set()
        speaking: Any = import_module("splink.backends.spark")  # untyped
        self.api: Any = speaking.SparkAPI(spark_session=session, break_lineage_method="persist")

    @contextmanager
    def rows(self, name: str, table: pa.Table) -> Iterator[None]:
        """These rows under a name."""
        self._session.createDataFrame(table).createOrReplaceTempView(name)
        yield
        self.drop(name)

    def make(self, table: str, query: str) -> None:
        """Keep what a query finds, there and then: plans that grew from table to table would outgrow this process."""
        self._session.sql(in_spark(query)).localCheckpoint().createOrReplaceTempView(table)
        self._made.add(table)

    def drop(self, table: str) -> None:
        """Forget a table."""
        self._session.sql(f"DROP VIEW {table}")
        self._made.discard(table)

    def read(self, query: str) -> pa.Table:
        """What a query finds, in this process."""
        found: pa.Table = self._session.sql(in_spark(query)).toArrow()
        return found

    def columns(self, table: str) -> list[str]:
        """The columns of a table, in order."""
        return list(self._session.table(table).columns) if table in self._made else []

    def said(self, condition: str) -> str:
        """The condition in Spark's words."""
        return in_spark(condition)

    @contextmanager
    def to_learn_from(self, held: Any, features: pa.Table) -> Iterator[Any]:
        """The features in a DuckDB beside: learning looks at a few million pairs however long the list is."""
        with on_duckdb() as beside:
            yield hold(beside, features)


@contextmanager
def on_spark() -> Iterator[Engine]:
    """A session on the master that FNX_SPARK names, which ends with the job.

    Raises UsageError where PySpark or Java is missing, EngineDown where Spark gives up.
    """
    _refuse_without()
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from splink.internals.exceptions import SplinkException

    with tempfile.TemporaryDirectory(prefix="linking-") as folder:
        session = None
        try:
            session = _session(load_settings().spark, folder)
            yield _Spark(session)
        except (PySparkException, Py4JError, SplinkException) as error:
            raise EngineDown(_GAVE_UP.format(why=_condition(error))) from None
        finally:
            if session is not None:
                session.stop()


def _refuse_without() -> None:
    if find_spec("pyspark") is None:
        raise UsageError(_MISSING.format(what="PySpark"))
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=f"{home}/bin" if home else None) is None:
        raise UsageError(_MISSING.format(what="Java"))


def _session(master: str, folder: str) -> Any:
    from pyspark.sql import SparkSession
    from splink.backends.spark import similarity_jar_location

    options = {
        "spark.jars": similarity_jar_location(),
        "spark.ui.enabled": "false",  # its pages show rows of people to whoever asks
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.constraintPropagation.enabled": "false",  # grows beyond bounds with conditions as long as ours
        "spark.sql.maxPlanStringLength": "10000",
        "spark.sql.warehouse.dir": folder,
    }
    if master.startswith(_HERE):
        options |= {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.local.dir": folder,
            "spark.sql.shuffle.partitions": str(4 * (os.cpu_count() or 1)),
        }
    builder = SparkSession.builder.master(master).appName("flask link")
    return builder.config(map=options).getOrCreate()


def _condition(error: Exception) -> str:
    """The name of what went wrong. Its text is not repeated: it may hold what stands in a record."""
    cause = error.__cause__ or error
    condition = cause.getCondition() if hasattr(cause, "getCondition") else None
    return str(condition or type(cause).__name__)
