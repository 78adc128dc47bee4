"""LAS extracts to standard rows: adults, their care and carers. Its layout is our assumption, modelled on what Family
Context shows of adult social care; a mental health team is a sensitive service.
"""

from collections.abc import Iterator
from pathlib import Path

from loaders import plain
from loaders.clean.names import clean_name
from loaders.codes import placed
from loaders.context import NO_KEY, Context, Row, StandardRow, text
from loaders.plans import Made, needs, plan
from loaders.relate import open_or_closed
from loaders.stated import relationships
from loaders.workers import worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

_SERVICES = Path(__file__).with_name("services.csv")
_PLANS = Path(__file__).with_name("plan_types.csv")


def people(row: Row, context: Context) -> Rows:
    """An adult known to adult social care, or somebody who cares for one."""
    yield from plain.client(row, row["person_id"], context, plain.said_secure(row, context, "secure"))


def adults_involvements(row: Row, context: Context) -> Rows:
    """A team's involvement with an adult. A service nobody knows is put aside: it might be a sensitive one."""
    context.known(row["person_id"], "person_id")
    unknown = "no service is known for this name: add it to services.csv or the column map"
    meaning = placed(_SERVICES, row, "service_name", unknown)
    start, end = context.span(row, "involvement_start", "involvement_end")
    name, team = clean_name(row["worker_name"]), text(row["worker_team"])
    worker_id = worker_key(name, team) if row["worker_id"] in NO_KEY else row["worker_id"]
    role = text(row["worker_role"]) or (meaning["role"] if worker_id else None)
    standard: StandardRow = {
        "row_id": context.source_row,
        "record_id": row["person_id"],
        "service_id": meaning["service_id"],
        "kind": meaning["kind"],
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
        "end_reason": text(row["end_reason"]),
        "team": team,
        "role": role,
        "lead_professional": False,
        "worker_id": worker_id,
        "allocated": False,
        "updated_on": context.past_date(row, "last_contact_date"),
    }
    yield "involvement", standard
    said: StandardRow = {
        "name": name,
        "role": role,
        "team": team,
        "phone": context.phone(row, "worker_phone"),
        "email": text(row["worker_email"]),
    }
    yield from worker(worker_id, said, context)


def care_plans(row: Row, context: Context) -> Rows:
    """A care and support plan, a carer's plan, or an assessment under the Care Act."""
    context.known(row["person_id"], "person_id")
    unknown = "no kind of plan is known for this name: add it to plan_types.csv"
    meaning = placed(_PLANS, row, "plan_type", unknown)
    start, end = context.span(row, "start_date", "end_date")
    made = Made(
        row_id=row["plan_id"],
        record_id=row["person_id"],
        service_id="adult_social_care",
        kind=meaning["kind"],
        start=start,
        end=end,
        needs=needs(context, row, "primary_support_reason", "needs"),
        author=clean_name(row["author_name"]),
        author_email=text(row["author_email"]),
        updated_on=context.past_date(row, "updated_on"),
    )
    yield "plan", plan(made, context.as_at)


__all__ = ["adults_involvements", "care_plans", "people", "relationships"]
