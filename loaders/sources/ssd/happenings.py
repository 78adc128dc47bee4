"""Dated facts of the Standard Safeguarding Dataset: missing episodes and contacts. What came of them is never read."""

from collections.abc import Iterator
from pathlib import Path

from loaders.clean.care import missing_kind
from loaders.codes import code_table
from loaders.context import Context, Row, StandardRow

Rows = Iterator[tuple[str, StandardRow]]

_SOURCES = Path(__file__).with_name("referral_sources.csv")
_INTERVIEWS = {
    ("Y", "Y"): ", return interview held or accepted",
    ("Y", "N"): ", return interview declined",
    ("N", "N"): ", no return interview offered",
    ("N", ""): ", no return interview offered",
}
"""What was said of the return interview: (offered, accepted)."""


def ssd_missing(row: Row, context: Context) -> Rows:
    """A time a child was missing, or away without leave."""
    person = row["miss_person_id"]
    context.known(person, "miss_person_id")
    start, end = context.span(row, "miss_missing_episode_start_date", "miss_missing_episode_end_date")
    offered, accepted = row["miss_missing_rhi_offered"].upper(), row["miss_missing_rhi_accepted"].upper()
    standard: StandardRow = {
        "row_id": f"missing-{row['miss_table_id']}",
        "record_id": person,
        "service_id": "csc",
        "kind": "missing episode",
        "on": start,
        "until": end,
        "detail": missing_kind(row["miss_missing_episode_type"]) + _INTERVIEWS.get((offered, accepted), ""),
        "tone": "concern",
    }
    yield "event", standard


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
    standard: StandardRow = {
        "row_id": f"contact-{row['cont_contact_id']}",
        "record_id": person,
        "service_id": "csc",
        "kind": "contact with social care",
        "on": on,
        "detail": f"From: {listed['words']}" if listed and listed["words"] else None,
        "tone": "neutral",
    }
    yield "event", standard
