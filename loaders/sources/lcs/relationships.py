"""LCS relationships and families of residence. A code says what the RELATED person is to DIM_PERSON_ID.

That is the opposite way to Mosaic. `ssd_mother` of the Standard Safeguarding Dataset shows it: DIM_PERSON_ID is the
mother where the code is CHI.
"""

from collections.abc import Iterator

from graph.vocabulary import vocabulary
from loaders.clean.kinship import read_kin
from loaders.context import Context, Row, RowRejected, StandardRow, text
from loaders.groups import join
from loaders.relate import Statement, dated

SHORTEST_WORD = 4
"""Letters from which on a code is read as a word: AUNT, MOTHER."""

Rows = Iterator[tuple[str, StandardRow]]


def site_relationship_codes(row: Row, context: Context) -> Rows:
    """What a relationship code of this site means of the related person: a code of the vocabulary, or its word."""
    said = row["canonical_code_of_RELATED_person"]
    meaning = said.upper() if said.upper() in vocabulary() else read_kin(said).code
    if meaning == "UNKNOWN" and said.upper() != "UNKNOWN":
        raise RowRejected("canonical_code_of_RELATED_person", "not a code of the relationship vocabulary")
    context.shelves["codes"][row["DIM_LOOKUP_RELTN_TYPE_CODE"].upper()] = meaning
    yield from ()


def fact_person_relation(row: Row, context: Context) -> Rows:
    """The related person is the CODE of DIM_PERSON_ID."""
    source_code, described = row["DIM_LOOKUP_RELTN_TYPE_CODE"].upper(), row["DIM_LOOKUP_RELTN_TYPE_DESC"]
    meaning = context.shelves["codes"].get(source_code) or _in_words(source_code, described)
    if meaning == "UNKNOWN":
        context.note("relationships loaded as UNKNOWN: site_relationship_codes does not explain their code")
    span = context.span(row, "START_DTTM", "END_DTTM")
    statement = Statement(
        row_id=row["FACT_PERSON_RELATION_ID"],
        left=row["DIM_RELATED_PERSON_ID"],
        code=meaning,
        right=row["DIM_PERSON_ID"],
        left_column="DIM_RELATED_PERSON_ID",
        right_column="DIM_PERSON_ID",
        source_code=source_code,
        source_label=text(described) or source_code,
        code_column="DIM_LOOKUP_RELTN_TYPE_CODE",
    )
    updated = context.past_date(row, "UPDATED_DTTM")
    yield "relationship", dated(statement, context, span, updated, context.shelves["hidden places"])


def _in_words(code: str, described: str) -> str:
    """The meaning of a code that the site does not explain: by its description, or where it is a word itself. A shorter
    code may be anything: FC is a foster carer here and a foster child there.
    """
    if code == "CHI":
        return "CHILD"
    word = described or (code if len(code) >= SHORTEST_WORD else "")
    return read_kin(word).code


def fact_contacts(row: Row, context: Context) -> Rows:
    """Which family of residence a contact was about: one person may carry several, and none of them is kinship."""
    join(context, row["DIM_LOOKUP_FAMILYOFRESIDENCE_ID"], row["DIM_PERSON_ID"], "DIM_PERSON_ID")
    yield from ()
