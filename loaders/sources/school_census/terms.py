"""What a census counts of the term before: sessions by mark, and suspensions and exclusions.

Sessions come as one row for each mark of a pupil, so their attendance is told when all have been read. Where only
absences were sent, as before 2024, what is left of the possible sessions was attended.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from loaders.context import Context, Row, RowRejected, StandardRow
from loaders.education import (
    attendance,
    event,
    exclusion_detail,
    exclusion_kind,
    half_days,
    mark_counts,
    past_day,
    whole,
)
from loaders.sources.school_census.head import Census, leaver

Rows = Iterator[tuple[str, StandardRow]]


@dataclass(slots=True)
class _Term:
    """Sessions of one pupil in one term."""

    record_id: str
    name: str
    source_row: str
    present: int = 0
    absent: int = 0


def remember_sessions(row: Row, record_id: str, census: Census, context: Context) -> None:
    """Keep how many sessions a pupil could have attended."""
    possible = {
        "termly": whole(row["termlysessionspossible"]),
        "half": whole(row["summerhalfterm2sessionspossible"]),
    }
    context.shelves["censuses"][record_id] = (census, possible)


def termlysessiondetailsonroll(row: Row, context: Context) -> Rows:
    """Sessions of one mark of a pupil on roll."""
    return _sessions(row, row["pupilonrolltableid"], "pupilonrolltableid", "termly", context)


def termlysessiondetailsoffroll(row: Row, context: Context) -> Rows:
    """Sessions of one mark of a pupil who has left."""
    return _sessions(row, leaver(row), "pupilnolongeronrolltableid", "termly", context)


def summerhalfterm2sessiondetailsonroll(row: Row, context: Context) -> Rows:
    """Sessions of one mark in the second half of the summer term, of a pupil on roll."""
    return _sessions(row, row["pupilonrolltableid"], "pupilonrolltableid", "half", context)


def summerhalfterm2sessiondetailsoffroll(row: Row, context: Context) -> Rows:
    """Sessions of one mark in the second half of the summer term, of a pupil who has left."""
    return _sessions(row, leaver(row), "pupilnolongeronrolltableid", "half", context)


def _sessions(row: Row, person: str, column: str, name: str, context: Context) -> Rows:
    context.known(person, column)
    number, counts = whole(row["sessions"]), mark_counts(row["attendancereason"].upper())
    if number is None:
        raise RowRejected("sessions", "not a whole number")
    if counts is None:
        raise RowRejected("attendancereason", "not a mark of the register")
    term = context.shelves["terms"].setdefault(f"{person} {name}", _Term(person, name, context.source_row))
    if counts == "present":
        term.present += number
    elif counts == "absent":
        term.absent += number
    yield from ()


def finish(context: Context) -> Rows:
    """The attendance of each pupil whose sessions were told."""
    for term in context.shelves["terms"].values():
        census, said = context.shelves["censuses"].get(term.record_id, (Census(None, "last term", ""), {}))
        counted = term.present + term.absent
        possible = said.get(term.name) or counted
        if possible < counted:
            context.note("pupils marked for more sessions than were possible: the marks count")
            possible = counted
        if possible == 0:
            context.note("pupils without a session they could have attended: no attendance told")
            continue
        percent = 100 * (possible - term.absent) / possible
        period = census.period if term.name == "termly" else f"second half of the {census.period}"
        told = attendance(f"{term.record_id}-{term.name}-sessions", term.record_id, percent, period, possible)
        yield "event", {**told, "on": census.day, "updated_on": census.day, "source_row": term.source_row}


def termlyexclusionsonroll(row: Row, context: Context) -> Rows:
    """A suspension or exclusion of a pupil on roll."""
    return _exclusion(row, row["pupilonrolltableid"], "pupilonrolltableid", context)


def termlyexclusionsoffroll(row: Row, context: Context) -> Rows:
    """A suspension or exclusion of a pupil who has left."""
    return _exclusion(row, leaver(row), "pupilnolongeronrolltableid", context)


def _exclusion(row: Row, person: str, column: str, context: Context) -> Rows:
    context.known(person, column)
    kind = exclusion_kind(row["category"])
    if kind is None:
        raise RowRejected("category", "neither PERM, SUSP, FIXD nor LNCH")
    on = past_day(row, "startdate", context)
    sessions = whole(row["sessions"])
    length = half_days(sessions) if sessions and kind == "suspension" else ""
    detail = exclusion_detail(row, "category", length, ("reason1", "reason2", "reason3"), context)
    census, _ = context.shelves["censuses"].get(person, (None, {}))
    where = "on" if column == "pupilonrolltableid" else "off"
    key = row[f"termlyexclusions{where}rolltableid"] or context.source_row
    told = event(f"{where}-exclusion-{key}", person, kind, detail, "concern")
    yield "event", {**told, "on": on, "updated_on": census.day if census else None}
