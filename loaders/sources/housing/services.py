"""Spells of help by the housing service, with the officer: support, and the duty owed to who came as homeless."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from loaders.clean.names import clean_name
from loaders.codes import code_table
from loaders.context import Context, Row, RowRejected, StandardRow
from loaders.relate import open_or_closed
from loaders.workers import worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

_DUTIES = Path(__file__).with_name("homelessness_duties.csv")
_SUPPORT = Path(__file__).with_name("support_types.csv")


def housing_support(row: Row, context: Context) -> Rows:
    """A spell of housing support. A type nobody knows is put aside: it might be a sensitive service."""
    context.known(row["person_ref"], "person_ref")
    meaning = code_table(_SUPPORT).get(row["support_type"].upper())
    if meaning is None:
        raise RowRejected("support_type", "no service is known for this type: add it to support_types.csv")
    days = context.span(row, "start", "end")
    yield from _spell(f"{context.file}:{context.line}", row, meaning, days, context)


def homelessness(row: Row, context: Context) -> Rows:
    """Somebody came as homeless: the day, as an event, and the duty owed since, as an involvement."""
    context.known(row["person_ref"], "person_ref")
    meaning = code_table(_DUTIES).get(row["duty"].upper())
    if meaning is None:
        raise RowRejected("duty", "no meaning is known for this duty: add it to homelessness_duties.csv")
    days = context.span(row, "presented_on", "closed_on")
    event: StandardRow = {
        "row_id": row["presentation_ref"],
        "record_id": row["person_ref"],
        "service_id": "homelessness",
        "kind": "homelessness presentation",
        "on": days[0],
        "until": days[1],
        "detail": meaning["kind"],
        "tone": "concern",
    }
    yield "event", event
    if meaning["service_id"]:
        yield from _spell(row["presentation_ref"], row, meaning, days, context)


def _spell(
    row_id: str,
    row: Row,
    meaning: Mapping[str, str],
    days: tuple[date | None, date | None],
    context: Context,
) -> Rows:
    """The involvement, and an officer whom the people's file does not list."""
    officer = " ".join(row["officer"].split())
    name, listed = clean_name(officer), context.shelves["officers"].get(officer.casefold())
    worker_id = listed or worker_key(name, "housing")
    standard: StandardRow = {
        "row_id": row_id,
        "record_id": row["person_ref"],
        "service_id": meaning["service_id"],
        "kind": meaning["kind"],
        "status": open_or_closed(days[1], context.as_at),
        "start": days[0],
        "end": days[1],
        "role": "Housing officer" if worker_id else None,
        "lead_professional": False,
        "worker_id": worker_id,
        "allocated": False,
    }
    yield "involvement", standard
    if listed is None:
        yield from worker(worker_id, {"name": name, "role": "Housing officer"}, context)
