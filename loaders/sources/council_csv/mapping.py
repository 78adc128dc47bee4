"""Any council's list to standard rows, split by job: people and services here, contacts beside it.

The layout is neutral; the council's own names of files, columns and values are turned into it by a column map.
"""

from collections.abc import Iterator
from pathlib import Path

from loaders import plain
from loaders.clean.names import clean_name
from loaders.codes import placed
from loaders.context import NO_KEY, NO_RESTRICTION_DATA, Context, Row, StandardRow, flag, text
from loaders.involved import involvement
from loaders.sources.council_csv.contacts import contacts
from loaders.stated import relationships
from loaders.workers import organisation, worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

_SERVICES = Path(__file__).with_name("services.csv")


def people(row: Row, context: Context) -> Rows:
    """A person, and their address, hidden where they are restricted."""
    yield from plain.client(row, row["person_id"], context, _restriction(row, context))


def _restriction(row: Row, context: Context) -> tuple[bool, str | None]:
    """Yes, no, or in words (Secure, hidden address); an empty cell says neither and restricts."""
    said = flag(row["restricted"])
    if said is None and text(row["restricted"]) is None:
        context.unsaid += 1
        return True, NO_RESTRICTION_DATA
    return (False, None) if said is False else (True, "restricted")


def involvements(row: Row, context: Context) -> Rows:
    """A spell of a service. One nobody knows is put aside: it might be a sensitive one."""
    context.known(row["person_id"], "person_id")
    meaning, days = placed(_SERVICES, row, "service"), context.span(row, "start_date", "end_date")
    name, team, agency = clean_name(row["worker_name"]), text(row["team"]), text(row["organisation"])
    worker_id = worker_key(name, agency or team) if row["worker_id"] in NO_KEY else row["worker_id"]
    role = text(row["worker_role"]) or (meaning["role"] if worker_id else None)
    where: StandardRow = {"role": role, "team": team, "organisation": agency}
    more: StandardRow = {
        "end_reason": text(row["end_reason"]),
        "lead_professional": bool(flag(row["lead_professional"])),
        "worker_id": worker_id,
        "updated_on": context.past_date(row, "updated_on"),
    }
    spell = involvement(row["involvement_id"], row["person_id"], meaning, days, context, **where, **more)
    yield "involvement", spell
    yield from organisation(agency, context)
    said: StandardRow = {
        "name": name,
        **where,
        "phone": context.phone(row, "worker_phone"),
        "email": text(row["worker_email"]),
    }
    yield from worker(worker_id, said, context)


__all__ = ["contacts", "involvements", "people", "relationships"]
