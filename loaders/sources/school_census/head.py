"""The head of a census return, and the school a pupil is or was at."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from loaders.clean.names import clean_name
from loaders.clean.organisations import organisation_key
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, text
from loaders.education import school_year
from loaders.relate import open_or_closed

Rows = Iterator[tuple[str, StandardRow]]

_ENROLMENTS = {
    "C": "On roll",
    "M": "On roll (main of two schools)",
    "S": "On roll (second of two schools)",
    "F": "On roll (college, part of the week)",
    "O": "On roll (other provider, part of the week)",
    "G": "Guest pupil",
}
_TERMS = {1: "SPR", 5: "SUM", 10: "AUT"}
_BEFORE = {"AUT": "summer term", "SPR": "autumn term", "SUM": "spring term"}
"""A census counts the sessions of the term before its own."""


class Census(NamedTuple):
    """The day of a census and the term whose sessions it counts, in words."""

    day: date | None
    period: str
    table_id: str


def schoolcensus(row: Row, context: Context) -> Rows:
    """The head of one school's return, kept for its pupils."""
    day = context.past_date(row, "referencedate")
    context.shelves["returns"][row["schoolcensustableid"]] = (day, row["term"].upper())
    yield from ()


def school(row: Row, context: Context) -> Rows:
    """The school of one return, kept for its pupils."""
    said = {"name": text(row["schoolname"]), "phone": context.phone(row, "phoneno"), "email": text(row["email"])}
    context.shelves["schools of returns"][row["schoolcensustableid"]] = said
    yield from ()


def leaver(row: Row) -> str:
    """The id here of a pupil who has left. Raises RowRejected where the row has none."""
    number = row["pupilnolongeronrolltableid"]
    if number in NO_KEY:
        raise RowRejected("pupilnolongeronrolltableid", "no id")
    return f"off-{number}"


def census_of(row: Row, context: Context) -> Census:
    """The census a pupil's row belongs to: its own day comes before that of the return."""
    table_id = row["schoolcensustableid"]
    day, term = context.shelves["returns"].get(table_id, (None, ""))
    own = context.past_date(row, "censusdate")
    if own is not None:
        day, term = own, ""
    term = term if term in _BEFORE else _TERMS.get(day.month, "") if day else ""
    if day is None or not term:
        return Census(day, "last term", table_id)
    year = school_year(day.replace(year=day.year - 1)) if term == "AUT" else school_year(day)
    return Census(day, f"{_BEFORE[term]} {year}", table_id)


def school_rows(row: Row, record_id: str, census: Census, context: Context) -> Rows:
    """The pupil's time at the school, and the first time it is met the school and its contact."""
    told = context.shelves["schools of returns"].get(census.table_id, {})
    name = text(row["schoolname"]) or told.get("name")
    if name is None:
        context.note("pupils whose school is not named")
        return
    key, contact = organisation_key(name), clean_name(row["schoolcontact"])
    start, end = context.past_date(row, "entrydate"), context.optional_date(row, "leavingdate")
    standard: StandardRow = {
        "row_id": record_id,
        "record_id": record_id,
        "service_id": "school",
        "kind": _enrolment(row["enrolstatus"].upper(), context),
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
        "role": "School contact" if contact else None,
        "lead_professional": False,
        "organisation": name,
        "worker_id": key if contact else None,
        "allocated": False,
        "updated_on": census.day,
    }
    yield "involvement", standard
    if key not in context.shelves["schools"]:
        context.shelves["schools"][key] = True
        same = told if told.get("name") == name else {}
        phone = context.phone(row, "schoolphone") or same.get("phone")
        email = text(row["schoolemail"]) or same.get("email")
        yield from _once(name, contact, {"phone": phone, "email": email})


def _enrolment(status: str, context: Context) -> str:
    if status and status not in _ENROLMENTS:
        context.unknown_code("enrolstatus", status)
    return _ENROLMENTS.get(status, "On roll")


def _once(name: str, contact: str | None, reach: dict[str, str | None]) -> Rows:
    key = organisation_key(name)
    yield "organisation", {"organisation_id": key, "name": name, "kind": "school", **reach}
    if contact:
        worker = {"worker_id": key, "name": contact, "role": "School contact", "organisation": name}
        yield "practitioner", {**worker, **reach}
