"""What Capita One tells of a pupil at school: history, exclusions, attendance, results and behaviour.

Marks come as one row for each pupil and stretch of days, a mark a session; their attendance is told for each school
year when all have been read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from loaders.context import Context, Row, RowRejected, StandardRow, text
from loaders.education import (
    attendance,
    event,
    exclusion_detail,
    exclusion_kind,
    half_days,
    incident,
    mark_counts,
    past_day,
    result,
    school_year,
    split_marks,
)
from loaders.relate import open_or_closed
from loaders.workers import organisation, worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]


@dataclass(slots=True)
class _Year:
    """Sessions of one pupil in one school year."""

    record_id: str
    year: str
    first: date
    last: date
    source_row: str
    present: int = 0
    absent: int = 0


def bases(row: Row, context: Context) -> Rows:
    """A school, kept for the rows that name it by number."""
    name = text(row["NAME"])
    if name is None:
        raise RowRejected("NAME", "the school has no name")
    contact = text(row["CONTACT"])
    phone, email = context.phone(row, "PHONE"), text(row["EMAIL"])
    worker_id = worker_key(contact, name)
    context.shelves["bases"][row["BASE_ID"]] = (name, worker_id)
    yield from organisation(name, context, "school", phone=phone, email=email)
    reach: StandardRow = {"phone": phone, "email": email}
    yield from worker(worker_id, {"name": contact, "role": "School contact", "organisation": name, **reach}, context)


def attendance_summary(row: Row, context: Context) -> Rows:
    """What a mark of the council's own means; the Department's marks need no explanation."""
    meaning = row["STAT_MEANING"].casefold()
    counts = "not_counted"
    if meaning.startswith(("present", "approved educational")):
        counts = "present"
    elif meaning.startswith(("authorised absence", "unauthorised absence")):
        counts = "absent"
    context.shelves["marks"][row["CODE"].upper()] = counts
    yield from ()


def stud_hist(row: Row, context: Context) -> Rows:
    """A spell at a school."""
    person = row["STUD_ID"]
    context.known(person, "STUD_ID")
    start, end = context.span(row, "START_DATE", "END_DATE")
    name, worker_id = context.shelves["bases"].get(row["BASE_ID"], (None, None))
    if name is None:
        context.note("school histories whose base is not in bases.csv: the school is not named")
    standard: StandardRow = {
        "row_id": row["HIST_ID"] or context.source_row,
        "record_id": person,
        "service_id": "school",
        "kind": "Guest pupil" if row["GUEST"].upper() in ("T", "Y") else "On roll",
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
        "end_reason": text(row["RLEAVE"]),
        "role": "School contact" if worker_id else None,
        "lead_professional": False,
        "organisation": name,
        "worker_id": worker_id,
        "allocated": False,
        "updated_on": context.past_date(row, "LAST_UPDT"),
    }
    yield "involvement", standard


def exclusions(row: Row, context: Context) -> Rows:
    """A suspension or a permanent exclusion; the day of reinstatement ends one that was undone."""
    person = row["STUD_ID"]
    context.known(person, "STUD_ID")
    kind = exclusion_kind(row["CATEGORY"])
    if kind is None:
        raise RowRejected("CATEGORY", "neither PERM, SUSP, FIXD nor LNCH")
    start, end = past_day(row, "START_DATE", context), context.optional_date(row, "END_DATE")
    back = context.past_date(row, "REINSTATE_DATE")
    detail = exclusion_detail(row, "CATEGORY", _length(row["EXCL_DAYS"], kind), ("REASON",), context)
    if back is not None:
        detail = ", ".join(filter(None, (detail, "reinstated")))
    told = event(f"exclusion-{row['EXCL_ID']}", person, kind, detail, "concern")
    yield "event", {**told, "on": start, "until": back or end, "updated_on": context.past_date(row, "LAST_UPDT")}


def _length(days: str, kind: str) -> str:
    """Days in half days; nothing for a permanent exclusion or where no number stands."""
    try:
        sessions = round(float(days) * 2)
    except (ValueError, OverflowError):
        return ""
    return half_days(sessions) if sessions > 0 and kind == "suspension" else ""


def student_attendance(row: Row, context: Context) -> Rows:
    """The marks of one pupil for a day, or for the days from START_DATE to ATT_DATE."""
    person = row["STUD_ID"]
    context.known(person, "STUD_ID")
    last = past_day(row, "ATT_DATE", context)
    first = context.needed_date(row, "START_DATE") or last
    year = school_year(last)
    key = f"{person} {year}"
    tally: _Year = context.shelves["years"].setdefault(key, _Year(person, year, first, last, context.source_row))
    tally.first, tally.last = min(first, tally.first), max(last, tally.last)
    own = context.shelves["marks"]
    for mark in split_marks(row["MORNING_MARK"]) + split_marks(row["AFTERNOON_MARKS"]):
        counts = mark_counts(mark) or own.get(mark)
        if counts is None:
            context.note("marks nobody explains: not counted as a session")
        elif counts == "present":
            tally.present += 1
        elif counts == "absent":
            tally.absent += 1
    yield from ()


def finish_attendance(context: Context) -> Rows:
    """The attendance of each pupil in each school year."""
    for tally in context.shelves["years"].values():
        sessions = tally.present + tally.absent
        if sessions:
            key = f"attendance-{tally.record_id}-{tally.year}"
            percent = 100 * tally.present / sessions
            told = attendance(key, tally.record_id, percent, f"school year {tally.year}", sessions)
            yield "event", {**told, "on": tally.first, "until": tally.last, "source_row": tally.source_row}


def attainment(row: Row, context: Context) -> Rows:
    """A result of an assessment."""
    person = row["STUD_ID"]
    context.known(person, "STUD_ID")
    on = past_day(row, "RESULT_DATE", context)
    detail = result(row, "ASSESSMENT", "SUBJECT", "RESULT")
    yield "event", {**event(f"result-{row['RESULT_ID']}", person, "attainment", detail), "on": on}


def behaviour(row: Row, context: Context) -> Rows:
    """An incident at school."""
    person = row["STUD_ID"]
    context.known(person, "STUD_ID")
    on = past_day(row, "INCIDENT_DATE", context)
    detail = incident(row, "CATEGORY")
    yield "event", {**event(f"behaviour-{row['INCIDENT_ID']}", person, "behaviour", detail, "concern"), "on": on}
