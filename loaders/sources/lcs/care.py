"""LCS plans, assessments, legal statuses, placements and missing episodes.

A placement whose address, name or information the source hides has no kind here, whatever its code says.
"""

from collections.abc import Iterator
from pathlib import Path

from loaders import looked_after
from loaders.clean.names import clean_name
from loaders.codes import placed
from loaders.context import Context, Row, RowRejected, StandardRow, flag, text
from loaders.missing import detail
from loaders.plans import Made, legal_status, needs, placement, plan

Rows = Iterator[tuple[str, StandardRow]]

_TYPES = Path(__file__).with_name("plan_types.csv")
_HIDES = ("HideInfo", "HideName", "HideAddress", "HideRelChild")
_CANCELLED = "Z"
"""Status of a plan that was never made (left out by the Standard Safeguarding Dataset scripts as well)."""


def fact_cla_placement(row: Row, context: Context) -> Rows:
    """A placement, kept for the plan it belongs to. One of a hidden place also hides who fosters there."""
    person = row["DIM_PERSON_ID"]
    context.known(person, "DIM_PERSON_ID")
    start, end = context.span(row, "START_DTTM", "END_DTTM")
    said_hidden = any(flag(row[column]) is not False for column in _HIDES if column in row)
    if said_hidden or person in context.shelves["hides addresses"]:
        context.note("placements the source hides: their kind is not shown")
        context.shelves["hidden places"][person] = True
        kind = None
    else:
        kind = placement(context, row, "DIM_LOOKUP_PLACEMENT_TYPE_CODE")
    looked_after.add_placement(context, person, row["FACT_CLA_PLACEMENT_ID"], kind, (start, end))
    yield from ()


def fact_legal_status(row: Row, context: Context) -> Rows:
    """A legal status, kept for the plan it belongs to."""
    person = row["DIM_PERSON_ID"]
    context.known(person, "DIM_PERSON_ID")
    span = context.span(row, "START_DTTM", "END_DTTM")
    described = legal_status(context, row, "DIM_LOOKUP_LGL_STATUS_DESC")
    status = described or legal_status(context, row, "DIM_LOOKUP_LGL_STATUS_CODE")
    looked_after.add_status(context, person, row["FACT_LEGAL_STATUS_ID"], status, span)
    yield from ()


def fact_care_plans(row: Row, context: Context) -> Rows:
    """A child in need, care or pathway plan, with the legal status and placement that held last."""
    context.known(row["DIM_PERSON_ID"], "DIM_PERSON_ID")
    if row["DIM_LOOKUP_PLAN_STATUS_CODE"].upper() == _CANCELLED:
        context.note("plans that were cancelled: left out")
        return
    unknown = "no kind of plan is known for this type: add it to plan_types.csv"
    meaning = placed(_TYPES, row, "DIM_LOOKUP_PLAN_TYPE_CODE", unknown)
    start, end = context.span(row, "START_DTTM", "END_DTTM")
    author = context.shelves["staff"].get(row["DIM_WORKER_ID"], {})
    made = Made(
        row_id=f"plan-{row['FACT_CARE_PLAN_ID']}",
        record_id=row["DIM_PERSON_ID"],
        service_id=meaning["service_id"],
        kind=meaning["kind"],
        start=start,
        end=end,
        needs=needs(context, row, "NEED_CODES"),
        author=author.get("name"),
        author_email=author.get("email"),
        updated_on=context.past_date(row, "UPDATED_DTTM"),
    )
    yield "plan", plan(made, context.as_at) | looked_after.in_care(context, made)


def fact_cp_plan(row: Row, context: Context) -> Rows:
    """A child protection plan; its category of abuse, the latest one, is its need."""
    context.known(row["DIM_PERSON_ID"], "DIM_PERSON_ID")
    start, end = context.span(row, "START_DTTM", "END_DTTM")
    author = context.shelves["staff"].get(row["DIM_WORKER_ID"], {})
    latest = "CP_CATEGORY_DESC" if row["CP_CATEGORY_DESC"] else "INIT_CATEGORY_DESC"
    made = Made(
        row_id=f"protection-{row['FACT_CP_PLAN_ID']}",
        record_id=row["DIM_PERSON_ID"],
        service_id="csc",
        kind="child protection",
        start=start,
        end=end,
        needs=needs(context, row, latest),
        author=author.get("name"),
        author_email=author.get("email"),
        updated_on=context.past_date(row, "UPDATED_DTTM"),
    )
    yield "plan", plan(made, context.as_at)


def fact_single_assessment(row: Row, context: Context) -> Rows:
    """An assessment, with who completed it. One that is not complete has no end."""
    context.known(row["DIM_PERSON_ID"], "DIM_PERSON_ID")
    start, end = context.span(row, "START_DTTM", "COMPLETED_DTTM")
    author = context.shelves["staff ids"].get(row["COMPLETED_BY_USER_STAFF_ID"], {})
    made = Made(
        row_id=f"assessment-{row['FACT_SINGLE_ASSESSMENT_ID']}",
        record_id=row["DIM_PERSON_ID"],
        service_id="csc",
        kind="assessment",
        start=start,
        end=end,
        needs=needs(context, row, "NEED_CODES"),
        author=clean_name(row["COMPLETED_BY_USER_NAME"]) or author.get("name"),
        author_email=text(row["COMPLETED_BY_USER_EMAIL"]) or author.get("email"),
        updated_on=context.past_date(row, "UPDATED_DTTM"),
    )
    yield "plan", plan(made, context.as_at)


def fact_missing_person(row: Row, context: Context) -> Rows:
    """A missing episode, and whether a return interview was offered and held."""
    context.known(row["DIM_PERSON_ID"], "DIM_PERSON_ID")
    start, end = context.span(row, "START_DTTM", "END_DTTM")
    if start is None:
        raise RowRejected("START_DTTM", "no day on which the episode began")
    event: StandardRow = {
        "row_id": row["FACT_MISSING_PERSON_ID"],
        "record_id": row["DIM_PERSON_ID"],
        "service_id": "csc",
        "kind": "missing episode",
        "on": start,
        "until": end,
        "detail": detail(row["MISSING_STATUS"], row["RETURN_INTERVIEW_OFFERED"], row["RETURN_INTERVIEW_ACCEPTED"]),
        "tone": "concern",
        "updated_on": context.past_date(row, "UPDATED_DTTM"),
    }
    yield "event", event
