"""Who is shielded tonight. A restriction outlives refresh: it is never lost by a missing flag, a changed id or a new
record that fails to match (ContactPoint, March 2009), and only a person's decision lifts it.

Works on records and clusters; never on a graph. Errs towards shielding.
"""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from loaders.tables import columns
from loaders.unread import TRACES

MEMORY = columns(
    source=pa.string(),
    record_id=pa.string(),
    person_id=pa.string(),
    kind=pa.string(),
    forename=pa.string(),
    surname=pa.string(),
    dob=pa.date32(),
    nhs_number=pa.string(),
    upn=pa.string(),
)
"""What is remembered of each restricted record from build to build."""

MEMORY_FILE = "restricted.parquet"

_REMEMBERED = """
SELECT s.source, s.record_id, any_value(c.person_id) AS person_id, any_value(s.kind) AS kind,
       any_value(lower(strip_accents(p.forename))) AS forename, any_value(lower(strip_accents(p.surname))) AS surname,
       any_value(p.dob) AS dob, any_value(p.nhs_number) AS nhs_number, any_value(p.upn) AS upn
FROM restricted_seed s JOIN cluster c USING (source, record_id) JOIN std.person p USING (source, record_id)
GROUP BY s.source, s.record_id
UNION ALL
SELECT m.* FROM memory m ANTI JOIN std.person p USING (source, record_id)
ORDER BY source, record_id
"""


_EXPIRED = """
FROM memory_arrow UNION ALL
SELECT e.source, e.record_id, NULL, coalesce(e.restriction_kind, 'restricted'), lower(strip_accents(e.forename)),
       lower(strip_accents(e.surname)), e.dob, e.nhs_number, e.upn
FROM expired_arrow e ANTI JOIN memory_arrow USING (source, record_id)
"""


def mark_shielded(connection: duckdb.DuckDBPyConnection, memory: pa.Table, unread: pa.Table | None = None) -> None:
    """Fill the table `shielded(person_id)`.

    A person is shielded when any of their records is flagged now; was restricted in the build before (by record, by
    person id, or, where that record is gone, by identifier or by date of birth and a name); or may be a further record
    of a restricted person: a scored but unjoined match, or one caught by the net of `sql/restrictions.sql`, which
    compares names and dates of birth more loosely than linking may; or who may stand on a row that could not be loaded
    (`unread`, by loaders/unread.py). Only the first two are remembered.
    """
    connection.register("unread_arrow", TRACES.empty_table() if unread is None else unread)
    connection.execute("CREATE TABLE unread AS SELECT * FROM unread_arrow")
    connection.register("memory_arrow", memory)
    connection.execute("CREATE TABLE memory AS SELECT * FROM memory_arrow")
    connection.execute(files("loaders.refresh").joinpath("sql", "restrictions.sql").read_text(encoding="utf-8"))


def remembered(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """What the next build must remember of tonight's restricted records, and of those no longer supplied."""
    return connection.execute(_REMEMBERED).to_arrow_table().cast(MEMORY)


def recall(live_build: Path | None) -> pa.Table:
    """The memory of the live build; empty before the first publish."""
    file = live_build / MEMORY_FILE if live_build else None
    if file is None or not file.exists():
        return MEMORY.empty_table()
    return pq.read_table(file).cast(MEMORY)


def with_expired(memory: pa.Table, expired: Iterable[pa.Table]) -> pa.Table:
    """The memory with the person rows of restricted people whose source keeps them no longer (loaders/retention.py).
    What is remembered of a record already stays as it is: it knows who the person was.
    """
    with duckdb.connect() as connection:
        for people in expired:
            connection.register("memory_arrow", memory)
            connection.register("expired_arrow", people)
            memory = connection.execute(_EXPIRED).to_arrow_table().cast(MEMORY)
    return memory


def write_memory(folder: Path, memory: pa.Table) -> None:
    """Keep the memory with its build, for its owner only."""
    file = folder / MEMORY_FILE
    pq.write_table(memory, file)
    file.chmod(0o600)


def kinds(connection: duckdb.DuckDBPyConnection) -> Iterable[tuple[str, int]]:
    """How many records are restricted, by the flag that says so."""
    return connection.execute("SELECT kind, count(*) FROM restricted_seed GROUP BY kind ORDER BY kind").fetchall()
