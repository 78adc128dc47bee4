"""Who is involved for health: health visitor, school nurse, midwife, general practice. Never why, nothing clinical."""

import re
from collections.abc import Iterator
from pathlib import Path

from loaders.clean.names import clean_name
from loaders.codes import placed
from loaders.context import Context, Row, StandardRow, text
from loaders.involved import involvement
from loaders.sources.nhs.contacts import patient_of
from loaders.workers import organisation, worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

_SERVICES = Path(__file__).with_name("services.csv")
_TELEPHONE = re.compile(r"[\d\s()+-]{6,}")


def health_involvement(row: Row, context: Context) -> Rows:
    """A spell of a health service. One nobody knows is put aside: it might be a sensitive one."""
    patient = patient_of(row, context)
    meaning, days = placed(_SERVICES, row, "service"), context.span(row, "start", "end")
    team, practice = text(row["practice_or_team"]), meaning["service_id"] == "gp"
    said = _contact(row, context)
    name = said.get("name") or team
    worker_id = worker_key(str(name), team) if said and name else None
    where: StandardRow = {"organisation": team} if practice else {"team": team}
    role = meaning["role"] if worker_id else None
    yield (
        "involvement",
        involvement(context.source_row, patient, meaning, days, context, role=role, worker_id=worker_id, **where),
    )
    yield from organisation(team if practice else None, context, "GP practice")
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
