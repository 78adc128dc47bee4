"""The people named as a patient's contacts (guardian, proxy, family): what each is to the patient.

A contact with an NHS number that the demographics list is that patient. Any other is a person of whom the name and the
number given here are all that is known. Telephone numbers are never read.
"""

from collections.abc import Iterator

from loaders.clean.kinship import no_link, read_kin
from loaders.clean.names import clean_name
from loaders.clean.organisations import organisation_key
from loaders.context import Context, Row, RowRejected, StandardRow
from loaders.relate import Statement, relationship

Rows = Iterator[tuple[str, StandardRow]]


def related_persons(row: Row, context: Context) -> Rows:
    """The related person is the `relationship` of the patient. A row for a worker is no relationship: left out."""
    patient = patient_of(row, context)
    if no_link(row["relationship"]):
        context.note("contacts that are workers or nobody: no relationship")
        return
    start, end = context.span(row, "start", "end")
    kin = read_kin(row["relationship"], "pds")
    related, stub = _related(row, context)
    statement = Statement(
        row_id=row["related_person_id"] or f"{context.file}:{context.line}",
        left=related,
        code=kin.code,
        right=patient,
        left_column="related_nhs_number",
        right_column="nhs_number",
        source_code=row["relationship"] or None,
        source_label=row["relationship"] or None,
        left_sex=kin.sex,
        code_column="relationship",
    )
    if stub is not None:  # of no known age, so that what follows cannot refuse the row
        context.add_person(related, "U", None)
    standard = relationship(statement, context)
    if kin.code == "UNKNOWN":
        context.note("relationships loaded as UNKNOWN: their word is none of the kinship table")
    if stub is not None:
        yield "person", stub
    yield "relationship", standard | {"start": start, "end": end, "restricted": False}


def patient_of(row: Row, context: Context) -> str:
    """The record of the patient whose NHS number a row has. Raises RowRejected."""
    number = context.nhs_number(row, "nhs_number")
    if number is None:
        raise RowRejected("nhs_number", "no valid NHS number")
    record_id = context.shelves["patients"].get(number)
    if record_id is None:
        if context.people_file_present:
            raise RowRejected("nhs_number", "no patient of that number in pds_demographics")
        return f"nhs-{number}"
    return str(record_id)


def _contact_id(row: Row, forename: str | None, surname: str | None) -> str:
    """An id that is the same every night: the extract's own, else made of the patient's and the name."""
    name = organisation_key(f"{forename or ''} {surname or ''}")
    return f"contact-{row['related_person_id'] or '-'.join((row['nhs_number'], name))}"


def _related(row: Row, context: Context) -> tuple[str, StandardRow | None]:
    """The related person's record, and their row the first time a contact who is no patient is met."""
    number = context.nhs_number(row, "related_nhs_number")
    listed = context.shelves["patients"].get(number) if number else None
    if listed is not None:
        return str(listed), None
    forename, surname = clean_name(row["related_given_name"]), clean_name(row["related_family_name"])
    if number is None and surname is None:
        raise RowRejected("related_family_name", "names nobody: neither a valid NHS number nor a family name")
    record_id = f"nhs-{number}" if number else _contact_id(row, forename, surname)
    if record_id in context.people:
        return record_id, None
    stub: StandardRow = {
        "record_id": record_id,
        "forename": forename,
        "surname": surname,
        "sex": "U",
        "status": "alive",
        "nhs_number": number,
        "is_client": False,
        "restricted": False,
    }
    return record_id, stub
