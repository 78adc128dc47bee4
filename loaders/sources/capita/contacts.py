"""Who is round a pupil. The link tables of Capita One are not public: this layout is our assumption."""

from collections.abc import Iterator

from loaders.context import Context, Row, StandardRow
from loaders.pupil_contacts import Contact, pupil_contact

Rows = Iterator[tuple[str, StandardRow]]


def contacts(row: Row, context: Context) -> Rows:
    """`relationship` says what contact_person_id is to stud_id: "Mother" is the pupil's mother."""
    said = Contact(
        row_id=row["contact_id"] or context.source_row,
        contact=row["contact_person_id"],
        word=row["relationship"],
        pupil=row["stud_id"],
        contact_column="contact_person_id",
        pupil_column="stud_id",
        responsibility=row["parental_responsibility"],
        priority=row["priority"],
        lives_with=row["lives_with"],
    )
    yield from pupil_contact(said, context)
