"""Voluntary sector lists to standard rows. Nobody is loaded, and no help is told, without the person's consent."""

from collections.abc import Iterator
from pathlib import Path

from loaders import plain
from loaders.clean.names import clean_name
from loaders.codes import placed
from loaders.context import Context, Row, RowRejected, StandardRow, flag, text
from loaders.involved import involvement
from loaders.workers import organisation, worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

_SERVICES = Path(__file__).with_name("services.csv")


def people(row: Row, context: Context) -> Rows:
    """Somebody who agreed, and their address."""
    _consented(row)
    standard = plain.person(row, row["person_ref"], context)
    yield "person", standard
    yield from plain.home(row, row["person_ref"], context)


def vcs_involvements(row: Row, context: Context) -> Rows:
    """Help by an organisation. A kind nobody knows is put aside: it might be a sensitive one."""
    _consented(row)
    context.known(row["person_ref"], "person_ref")
    meaning, days = placed(_SERVICES, row, "service"), context.span(row, "start", "end")
    name, charity = clean_name(row["contact"]), text(row["organisation"])
    worker_id = worker_key(name, charity)
    who: StandardRow = {"role": "Worker" if worker_id else None, "organisation": charity, "worker_id": worker_id}
    yield "involvement", involvement(context.source_row, row["person_ref"], meaning, days, context, **who)
    yield from organisation(charity, context, "voluntary organisation")
    yield from worker(worker_id, {"name": name, "role": "Worker", "organisation": charity}, context)


def _consented(row: Row) -> None:
    if not flag(row["consent"]):
        raise RowRejected("consent", "no consent to share: the row is not loaded")
