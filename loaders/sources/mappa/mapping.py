"""MAPPA lists to standard rows: category, level of management, and who leads. What is feared of anybody is not read."""

from collections.abc import Iterator
from pathlib import Path

from loaders import plain
from loaders.clean.identifiers import is_placeholder
from loaders.clean.names import clean_name
from loaders.codes import code_table
from loaders.context import Context, Row, RowRejected, StandardRow, text
from loaders.involved import involvement
from loaders.workers import organisation, worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

_HERE = Path(__file__).parent
_CATEGORIES, _LEVELS = _HERE / "categories.csv", _HERE / "levels.csv"


def mappa_flag(row: Row, context: Context) -> Rows:
    """Somebody managed under MAPPA. The list carries names of its own, because a case reference joins nothing here."""
    record_id = row["crn"]
    category, level = _words(row, "category", _CATEGORIES), _words(row, "level", _LEVELS)
    days = context.span(row, "start_date", "end_date")
    pnc = None if is_placeholder(row["pnc_number"]) else context.pnc(row, "pnc_number")
    yield "person", plain.person(row, record_id, context) | {"pnc": pnc, "is_client": True}
    yield from plain.home(row, record_id, context)
    name, agency = clean_name(row["lead_contact"]), text(row["lead_agency"])
    worker_id, role = worker_key(name, agency), "MAPPA lead"
    meaning = {"service_id": "mappa", "kind": f"MAPPA {category}, {level}"}
    lead = {"role": role if name else None, "organisation": agency, "worker_id": worker_id}
    yield "involvement", involvement(record_id, record_id, meaning, days, context, **lead)
    yield from organisation(agency, context)
    said: StandardRow = {"name": name, "role": role, "organisation": agency}
    yield from worker(worker_id, said | {"phone": context.phone(row, "lead_phone")}, context)
    yield from _review(row, record_id, context)


def _words(row: Row, column: str, table: Path) -> str:
    listed = code_table(table).get(row[column].upper().removeprefix(column.upper()).strip())
    if listed is None:
        raise RowRejected(column, f"no {column} of MAPPA: see {table.name}")
    return listed["words"]


def _review(row: Row, record_id: str, context: Context) -> Rows:
    """The last review. One to come has not happened, so it is no event."""
    on = context.optional_date(row, "review_date")
    if on is not None and on <= context.as_at:
        event: StandardRow = {
            "row_id": record_id,
            "record_id": record_id,
            "service_id": "mappa",
            "kind": "MAPPA review",
        }
        yield "event", event | {"on": on, "tone": "neutral"}
