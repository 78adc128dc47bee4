"""When somebody belonged to a household or was a tenant, with the mistakes NEC extracts are known for put right.

A start after the end of the tenancy, in the future or before the birth is dropped and reported; nothing outlives its
tenancy, because an ended spell must not read as current.
"""

from datetime import date
from typing import NamedTuple

from loaders.context import Context, Row


class Spell(NamedTuple):
    """First and last day, each None where it is not known."""

    start: date | None
    end: date | None

    def overlap(self, start: date | None, end: date | None) -> "Spell | None":
        """The part of the spell between two days. An unknown start stays unknown."""
        first = max(self.start, start) if self.start and start else self.start
        last = min((day for day in (self.end, end) if day), default=None)
        return None if first and last and first > last else Spell(first, last)


def spell(row: Row, columns: tuple[str, str], until: date | None, born: date | None, context: Context) -> Spell | None:
    """The spell of a row, ended at the latest with the tenancy (`until`); None where it has not begun.

    Raises RowRejected for a last day that cannot be read.
    """
    start, end = context.optional_date(row, columns[0]), context.needed_date(row, columns[1])
    if start is not None and start > context.as_at:
        context.drop(columns[0], "in the future: not told until it has come")
        return None
    if until is not None and (end is None or end > until):
        context.note("spells in a household that outlive its tenancy: ended with it")
        end = until
    if start is not None and end is not None and start > end:
        context.drop(columns[0], "after the end of the spell or of the tenancy")
        start = None
    if start is not None and born is not None and start < born:
        context.drop(columns[0], "before the birth")
        start = None
    return Spell(start, end)
