"""Who belongs to whom: ssd_mother, ssd_family, and the relationship extract that the dataset lacks.

ssd_mother is loaded as "parent": some councils' scripts write fathers into it. A family group is membership and never
kinship.
"""

from collections.abc import Iterator

from loaders import groups, stated
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow
from loaders.relate import Statement, relationship

Rows = Iterator[tuple[str, StandardRow]]


def ssd_family(row: Row, context: Context) -> Rows:
    """A client in a family group. LCS writes a row per contact, so a person may be in several, and often in none."""
    groups.join(context, row["fami_family_id"], row["fami_person_id"], "fami_person_id")
    yield from ()


def ssd_mother(row: Row, context: Context) -> Rows:
    """A mother, or in some councils a father, of a child. Either may be nobody whom the dataset lists."""
    mother, child = row["moth_person_id"], row["moth_childs_person_id"]
    if child in NO_KEY:
        context.note("mothers without a child: nothing to read")
        return
    ends = ((mother, "moth_person_id"), (child, "moth_childs_person_id"))
    yield from _with_stubs(ends, _parent(row, context), context)


def _parent(row: Row, context: Context) -> Rows:
    """The edge: not "mother", because only the person's own sex can say that."""
    child = context.people[row["moth_childs_person_id"]]
    unborn = child.dob is not None and child.dob > context.as_at
    statement = Statement(
        row_id=f"mother-{row['moth_table_id']}",
        left=row["moth_person_id"],
        code="PARENT_OF_UNBORN" if unborn else "PARENT",
        right=row["moth_childs_person_id"],
        left_column="moth_person_id",
        right_column="moth_childs_person_id",
    )
    yield "relationship", relationship(statement, context)


def relationships(row: Row, context: Context) -> Rows:
    """A relationship of the supplementary extract; the row itself says which of the two its label is about."""
    ends = ((row["person_id"], "person_id"), (row["related_person_id"], "related_person_id"))
    yield from _with_stubs(ends, stated.relationships(row, context), context)


def _with_stubs(ends: tuple[tuple[str, str], ...], told: Rows, context: Context) -> Rows:
    """What a row tells, after a stub for whoever of its people nobody lists; no stub where it tells nothing."""
    for person, column in ends:
        if person in NO_KEY:
            raise RowRejected(column, "no person id")
    stubs = [stub for person, column in ends for stub in context.stub(person, column)]
    rows: list[tuple[str, StandardRow]] = []
    try:
        rows.extend(told)
    finally:
        if not rows:
            for _, stub in stubs:
                del context.people[str(stub["record_id"])]
    if rows:
        yield from stubs
        yield from rows


def finish(context: Context) -> Rows:
    """The members of each family group together."""
    yield from groups.members_together(context)
