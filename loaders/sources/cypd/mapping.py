"""CYPD extracts to standard rows: pupils and their carers, registers, attendance, exclusions, results and behaviour.

Nothing about this system is public, not even what its name stands for: every layout here is our assumption, and a
council puts its own names into a column map. A register nobody explains is put aside, never taken for the nearest one.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from loaders.clean.names import clean_name
from loaders.codes import placed
from loaders.context import Context, Row, RowRejected, StandardRow, flag, text
from loaders.education import send
from loaders.learners import learner
from loaders.pupil_contacts import Contact, pupil_contact
from loaders.relate import open_or_closed
from loaders.sources.cypd.school import attainment, attendance, behaviour, exclusions
from loaders.workers import organisation, worker, worker_key

__all__ = ["attainment", "attendance", "behaviour", "carers", "cypd", "exclusions", "people"]

Rows = Iterator[tuple[str, StandardRow]]

_TYPES = Path(__file__).with_name("register_types.csv")


def people(row: Row, context: Context) -> Rows:
    """A pupil with their school, or a carer."""
    record_id = row["person_id"]
    pupil = flag(row["pupil"])
    known = pupil if pupil is not None else bool(row["upn"] or row["school"])
    yield from learner(row, record_id, context, is_client=known)
    school = text(row["school"])
    if school is not None:
        yield from _at_school(row, record_id, school, context)


def _at_school(row: Row, record_id: str, school: str, context: Context) -> Rows:
    start, end = context.past_date(row, "school_from"), context.optional_date(row, "school_to")
    contact = clean_name(row["school_contact"])
    worker_id = worker_key(contact, school)
    reach = {"phone": context.phone(row, "school_phone"), "email": text(row["school_email"])}
    standard: StandardRow = {
        "row_id": f"school-{record_id}",
        "record_id": record_id,
        "service_id": "school",
        "kind": "On roll",
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
        "role": "School contact" if contact else None,
        "lead_professional": False,
        "organisation": school,
        "worker_id": worker_id,
        "allocated": False,
    }
    yield "involvement", standard
    yield from organisation(school, context, "school", **reach)
    yield from worker(worker_id, {"name": contact, "role": "School contact", "organisation": school, **reach}, context)


def cypd(row: Row, context: Context) -> Rows:
    """A register somebody is or was on: a plan, the school's own support, another spell, or a dated fact."""
    person = row["person_id"]
    context.known(person, "person_id")
    unknown = "nobody explains this register: add it to register_types.csv"
    meaning = placed(_TYPES, row, "register_type", unknown)
    start, end = context.span(row, "start", "end")
    row_id = row["register_id"] or context.source_row
    if meaning["tells"] == "event":
        yield "event", _fact(row_id, person, meaning, start, end)
        return
    name = clean_name(row["key_worker"])
    worker_id = worker_key(name)
    said: StandardRow = {"row_id": row_id, "record_id": person, "start": start, "end": end}
    yield from _spell(row, said, meaning, name, context)
    reach = {"phone": context.phone(row, "key_worker_phone"), "email": text(row["key_worker_email"])}
    yield from worker(worker_id, {"name": name, "role": "Key worker", **reach}, context)


def _fact(row_id: str, person: str, meaning: Mapping[str, str], start: date | None, end: date | None) -> StandardRow:
    if start is None:
        raise RowRejected("start", "no day")
    return {
        "row_id": row_id,
        "record_id": person,
        "service_id": meaning["service_id"],
        "kind": meaning["kind"],
        "on": start,
        "until": end,
        "detail": meaning["register_type"],
        "tone": meaning["tone"],
    }


def _spell(row: Row, said: StandardRow, meaning: Mapping[str, str], name: str | None, context: Context) -> Rows:
    """A plan with its author, or an involvement with its worker."""
    needs = row["needs"].split(";")
    led: StandardRow = {"worker_id": worker_key(name), "role": "Key worker" if name else None}
    if meaning["tells"] == "plan":
        yield from send({**said, "author": name, "author_email": text(row["key_worker_email"])}, "plan", needs, context)
    elif meaning["tells"] == "support":
        yield from send({**said, **led}, "support", needs, context)
    else:
        end = said["end"]
        standard: StandardRow = {
            **said,
            **led,
            "service_id": meaning["service_id"],
            "kind": meaning["kind"],
            "status": open_or_closed(end if isinstance(end, date) else None, context.as_at),
            "lead_professional": False,
            "allocated": False,
        }
        yield "involvement", standard


def carers(row: Row, context: Context) -> Rows:
    """`relationship` says what carer_person_id is to person_id: "Mother" is the pupil's mother."""
    said = Contact(
        row_id=row["carer_id"] or context.source_row,
        contact=row["carer_person_id"],
        word=row["relationship"],
        pupil=row["person_id"],
        contact_column="carer_person_id",
        pupil_column="person_id",
        responsibility=row["parental_responsibility"],
        priority=row["priority"],
        lives_with=row["lives_with"],
    )
    yield from pupil_contact(said, context)
