"""eStart extracts to standard rows: families registered with a children's centre, and the sessions they came to.

Modules of the system are public, its columns are not: the layout is our assumption. A family number says who was
registered together, never who is whose parent.
"""

from collections.abc import Iterator
from datetime import date

from loaders.context import Context, Row, RowRejected, StandardRow, text
from loaders.education import past_day
from loaders.groups import join, members_together
from loaders.learners import learner
from loaders.relate import open_or_closed
from loaders.workers import organisation

Rows = Iterator[tuple[str, StandardRow]]

_ROLES = {"PARENT": False, "CARER": False, "PARENT/CARER": False, "GRANDPARENT": False, "CHILD": True}
"""Whether somebody of this role is the child whom the centre is there for."""

_LONGEST = 80


def registrations(row: Row, context: Context) -> Rows:
    """A person of a registered family, their address and their centre."""
    record_id, role = row["person_id"], row["role"].upper()
    if role and role not in _ROLES:
        context.unknown_code("role", role)
        context.drop("role", "neither parent, carer nor child")
    yield from learner(row, record_id, context, is_client=_ROLES.get(role))
    yield from _registered(row, record_id, context)
    if row["family_id"]:
        join(context, row["family_id"], record_id, "person_id")
    last = context.past_date(row, "last_attended")
    if last is not None:
        context.shelves["last visits"][record_id] = (last, text(row["centre"]), context.source_row)


def _registered(row: Row, record_id: str, context: Context) -> Rows:
    start, end = context.past_date(row, "registered_on"), context.optional_date(row, "left_on")
    centre = text(row["centre"])
    if start is None and centre is None:
        return
    standard: StandardRow = {
        "row_id": f"registration-{record_id}",
        "record_id": record_id,
        "service_id": "children_centres",
        "kind": "Registered with a children's centre",
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
        "lead_professional": False,
        "organisation": centre,
        "allocated": False,
    }
    yield "involvement", standard
    yield from organisation(centre, context, "children's centre")


def registers(row: Row, context: Context) -> Rows:
    """One person at one session."""
    person = row["person_id"]
    context.known(person, "person_id")
    on = past_day(row, "attended_on", context)
    detail = ", ".join(filter(None, (text(row["session_type"]), text(row["centre"]))))
    if not detail:
        raise RowRejected("session_type", "neither session nor centre is named")
    if len(detail) > _LONGEST:
        raise RowRejected("session_type", "reads as a note, not as a session's name")
    context.shelves["visits"][f"{person} {on}"] = True
    yield "event", _visit(row["register_id"] or context.source_row, person, on, detail)


def _visit(row_id: str, person: str, on: date, detail: str) -> StandardRow:
    return {
        "row_id": row_id,
        "record_id": person,
        "service_id": "children_centres",
        "kind": "session attended",
        "on": on,
        "detail": detail,
        "tone": "protective",
    }


def finish(context: Context) -> Rows:
    """Families, once everybody is read; and a last visit that no register tells of."""
    yield from members_together(context)
    for person, (on, centre, source_row) in context.shelves["last visits"].items():
        if f"{person} {on}" not in context.shelves["visits"]:
            told = _visit(f"last-{person}", person, on, ", ".join(filter(None, ("Last visit", centre))))
            yield "event", {**told, "source_row": source_row}
