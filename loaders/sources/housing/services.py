"""Spells of help by the housing service, with the officer: support, and the duty owed to who came as homeless."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from loaders.clean.names import clean_name
from loaders.codes import placed
from loaders.context import Context, Row, StandardRow
from loaders.involved import involvement
from loaders.workers import worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

_DUTIES = Path(__file__).with_name("homelessness_duties.csv")
_SUPPORT = Path(__file__).with_name("support_types.csv")


def housing_support(row: Row, context: Context) -> Rows:
    """A spell of housing support. A type nobody knows is put aside: it might be a sensitive service."""
    context.known(row["person_ref"], "person_ref")
    meaning = placed(_SUPPORT, row, "support_type")
    days = context.span(row, "start", "end")
    yield from _spell(f"{context.file}:{context.line}", row, meaning, days, context)


def homelessness(row: Row, context: Context) -> Rows:
    """Somebody came as homeless: the day, as an event, and the duty owed since, as an involvement."""
    context.known(row["person_ref"], "person_ref")
    meaning = placed(_DUTIES, row, "duty")
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
    role = "Housing officer" if worker_id else None
    yield (
        "involvement",
        involvement(row_id, row["person_ref"], meaning, days, context, role=role, worker_id=worker_id),
    )
    if listed is None:
        yield from worker(worker_id, {"name": name, "role": "Housing officer"}, context)
