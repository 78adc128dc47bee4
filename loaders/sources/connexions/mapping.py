"""Connexions-type extracts to standard rows: young people, their advisers, and what they do.

Why somebody is not available to the labour market (illness, pregnancy, caring) is coded, and folded to one phrase.
"""

from collections.abc import Iterator
from pathlib import Path

from loaders import plain
from loaders.clean.names import clean_name
from loaders.codes import code_table
from loaders.context import Context, Row, RowRejected, StandardRow, text
from loaders.relate import open_or_closed
from loaders.workers import worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

_KINDS = Path(__file__).with_name("kinds.csv")
_ACTIVITIES = Path(__file__).with_name("activities.csv")


def clients(row: Row, context: Context) -> Rows:
    """A young person, and their address."""
    standard = plain.person(row, row["client_id"], context)
    numbers: StandardRow = {"upn": context.upn(row, "upn"), "uln": context.uln(row, "uln"), "is_client": True}
    yield "person", standard | numbers
    yield from plain.home(row, row["client_id"], context)


def advisers(row: Row, context: Context) -> Rows:
    """An adviser's work with a young person."""
    context.known(row["client_id"], "client_id")
    meaning = code_table(_KINDS).get(" ".join(row["kind"].upper().split()))
    if meaning is None:
        raise RowRejected("kind", "no meaning is known for this kind: add it to kinds.csv")
    start, end = context.span(row, "start", "end")
    name, team = clean_name(row["adviser"]), text(row["adviser_team"])
    worker_id = worker_key(name, team)
    standard: StandardRow = {
        "row_id": row["intervention_id"],
        "record_id": row["client_id"],
        "service_id": "neet",
        "kind": meaning["kind"],
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
        "end_reason": text(row["end_reason"]),
        "team": team,
        "role": meaning["role"],
        "lead_professional": False,
        "worker_id": worker_id,
        "allocated": False,
    }
    yield "involvement", standard
    said: StandardRow = {
        "name": name,
        "role": meaning["role"],
        "team": team,
        "phone": context.phone(row, "adviser_phone"),
        "email": text(row["adviser_email"]),
    }
    yield from worker(worker_id, said, context)


def destinations(row: Row, context: Context) -> Rows:
    """A time out of education, employment and training, or one of which nobody knows. All else tells nothing here."""
    context.known(row["client_id"], "client_id")
    meaning = code_table(_ACTIVITIES).get(row["activity"].upper())
    if meaning is None:
        raise RowRejected("activity", "no meaning is known for this activity: add it to activities.csv")
    on, until = context.span(row, "start", "end")
    if not meaning["event"]:
        context.note("destinations in education, employment or training: not told")
        return
    standard: StandardRow = {
        "row_id": context.source_row,
        "record_id": row["client_id"],
        "service_id": "neet",
        "kind": meaning["event"],
        "on": on,
        "until": until,
        "detail": meaning["words"],
        "tone": meaning["tone"],
    }
    yield "event", standard
