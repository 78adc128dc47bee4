"""Special educational needs in the Standard Safeguarding Dataset: requests, assessments and EHC plans.

Each table names the one before it, not the child. The public scripts still fill these tables with placeholder rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from loaders import education
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow
from loaders.plans import Made, plan
from loaders.sources.ssd.people import keep_identifier

Rows = Iterator[tuple[str, StandardRow]]

_PLACEHOLDERS = frozenset({"PLACEHOLDER_DATA", "SSD_PH"})


@dataclass(slots=True)
class Request:
    """A request for an EHC needs assessment, and what has become of it."""

    row_id: str
    person: str
    start: date | None
    end: date | None
    source_row: str
    active: str = ""
    planned: bool = False
    needs: list[tuple[str, str]] = field(default_factory=list)


def _empty(row: Row, columns: tuple[str, ...], context: Context) -> bool:
    """Whether the row only holds the table's place; raises RowRejected where one of its ids is missing."""
    if any(row[column].upper() in _PLACEHOLDERS for column in columns):
        context.note("placeholder rows: the script does not fill this table yet")
        return True
    for column in columns:
        if row[column] in NO_KEY:
            raise RowRejected(column, "no id")
    return False


def _listed(shelf: str, key: str, column: str, context: Context) -> Any:
    found = context.shelves[shelf].get(key)
    if found is None:
        raise RowRejected(column, "names no row of the table before it")
    return found


def ssd_send(row: Row, context: Context) -> Rows:
    """A child's entry in the SEND tables, with pupil numbers for the child's own row."""
    columns = ("send_table_id", "send_person_id")
    if not _empty(row, columns, context):
        person = row["send_person_id"]
        context.shelves["send"][row["send_table_id"]] = person
        keep_identifier(person, "upn", row, "send_upn", context)
        keep_identifier(person, "uln", row, "send_uln", context)
    yield from ()


def ssd_ehcp_requests(row: Row, context: Context) -> Rows:
    """A request for an EHC needs assessment. It is over when a later table, or its own outcome, says so."""
    if not _empty(row, ("ehcr_ehcp_request_id", "ehcr_send_table_id"), context):
        person = _listed("send", row["ehcr_send_table_id"], "ehcr_send_table_id", context)
        context.known(person, "ehcr_send_table_id")
        start, end = context.span(row, "ehcr_ehcp_req_date", "ehcr_ehcp_req_outcome_date")
        request = row["ehcr_ehcp_request_id"]
        context.shelves["requests"][request] = Request(request, person, start, end, context.source_row)
    yield from ()


def ssd_ehcp_assessment(row: Row, context: Context) -> Rows:
    """An assessment, which ends the request it follows on the day of its outcome."""
    if not _empty(row, ("ehca_ehcp_assessment_id", "ehca_ehcp_request_id"), context):
        column = "ehca_ehcp_request_id"
        request: Request = _listed("requests", row[column], column, context)
        request.end = context.past_date(row, "ehca_ehcp_assessment_outcome_date")
        context.shelves["assessments"][row["ehca_ehcp_assessment_id"]] = request
    yield from ()


def ssd_ehcp_active_plans(row: Row, context: Context) -> Rows:
    """A plan in force, told with its needs, and with its days where the named plan gives them."""
    if not _empty(row, ("ehcp_active_ehcp_id", "ehcp_ehcp_request_id"), context):
        request: Request = _listed("requests", row["ehcp_ehcp_request_id"], "ehcp_ehcp_request_id", context)
        request.active = context.source_row
        context.shelves["active plans"][row["ehcp_active_ehcp_id"]] = request
    yield from ()


def ssd_sen_need(row: Row, context: Context) -> Rows:
    """A need of a plan in force."""
    if not _empty(row, ("senn_table_id", "senn_active_ehcp_id"), context):
        request: Request = _listed("active plans", row["senn_active_ehcp_id"], "senn_active_ehcp_id", context)
        request.needs.append((row["senn_active_ehcp_need_rank"], row["senn_active_ehcp_need_type"]))
    yield from ()


def ssd_ehcp_named_plan(row: Row, context: Context) -> Rows:
    """An EHC plan, from its first day to the day it ceased."""
    if _empty(row, ("ehcn_named_plan_id", "ehcn_ehcp_asmt_id"), context):
        return
    request: Request = _listed("assessments", row["ehcn_ehcp_asmt_id"], "ehcn_ehcp_asmt_id", context)
    start, end = context.span(row, "ehcn_named_plan_start_date", "ehcn_named_plan_ceased_date")
    request.planned = True
    yield "plan", _plan(request, f"ehc-{row['ehcn_named_plan_id']}", "EHC", (start, end), context) | _needs(request)


def _needs(request: Request) -> StandardRow:
    return {"needs": education.needs([need for _, need in sorted(request.needs)])}


def _plan(
    request: Request, row_id: str, kind: str, days: tuple[date | None, date | None], context: Context
) -> StandardRow:
    return plan(Made(row_id, request.person, "send", kind, *days), context.as_at)


def finish(context: Context) -> Rows:
    """Each request as the assessment it asks for, and plans in force of which no named plan gives the days."""
    for request in context.shelves["requests"].values():
        asked = _plan(request, f"ehc-request-{request.row_id}", "assessment", (request.start, request.end), context)
        yield "plan", asked | {"source_row": request.source_row}
        if request.active and not request.planned:
            held = _plan(request, f"ehc-active-{request.row_id}", "EHC", (None, None), context)
            yield "plan", held | _needs(request) | {"source_row": request.active}
