"""Who stood in what relation to whom in an incident or a case, for sources that list its people by their roles.

Told when all people of an incident are known, from a mapping's `finish`. An edge that cannot stand is left out and
counted; nothing is ever inferred from somebody's role but what the role says.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from loaders.clean.kinship import no_link, read_pair
from loaders.context import Context, RowRejected, StandardRow, text
from loaders.reading import FileRefused
from loaders.relate import Statement, relationship

Rows = Iterator[tuple[str, StandardRow]]


class Party(NamedTuple):
    """Somebody in an incident: `on` is its day, `source_row` the line naming them, `column` where their id stands."""

    person: str
    role: str | None
    on: date | None
    source_row: str
    column: str


def alleged(row_id: str, suspect: Party, victim: Party, label: str, context: Context) -> Rows:
    """That one is alleged to have harmed the other. `label` names the incident and the role, in the source's words."""
    statement = Statement(
        row_id, suspect.person, "ALLEGED_PERPETRATOR", victim.person, suspect.column, victim.column, source_label=label
    )
    yield from told(statement, suspect, context, start=suspect.on)


def related(row_id: str, one: Party, word: str, other: Party, context: Context, **more: object) -> Rows:
    """That (one) is the `word` of (other). Nothing for an empty word, or one that says there is no relationship."""
    if text(word) is None or no_link(word):
        return
    meaning = read_pair(word)
    if meaning.code == "UNKNOWN":
        _count(one, "relationships loaded as UNKNOWN: their word is none of the kinship table", context)
    statement = Statement(
        row_id,
        one.person,
        meaning.code,
        other.person,
        one.column,
        other.column,
        source_label=text(word),
        left_sex=meaning.left_sex,
        right_sex=meaning.right_sex,
    )
    yield from told(statement, one, context, **more)


def told(statement: Statement, by: Party, context: Context, **more: object) -> Rows:
    """The edge of a statement, under the line it comes from. One that cannot stand is left out and counted."""
    try:
        edge = relationship(statement, context)
    except RowRejected as fault:
        _count(by, f"relationships left out: {fault.reason}", context)
        return
    yield "relationship", {**edge, "restricted": False, **more, "source_row": by.source_row}


def upright(kin: list[tuple[str, StandardRow]], file: str, context: Context) -> Rows:
    """Kin edges. Raises FileRefused where most of the dated ones were upside down: the source means the other way."""
    if context.direction.reversed:
        raise FileRefused(
            f"the relationships in {file} are the wrong way round: in {context.direction.wrong} of "
            f"{context.direction.pairs} dated parent pairs the parent is younger. Ask the supplier how they are meant"
        )
    yield from kin


def _count(by: Party, message: str, context: Context) -> None:
    context.notes[by.source_row.partition(":")[0], message] += 1
