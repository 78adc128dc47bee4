"""Relationships in plain columns, whose direction every row states: the layout assumed for sources whose own nobody has
published, of columns seen in several case systems.

FIRST_IS_LABEL_OF_SECOND: person_id is the label ("mother") of related_person_id. SECOND_IS_LABEL_OF_FIRST: the other
way. A row that says neither is put aside: guessed wrong, it would turn parent and child round.
"""

from collections.abc import Iterator

from loaders.clean.kinship import Pair, no_link, read_pair
from loaders.context import Context, Row, RowRejected, StandardRow, flag, text
from loaders.relate import Statement, care_of_their_own, relationship, said_of_left

Rows = Iterator[tuple[str, StandardRow]]

_FORWARDS, _BACKWARDS = "FIRST_IS_LABEL_OF_SECOND", "SECOND_IS_LABEL_OF_FIRST"


def relationships(row: Row, context: Context) -> Rows:
    """A relationship, unless the source has deleted it."""
    direction = row["direction"].upper()
    if direction not in (_FORWARDS, _BACKWARDS):
        raise RowRejected("direction", f"must be {_FORWARDS} or {_BACKWARDS}")
    if text(row["deleted_at"]) is not None:
        context.note("relationships the source has deleted: not told")
        return
    if no_link(row["relationship_label"]):
        context.note("rows that say there is no relationship (duplicates and the like): not told")
        return
    columns = ("person_id", "related_person_id")
    left_column, right_column = columns if direction == _FORWARDS else columns[::-1]
    left = row[left_column]
    start, end = context.span(row, "start_date", "end_date")
    words = _words(row)
    note_unknown(words.code, context)
    statement = Statement(
        row_id=row["relationship_id"],
        left=left,
        code=words.code,
        right=row[right_column],
        left_column=left_column,
        right_column=right_column,
        source_code=text(row["relationship_code"]),
        source_label=text(row["relationship_label"]),
        left_sex=words.left_sex,
        right_sex=words.right_sex,
        code_column="relationship_code",
    )
    standard = relationship(statement, context)
    flags = (row["parental_responsibility"], row["is_main_carer"], row["is_informal_carer"])
    carers = said_of_left(*flags, forwards=standard["from_record"] == left)
    said: StandardRow = {
        "start": start,
        "end": end,
        "restricted": flag(row["is_restricted"]) is not False and text(row["is_restricted"]) is not None,
        "updated_on": context.past_date(row, "recorded_at"),
    }
    whole = standard | carers | said
    yield "relationship", whole
    yield from care_of_their_own(whole, statement, row["is_informal_carer"])


def _words(row: Row) -> Pair:
    """The meaning of the label; of the source's own code where nobody knows the label."""
    said = read_pair(row["relationship_label"])
    return said if said.code != "UNKNOWN" else read_pair(row["relationship_code"])


def note_unknown(code: str, context: Context) -> None:
    """Count a relationship whose word nobody knows."""
    if code == "UNKNOWN":
        context.note("relationships loaded as UNKNOWN: their word is none of the kinship table")
