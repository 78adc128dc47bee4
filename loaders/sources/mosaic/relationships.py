"""Mosaic's relationships and groups. PERSON_ID has the LEFT label of a type ("Mother : Son"): the opposite way to LCS.

The same function reads the data mart, Mosaic's live tables (MOTHER, DUPLICATE), Essex ("Mother : Child" on the row) and
the Blackpool data warehouse ("is the mother of" on the row): only their column names differ, and a column map says so.
"""

from collections.abc import Iterator

from loaders.clean.kinship import no_link, read_pair
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, flag, text
from loaders.groups import join
from loaders.relate import Statement, care_of_their_own, dated, said_of_left

Rows = Iterator[tuple[str, StandardRow]]

_NO_FAMILY = ("duplicate", "do not use")
"""Words in a group's name that say it is no family (left out by the Standard Safeguarding Dataset scripts as well)."""


def dm_personal_rel_types(row: Row, context: Context) -> Rows:
    """A relationship type of this site, kept for the relationships: ids differ from site to site, labels do not."""
    description = row["DESCRIPTION"]
    if (
        read_pair(description).code == "UNKNOWN"
        and not no_link(description)
        and "duplicate" not in description.casefold()
    ):
        context.note("relationship types not in the vocabulary: their relationships are loaded as UNKNOWN")
    context.shelves["types"][row["PERSONAL_REL_TYPE_ID"]] = description
    yield from ()


def dm_personal_relationships(row: Row, context: Context) -> Rows:
    """PERSON_ID is the left word of OTHER_PERSON_ID: "Mother : Son" says that PERSON_ID is the mother."""
    label = _label(row, context)
    if side := _duplicate_side(label):
        _remember_duplicate(row, side, context)
        return
    if no_link(label) or "duplicate" in label.casefold():
        context.note("relationships that are none (a worker, oneself, a possible duplicate): left out")
        return
    statement, span = _statement(row, label, context), context.span(row, "START_DATE", "END_DATE")
    updated = context.past_date(row, "UPDATED_ON")
    standard = dated(statement, context, span, updated, context.shelves["hidden placements"])
    forwards = standard["from_record"] == statement.left
    said = (row["PARENTAL_RESPONSIBILITY"], row["IS_MAIN_CARER"], row["IS_INFORMAL_CARER"])
    yield "relationship", {**standard, **said_of_left(*said, forwards=forwards), "lives_with": flag(row["LIVES_WITH"])}
    yield from care_of_their_own(standard, statement, row["IS_INFORMAL_CARER"])


def _label(row: Row, context: Context) -> str:
    """The label of a row: its own, else that of its type."""
    if row["RELATIONSHIP_TYPE"]:
        return row["RELATIONSHIP_TYPE"]
    types = context.shelves["types"]
    if not types:
        raise RowRejected("PERSONAL_REL_TYPE_ID", "no relationship types were read: add dm_personal_rel_types")
    return str(types.get(row["PERSONAL_REL_TYPE_ID"], ""))


def _statement(row: Row, label: str, context: Context) -> Statement:
    code, left_sex, right_sex = read_pair(label)
    if flag(row["IS_MOTHER"]) and code in ("UNKNOWN", "OTHER_RELATIVE"):
        code, left_sex = "PARENT", "F"
    if code == "UNKNOWN":
        context.note("relationships loaded as UNKNOWN: their type has no known label")
    return Statement(
        row_id=row["PERSONAL_RELATIONSHIP_ID"] or str(context.line),
        left=row["PERSON_ID"],
        code=code,
        right=row["OTHER_PERSON_ID"],
        left_column="PERSON_ID",
        right_column="OTHER_PERSON_ID",
        source_code=row["PERSONAL_REL_TYPE_ID"] or None,
        source_label=text(label),
        left_sex=left_sex,
        right_sex=right_sex,
        code_column="PERSONAL_REL_TYPE_ID",
    )


def _duplicate_side(label: str) -> str:
    """Which end of a row is a second record of the other: left, right or, where its label says no such thing, none."""
    left, _, right = label.casefold().partition(":")
    sides = {
        side: "duplicate" in words and "possible" not in words for side, words in (("left", left), ("right", right))
    }
    return next((side for side, is_duplicate in sides.items() if is_duplicate), "")


def _remember_duplicate(row: Row, side: str, context: Context) -> None:
    """A duplicate record is no relative: what is remembered is whose second record it is, for its person row."""
    ends = [("PERSON_ID", row["PERSON_ID"]), ("OTHER_PERSON_ID", row["OTHER_PERSON_ID"])]
    for column, person in ends:
        context.known(person, column)
    duplicate, survivor = (person for _, person in (ends if side == "left" else reversed(ends)))
    if duplicate == survivor:
        raise RowRejected("OTHER_PERSON_ID", "a duplicate of themselves")
    _, end = context.span(row, "START_DATE", "END_DATE")
    if end is not None and end <= context.as_at:
        context.note("duplicates that are no longer said to be one: left out")
        return
    context.note("relationships that mark a duplicate record: told of the person, not as a link")
    context.duplicate_later[duplicate] = survivor


def dm_subgroups(row: Row, context: Context) -> Rows:
    """A group, kept for its members. A subgroup stands for the group it is part of."""
    subgroup = row["SUBGROUP_ID"]
    if subgroup in NO_KEY:
        raise RowRejected("SUBGROUP_ID", "no id")
    no_family = any(words in row["GROUP_NAME"].casefold() for words in _NO_FAMILY)
    if no_family:
        context.note("groups named 'Duplicate' or 'Do not use': left out")
    whole = row.get("GROUP_ID", subgroup)
    context.shelves["groups"][subgroup] = None if no_family else whole
    yield from ()


def dm_subgroup_subjects(row: Row, context: Context) -> Rows:
    """A member of a group: membership only, never kinship."""
    if row["SUBJECT_TYPE_CODE"].upper() not in ("", "PER"):
        context.note("members of groups that are no people: left out")
        return
    groups, subgroup = context.shelves["groups"], row["SUBGROUP_ID"]
    if subgroup not in groups:
        raise RowRejected("SUBGROUP_ID", "group not in dm_subgroups")
    start, end = context.span(row, "START_DATE", "END_DATE")
    if groups[subgroup] is not None:
        join(context, groups[subgroup], row["SUBJECT_COMPOUND_ID"], "SUBJECT_COMPOUND_ID", start, end)
    yield from ()
