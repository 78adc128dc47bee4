"""Home Office extracts to standard rows: people, who depends on whom, and that there is a case. Never the claim.

The source is gated, and kept to the sensitive and shield classes as a whole (source.toml).
"""

from collections.abc import Iterator
from pathlib import Path

from loaders import plain
from loaders.clean.kinship import read_kin
from loaders.clean.names import clean_name
from loaders.codes import placed
from loaders.context import Context, Row, StandardRow, text
from loaders.involved import involvement
from loaders.relate import Statement, relationship
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
    meaning, days = placed(_TYPES, row, "case_type"), context.span(row, "start", "end")
    name, team = clean_name(row["contact"]), text(row["team"])
    worker_id = worker_key(name, team)
    where: StandardRow = {"team": team, "organisation": "Home Office"}
    role = "Caseworker" if worker_id else None
    yield (
        "involvement",
        involvement(row["case_ref"], row["ho_ref"], meaning, days, context, role=role, worker_id=worker_id, **where),
    )
    yield from organisation("Home Office", context, "government department")
    yield from worker(worker_id, {"name": name, "role": role, **where}, context)
