"""Birth registrations to standard rows: a child, the mother, and the father or second parent where there is one.

An entry of the Adopted Children Register names the adoptive parents and nobody else: its parents are told as adoptive
parents, the child is marked as adopted and so never joined to a record from before, and nothing that leads to the birth
parents is read (source.toml). A type of entry nobody knows is put aside, because its parents might be either.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from loaders import plain
from loaders.birth import birth_date, birth_order, parent_record
from loaders.clean.names import clean_name, sex_code, unique_names
from loaders.context import Context, Row, RowRejected, StandardRow
from loaders.relate import Statement, relationship

Rows = Iterator[tuple[str, StandardRow]]


class Entry(NamedTuple):
    """What a type of entry says: the code of its parents, and the child's status."""

    parent: str
    status: str


_ENTRIES = {
    "BIRTH": Entry("PARENT", "alive"),
    "RE-REGISTRATION": Entry("PARENT", "alive"),
    "STILLBIRTH": Entry("PARENT", "stillborn"),
    "ADOPTED": Entry("ADOPTIVE_PARENT", "alive"),
}


def births(row: Row, context: Context) -> Rows:
    """An entry: up to three people, who each is to the child, and where they lived until the birth was registered."""
    number, entry = row["entry_number"], _ENTRIES.get(row["entry_type"].upper())
    if entry is None:
        raise RowRejected("entry_type", "not a type of entry: birth, re-registration, stillbirth or adopted")
    registered = context.past_date(row, "registered_on")
    child = _child(row, entry, context) | {"updated_on": registered}
    mother = _parent(row, "mother", "F", context)
    father = _parent(row, "father", _second_sex(row), context)
    parents = [parent for parent in (mother, father) if parent is not None]
    kin = [_kin(parent, number, entry, context) for parent in parents]
    for person in (child, *parents):
        yield "person", person
    for link in kin:
        yield "relationship", link
    yield from _home(row, [number, parent_record(number, "mother")] if mother else [number], registered, context)


def _child(row: Row, entry: Entry, context: Context) -> StandardRow:
    born = birth_date(row, "child_dob", context, unborn=False, restricted=False)
    sex = sex_code(row["child_sex"])
    context.add_person(row["entry_number"], sex, born)
    return {
        "record_id": row["entry_number"],
        "forename": clean_name(row["child_forename"]),
        "middle_names": clean_name(row["child_middle_names"]),
        "surname": clean_name(row["child_surname"]),
        "sex": sex,
        "dob": born,
        "status": entry.status,
        "nhs_number": context.nhs_number(row, "child_nhs_number"),
        "birth_order": birth_order(row, "birth_order", context),
        "is_client": True,
        "restricted": False,
        "adopted": entry.parent == "ADOPTIVE_PARENT",
    }


def _parent(row: Row, which: str, sex: str, context: Context) -> StandardRow | None:
    """The mother, or the father or second parent; none where the entry leaves them blank."""
    surname = clean_name(row[f"{which}_surname"])
    if surname is None:
        return None
    record_id = parent_record(row["entry_number"], which)
    born = context.past_date(row, f"{which}_dob")
    context.add_person(record_id, sex, born)
    maiden = clean_name(row[f"{which}_maiden_name"])
    return {
        "record_id": record_id,
        "forename": clean_name(row[f"{which}_forename"]),
        "surname": surname,
        "other_names": unique_names([maiden] if maiden else [], apart_from=surname),
        "sex": sex,
        "dob": born,
        "status": "alive",
        "is_client": False,
        "restricted": False,
    }


def _second_sex(row: Row) -> str:
    """A father is a man; an entry may name a second female parent instead."""
    return {"": "M", "FATHER": "M", "MOTHER": "F", "PARENT": "U"}.get(row["second_parent"].upper(), "U")


def _kin(parent: StandardRow, number: str, entry: Entry, context: Context) -> StandardRow:
    """The parent is the parent of the child; a parent who is not older refuses the whole entry."""
    record_id = str(parent["record_id"])
    which = record_id.partition("-")[0]
    statement = Statement(
        row_id=record_id,
        left=record_id,
        code=entry.parent,
        right=number,
        left_column=f"{which}_dob",
        right_column="child_dob",
        source_label=which.capitalize(),
    )
    return relationship(statement, context) | {"restricted": False}


def _home(row: Row, people: list[str], registered: date | None, context: Context) -> Rows:
    """Where mother and child lived until the day of registration: where they live now, the register does not know."""
    if registered is None:
        return
    for table, address in plain.home(row, people[0], context, end=registered):
        for record_id in people:
            yield table, address | {"record_id": record_id}
