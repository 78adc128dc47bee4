"""Dated facts of the Standard Safeguarding Dataset: missing episodes and contacts. What came of them is never read."""

from collections.abc import Iterator
from pathlib import Path

from loaders import missing
from loaders.codes import code_table
from loaders.context import Context, Row, StandardRow

Rows = Iterator[tuple[str, StandardRow]]

_SOURCES = Path(__file__).with_name("referral_sources.csv")


def ssd_missing(row: Row, context: Context) -> Rows:
    """A time a child was missing, or away without leave."""
    yield "event", missing.episode(row, context, "csc")


def ssd_contacts(row: Row, context: Context) -> Rows:
    """A contact about a client. Who made it is told only by the codes of the children in need census: words of a
    council's own might name a sensitive service.
    """
    person = row["cont_person_id"]
    context.known(person, "cont_person_id")
    on, _ = context.span(row, "cont_contact_date", "cont_contact_date")
    listed = code_table(_SOURCES).get(row["cont_contact_source_code"].upper())
    if listed is None and row["cont_contact_source_code"]:
        context.note("contacts from a source that no list explains: who made them is not told")
        context.unknown_code("cont_contact_source_code", row["cont_contact_source_code"])
    standard: StandardRow = {
        "row_id": f"contact-{row['cont_contact_id']}",
        "record_id": person,
        "service_id": "csc",
        "kind": "contact with social care",
        "on": on,
        "detail": listed["words"] if listed and listed["words"] else None,
        "tone": "neutral",
    }
    yield "event", standard
