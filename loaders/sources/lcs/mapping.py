"""LCS extracts to standard rows: addresses and involvements here, people, relationships and plans beside this file."""

from collections.abc import Iterator
from pathlib import Path

from loaders.clean.addresses import address_type, compose, one_line
from loaders.clean.names import clean_name
from loaders.codes import look_up, placed
from loaders.context import NO_KEY, Context, Row, StandardRow, flag, place, text
from loaders.groups import members_together
from loaders.looked_after import left_over
from loaders.relate import open_or_closed
from loaders.sources.lcs.care import (
    fact_care_plans,
    fact_cla_placement,
    fact_cp_plan,
    fact_legal_status,
    fact_missing_person,
    fact_single_assessment,
)
from loaders.sources.lcs.people import dim_person, isperson
from loaders.sources.lcs.relationships import fact_contacts, fact_person_relation, site_relationship_codes
from loaders.workers import organisation, worker

Rows = Iterator[tuple[str, StandardRow]]

_TYPES = Path(__file__).with_name("involvement_types.csv")
_KEY_AGENCY = "KA"
"""Prefix of the involvement types that are other agencies."""
_NOBODY = "UNKNOWN"
"""Staff id of the worker that stands for no worker (left out by the Standard Safeguarding Dataset scripts as well)."""


def dim_person_address(row: Row, context: Context) -> Rows:
    """Where a person lives or lived. A placement of somebody whose placements are hidden is hidden too."""
    person = row["DIM_PERSON_ID"]
    context.known(person, "DIM_PERSON_ID")
    start, end = context.span(row, "START_DTTM", "END_DTTM")
    kind = address_type(row["ADDRESS_TYPE"] or row["ADDSS_TYPE_CODE"])
    parts = compose(
        flat=row["FLAT_NO"],
        building=row["BUILDING"],
        number=row["HOUSE_NO"],
        street=row["STREET"],
        town=f"{row['LOCALITY']}, {row['TOWN']}",
    )
    room = f"Room {row['ROOM_NO']}" if row["ROOM_NO"].isdigit() else row["ROOM_NO"]
    written = one_line(room, row["FLOOR_NO"], parts or "")
    placed = kind == "placement" and person in context.shelves["hidden places"]
    standard: StandardRow = {
        "record_id": person,
        **place(written, context.postcode(row, "POSTCODE"), context.uprn(row, "UPRN"), "STREET"),
        "type": kind,
        "start": start,
        "end": end,
        "hidden": placed or person in context.shelves["hides addresses"],
    }
    yield "address", standard


def dim_worker(row: Row, context: Context) -> Rows:
    """A worker, kept for the involvements; the worker that stands for nobody is left out."""
    worker_id = row["DIM_WORKER_ID"]
    if row["STAFF_ID"].upper() in (_NOBODY, "-1"):
        context.note("workers who stand for nobody (staff id unknown): left out")
        context.shelves["nobody"][worker_id] = True
        return
    context.shelves["staff"][worker_id] = context.shelves["staff ids"][row["STAFF_ID"]] = {
        "name": clean_name(" ".join((row["FORENAME"], row["SURNAME"]))),
        "role": text(row["JOB_TITLE"]),
        "team": text(row["DEPARTMENT_NAME"]),
        "phone": context.phone(row, "PHONE"),
        "email": text(row["EMAIL"]),
    }
    yield from ()


def fact_involvements(row: Row, context: Context) -> Rows:
    """A worker's or another agency's involvement with a person."""
    context.known(row["DIM_PERSON_ID"], "DIM_PERSON_ID")
    code = row["DIM_LOOKUP_INVOLVEMENT_TYPE_CODE"].upper()
    unknown = "no service is known for this type: add it to involvement_types.csv"
    described = look_up(_TYPES, row["DIM_LOOKUP_INVOLVEMENT_TYPE_DESC"])
    meaning = look_up(_TYPES, code) or described or placed(_TYPES, row, "DIM_LOOKUP_INVOLVEMENT_TYPE_CODE", unknown)
    start, end = context.span(row, "START_DTTM", "END_DTTM")
    worker_id = None if row["DIM_WORKER_ID"] in NO_KEY else row["DIM_WORKER_ID"]
    if worker_id in context.shelves["nobody"]:
        worker_id = None
    who = _worker(row, worker_id, context)
    department = text(row["DEPARTMENT_NAME"]) or text(row["FACT_WORKER_HISTORY_DEPARTMENT_DESC"]) or who["team"]
    agency = str(department) if department and code.startswith(_KEY_AGENCY) else None
    allocated = bool(flag(row["IS_ALLOCATED_CW_FLAG"]))
    standard: StandardRow = {
        "row_id": row["FACT_INVOLVEMENTS_ID"],
        "record_id": row["DIM_PERSON_ID"],
        "service_id": meaning["service_id"],
        "kind": meaning["kind"],
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
        "end_reason": text(row["END_REASON"]) or text(row["DIM_LOOKUP_CWREASON_CODE"]),
        "team": department,
        "role": who["role"] or meaning["role"],
        "lead_professional": allocated,
        "organisation": agency,
        "worker_id": worker_id,
        "allocated": allocated,
        "updated_on": context.past_date(row, "UPDATED_DTTM"),
    }
    yield "involvement", standard
    yield from worker(worker_id, {**who, "team": department, "organisation": agency}, context)
    yield from organisation(agency, context)


def _worker(row: Row, worker_id: str | None, context: Context) -> StandardRow:
    """Who the worker is: as the row says, else as DIM_WORKER does. LCS repeats its workers on every involvement."""
    staff = context.shelves["staff"].get(worker_id or "", {})
    return {
        "name": clean_name(row["WORKER_NAME"]) or staff.get("name"),
        "role": text(row["WORKER_ROLE"]) or staff.get("role"),
        "team": staff.get("team"),
        "phone": context.phone(row, "WORKER_PHONE") or staff.get("phone"),
        "email": text(row["WORKER_EMAIL"]) or staff.get("email"),
    }


def finish(context: Context) -> Rows:
    """What only all the files say together: who is of one family of residence, and what no plan shows of care."""
    yield from members_together(context, context.shelves["hidden places"])
    yield from left_over(context, "csc")


__all__ = [
    "dim_person",
    "dim_person_address",
    "dim_worker",
    "fact_care_plans",
    "fact_cla_placement",
    "fact_contacts",
    "fact_cp_plan",
    "fact_involvements",
    "fact_legal_status",
    "fact_missing_person",
    "fact_person_relation",
    "fact_single_assessment",
    "finish",
    "isperson",
    "site_relationship_codes",
]
