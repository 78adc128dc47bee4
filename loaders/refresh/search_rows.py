"""What each class's search index holds of each person: only what that class's graph holds."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import duckdb

from graph.search.record import Identifier, SearchRecord, names_of

_BATCH = 5_000


def search_records(connection: duckdb.DuckDBPyConnection, titles: Mapping[str, str]) -> Iterator[SearchRecord]:
    """Every person of the class whose `seen` schema is built. `titles` names the sources on the page."""
    cursor = connection.cursor()
    cursor.execute(files("loaders.refresh").joinpath("sql", "search.sql").read_text(encoding="utf-8"))
    columns = [column[0] for column in cursor.description or ()]
    while batch := cursor.fetchmany(_BATCH):
        for values in batch:
            yield _record(dict(zip(columns, values, strict=True)), titles)


def _record(row: Mapping[str, Any], titles: Mapping[str, str]) -> SearchRecord:
    return SearchRecord(
        person_id=row["person_id"],
        names=names_of(
            row["forename"],
            row["surname"],
            middle_names=row["middle_names"],
            known_as=row["known_as"],
            other_names=row["other_names"],
        ),
        sex=row["sex"] or "",
        dob=row["dob"],
        postcodes=tuple(sorted(row["postcodes"] or ())),
        address_lines=tuple(sorted(row["lines"] or ())),
        ids=tuple(_identifiers(row, titles)),
        place=row["place"] or "",
    )


def _identifiers(row: Mapping[str, Any], titles: Mapping[str, str]) -> Iterator[Identifier]:
    for one in sorted(row["records"] or (), key=lambda record: (record["source"], record["value"])):
        yield Identifier(f"{titles.get(one['source'], one['source'])} ID", one["value"])
    yield from (Identifier("NHS number", value) for value in sorted(row["nhs_numbers"] or ()))
    yield from (Identifier("UPN", value) for value in sorted(row["upns"] or ()))
