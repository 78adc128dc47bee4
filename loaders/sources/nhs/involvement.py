"""Who is involved for health: health visitor, school nurse, midwife, general practice. Never why, nothing clinical."""

import re
from collections.abc import Iterator
from pathlib import Path

from loaders.clean.names import clean_name
from loaders.codes import code_table
from loaders.context import Context, Row, RowRejected, StandardRow, text
from loaders.relate import open_or_closed
from loaders.sources.nhs.contacts import patient_of
from loaders.workers import organisation, worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

_SERVICES = Path(__file__).with_name("services.csv")
_TELEPHONE = re.compile(r"[\d\s()+-]{6,}")


def health_involvement(row: Row, context: Context) -> Rows:
    """A spell of a health service. One nobody knows is put aside: it might be a sensitive one."""
    patient = patient_of(row, context)
    meaning = code_table(_SERVICES).get(" ".join(row["service"].upper().split()))
    if meaning is None:
        raise RowRejected("service", "no service is known for this word: add it to services.csv")
    start, end = context.span(row, "start", "end")
    team, practice = text(row["practice_or_team"]), meaning["service_id"] == "gp"
    said = _contact(row, context)
    name = said.get("name") or team
    worker_id = worker_key(str(name), team) if said and name else None
    standard: StandardRow = {
        "row_id": f"{context.file}:{context.line}",
        "record_id": patient,
        "service_id": meaning["service_id"],
        "kind": meaning["kind"],
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
        "team": None if practice else team,
        "role": meaning["role"] if worker_id else None,
        "lead_professional": False,
        "organisation": team if practice else None,
        "worker_id": worker_id,
        "allocated": False,
    }
    yield "involvement", standard
    yield from organisation(team if practice else None, context, "GP practice")
    where: StandardRow = {"organisation": team} if practice else {"team": team}
    yield from worker(worker_id, {"name": name, "role": meaning["role"], **where, **said}, context)


def _contact(row: Row, context: Context) -> StandardRow:
    """What `contact` is: a name, a telephone number or an e-mail address; empty where it is none."""
    contact = text(row["contact"])
    if contact is None:
        return {}
    if "@" in contact:
        return {"email": contact}
    if _TELEPHONE.fullmatch(contact):
        phone = context.phone(row, "contact")
        return {"phone": phone} if phone else {}
    name = clean_name(contact)
    return {"name": name} if name else {}
