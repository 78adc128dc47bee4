"""IYSS extracts to standard rows: young people and what they do (CCIS), and youth justice.

The data sets of CCIS are public, most of their columns are not. An activity ends where the next one begins, so spells
are told when all have been read. The risk of NEET indicator is shown as supplied: nothing here computes or changes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from loaders.clean.names import clean_name
from loaders.codes import placed
from loaders.context import Context, Row, StandardRow, flag, text
from loaders.education import past_day
from loaders.learners import learner
from loaders.sources.iyss.youth_justice import yj_interventions
from loaders.workers import worker, worker_key

__all__ = ["finish", "nccis_activity", "nccis_young_person", "yj_interventions"]

Rows = Iterator[tuple[str, StandardRow]]

_ACTIVITIES = Path(__file__).with_name("activities.csv")
_LONGEST = 40
"""Characters from which on an indicator reads as a note."""


@dataclass(frozen=True, slots=True)
class _Activity:
    """One row of what a young person does, checked."""

    start: date
    kind: str
    detail: str
    tone: str
    lapsed: bool
    contact: date | None
    worker: str | None
    source_row: str


def nccis_young_person(row: Row, context: Context) -> Rows:
    """A young person, where they live, and the risk of NEET indicator as supplied."""
    record_id = row["young_person_id"]
    number = text(row["yot_number"])
    postcode = context.postcode(row, "YP19 Address postcode") or ""
    plain = {"sex": row["gender"], "address_line": row["YP18 Address"], "postcode": postcode}
    yield from learner(Row({**row, **plain}), record_id, context, yot_number=number, is_client=True)
    context.shelves["yot numbers"][record_id] = number
    indicator = text(row["roni"])
    if indicator is None:
        return
    if len(indicator) > _LONGEST:
        context.drop("roni", "reads as a note, not as an indicator")
        return
    yield (
        "event",
        {
            "row_id": f"roni-{record_id}",
            "record_id": record_id,
            "service_id": "neet",
            "kind": "risk of NEET indicator",
            "on": context.past_date(row, "roni_as_of"),
            "detail": f"{indicator}, as supplied",
            "tone": "neutral",
        },
    )


def nccis_activity(row: Row, context: Context) -> Rows:
    """What a young person does from a day on, and who keeps in touch with them."""
    person = row["young_person_id"]
    context.known(person, "young_person_id")
    unknown = "nobody explains this activity: add it to activities.csv or the column map"
    meaning = placed(_ACTIVITIES, row, "activity_code", unknown)
    start = past_day(row, "activity_start", context)
    name = clean_name(row["lead_worker"])
    worker_id = worker_key(name)
    found = _Activity(
        start,
        meaning["kind"],
        meaning["detail"],
        meaning["tone"],
        flag(row["currency_lapsed"]) is True,
        context.past_date(row, "last_contact_date"),
        worker_id,
        context.source_row,
    )
    context.shelves["activities"].setdefault(person, []).append(found)
    reach = {"phone": context.phone(row, "lead_worker_phone"), "email": text(row["lead_worker_email"])}
    yield from worker(worker_id, {"name": name, "role": "Careers adviser", **reach}, context)


def finish(context: Context) -> Rows:
    """Each young person's activities in order of time, and the worker of the latest."""
    for person, found in context.shelves["activities"].items():
        spells: list[_Activity] = sorted(found, key=lambda activity: activity.start)
        for number, spell in enumerate(spells):
            after = spells[number + 1].start if number + 1 < len(spells) else None
            yield "event", _event(person, number, spell, after)
        if spells[-1].worker:
            yield "involvement", _involvement(person, spells[-1])


def _event(person: str, number: int, spell: _Activity, after: date | None) -> StandardRow:
    """The activity; of the latest also how fresh it is. Two that begin on one day are both told, without an end."""
    until = after - timedelta(days=1) if after and after > spell.start else None
    fresh = ""
    if after is None and spell.lapsed:
        fresh = ", not confirmed since" + (f" {spell.contact:%-d %B %Y}" if spell.contact else " the last contact")
    elif after is None and spell.contact:
        fresh = f", last contact {spell.contact:%-d %B %Y}"
    return {
        "row_id": f"activity-{person}-{number + 1}",
        "record_id": person,
        "service_id": "neet",
        "kind": spell.kind,
        "on": spell.start,
        "until": until,
        "detail": spell.detail + fresh,
        "tone": spell.tone,
        "source_row": spell.source_row,
    }


def _involvement(person: str, spell: _Activity) -> StandardRow:
    """Who keeps in touch. Where the last word is too old to count, the last contact ends it."""
    return {
        "row_id": f"worker-{person}",
        "record_id": person,
        "service_id": "neet",
        "kind": "Careers and participation support",
        "status": "closed" if spell.lapsed else "open",
        "end": spell.contact if spell.lapsed else None,
        "role": "Careers adviser",
        "lead_professional": False,
        "worker_id": spell.worker,
        "allocated": False,
        "updated_on": spell.contact,
        "source_row": spell.source_row,
    }
