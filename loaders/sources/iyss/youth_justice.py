"""Youth justice: an intervention, the plan it follows with its needs, and the court order behind it, if there is one.

The layout is our assumption. What is assessed of risk is for approved roles only and is never read here.
"""

from collections.abc import Iterator
from pathlib import Path

from loaders.clean.names import clean_name
from loaders.codes import look_up
from loaders.context import Context, Row, StandardRow, text
from loaders.education import past_day
from loaders.relate import open_or_closed
from loaders.workers import worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

_DISPOSALS = Path(__file__).with_name("disposals.csv")
_LONGEST = 60


def yj_interventions(row: Row, context: Context) -> Rows:
    """An intervention with a young person."""
    person = row["person_id"]
    context.known(person, "person_id")
    past_day(row, "intervention_start", context)
    start, end = context.span(row, "intervention_start", "intervention_end")
    name, team = clean_name(row["case_manager"]), text(row["team"])
    worker_id = worker_key(name, team)
    row_id = _row_id(row, person, context)
    common: StandardRow = {
        "record_id": person,
        "service_id": "youth_justice",
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
    }
    yield (
        "involvement",
        {
            **common,
            "row_id": row_id,
            "kind": "Youth justice intervention",
            "team": team,
            "role": "Case manager" if name else None,
            "lead_professional": False,
            "worker_id": worker_id,
            "allocated": False,
        },
    )
    author: StandardRow = {"author": name, "author_email": text(row["case_manager_email"])}
    yield "plan", {**common, **author, "row_id": row_id, "kind": "youth justice", "needs": _needs(row, context)}
    order = _court_order(row, context)
    if order is not None:
        yield "plan", {**common, "row_id": f"{row_id}-order", "kind": "court order", "legal_status": order}
    reach = {"phone": context.phone(row, "case_manager_phone"), "email": text(row["case_manager_email"])}
    yield from worker(worker_id, {"name": name, "role": "Case manager", "team": team, **reach}, context)


def _row_id(row: Row, person: str, context: Context) -> str:
    """The intervention's id with the young person's number in front; a number that is not theirs is reported."""
    number, own = text(row["yot_number"]), context.shelves["yot numbers"].get(person)
    if number and own and number != own:
        context.drop("yot_number", "differs from the number of this young person")
        number = own
    return "/".join(filter(None, (number or own, row["intervention_id"] or context.source_row)))


def _needs(row: Row, context: Context) -> list[str]:
    """The needs of the plan, apart from one so long that it reads as a note."""
    found = [" ".join(need.split()) for need in row["needs"].split(";")]
    if any(len(need) > _LONGEST for need in found):
        context.drop("needs", "reads as a note, not as a need")
    return list(dict.fromkeys(need for need in found if need and len(need) <= _LONGEST))


def _court_order(row: Row, context: Context) -> str | None:
    """The order of the court in plain words; none for what was settled out of court."""
    if not row["disposal"]:
        return None
    meaning = look_up(_DISPOSALS, row["disposal"])
    if meaning is None:
        context.unknown_code("disposal", row["disposal"])
        context.drop("disposal", "nobody explains this disposal: add it to disposals.csv or the column map")
        return None
    return meaning["legal_status"] if meaning["court"] == "Y" else None
