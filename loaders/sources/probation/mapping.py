"""nDelius extracts to standard rows. A restricted person is restricted everywhere; an excluded viewer never sees them.

The messages of a restriction or exclusion name people, and a tier is a score: neither is ever read.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from loaders import plain
from loaders.birth import birth_date
from loaders.clean.identifiers import is_placeholder
from loaders.clean.names import clean_name, sex_code, unique_names
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, flag
from loaders.involved import involvement
from loaders.sources.probation.nested import Manager, read_aliases, read_managers
from loaders.workers import organisation, worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

_MEANING = {"service_id": "probation", "kind": "Supervision by probation"}
_ROLE = "Probation practitioner"

NO_LIST = "currentExclusion, and no list of who is excluded"


class Excluded(NamedTuple):
    """Somebody who may not see a person. `until` is None where no day is said."""

    viewer: str
    until: date | None
    source_row: str


def exclusions(row: Row, context: Context) -> Rows:
    """Who is excluded from seeing whom, kept for the person's own row. A line without a user restricts the person: it
    excludes somebody whom nobody can name.
    """
    crn, viewer = row["crn"], row["user"].casefold()
    if crn in NO_KEY:
        raise RowRejected("crn", "no id")
    if row["user"] in NO_KEY:
        context.shelves["unnamed"][crn] = True
        raise RowRejected("user", "no user: the person is restricted, because nobody can tell who is excluded")
    until = context.optional_date(row, "until")
    if until is not None and until < context.as_at:
        context.note("exclusions that have ended: left out")
    else:
        context.shelves["excluded"].setdefault(crn, []).append(Excluded(viewer, until, context.source_row))
    yield from ()


def offenders(row: Row, context: Context) -> Rows:
    """Somebody probation supervises or has supervised: person, address, exclusions, and their managers' spells."""
    record_id, crn = row["offenderId"], row["crn"]
    if flag(row["softDeleted"]):
        context.note("people deleted in the source: left out")
        return
    restricted, kind = _restriction(row, context)
    yield "person", _person(row, context, restricted, kind)
    yield from plain.home(row, record_id, context, hidden=restricted)
    context.shelves["crns"][crn] = True
    for place, one in enumerate(context.shelves["excluded"].get(crn, []), 1):
        told: StandardRow = {
            "row_id": f"{record_id}:{place}",
            "record_id": record_id,
            "viewer": one.viewer,
            "until": one.until,
        }
        yield "exclusion", told | {"source_row": one.source_row}
    yield from _supervision(row, context)


def _restriction(row: Row, context: Context) -> tuple[bool, str | None]:
    """Restricted by its own flag; or because viewers are excluded whom no list names."""
    restricted, kind = context.restriction(row, ("currentRestriction",))
    if restricted:
        return True, kind
    crn = row["crn"]
    listed = crn in context.shelves["excluded"]
    if crn in context.shelves["unnamed"] or (flag(row["currentExclusion"]) is not False and not listed):
        context.note("people with an exclusion that no list explains: restricted for everybody")
        return True, NO_LIST
    return False, None


def _person(row: Row, context: Context, restricted: bool, kind: str | None) -> StandardRow:
    record_id = row["offenderId"]
    guarded = restricted or row["crn"] in context.shelves["excluded"]  # a row lost would be an exclusion lost
    dob = birth_date(row, "dateOfBirth", context, unborn=False, restricted=guarded)
    forename, surname, sex = clean_name(row["firstName"]), clean_name(row["surname"]), sex_code(row["gender"])
    former = clean_name(row["previousSurname"])
    context.add_person(record_id, sex, dob)
    return {
        "record_id": record_id,
        "forename": forename,
        "middle_names": clean_name(row["middleNames"].strip("[]").replace('"', "").replace(",", " ")),
        "surname": surname,
        "known_as": clean_name(row["preferredName"]),
        "other_names": unique_names([former] if former else [], read_aliases(row["offenderAliases"])),
        "sex": sex,
        "dob": dob,
        "status": "alive",
        "pnc": None if is_placeholder(row["pncNumber"]) else context.pnc(row, "pncNumber"),
        "is_client": True,
        "restricted": restricted,
        "restriction_kind": kind,
    }


def _supervision(row: Row, context: Context) -> Rows:
    """A spell for each manager. Without one, whether there is a sentence now tells whether probation is involved."""
    current = flag(row["currentDisposal"])
    managers, unread = read_managers(row["offenderManagers"], context.as_at)
    if unread:
        context.note("managers that cannot be read: probation is told as involved without a name")
    for place, manager in enumerate(managers or [Manager()], 1):
        yield from _spell(row["offenderId"], place, manager, current, context)


def _spell(record_id: str, place: int, manager: Manager, current: bool | None, context: Context) -> Rows:
    key = worker_key(manager.name, manager.team or manager.area)
    named = manager.name is not None
    open_now = manager.end is None and manager.active and (named if current is None else current)
    area, days = manager.area, (manager.start, manager.end)
    spell: StandardRow = {
        "status": "open" if open_now else "closed",
        "team": manager.team,
        "role": _ROLE if named else None,
        "organisation": area,
        "worker_id": key,
    }
    yield "involvement", involvement(f"{record_id}:{place}", record_id, _MEANING, days, context, **spell)
    yield from organisation(area, context, "probation area")
    said: StandardRow = {
        "name": manager.name,
        "role": _ROLE,
        "team": manager.team,
        "organisation": area,
        "phone": manager.phone,
        "email": manager.email,
    }
    yield from worker(key, said, context)


def finish(context: Context) -> Rows:
    """Say how many exclusions are of people who are not listed."""
    known = context.shelves["crns"]
    left = sum(len(found) for crn, found in context.shelves["excluded"].items() if crn not in known)
    if left:
        context.notes["exclusions.csv", "exclusions of people whom offenders does not list"] += left
    yield from ()
