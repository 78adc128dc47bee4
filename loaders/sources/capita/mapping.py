"""Capita One extracts to standard rows: pupils and the adults round them, former names, special educational needs.

One person table holds pupils and contacts alike; STUD_ID elsewhere is the PERSON_ID of a pupil. ACL says which users of
Capita may open a record. What its values mean is not published, so it restricts nobody by itself: a council that knows
maps it to RESTRICTED. Free text (ALERT_INFO, memos) and the link to a birth record are never read.
"""

from collections.abc import Iterator
from typing import Any

from loaders.birth import birth_date, death_date
from loaders.clean.addresses import compose
from loaders.clean.names import clean_name, sex_code, unique_names
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, flag, place
from loaders.education import codes, known_need, send
from loaders.sources.capita.contacts import contacts
from loaders.sources.capita.school import (
    attainment,
    attendance_summary,
    bases,
    behaviour,
    exclusions,
    finish_attendance,
    stud_hist,
    student_attendance,
)

__all__ = [
    "addresses", "attainment", "attendance_summary", "bases", "behaviour", "contacts", "education_details",
    "exclusions", "finish", "people", "people_name_change", "stud_hist", "student_attendance",
]  # fmt: skip

Rows = Iterator[tuple[str, StandardRow]]


def people_name_change(row: Row, context: Context) -> Rows:
    """A name somebody had before, kept for the person's own row."""
    person = row["PERSON_ID"]
    if person in NO_KEY:
        raise RowRejected("PERSON_ID", "no person id")
    former = [_whole_name(row, "FORENAME", "SURNAME"), _whole_name(row, "LEGAL_FORENAME", "LEGAL_SURNAME")]
    context.shelves["former names"].setdefault(person, []).extend(filter(None, former))
    yield from ()


def _whole_name(row: Row, forename: str, surname: str) -> str | None:
    """A forename and a surname as one, or a surname alone."""
    return " ".join(filter(None, (clean_name(row[forename]), clean_name(row[surname])))) or None


def education_details(row: Row, context: Context) -> Rows:
    """A pupil's special educational needs and adoption flag, kept for the pupil's own row.

    A flag that the pupil was adopted from care counts even where the rest of the row cannot be read.
    """
    pupil = row["STUD_ID"]
    if pupil in NO_KEY:
        raise RowRejected("STUD_ID", "no person id")
    if flag(row["ADOPTEDFROMCARE"]):
        context.shelves["adopted"][pupil] = True
    if pupil in context.shelves["details"]:
        raise RowRejected("STUD_ID", "the same id stands on an earlier line; an adoption flag on either line counts")
    provision = codes("provisions").get(row["SENSTAGE"].upper() or "N")
    if provision is None:
        raise RowRejected("SENSTAGE", "nobody explains this stage: add it to loaders/education.toml")
    start, end = context.span(row, "STAT_ISSD", "STAT_STOP")
    said: StandardRow = {
        "row_id": f"{pupil}-send",
        "record_id": pupil,
        "start": start if provision == "plan" else None,
        "end": end if provision == "plan" else None,
        "updated_on": context.past_date(row, "LAST_UPDT"),
        "source_row": context.source_row,
    }
    context.shelves["details"][pupil] = (said, provision, known_need(row, "PRIM_NEED", context))
    yield from ()


def people(row: Row, context: Context) -> Rows:
    """A pupil, or an adult whom a school may ring."""
    record_id = row["PERSON_ID"]
    restricted, kind = context.restriction(row, ("RESTRICTED",)) if "RESTRICTED" in row else (False, None)
    dob = birth_date(row, "DOB", context, unborn=False, restricted=restricted)
    dod = death_date(row, "DATE_DECEASED", context, dob)
    sex = sex_code(row["GENDER"])
    adopted = context.shelves["adopted"].pop(record_id, False)
    said, provision, need = context.shelves["details"].pop(record_id, (None, "none", ""))
    upn = context.upn(row, "UPN")
    standard: StandardRow = {
        "record_id": record_id,
        **_names(row, adopted, context.shelves["former names"].pop(record_id, [])),
        "sex": sex,
        "dob": dob,
        "dod": dod,
        "status": "deceased" if dod else "alive",
        "upn": upn,
        "former_upn": None if adopted else context.upn(row, "FORMER_UPN"),
        "uln": context.uln(row, "ULN"),
        "is_client": bool(upn or said),
        "restricted": restricted,
        "restriction_kind": kind,
        "adopted": adopted,
        "updated_on": context.past_date(row, "LAST_UPDT"),
    }
    postcode = context.postcode(row, "POST_CODE")
    context.add_person(record_id, sex, dob)
    yield "person", standard
    if postcode is not None:
        yield "address", {"record_id": record_id, "postcode": postcode, "type": "home", "hidden": False}
    if said is not None:
        yield from send(said, provision, [need], context)
    if adopted:
        context.note("children adopted from care: former names and numbers are left out")


def _names(row: Row, adopted: bool, former: list[str]) -> StandardRow:
    """The names in use, and the legal and former ones; of a child adopted from care only those in use."""
    forename = clean_name(row["FORENAME"]) or clean_name(row["LEGAL_FORENAME"])
    surname = clean_name(row["SURNAME"]) or clean_name(row["LEGAL_SURNAME"])
    legal = _whole_name(row, "LEGAL_FORENAME", "LEGAL_SURNAME")
    known_as = clean_name(row["KNOWN_BY"])
    used = " ".join(filter(None, (forename, surname)))
    other: list[Any] = [] if adopted else [*filter(None, (legal,)), *former]
    return {
        "forename": forename,
        "middle_names": clean_name(row["MIDNAME"]),
        "surname": surname,
        "known_as": known_as if known_as != forename else None,
        "other_names": unique_names(other, apart_from=used),
    }


def addresses(row: Row, context: Context) -> Rows:
    """Where a person lives or lived."""
    person = row["PERSON_ID"]
    context.known(person, "PERSON_ID")
    start, end = context.span(row, "START_DATE", "END_DATE")
    written = compose(
        flat=row["FLAT"], building=row["BUILDING"], number=row["HOUSE_NO"], street=row["STREET"], town=row["TOWN"]
    )
    standard: StandardRow = {
        "record_id": person,
        **place(written, context.postcode(row, "POST_CODE"), context.uprn(row, "UPRN"), "STREET"),
        "type": "home",
        "start": start,
        "end": end,
        "hidden": False,
    }
    yield "address", standard


def finish(context: Context) -> Rows:
    """Attendance, once every mark is read; and how many rows told of people who are not listed."""
    if context.people_file_present:
        for shelf in ("former names", "details", "adopted"):
            left = len(context.shelves[shelf])
            if left:
                context.notes[context.file, f"{shelf} of people whom people.csv does not list: left out"] += left
    yield from finish_attendance(context)
