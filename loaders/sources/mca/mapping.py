"""MCA extracts to standard rows: who came to which universal session.

Nothing about this system is public; the columns are our assumption. Coming to a session protects; a place booked and
not taken is neutral. A session's name is shown as it stands in the programme, never a note about anybody.
"""

from collections.abc import Iterator

from loaders.context import Context, Row, RowRejected, StandardRow, flag, text
from loaders.education import past_day
from loaders.learners import learner

Rows = Iterator[tuple[str, StandardRow]]

_LONGEST = 80
"""Characters from which on a session's name reads as a note."""


def people(row: Row, context: Context) -> Rows:
    """Somebody registered for sessions, and where they live."""
    record_id = row["person_id"]
    yield from learner(row, record_id, context, is_client=True)


def sessions(row: Row, context: Context) -> Rows:
    """One person at one session; without a word on attendance the register lists who came."""
    person = row["person_id"]
    context.known(person, "person_id")
    on = past_day(row, "attended_on", context)
    kind, site = text(row["session_type"]) or text(row["session_name"]), text(row["site"])
    if kind is None:
        raise RowRejected("session_name", "the session has no name")
    detail = ", ".join(filter(None, (kind, site)))
    if len(detail) > _LONGEST:
        raise RowRejected("session_name", "reads as a note, not as a session's name")
    came = flag(row["attended"]) is not False
    standard: StandardRow = {
        "row_id": row["session_id"] or context.source_row,
        "record_id": person,
        "service_id": "universal_sessions",
        "kind": "session attended" if came else "session missed",
        "on": on,
        "detail": detail,
        "tone": "protective" if came else "neutral",
    }
    yield "event", standard
