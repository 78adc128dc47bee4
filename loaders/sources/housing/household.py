"""Who is what to the main tenant. NEC writes a code beside each member of a household, and the main tenant may stand on
a later line: members wait for them.

The values of that code are a site's own: words of the kinship table are understood, others are UNKNOWN with the
source's text. A relationship that cannot be is dropped and reported; the person is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from loaders.clean.kinship import no_link, read_kin
from loaders.context import Context, Dropped, RowRejected, StandardRow
from loaders.relate import Statement, relationship
from loaders.sources.housing.spells import Spell

Rows = Iterator[tuple[str, StandardRow]]

_COLUMN = "lpar_hop_hrv_rel_code"


class Member(NamedTuple):
    """A member of a household as their row has them. `tenancy` is their spell as a tenant, if they are one."""

    reference: str
    person: str
    word: str
    current: bool
    tenancy: Spell | None
    file: str
    line: int


@dataclass(slots=True)
class Household:
    """The people of one tenancy, as far as they have been read."""

    main: str = ""
    head: str = ""
    waiting: list[Member] = field(default_factory=list)


def join(member: Member, *, is_main: bool, is_head: bool, context: Context) -> Rows:
    """Take a member in: the relationships that can be told now."""
    household: Household = context.shelves["households"].setdefault(member.reference, Household())
    household.head = household.head or (member.person if is_head else "")
    if household.main:
        yield from _to_main(member, household.main, context)
    elif is_main:
        household.main = member.person
        waiting, household.waiting = household.waiting, []
        for other in waiting:
            yield from _to_main(other, household.main, context)
    else:
        household.waiting.append(member)


def without_main_tenant(context: Context) -> Rows:
    """The households of which no main tenant was ever read: their head stands in, and without one nothing is told."""
    households: dict[str, Household] = context.shelves["households"]
    for household in households.values():
        for member in household.waiting:
            if household.head:
                yield from _to_main(member, household.head, context)
            else:
                context.note("members of households without a main tenant or a head: no relationship is told")
        household.waiting = []


def _to_main(member: Member, main: str, context: Context) -> Rows:
    if member.person == main:
        return
    if member.tenancy is not None:
        yield from _stated(member, "JOINT_TENANT", "", main, context)
    kin = read_kin(member.word)
    if member.word and not no_link(member.word) and kin.code != "JOINT_TENANT":
        yield from _stated(member, kin.code, kin.sex, main, context)


def _stated(member: Member, code: str, sex: str, main: str, context: Context) -> Rows:
    """The row for "the member is the CODE of the main tenant", under the member's own line."""
    if code == "UNKNOWN":
        context.note("relationships loaded as UNKNOWN: their code is no word of the kinship table")
    said_so = None if code == "JOINT_TENANT" else member.word
    statement = Statement(
        row_id=f"{member.reference}-{member.person}-{code.lower().replace('_', '-')}",
        left=member.person,
        code=code,
        right=main,
        left_column=_COLUMN,
        right_column=_COLUMN,
        source_code=said_so,
        source_label=said_so,
        left_sex=sex,
        code_column=_COLUMN,
    )
    try:
        row = relationship(statement, context)
    except RowRejected as fault:
        context.dropped.append(Dropped(member.file, member.line, fault.column, fault.reason))
        return
    joint = member.tenancy if code == "JOINT_TENANT" and member.tenancy else Spell(None, None)
    said: StandardRow = {
        "start": joint.start,
        "end": joint.end,
        "lives_with": member.current or None,
        "restricted": False,
        "source_row": f"{member.file}:{member.line}",
    }
    yield "relationship", row | said
