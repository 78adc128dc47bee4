"""Plans and assessments of social care, the same for every source: coded values in plain words, long text left out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from loaders.clean import care
from loaders.clean.care import BadCode
from loaders.context import Context, Row, StandardRow
from loaders.relate import open_or_closed

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Made:
    """What a row says of one plan. `kind` is one of the kinds of loaders/tables.py."""

    row_id: str
    record_id: str
    service_id: str
    kind: str
    start: date | None
    end: date | None
    needs: tuple[str, ...] = ()
    author: str | None = None
    author_email: str | None = None
    updated_on: date | None = None


def plan(made: Made, as_at: date) -> StandardRow:
    """The standard row of a plan. Adult care for a reason that tells of a sensitive service is that service's."""
    sensitive = care.sensitive_service(made.needs) if made.service_id == "adult_social_care" else None
    return {
        "row_id": made.row_id,
        "record_id": made.record_id,
        "service_id": sensitive or made.service_id,
        "kind": made.kind,
        "status": open_or_closed(made.end, as_at),
        "start": made.start,
        "end": made.end,
        "needs": list(made.needs),
        "author": made.author,
        "author_email": made.author_email,
        "updated_on": made.updated_on,
    }


def needs(context: Context, row: Row, *columns: str) -> tuple[str, ...]:
    """The coded needs of these columns in plain words, once each. A long text is dropped and reported."""
    found = (need for column in columns for need in _read(context, row, column, care.needs) or ())
    return tuple(dict.fromkeys(found))


def legal_status(context: Context, row: Row, column: str) -> str | None:
    """A legal status in plain words. A long text is dropped and reported."""
    return _read(context, row, column, care.legal_status)


def placement(context: Context, row: Row, column: str) -> str | None:
    """A kind of placement in plain words; none where it is for adoption. One that nobody lists is dropped and
    reported: it may say where a child is.
    """
    if care.for_adoption(row[column]):
        context.note("placements for adoption: their kind is not shown")
    return _read(context, row, column, care.placement)


def _read(context: Context, row: Row, column: str, parse: Callable[[str], Found]) -> Found | None:
    try:
        return parse(row[column])
    except BadCode as fault:
        context.drop(column, str(fault))
        if len(row[column]) <= care.LONGEST:
            context.unknown_code(column, row[column])
        return None
