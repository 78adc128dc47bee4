"""Whom a source says one named viewer may not see: `exclusions.json` of a build, for its owner only.

An exclusion is of the whole person, and of anybody who may be a further record of them. Nothing is decided here of who
a viewer is: the web compares the name.
"""

from pathlib import Path
from typing import Any

import duckdb

from graph.home import write_json

EXCLUSIONS_FILE = "exclusions.json"

_EXCLUDED = """
WITH said AS (
    SELECT lower(trim(viewer)) AS viewer, source, record_id, until FROM std.exclusion WHERE trim(viewer) <> ''
), near AS (
    FROM said
    UNION ALL
    SELECT viewer, source_r, record_id_r, until FROM said JOIN pair ON source = source_l AND record_id = record_id_l
    UNION ALL
    SELECT viewer, source_l, record_id_l, until FROM said JOIN pair ON source = source_r AND record_id = record_id_r
)
SELECT viewer, person_id, CASE WHEN bool_and(until IS NOT NULL) THEN max(until) END AS until
FROM near JOIN cluster USING (source, record_id)
GROUP BY viewer, person_id
ORDER BY viewer, person_id
"""


def exclusions(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Viewer in small letters, person and last day (None: no end), in that order.

    The person is the one of the record excluded, and also whoever has a record that linking scored against it and did
    not join. Of several exclusions the one that lasts longest holds.
    """
    rows = connection.execute(_EXCLUDED).fetchall()
    return [
        {"viewer": viewer, "person_id": person, "until": until.isoformat() if until else None}
        for viewer, person, until in rows
    ]


def write_exclusions(folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Keep the exclusions with their build; a build without any has an empty list."""
    write_json(folder / EXCLUSIONS_FILE, exclusions(connection))
