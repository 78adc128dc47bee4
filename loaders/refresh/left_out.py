"""What a refresh could put into no graph, counted: nothing of an extract vanishes without a word. Never a value."""

import duckdb

from loaders.findings import Note

_ABOUT = {
    **{
        f"SELECT source FROM std.{table} ANTI JOIN service USING (service_id)": (
            f"rows of {table} about a service that no source declares: declare it in a source.toml"
        )
        for table in ("involvement", "plan", "event", "place_fact")
    },
    **{
        f"SELECT source FROM std.{table} ANTI JOIN cluster USING (source, record_id)": (
            f"rows of {table} about people whom the source does not list"
        )
        for table in ("address", "involvement", "plan", "event", "exclusion")
    },
    """SELECT r.source FROM std.relationship r
       LEFT JOIN cluster a ON a.source = r.source AND a.record_id = r.from_record
       LEFT JOIN cluster b ON b.source = r.source AND b.record_id = r.to_record
       LEFT JOIN code ON code.code = r.code
       WHERE a.person_id IS NULL OR b.person_id IS NULL OR code.code IS NULL
    """: "relationships to people whom the source does not list, or of a code that is not in the vocabulary",
    """SELECT source FROM "full".place_fact
       WHERE (uprn_id IN (SELECT uprn_id FROM "full".residence)) IS NOT TRUE
         AND (text_id IN (SELECT text_id FROM "full".residence)) IS NOT TRUE
    """: "facts about places where nobody is known to have lived",
    "SELECT source FROM std.exclusion WHERE coalesce(trim(viewer), '') = ''": "exclusions that name no viewer",
}
"""Each kind of row that no graph can hold: a query for their sources, and what to say of them."""


def left_out(connection: duckdb.DuckDBPyConnection) -> list[Note]:
    """Rows of the standard tables that no class's graph can hold, counted by source."""
    return [
        Note(source, "", f"{words}: in no graph", count)
        for query, words in _ABOUT.items()
        for source, count in connection.execute(
            f"SELECT source, count(*) FROM ({query}) GROUP BY source ORDER BY source"
        ).fetchall()
    ]
