"""Police lists to standard rows. Of offences only the seven safeguarding types of the Family Context model are told, of
adults, three at most; any other is "other offences on record". A suspicion is never told as more than that.
"""

from collections.abc import Iterator

from loaders import missing, plain
from loaders.clean.identifiers import is_placeholder
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow
from loaders.sources.police import notifications, offences
from loaders.sources.police.notifications import ppn_merlin

Rows = Iterator[tuple[str, StandardRow]]


def people(row: Row, context: Context) -> Rows:
    """Somebody the police know of, adult or child, and their address."""
    yield from _somebody(row, context)


def _somebody(row: Row, context: Context) -> Rows:
    record_id = row["nominal_id"]
    standard = plain.person(row, record_id, context)
    pnc = None if is_placeholder(row["pnc_id"]) else context.pnc(row, "pnc_id")
    yield "person", standard | {"pnc": pnc, "is_client": True}
    yield from plain.home(row, record_id, context)


def police_contacts(row: Row, context: Context) -> Rows:
    """A line of the Family Context layout: somebody with their offences, told as a person unless `people` did so."""
    record_id = row["nominal_id"]
    if record_id in NO_KEY:
        raise RowRejected("nominal_id", "no person id")
    if record_id not in context.people:
        yield from _somebody(row, context)
    offences.remember(row, context)
    yield from offences.area(row, context)


def missing_episodes(row: Row, context: Context) -> Rows:
    """A time somebody was reported missing."""
    listed(row, "miss_person_id", context)
    yield "event", missing.episode(row, context, "police")


def listed(row: Row, column: str, context: Context) -> None:
    """Raises RowRejected for a person whom neither list of people names."""
    if row[column] not in context.people:
        raise RowRejected(column, "nobody of this id is in people or police_contacts")


def finish(context: Context) -> Rows:
    """The offences that may be told of each person, and who stood in what relation to whom in an incident."""
    yield from offences.finish(context)
    yield from notifications.finish(context)


__all__ = ["finish", "missing_episodes", "people", "police_contacts", "ppn_merlin"]
