"""Home Office extracts to standard rows: people, who depends on whom, and that there is a case. Never the claim.

The source is gated, and kept to the sensitive and shield classes as a whole (source.toml).
"""

from collections.abc import Iterator
from pathlib import Path

from loaders import plain
from loaders.clean.kinship import read_kin
from loaders.clean.names import clean_name
from loaders.codes import code_table
from loaders.context import Context, Row, RowRejected, StandardRow, text
from loaders.relate import Statement, open_or_closed, relationship
from loaders.workers import organisation, worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

_TYPES = Path(__file__).with_name("case_types.csv")


def people(row: Row, context: Context) -> Rows:
    """An applicant or a dependant, and their address."""
    yield "person", plain.person(row, row["ho_ref"], context)
    yield from plain.home(row, row["ho_ref"], context)


def dependants(row: Row, context: Context) -> Rows:
    """The dependant is the `relationship` of the main applicant."""
    kin = read_kin(row["relationship"])
    if kin.code == "UNKNOWN":
        context.note("relationships loaded as UNKNOWN: their word is none of the kinship table")
    statement = Statement(
        row_id=f"{row['main_ref']}-{row['dependant_ref']}",
        left=row["dependant_ref"],
        code=kin.code,
        right=row["main_ref"],
        left_column="dependant_ref",
        right_column="main_ref",
        source_code=text(row["relationship"]),
        source_label=text(row["relationship"]),
        left_sex=kin.sex,
        code_column="relationship",
    )
    yield "relationship", relationship(statement, context) | {"restricted": False}


def cases(row: Row, context: Context) -> Rows:
    """A case: its kind, its days and whom to ask."""
    context.known(row["ho_ref"], "ho_ref")
    meaning = code_table(_TYPES).get(" ".join(row["case_type"].upper().split()))
    if meaning is None:
        raise RowRejected("case_type", "no meaning is known for this type: add it to case_types.csv")
    start, end = context.span(row, "start", "end")
    name, team = clean_name(row["contact"]), text(row["team"])
    worker_id = worker_key(name, team)
    standard: StandardRow = {
        "row_id": row["case_ref"],
        "record_id": row["ho_ref"],
        "service_id": "immigration",
        "kind": meaning["kind"],
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
        "team": team,
        "role": "Caseworker" if worker_id else None,
        "lead_professional": False,
        "organisation": "Home Office",
        "worker_id": worker_id,
        "allocated": False,
    }
    yield "involvement", standard
    yield from organisation("Home Office", context, "government department")
    said: StandardRow = {"name": name, "role": "Caseworker", "team": team, "organisation": "Home Office"}
    yield from worker(worker_id, said, context)
