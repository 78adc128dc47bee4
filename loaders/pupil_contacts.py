"""The people an education system lists round a pupil: the word says what the contact is to the pupil.

Priority is the order in which a school rings them; it says nothing about who cares. Brothers and sisters are never
inferred from a shared contact here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from loaders.clean.kinship import no_link, read_kin
from loaders.context import Context, StandardRow, flag, text
from loaders.relate import Statement, relationship, said_of_left

Rows = Iterator[tuple[str, StandardRow]]


@dataclass(frozen=True, slots=True)
class Contact:
    """One row: "(contact) is the `word` of (pupil)", with the columns the two ids came from, and its flags."""

    row_id: str
    contact: str
    word: str
    pupil: str
    contact_column: str
    pupil_column: str
    responsibility: str = ""
    priority: str = ""
    lives_with: str = ""
    word_column: str = "relationship"


def pupil_contact(said: Contact, context: Context) -> Rows:
    """The relationship of a contact to a pupil; nothing for a professional. Raises RowRejected."""
    context.known(said.pupil, said.pupil_column)
    context.known(said.contact, said.contact_column)
    if no_link(said.word):
        context.note("contacts who are no relation (a worker, a duplicate): no relationship is told")
        return
    kin = read_kin(said.word)
    if kin.code == "UNKNOWN":
        context.note("relationships loaded as UNKNOWN: their word is not in loaders/clean/kinship.yaml")
    statement = Statement(
        row_id=said.row_id,
        left=said.contact,
        code=kin.code,
        right=said.pupil,
        left_column=said.contact_column,
        right_column=said.pupil_column,
        source_code=text(said.word),
        source_label=_label(said),
        left_sex=kin.sex,
        code_column=said.word_column,
    )
    row = relationship(statement, context)
    forwards = row["from_record"] == said.contact
    flags = said_of_left(said.responsibility, "", "", forwards=forwards)
    yield "relationship", {**row, **flags, "lives_with": flag(said.lives_with), "restricted": False}


def _label(said: Contact) -> str | None:
    words = [text(said.word), f"contact {said.priority}" if said.priority.isdigit() else None]
    return ", ".join(filter(None, words)) or None
