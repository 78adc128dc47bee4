"""One relationship row in canonical direction, whatever the source's own way of stating it.

Parental responsibility, blood and residence are never inferred from a code. A recorded sex is never overwritten by a
label's hint: a conflict is counted.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date

from graph import vocabulary
from loaders.context import Context, Known, RowRejected, StandardRow, flag

Rows = Iterator[tuple[str, StandardRow]]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a source says: "(left) is the CODE of (right)", with the columns the two ids came from. An unknown code is
    reported under `code_column`.
    """

    row_id: str
    left: str
    code: str
    right: str
    left_column: str
    right_column: str
    source_code: str | None = None
    source_label: str | None = None
    left_sex: str = ""
    right_sex: str = ""
    code_column: str = ""


def relationship(statement: Statement, context: Context) -> StandardRow:
    """The standard row of a statement: both people known, not the same person, and not upside down by their ages.

    The row's `from_record` is the statement's right person where the code had to be turned round. Raises RowRejected.
    """
    left = context.known(statement.left, statement.left_column)
    right = context.known(statement.right, statement.right_column)
    if statement.left == statement.right:
        raise RowRejected(statement.right_column, "a person related to themselves")
    source, code, target = vocabulary.canonical(statement.left, statement.code, statement.right)
    older, younger = (left, right) if source == statement.left else (right, left)
    if not context.direction.observe(code, _dob(older), _dob(younger)):
        raise RowRejected(
            statement.right_column, f"{code.lower().replace('_', ' ')} is not older than the other person"
        )
    if context.direction.opposed(code, source, target, (_dob(older), _dob(younger))):
        raise RowRejected(statement.right_column, "an earlier line says the opposite of the same two people")
    _compare_sex(left, statement.left_sex, context)
    _compare_sex(right, statement.right_sex, context)
    if code == "UNKNOWN" and statement.code_column:
        context.unknown_code(statement.code_column, statement.source_code or statement.source_label or "")
    if code == "PARENT_OF_UNBORN":
        context.unborn_later.add(target)
    return {
        "row_id": statement.row_id,
        "from_record": source,
        "code": code,
        "to_record": target,
        "source_code": statement.source_code,
        "source_label": statement.source_label,
    }


FOSTERING = frozenset({"FOSTER_CARER", "FOSTER_CHILD"})
"""Codes that tell where a child is placed."""


def dated(
    statement: Statement,
    context: Context,
    span: tuple[date | None, date | None],
    updated_on: date | None,
    hidden: Container[str],
) -> StandardRow:
    """The standard row of a statement that held for a time (first and last day). Fostering is restricted where the
    placement of either of the two is among the `hidden`. Raises RowRejected.
    """
    fostering = statement.code in FOSTERING
    return relationship(statement, context) | {
        "start": span[0],
        "end": span[1],
        "restricted": fostering and (statement.left in hidden or statement.right in hidden),
        "updated_on": updated_on,
    }


def said_of_left(responsibility: str, main_carer: str, informal_carer: str, *, forwards: bool) -> StandardRow:
    """What a row's flags say of its left person; `forwards` tells whether that person is also the edge's first end.

    A mirror row ("Son : Mother") repeats the edge; its flags say that the son has no parental responsibility for his
    mother, which is nothing about the mother.
    """
    if not forwards:
        return {"parental_responsibility": None, "is_main_carer": None, "is_informal_carer": None}
    holds = flag(responsibility)
    return {
        "parental_responsibility": None if holds is None else "Y" if holds else "N",
        "is_main_carer": flag(main_carer),
        "is_informal_carer": flag(informal_carer),
    }


def care_of_their_own(standard: StandardRow, statement: Statement, informal_carer: str) -> Rows:
    """That the left person cares for the right one, as a link of its own, where the edge runs the other way and cannot
    carry the flag: a child who cares for a parent, one of a couple.
    """
    if flag(informal_carer) and standard["from_record"] != statement.left:
        source, code, target = vocabulary.canonical(statement.left, "INFORMAL_CARER", statement.right)
        edge = {"row_id": f"{statement.row_id}-carer", "from_record": source, "code": code, "to_record": target}
        told = ("start", "end", "restricted", "source_label", "updated_on")
        yield "relationship", {**{name: standard.get(name) for name in told}, **edge}


def open_or_closed(end: date | None, as_at: date) -> str:
    """Whether a spell is open or closed on the day of the extract. A planned end leaves it open."""
    return "closed" if end is not None and end <= as_at else "open"


def _dob(person: Known | None) -> date | None:
    return person.dob if person else None


def _compare_sex(person: Known | None, hint: str, context: Context) -> None:
    if person and hint and person.sex not in ("U", hint):
        context.note("relationship label and recorded sex disagree; the recorded sex is kept")
