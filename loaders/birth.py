"""Dates of birth and what a person's record says of their being alive, the same for every source."""

import re
from datetime import date, timedelta
from hashlib import sha256

from loaders.clean import dates
from loaders.context import Context, Row, RowRejected

_UNBORN = re.compile(r"\bunborn\b", re.IGNORECASE)
LONGEST_WAIT = timedelta(days=310)
"""Longest an expected date of birth may lie ahead."""


def birth_date(row: Row, column: str, context: Context, *, unborn: bool, restricted: bool) -> date | None:
    """The date of birth, or the expected one of an unborn child.

    One that cannot be sends the row to quarantine (RowRejected), unless the record is restricted: then only the date is
    dropped, because losing the record would lose the restriction.
    """
    try:
        found = dates.parse_date(row[column])
        _refuse_future(found, context.as_at, unborn)
    except dates.BadDate as fault:
        if not restricted:
            raise RowRejected(column, str(fault)) from None
        context.drop(column, str(fault))
        return None
    return found


def says_unborn(*names: str) -> bool:
    """Whether a child has no name yet but "Unborn"."""
    return any(_UNBORN.search(name) for name in names)


def _refuse_future(found: date | None, as_at: date, unborn: bool) -> None:
    if found is None or found <= as_at:
        return
    if not unborn:
        raise dates.BadDate("born in the future, and not marked as unborn")
    if found - as_at > LONGEST_WAIT:
        raise dates.BadDate("expected more than ten months ahead")


def death_date(row: Row, column: str, context: Context, born: date | None) -> date | None:
    """The date of death; dropped and reported where it lies in the future or before the birth."""
    died = context.past_date(row, column)
    if died is not None and born is not None and died < born:
        context.drop(column, "before the birth")
        return None
    return died


def parent_record(entry: str, which: str) -> str:
    """The record id of a parent on a birth entry. The entry's own number is the child's record id: a parent's id, shown
    where the child's may not be, must not tell it.
    """
    return f"{which}-{sha256(f'{entry}|{which}'.encode()).hexdigest()[:12]}"


def birth_order(row: Row, column: str, context: Context) -> int | None:
    """The place among twins or triplets (NHS data dictionary: 1 to 8; 0 and 9 say a single birth and not known)."""
    value = row[column]
    if value in ("", "0", "9"):
        return None
    if len(value) == 1 and value in "12345678":
        return int(value)
    context.drop(column, "not a digit from 1 to 8")
    return None
