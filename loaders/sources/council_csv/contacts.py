"""People named as somebody's contact, with or without a record of their own. Relationships are loaders/stated.py's."""

from collections.abc import Iterator

from loaders.clean.kinship import no_link, read_pair
from loaders.clean.names import clean_name
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, flag, text
from loaders.relate import Statement, relationship
from loaders.stated import note_unknown

Rows = Iterator[tuple[str, StandardRow]]


def contacts(row: Row, context: Context) -> Rows:
    """The contact is the `relationship` of the person. A contact without a record of their own becomes one by name."""
    context.known(row["person_id"], "person_id")
    label = row["relationship"]
    if no_link(label):
        context.note("contacts that are workers or nobody: no relationship")
        return
    start, end = context.span(row, "start_date", "end_date")
    code, sex = _meaning(row, context)
    contact, stub = _contact(row, context)
    statement = Statement(
        row_id=f"contact-{row['contact_id']}",
        left=contact,
        code=code,
        right=row["person_id"],
        left_column="contact_person_id",
        right_column="person_id",
        source_code=text(label),
        source_label=text(label),
        left_sex=sex,
        code_column="relationship",
    )
    if stub is not None:  # of no known age, so that what follows cannot refuse the row
        context.add_person(contact, "U", None)
    standard = relationship(statement, context)
    if stub is not None:
        yield "person", stub
    yield "relationship", standard | {"start": start, "end": end, "restricted": False}


def _meaning(row: Row, context: Context) -> tuple[str, str]:
    """What the contact is to the person: by the word, else by the boxes that are ticked."""
    words = read_pair(row["relationship"])
    if words.code != "UNKNOWN":
        return words.code, words.left_sex
    if flag(row["is_next_of_kin"]):
        return "NEXT_OF_KIN", ""
    if flag(row["is_emergency_contact"]):
        return "EMERGENCY_CONTACT", ""
    note_unknown(words.code, context)
    return words.code, ""


def _contact(row: Row, context: Context) -> tuple[str, StandardRow | None]:
    """The contact's record, and their row where only the name is known. Raises RowRejected."""
    listed = row["contact_person_id"]
    if listed not in NO_KEY:
        context.known(listed, "contact_person_id")
        return listed, None
    forename, surname = clean_name(row["forename"]), clean_name(row["surname"])
    if surname is None:
        raise RowRejected("surname", "names nobody: neither contact_person_id nor a surname")
    record_id = f"contact-{row['contact_id']}"
    stub: StandardRow = {
        "record_id": record_id,
        "forename": forename,
        "surname": surname,
        "sex": "U",
        "status": "alive",
        "is_client": False,
        "restricted": False,
    }
    return record_id, stub
