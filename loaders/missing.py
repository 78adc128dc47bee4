"""Missing episodes: what is told of one, and those under the field names of the Standard Safeguarding Dataset.

The police's list borrows those names.

What was said in a return interview is never read: only whether one was offered and accepted.
"""

from loaders.clean.care import missing_kind
from loaders.context import Context, Row, StandardRow

_INTERVIEWS = {
    ("Y", "Y"): ", return interview accepted",
    ("Y", "N"): ", return interview declined",
    ("N", "N"): ", no return interview offered",
    ("N", "NA"): ", no return interview offered",
    ("N", ""): ", no return interview offered",
    ("Y", ""): ", return interview offered",
}
"""What is said of the return interview: (offered, accepted)."""


def detail(status: str, offered: str, accepted: str) -> str:
    """Missing or away, and what is said of the return interview."""
    return missing_kind(status) + _INTERVIEWS.get((offered.upper(), accepted.upper()), "")


def episode(row: Row, context: Context, service_id: str) -> StandardRow:
    """A time somebody was missing, or away without leave. Raises RowRejected: nobody has the id, an impossible date."""
    person = row["miss_person_id"]
    context.known(person, "miss_person_id")
    start, end = context.span(row, "miss_missing_episode_start_date", "miss_missing_episode_end_date")
    said = (row["miss_missing_episode_type"], row["miss_missing_rhi_offered"], row["miss_missing_rhi_accepted"])
    return {
        "row_id": f"missing-{row['miss_table_id']}",
        "record_id": person,
        "service_id": service_id,
        "kind": "missing episode",
        "on": start,
        "until": end,
        "detail": detail(*said),
        "tone": "concern",
    }
