"""EBIU extracts to standard rows: pupils by their pupil number, their school, attendance, exclusions and behaviour.

Nothing about this system is public; the columns are our assumption. A pupil number is the only id it has. Figures are
those of a school year so far, sent again and again: the latest of each year counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, flag, text
from loaders.education import attendance, event, past_day, percentage, result, school_year, whole
from loaders.learners import learner
from loaders.workers import organisation

Rows = Iterator[tuple[str, StandardRow]]

_COUNTS = (
    ("exclusions_fixed", "suspension total", "suspension"),
    ("exclusions_perm", "permanent exclusion total", "permanent exclusion"),
    ("behaviour_incidents", "behaviour total", "behaviour incident"),
)
"""Column, kind of event, and one of them in words. A total of a year is no single event: it has a kind of its own."""

_STILL_THERE = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class _Figures:
    """One row of figures, checked."""

    person: str
    year: str
    as_of: date
    percent: float | None
    persistent: bool | None
    counts: tuple[int, ...]
    school: str | None
    source_row: str


def schools(row: Row, context: Context) -> Rows:
    """A school by its number in the national register."""
    name = text(row["school_name"])
    if name is None:
        raise RowRejected("school_name", "the school has no name")
    context.shelves["schools"][row["school_urn"]] = name
    yield from organisation(name, context, "school", phone=context.phone(row, "phone"), email=text(row["email"]))


def people(row: Row, context: Context) -> Rows:
    """A pupil: the number stands as their id, a temporary one too, and only a permanent one ever matches anybody."""
    record_id = _pupil_number(row)
    yield from learner(row, record_id, context, is_client=True)
    on = context.past_date(row, "as_of")
    if flag(row["young_carer"]):
        yield "event", {**event(f"{record_id}-carer", record_id, "young carer", "As the school census says"), "on": on}
    if text(row["attainment"]):
        detail = result(row, "attainment")
        yield "event", {**event(f"{record_id}-attainment", record_id, "attainment", detail), "on": on}


def _pupil_number(row: Row) -> str:
    number = "".join(row["upn"].split()).upper()
    if number in NO_KEY:
        raise RowRejected("upn", "no pupil number")
    return number


def ebiu_pupils(row: Row, context: Context) -> Rows:
    """The figures of a pupil on one day. One whom no other file names is known by the number alone."""
    person = _pupil_number(row)
    as_of = past_day(row, "as_of", context)
    percent = percentage(row, "attendance_pct") if row["attendance_pct"] else None
    counts = tuple(_count(row, column) for column, _, _ in _COUNTS)
    if person not in context.people:
        upn = context.upn(row, "upn")
        if upn is None:
            raise RowRejected("upn", "no permanent pupil number, and nobody of this number is listed")
        context.add_person(person, "U", None)
        named: StandardRow = {"record_id": person, "upn": upn, "sex": "U", "status": "alive"}
        yield "person", {**named, "is_client": True, "restricted": False}
    school = context.shelves["schools"].get(row["school_urn"])
    if school is None:
        context.note("pupils whose school number is not in schools.csv: the school is not named")
    year = school_year(as_of)
    persistent = flag(row["persistent_absence"])
    found = _Figures(person, year, as_of, percent, persistent, counts, school, context.source_row)
    earlier: _Figures | None = context.shelves["figures"].get(f"{person} {year}")
    if earlier is None or earlier.as_of <= as_of:
        context.shelves["figures"][f"{person} {year}"] = found


def _count(row: Row, column: str) -> int:
    found = whole(row[column] or "0")
    if found is None:
        raise RowRejected(column, "not a whole number")
    return found


def finish(context: Context) -> Rows:
    """What the latest figures of each school year say; the school is that of the latest of all.

    Figures more than half a year old say nothing of today: the last of them ends the time at the school.
    """
    latest: dict[str, _Figures] = {}
    for found in context.shelves["figures"].values():
        for told in (*_attendance(found), *_counted(found)):
            yield "event", {**told, "on": found.as_of, "source_row": found.source_row}
        if found.person not in latest or latest[found.person].as_of < found.as_of:
            latest[found.person] = found
    for found in latest.values():
        now = context.as_at - found.as_of <= _STILL_THERE
        standard: StandardRow = {
            "row_id": f"school-{found.person}",
            "record_id": found.person,
            "service_id": "school",
            "kind": "On roll",
            "status": "open" if now else "closed",
            "end": None if now else found.as_of,
            "lead_professional": False,
            "organisation": found.school,
            "allocated": False,
            "updated_on": found.as_of,
            "source_row": found.source_row,
        }
        yield "involvement", standard


def _attendance(found: _Figures) -> Iterator[StandardRow]:
    """The percentage; without one, persistent absence as supplied."""
    key, period = f"attendance-{found.person}-{found.year}", f"school year {found.year}"
    if found.percent is not None:
        yield attendance(key, found.person, found.percent, period)
    elif found.persistent:
        detail = f"Persistently absent (missed 10 percent or more), {period}"
        yield event(key, found.person, "attendance", detail, "concern")


def _counted(found: _Figures) -> Iterator[StandardRow]:
    for (_, kind, words), number in zip(_COUNTS, found.counts, strict=True):
        if number:
            detail = f"{number} {words}{'' if number == 1 else 's'}, school year {found.year}"
            key = f"{kind.replace(' ', '-')}-{found.person}-{found.year}"
            yield event(key, found.person, kind, detail, "concern")
