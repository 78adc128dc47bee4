"""Mosaic's plans with their coded needs, child protection registrations, legal statuses and placements.

A placement the source hides, by its own flag or by the address it stands at, never reaches a plan.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loaders import looked_after
from loaders.codes import placed
from loaders.context import NO_KEY, Context, Row, StandardRow, flag
from loaders.plans import Made, legal_status, needs, placement, plan

Rows = Iterator[tuple[str, StandardRow]]

_TYPES = Path(__file__).with_name("plan_types.csv")


def dm_legal_statuses(row: Row, context: Context) -> Rows:
    """A legal status, kept for the plan it belongs to."""
    context.known(row["PERSON_ID"], "PERSON_ID")
    span = context.span(row, "START_DATE", "END_DATE")
    status = legal_status(context, row, "LEGAL_STATUS")
    looked_after.add_status(context, row["PERSON_ID"], row["LEGAL_STATUS_ID"], status, span)
    yield from ()


def dm_placements(row: Row, context: Context) -> Rows:
    """A placement, kept for the plan it belongs to. One of a hidden place has no words, and hides who fosters there."""
    person = row["PERSON_ID"]
    context.known(person, "PERSON_ID")
    span = context.span(row, "START_DATE", "END_DATE")
    hidden = person in context.shelves["hidden placements"] or ("HIDDEN" in row and flag(row["HIDDEN"]) is not False)
    if hidden:
        context.note("placements the source hides: their kind is not shown")
        context.shelves["hidden placements"][person] = True
    kind = None if hidden else placement(context, row, "PLACEMENT_TYPE")
    looked_after.add_placement(context, person, row["PLACEMENT_ID"], kind, span)
    yield from ()


def dm_plans(row: Row, context: Context) -> Rows:
    """A plan or assessment."""
    context.known(row["PERSON_ID"], "PERSON_ID")
    unknown = "no kind of plan is known for this type: add it to plan_types.csv"
    meaning = placed(_TYPES, row, "PLAN_TYPE_CODE", unknown)
    start, end = context.span(row, "START_DATE", "END_DATE")
    author = _author(row, context)
    made = Made(
        row_id=row["PLAN_ID"],
        record_id=row["PERSON_ID"],
        service_id=meaning["service_id"],
        kind=meaning["kind"],
        start=start,
        end=end,
        needs=needs(context, row, "NEED_CODES"),
        author=author.get("name"),
        author_email=author.get("email"),
        updated_on=context.past_date(row, "UPDATED_ON"),
    )
    yield "plan", plan(made, context.as_at) | looked_after.in_care(context, made)


def dm_registrations(row: Row, context: Context) -> Rows:
    """A child protection plan: Mosaic calls it a registration. Other registrations are left out."""
    context.known(row["PERSON_ID"], "PERSON_ID")
    if not (flag(row["IS_CHILD_PROTECTION_PLAN"]) or flag(row["IS_TEMPORARY_CHILD_PROTECTION"])):
        context.note("registrations that are no child protection plan: left out")
        return
    start, end = context.span(row, "START_DATE", "END_DATE")
    author = _author(row, context)
    made = Made(
        row_id=f"registration-{row['REGISTRATION_ID']}",
        record_id=row["PERSON_ID"],
        service_id="csc",
        kind="child protection",
        start=start,
        end=end,
        needs=needs(context, row, "CATEGORY"),
        author=author.get("name"),
        author_email=author.get("email"),
        updated_on=context.past_date(row, "UPDATED_ON"),
    )
    yield "plan", plan(made, context.as_at)


def _author(row: Row, context: Context) -> dict[str, Any]:
    """The worker a plan names; nothing where the id is none or nobody's."""
    found: dict[str, Any] = context.shelves["workers"].get(row["WORKER_ID"], {})
    if not found and row["WORKER_ID"] not in NO_KEY:
        context.note("plans by a worker who is not in dm_workers: shown without an author")
    return found
