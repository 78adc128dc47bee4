"""What CYPD tells of a pupil at school: attendance by term, exclusions, results and behaviour."""

from collections.abc import Iterator

from loaders import education
from loaders.context import Context, Row, RowRejected, StandardRow, text
from loaders.education import event, exclusion_detail, exclusion_kind, half_days, incident, past_day, result, whole

Rows = Iterator[tuple[str, StandardRow]]


def attendance(row: Row, context: Context) -> Rows:
    """The attendance of one term: from the sessions where both numbers stand, else the percentage as supplied."""
    person = row["person_id"]
    context.known(person, "person_id")
    period = " ".join(filter(None, (text(row["term"]), text(row["school_year"])))) or "last term"
    on = past_day(row, "as_of", context)
    key = f"attendance-{person}-{period}".casefold()
    if key in context.shelves["terms"]:
        raise RowRejected("term", "the same term of this pupil stands on an earlier line")
    possible, attended = whole(row["sessions_possible"]), whole(row["sessions_attended"])
    if possible and attended is not None and attended <= possible:
        told = education.attendance(key, person, 100 * attended / possible, period, possible)
    else:
        told = education.attendance(key, person, education.percentage(row, "percent"), period)
    context.shelves["terms"][key] = True
    yield "event", {**told, "on": on}


def exclusions(row: Row, context: Context) -> Rows:
    """A suspension or a permanent exclusion."""
    person = row["person_id"]
    context.known(person, "person_id")
    kind = exclusion_kind(row["category"])
    if kind is None:
        raise RowRejected("category", "neither PERM, SUSP, FIXD nor LNCH")
    start, end = past_day(row, "start", context), context.optional_date(row, "end")
    sessions = whole(row["half_days"])
    length = half_days(sessions) if sessions and kind == "suspension" else ""
    detail = exclusion_detail(row, "category", length, ("reason",), context)
    told = event(f"exclusion-{row['exclusion_id']}", person, kind, detail, "concern")
    yield "event", {**told, "on": start, "until": end}


def attainment(row: Row, context: Context) -> Rows:
    """A result of an assessment."""
    person = row["person_id"]
    context.known(person, "person_id")
    on = past_day(row, "result_date", context)
    detail = result(row, "assessment", "subject", "result")
    yield "event", {**event(f"result-{row['result_id']}", person, "attainment", detail), "on": on}


def behaviour(row: Row, context: Context) -> Rows:
    """An incident at school."""
    person = row["person_id"]
    context.known(person, "person_id")
    on = past_day(row, "incident_date", context)
    detail = incident(row, "category")
    yield "event", {**event(f"behaviour-{row['incident_id']}", person, "behaviour", detail, "concern"), "on": on}
