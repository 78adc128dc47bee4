"""Connexions-type extracts to standard rows: young people, their advisers, and what they do.

Why somebody is not available to the labour market (illness, pregnancy, caring) is coded, and folded to one phrase.
"""

from collections.abc import Iterator
from pathlib import Path

from loaders import plain
from loaders.clean.names import clean_name
from loaders.codes import placed
from loaders.context import Context, Row, StandardRow, text
from loaders.involved import involvement
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
    meaning, days = placed(_KINDS, row, "kind"), context.span(row, "start", "end")
    name, team = clean_name(row["adviser"]), text(row["adviser_team"])
    worker_id = worker_key(name, team)
    who: StandardRow = {"role": meaning["role"], "team": team}
    more: StandardRow = {"end_reason": text(row["end_reason"]), "worker_id": worker_id}
    yield "involvement", involvement(row["intervention_id"], row["client_id"], meaning, days, context, **who, **more)
    said: StandardRow = {
        "name": name,
        **who,
        "phone": context.phone(row, "adviser_phone"),
        "email": text(row["adviser_email"]),
    }
    yield from worker(worker_id, said, context)


def destinations(row: Row, context: Context) -> Rows:
    """A time out of education, employment and training, or one of which nobody knows. All else tells nothing here."""
    context.known(row["client_id"], "client_id")
    meaning = placed(_ACTIVITIES, row, "activity")
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
