"""Mosaic's workers, their teams, and their involvements with people.

A worker's role and team stand on the worker, or apart in dm_worker_roles and dm_organisations.
"""

from collections.abc import Iterator
from pathlib import Path

from loaders.clean.names import clean_name
from loaders.codes import placed
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, text
from loaders.relate import open_or_closed
from loaders.workers import organisation

Rows = Iterator[tuple[str, StandardRow]]

_TYPES = Path(__file__).with_name("involvement_types.csv")
_ALLOCATED = frozenset({"REL.ALLWORK", "ALLWKR"})


def dm_organisations(row: Row, context: Context) -> Rows:
    """A team or other organisation, kept for the workers' roles."""
    if row["ORGANISATION_ID"] in NO_KEY:
        raise RowRejected("ORGANISATION_ID", "no id")
    context.shelves["teams"][row["ORGANISATION_ID"]] = text(row["NAME"])
    yield from ()


def dm_worker_roles(row: Row, context: Context) -> Rows:
    """What a worker is and in which team: the role that began last, among those that have not ended."""
    worker = row["WORKER_ID"]
    if worker in NO_KEY:
        raise RowRejected("WORKER_ID", "no worker id")
    start, end = context.span(row, "START_DATE", "END_DATE")
    earlier = context.shelves["roles"].get(worker)
    ended = end is not None and end <= context.as_at
    if not ended and (earlier is None or str(start or "") >= earlier["start"]):
        team = context.shelves["teams"].get(row["ORGANISATION_ID"])
        context.shelves["roles"][worker] = {"role": text(row["ROLE_CODE"]), "team": team, "start": str(start or "")}
    yield from ()


def dm_workers(row: Row, context: Context) -> Rows:
    """A worker, and the organisation they name."""
    worker_id = row["WORKER_ID"]
    named, elsewhere = text(row["ORGANISATION"]), context.shelves["roles"].get(worker_id, {})
    worker: StandardRow = {
        "worker_id": worker_id,
        "name": clean_name(row["FULL_NAME"]),
        "role": text(row["ROLE"]) or elsewhere.get("role"),
        "team": text(row["TEAM"]) or elsewhere.get("team"),
        "organisation": named,
        "phone": context.phone(row, "TELEPHONE"),
        "email": text(row["EMAIL"]),
    }
    context.shelves["workers"][worker_id] = worker
    yield "practitioner", worker
    yield from organisation(named, context)


def dm_prof_relationships(row: Row, context: Context) -> Rows:
    """A worker's involvement with a person."""
    context.known(row["PERSON_ID"], "PERSON_ID")
    unknown = "no service is known for this type: add it to involvement_types.csv"
    meaning = placed(_TYPES, row, "PROF_REL_TYPE_CODE", unknown)
    start, end = context.span(row, "START_DATE", "END_DATE")
    worker_id = None if row["WORKER_ID"] in NO_KEY else row["WORKER_ID"]
    worker = context.shelves["workers"].get(worker_id or "", {})
    allocated = meaning["code"] in _ALLOCATED
    standard: StandardRow = {
        "row_id": row["PROF_RELATIONSHIP_ID"],
        "record_id": row["PERSON_ID"],
        "service_id": meaning["service_id"],
        "kind": meaning["kind"],
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
        "end_reason": text(row["END_DATE_REASON"]),
        "team": worker.get("team"),
        "role": worker.get("role") or meaning["role"],
        "lead_professional": allocated,
        "organisation": worker.get("organisation"),
        "worker_id": worker_id,
        "allocated": allocated,
        "updated_on": context.past_date(row, "UPDATED_ON"),
    }
    yield "involvement", standard
