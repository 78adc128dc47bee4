"""Two records side by side as the review desk shows them: every field of both, and in words where they differ.

Shows what the reader's graph holds of the two records and nothing else of their people.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from web.present.dates import day_words, span_words
from web.present.freshness import Provenance, Sources, provenance
from web.present.people import said_by
from web.present.rows import Row, day, text, unique

ALWAYS = frozenset({"name", "dob", "sex"})
"""Facts shown even where neither record has them."""

OWN = frozenset({"record_id"})
"""Facts that differ between any two records: nothing follows from it."""


@dataclass(frozen=True, slots=True, repr=False)
class Side:
    """One record: who says it, what it calls the person, and its homes, in words and as line and postcode to compare.
    No repr: it must never reach a log.
    """

    person_id: str
    provenance: Provenance
    name: str
    born: str
    shielded: bool
    row: Row
    homes: tuple[str, ...]
    places: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One fact of two records. `kind` is same, differs, one, none or own; `words` say it."""

    name: str
    title: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    kind: str
    words: str


def side(row: Row, person_id: str, shielded: bool, homes: Iterable[Row], sources: Sources, on: date) -> Side:
    """One record with the homes that its source gives the person."""
    said = {name: value for name, _, value in said_by(row)}
    born = day(row, "dob")
    lived = [home for home in homes if text(home, "person_id") == person_id
             and text(home, "source") == text(row, "source")]  # fmt: skip
    return Side(
        person_id=person_id,
        provenance=provenance(row, sources),
        name=said["name"] or "Name not recorded",
        born=f"born {day_words(born)}" if born else "date of birth not recorded",
        shielded=shielded,
        row=row,
        homes=tuple(unique(_home(home, on) for home in lived)),
        places=frozenset((_folded(home, "text"), _folded(home, "postcode")) for home in lived),
    )


def compared(left: Side, right: Side) -> list[Line]:
    """Every fact of both records, and what comparing them says."""
    lines = []
    for (name, title, one), (_, _, other) in zip(said_by(left.row), said_by(right.row), strict=True):
        if one or other or name in ALWAYS:
            kind, words = _verdict(name, one, other, left, right)
            lines.append(Line(name, title, (one,) if one else (), (other,) if other else (), kind, words))
    lines.append(_addresses(left, right))
    return lines


def _verdict(name: str, one: str, other: str, left: Side, right: Side) -> tuple[str, str]:
    if name in OWN:
        return "own", "Each record has its own"
    if not one and not other:
        return "none", "Neither record has it"
    if not one or not other:
        return "one", "Only one record has it"
    if one.casefold() == other.casefold():
        return "same", "Same"
    return "differs", _how(name, left.row, right.row)


def _how(name: str, one: Row, other: Row) -> str:
    if name == "name":
        apart = [title for field, title in _NAME_PARTS if _folded(one, field) != _folded(other, field)]
        return f"Differs: {' and '.join(apart)}" if apart else "Differs in spelling"
    born = day(one, "dob"), day(other, "dob")
    if name == "dob" and born[0] and born[1]:
        return f"Differs: {_days_apart(born[0], born[1])}"
    return "Differs"


_NAME_PARTS = (("forename", "forename"), ("middle_names", "middle names"), ("surname", "surname"))


def _folded(row: Row, name: str) -> str:
    return (text(row, name) or "").casefold()


def _days_apart(one: date, other: date) -> str:
    if (one.day, one.month, one.year) == (other.month, other.day, other.year):
        return "day and month are swapped"
    parts = {"day": one.day != other.day, "month": one.month != other.month, "year": one.year != other.year}
    apart = [part for part, differs in parts.items() if differs]
    if len(apart) == 1:
        return f"only the {apart[0]}"
    return f"{', '.join(apart[:-1])} and {apart[-1]}"


def _addresses(left: Side, right: Side) -> Line:
    one, other = left.places, right.places
    if not one and not other:
        kind, words = "none", "Neither record has it"
    elif not one or not other:
        kind, words = "one", "Only one record has it"
    elif one & other:
        kind, words = "same", "One address in common" if len(one | other) > 1 else "Same"
    elif any(line == there and not (code and known) for line, code in one for there, known in other if line):
        kind, words = "same", "Same, but for a postcode that one lacks"
    else:
        kind, words = "differs", "Differs: no address in common"
    return Line("address", "Addresses", left.homes, right.homes, kind, words)


def _home(row: Row, on: date) -> str:
    line = ", ".join(unique(part for part in (text(row, "text"), text(row, "postcode")) if part))
    return f"{line} ({span_words(day(row, 'start'), day(row, 'end'), on)})"
