"""Offences by the Family Context common data model: seven safeguarding types, the latest three, of adults.

Whatever else there is becomes one plain "yes": which offence it was is never told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from loaders.clean.names import clean_name
from loaders.codes import look_up
from loaders.context import Context, Row, StandardRow, flag, text
from loaders.involved import involvement
from loaders.workers import organisation, worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

MOST_TOLD = 3
"""Offences told of one person: the Family Context model holds three."""

ADULT = 18
"""Completed years from which on offences are told (Stockport's rule, kept)."""

_TYPES = Path(__file__).with_name("offence_types.csv")
_NATURES = {
    **dict.fromkeys(("CONVICT", "CONVICTED", "CONVICTION"), "Convict"),
    **dict.fromkeys(("SUSPECT", "SUSPECTED"), "Suspect"),
}
_PLACES = ("", "_2", "_3")
"""One row may carry three offences, as the model has it, or one of several rows of a person."""


class Offence(NamedTuple):
    """One offence that may be told. Rows that repeat the day and the words repeat the offence."""

    on: date
    words: str


@dataclass(slots=True)
class Held:
    """What is held of one person's offences: each with its row and its place there, and a row that tells of others."""

    offences: dict[Offence, tuple[str, int]] = field(default_factory=dict)
    others: str = ""


def remember(row: Row, context: Context) -> None:
    """Keep what a row says of offences until all of a person's rows are read."""
    if _child(row["nominal_id"], context):
        if any(row[f"offence_type{place}"] for place in _PLACES) or flag(row["non_safeguarding_offence"]):
            context.note("offences of somebody under 18: left out")
        return
    held: Held = context.shelves["offences"].setdefault(row["nominal_id"], Held())
    for number, place in enumerate(_PLACES):
        _remember(row, place, number, held, context)
    if flag(row["non_safeguarding_offence"]):
        held.others = held.others or context.source_row


def _remember(row: Row, place: str, number: int, held: Held, context: Context) -> None:
    kind = row[f"offence_type{place}"]
    if not kind:
        return
    listed = look_up(_TYPES, kind)
    on = context.past_date(row, f"offence_date{place}")
    if listed is None:
        context.note("offences of a type that is no safeguarding one: told as other offences on record")
        context.unknown_code("offence_type", kind)
        held.others = held.others or context.source_row
    elif on is None:
        context.note("safeguarding offences without a day that can be: left out")
    else:
        nature = _NATURES.get(row[f"nature{place}"].upper(), "nature not recorded")
        held.offences.setdefault(Offence(on, f"{listed['words']}, {nature}"), (context.source_row, number))


def _child(record_id: str, context: Context) -> bool:
    born, today = context.people[record_id].dob, context.as_at
    return born is not None and today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < ADULT


def finish(context: Context) -> Rows:
    """The latest three offences of each person, and whether there are others."""
    for record_id, held in context.shelves["offences"].items():
        latest = sorted(held.offences, reverse=True)
        if len(latest) > MOST_TOLD:
            context.notes[
                "police_contacts.csv", f"people with more than {MOST_TOLD} offences: the latest are told"
            ] += 1
        for offence in latest[:MOST_TOLD]:
            source_row, number = held.offences[offence]
            told = _event(f"{source_row}:{number}", record_id, "offence", "concern")
            yield "event", told | {"on": offence.on, "detail": offence.words, "source_row": source_row}
        if held.others:
            others = _event(f"{record_id}:others", record_id, "other offences on record", "neutral")
            yield "event", others | {"source_row": held.others}


def _event(row_id: str, record_id: str, kind: str, tone: str) -> StandardRow:
    return {"row_id": row_id, "record_id": record_id, "service_id": "police", "kind": kind, "tone": tone}


def area(row: Row, context: Context) -> Rows:
    """The police area that knows somebody and whom to ring there. No spell of work: it says nothing of now."""
    place, name = text(row["police_area"]), clean_name(row["contact_name"])
    key = f"{row['nominal_id']}:area"
    if (place is None and name is None) or key in context.shelves["areas"]:
        return
    context.shelves["areas"][key] = True
    phone, worker_id = context.phone(row, "contact_number"), worker_key(name, place)
    role = text(row["contact_role"]) or "Police contact"
    meaning = {"service_id": "police", "kind": "Recorded by the police"}
    said = {"status": "closed", "role": role if name else None, "organisation": place, "worker_id": worker_id}
    yield "involvement", involvement(key, row["nominal_id"], meaning, (None, None), context, **said)
    yield from organisation(place, context, "police area")
    yield from worker(worker_id, {"name": name, "role": role, "organisation": place, "phone": phone}, context)
