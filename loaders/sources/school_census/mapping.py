"""School census extracts to standard rows: pupils on roll, their school as an involvement, and their addresses.

Column names are those of the return as loaded by the Department's own tools. The return holds the school once at its
head; a column per pupil for it is our assumption about the council's extract.
"""

from collections.abc import Iterator
from datetime import date

from loaders.birth import birth_date
from loaders.clean.addresses import compose, one_line
from loaders.clean.names import clean_name, sex_code, unique_names
from loaders.clean.organisations import organisation_key
from loaders.context import Context, Row, StandardRow, place, text
from loaders.relate import open_or_closed

Rows = Iterator[tuple[str, StandardRow]]

_ENROLMENTS = {
    "C": "On roll",
    "M": "On roll (main of two schools)",
    "S": "On roll (second of two schools)",
    "G": "Guest pupil",
}


def pupilonroll(row: Row, context: Context) -> Rows:
    """A pupil, their time at the school, and the first time it is met the school and its contact."""
    record_id = row["pupilonrolltableid"]
    dob = birth_date(row, "dob", context, unborn=False, restricted=False)
    sex = sex_code(row["sex"])
    census = context.past_date(row, "censusdate")
    preferred, surname = clean_name(row["preferredsurname"]), clean_name(row["surname"])
    other = [name for name in (clean_name(row["formersurname"]), preferred) if name]
    context.add_person(record_id, sex, dob)
    standard: StandardRow = {
        "record_id": record_id,
        "forename": clean_name(row["forename"]),
        "middle_names": clean_name(row["middlenames"]),
        "surname": surname,
        "other_names": unique_names(other, apart_from=surname or ""),
        "sex": sex,
        "dob": dob,
        "status": "alive",
        "upn": context.upn(row, "upn"),
        "former_upn": context.upn(row, "formerupn"),
        "uln": context.uln(row, "uniquelearnernumber"),
        "is_client": True,
        "restricted": False,
        "updated_on": census,
    }
    yield "person", standard
    school = text(row["schoolname"])
    if school is not None:
        yield from _school(row, school, census, context)


def _school(row: Row, school: str, census: date | None, context: Context) -> Rows:
    key = organisation_key(school)
    contact = clean_name(row["schoolcontact"])
    start, end = context.past_date(row, "entrydate"), context.optional_date(row, "leavingdate")
    standard: StandardRow = {
        "row_id": row["pupilonrolltableid"],
        "record_id": row["pupilonrolltableid"],
        "service_id": "school",
        "kind": _ENROLMENTS.get(row["enrolstatus"].upper(), "On roll"),
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
        "role": "School contact" if contact else None,
        "lead_professional": False,
        "organisation": school,
        "worker_id": key if contact else None,
        "allocated": False,
        "updated_on": census,
    }
    yield "involvement", standard
    if key in context.shelves["schools"]:
        return
    context.shelves["schools"][key] = True
    phone, email = context.phone(row, "schoolphone"), text(row["schoolemail"])
    yield "organisation", {"organisation_id": key, "name": school, "kind": "school", "phone": phone, "email": email}
    if contact:
        yield (
            "practitioner",
            {
                "worker_id": key,
                "name": contact,
                "role": "School contact",
                "organisation": school,
                "phone": phone,
                "email": email,
            },
        )


def addresses(row: Row, context: Context) -> Rows:
    """Where a pupil lives, as the school knows it."""
    person = row["pupilonrolltableid"]
    context.known(person, "pupilonrolltableid")
    start, end = context.span(row, "startdate", "enddate")
    standard: StandardRow = {
        "record_id": person,
        **place(
            _written(row),
            context.postcode(row, "postcode"),
            context.uprn(row, "uniquepropertyreferencenumber"),
            "street",
        ),
        "type": "home",
        "start": start,
        "end": end,
        "hidden": False,
    }
    yield "address", standard


def _written(row: Row) -> str | None:
    """BS 7666 parts where there are any, else the free lines. SAON is the flat, PAON the house or its number."""
    paon, street = row["paon"], row["street"]
    numbered = paon[:1].isdigit()
    parts = compose(
        flat=row["saon"],
        building="" if numbered else paon,
        number=paon if numbered else "",
        street=street,
        town=row["town"] or row["posttown"],
    )
    return parts if street or paon else one_line(*(row[f"addressline{number}"] for number in range(1, 6)))
