"""School census extracts to standard rows: pupils on roll and those who left, their school, addresses, attendance,
exclusions, special educational needs, results and young carers.

Table and column names are those of the return as loaded by the Department's own tools. A return holds its school once
at its head (`schoolcensus`, `school`); columns of the pupil's own row for it are our assumption about a council's
extract, and come first. The census names no parent and no carer.
"""

from collections.abc import Iterator
from typing import Any

from loaders.birth import birth_date
from loaders.clean.names import clean_name, sex_code, unique_names
from loaders.context import Context, Row, StandardRow
from loaders.education import known_need
from loaders.sources.school_census.addresses import addresses, addressesoffroll, addressesonroll
from loaders.sources.school_census.head import census_of, leaver, school, school_rows, schoolcensus
from loaders.sources.school_census.results import results, special_needs, young_carer
from loaders.sources.school_census.terms import (
    finish,
    remember_sessions,
    summerhalfterm2sessiondetailsoffroll,
    summerhalfterm2sessiondetailsonroll,
    termlyexclusionsoffroll,
    termlyexclusionsonroll,
    termlysessiondetailsoffroll,
    termlysessiondetailsonroll,
)

__all__ = [
    "addresses", "addressesoffroll", "addressesonroll", "finish", "pupilnolongeronroll", "pupilonroll", "school",
    "schoolcensus", "senneeds", "summerhalfterm2sessiondetailsoffroll", "summerhalfterm2sessiondetailsonroll",
    "termlyexclusionsoffroll", "termlyexclusionsonroll", "termlysessiondetailsoffroll", "termlysessiondetailsonroll",
]  # fmt: skip

Rows = Iterator[tuple[str, StandardRow]]

_ADOPTED = "A"
"""plaa: the pupil ceased to be looked after through adoption, as their parents told the school."""


def senneeds(row: Row, context: Context) -> Rows:
    """A pupil's type of need, kept with its rank for the pupil's own row."""
    needs = context.shelves["needs"].setdefault(row["pupilonrolltableid"], [])
    needs.append((row["sentyperank"].zfill(3), known_need(row, "sentype", context)))
    yield from ()


def pupilonroll(row: Row, context: Context) -> Rows:
    """A pupil with what their school says of them, and the first time it is met the school and its contact."""
    record_id = row["pupilonrolltableid"]
    adopted = row["plaa"].upper() == _ADOPTED
    person = _pupil(row, record_id, adopted, context)
    census = census_of(row, context)
    yield "person", {**person, "updated_on": census.day}
    yield from school_rows(row, record_id, census, context)
    found = [need for _, need in sorted(context.shelves["needs"].pop(record_id, []))]
    yield from special_needs(row, record_id, found, census.day, context)
    yield from young_carer(row, record_id, census.day, context)
    yield from results(row, record_id, census.day, context)
    remember_sessions(row, record_id, census, context)


def pupilnolongeronroll(row: Row, context: Context) -> Rows:
    """A pupil who has left the school, under an id of their own: the tables of leavers are numbered apart."""
    record_id = leaver(row)
    person = _pupil(row, record_id, False, context)
    census = census_of(row, context)
    yield "person", {**person, "updated_on": census.day}
    yield from school_rows(row, record_id, census, context)
    yield from results(row, record_id, census.day, context)
    remember_sessions(row, record_id, census, context)


def _pupil(row: Row, record_id: str, adopted: bool, context: Context) -> StandardRow:
    """The person. Of a child adopted from care, former names and numbers are left out: they lead to the life before."""
    dob = birth_date(row, "dob", context, unborn=False, restricted=False)
    sex = sex_code(row["sex"])
    surname, preferred = clean_name(row["surname"]), clean_name(row["preferredsurname"])
    former = None if adopted else clean_name(row["formersurname"])
    former_upn = None if adopted else context.upn(row, "formerupn")
    if adopted:
        context.note("children adopted from care: former names and numbers are left out")
    other: list[Any] = [name for name in (former, preferred) if name]
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
        "former_upn": former_upn,
        "uln": context.uln(row, "uniquelearnernumber"),
        "is_client": True,
        "restricted": False,
        "adopted": adopted,
    }
    context.add_person(record_id, sex, dob)
    return standard
