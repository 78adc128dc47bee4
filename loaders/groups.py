"""People whom a source puts into one family group, case group or family of residence: membership, never kinship.

`join` while the rows are read, `members_together` when all are: only then is a group's size known.
"""

from collections.abc import Container, Iterator
from datetime import date
from itertools import combinations
from typing import NamedTuple

from loaders.context import NO_KEY, Context, StandardRow

MOST_MEMBERS = 15
"""People in a group beyond which it is a list of some kind, not a family: it says nothing about any two of them."""

_SHELF = "family groups"


class _Member(NamedTuple):
    source_row: str
    start: date | None
    end: date | None


def join(
    context: Context, group: str, person: str, column: str, start: date | None = None, end: date | None = None
) -> None:
    """One membership. A row without a group (empty, NULL, -1) says nothing and is counted. Raises RowRejected where
    nobody has the person's id; `column` is the column it stands in.
    """
    if group.upper() in NO_KEY:
        context.note("rows without a family group: nothing to read")
        return
    context.known(person, column)
    members = context.shelves[_SHELF].setdefault(group, {})
    earlier = members.get(person)
    if earlier is None or (earlier.end is not None and end is None):
        members[person] = _Member(context.source_row, start, end)


def members_together(context: Context, hidden: Container[str] = ()) -> Iterator[tuple[str, StandardRow]]:
    """Every two members of one group as FAMILY_GROUP_MEMBER, once however many rows say so. Larger groups are left out
    and counted. A link of anyone `hidden` is restricted: a group may hold a child and the carers they are hidden with.
    """
    told: set[tuple[str, str, date | None, date | None]] = set()
    for group, members in context.shelves[_SHELF].items():
        if len(members) > MOST_MEMBERS:
            context.note(f"family groups of more than {MOST_MEMBERS} people: left out, they are no family")
            continue
        for one, other in combinations(sorted(members), 2):
            start, end = _together(members[one], members[other])
            if not (start and end and end < start) and (one, other, start, end) not in told:
                told.add((one, other, start, end))
                said = {"source_row": members[other].source_row, "restricted": one in hidden or other in hidden}
                yield "relationship", _edge(group, one, other, start, end) | said


def _together(one: _Member, other: _Member) -> tuple[date | None, date | None]:
    """From the later first day to the earlier last day."""
    starts = [day for day in (one.start, other.start) if day]
    ends = [day for day in (one.end, other.end) if day]
    return max(starts, default=None), min(ends, default=None)


def _edge(group: str, one: str, other: str, start: date | None, end: date | None) -> StandardRow:
    return {
        "row_id": f"{group}:{one}:{other}",
        "from_record": one,
        "code": "FAMILY_GROUP_MEMBER",
        "to_record": other,
        "start": start,
        "end": end,
    }
