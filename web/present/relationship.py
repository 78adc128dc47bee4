"""The people linked to a person, each in words from that person's side, with every source's own assertion kept.

Two sources that disagree stay two assertions, and the disagreement is said. Parental responsibility is only ever what
a source recorded; it is never inferred from the relationship.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from graph.vocabulary import code
from web.present.dates import day_words, has_ended, span_words
from web.present.freshness import Provenance, Sources, provenance
from web.present.people import Person, person
from web.present.rows import Row, day, flag, listed, text, unique
from web.present.words import SAME_AS, rank, seen_from, word


@dataclass(frozen=True, slots=True)
class Link:
    """One source's assertion. `code` says what the member is to the person."""

    code: str
    word: str
    ended: bool
    derived: bool
    dates: str
    notes: tuple[str, ...]
    responsibility: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Responsibility:
    """What one source says of parental responsibility: `holds` is None where it does not say which of the two.

    `of_member` is true when it is the linked person's; otherwise it is what the person of the page holds for them.
    """

    words: str
    holds: bool | None
    of_member: bool
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Relative:
    """A linked person: the assertions about them, what is said of parental responsibility, and what does not agree."""

    person: Person
    links: tuple[Link, ...]
    responsibilities: tuple[Responsibility, ...]
    disagreements: tuple[str, ...]
    kinship_disputed: bool

    @property
    def holds_responsibility(self) -> bool:
        """Whether any source says that this person holds it."""
        return any(item.holds and item.of_member for item in self.responsibilities)

    @property
    def responsibility_lines(self) -> list[tuple[str, list[str]]]:
        """What is said of parental responsibility, each wording once, with the titles of the sources that say it."""
        lines: dict[str, list[str]] = {}
        for item in self.responsibilities:
            lines[item.words] = unique([*lines.get(item.words, []), item.provenance.title])
        return list(lines.items())

    @property
    def ended(self) -> bool:
        """Whether every link has ended."""
        return all(link.ended for link in self.links)

    @property
    def main(self) -> Link:
        """The link that names the person in a sentence or a picture: a current one first, then by kinship."""
        return self.links[0]

    @property
    def words(self) -> str:
        """What the member is, in one phrase: "Mother", "Friend and lodger", "Father (ended)"."""
        current = [link for link in self.links if not link.ended]
        said = {SAME_AS.get(link.code, link.code): link.word for link in reversed(current or self.links)}
        words = listed(_phrased(list(said.values())[::-1]))
        return words if current else f"{words} (ended)"

    @property
    def several_words(self) -> bool:
        """Whether the assertions use different words, so that each must be named."""
        return len({(link.word, link.ended) for link in self.links}) > 1

    @property
    def sources(self) -> list[str]:
        """Titles of the sources that link the two."""
        return unique(link.provenance.title for link in self.links)


def relatives(rows: Iterable[Row], centre: Person, sources: Sources, on: date) -> list[Relative]:
    """The linked people of family unit rows: current before ended, nearest kin first, then holders of parental
    responsibility, the oldest and by name.
    """
    by_person: dict[str, list[Row]] = {}
    for row in rows:
        by_person.setdefault(str(row["person_id"]), []).append(row)
    found = [_relative(group, centre, sources, on) for group in by_person.values()]
    return sorted(found, key=_place)


def _relative(group: Sequence[Row], centre: Person, sources: Sources, on: date) -> Relative:
    member = person(group[0], on)
    links = sorted((_link(row, member, sources, on) for row in group), key=_link_place)
    said = [_responsibility(row, member, centre, sources, on) for row in group]
    held = tuple(item for item in said if item is not None)
    disputed = _kinship_disputed(links)
    return Relative(member, tuple(links), held, tuple(_disagreements(links, held, disputed)), disputed)


def _link(row: Row, member: Person, sources: Sources, on: date) -> Link:
    name = seen_from(text(row, "code") or "UNKNOWN", row.get("forwards") is not False)
    end = day(row, "end")
    return Link(
        code=name,
        word=word(name, member.sex),
        ended=has_ended(end, on),
        derived=text(row, "basis") == "derived",
        dates=span_words(day(row, "start"), end, on),
        notes=tuple(_notes(row)),
        responsibility=text(row, "parental_responsibility") or "",
        provenance=provenance(row, sources),
    )


def _notes(row: Row) -> Iterable[str]:
    if text(row, "basis") == "derived":
        yield "not stated by any source"
    if flag(row, "lives_with"):
        yield "recorded as living together"
    if zygosity := text(row, "zygosity"):
        yield f"{zygosity} twins" if zygosity != "unknown" else "twins, kind not known"
    if flag(row, "is_main_carer"):
        yield "main carer"


def _responsibility(row: Row, member: Person, centre: Person, sources: Sources, on: date) -> Responsibility | None:
    """What the row says. A symmetric link does not say which of the two holds it, so neither do we."""
    said = text(row, "parental_responsibility")
    if said not in ("Y", "N"):
        return None
    symmetric = code(text(row, "code") or "UNKNOWN").symmetric
    holds = None if symmetric else said == "Y"
    if symmetric:
        words = f"{'Recorded' if said == 'Y' else 'Recorded as none'}, but not which of the two it concerns"
    elif row.get("forwards") is False:
        words = f"{centre.name} {'holds' if said == 'Y' else 'does not hold'} it for {member.him}"
    else:
        words = "Holds parental responsibility" if said == "Y" else "Does not hold parental responsibility"
    end = day(row, "end")
    if end is not None and has_ended(end, on):
        words += f" (link ended {day_words(end)})"
    return Responsibility(words, holds, row.get("forwards") is not False, provenance(row, sources))


def _disagreements(links: Sequence[Link], held: Sequence[Responsibility], kinship: bool) -> Iterable[str]:
    names = listed(unique(link.provenance.title for link in links))
    if kinship:
        yield f"Sources disagree about the relationship: {names} say different things"
    elif _end_disputed(links):
        yield f"Sources disagree about whether the link has ended: {names}"
    if {item.holds for item in held} >= {True, False}:
        yield f"Sources disagree about parental responsibility: {listed(unique(i.provenance.title for i in held))}"


def _kinship_disputed(links: Sequence[Link]) -> bool:
    """Two sources that have no statement about the two in common."""
    by_source: dict[str, set[str]] = {}
    for link in links:
        by_source.setdefault(link.provenance.source, set()).add(SAME_AS.get(link.code, link.code))
    return len(by_source) > 1 and not set.intersection(*by_source.values())


def _end_disputed(links: Sequence[Link]) -> bool:
    """One source ended a link that another, which says the same of it, still holds open."""
    states: dict[str, dict[str, bool]] = {}
    for link in links:
        plain = SAME_AS.get(link.code, link.code)
        by_source = states.setdefault(plain, {})
        by_source[link.provenance.source] = by_source.get(link.provenance.source, True) and link.ended
    return any(len(set(by_source.values())) > 1 for by_source in states.values())


def _phrased(words: Sequence[str]) -> list[str]:
    return [each if index == 0 else each[:1].lower() + each[1:] for index, each in enumerate(words)]


def _link_place(link: Link) -> tuple[bool, tuple[int, int], bool, str, str]:
    return (link.ended, rank(link.code), link.derived, link.word, link.provenance.title)


def _place(relative: Relative) -> tuple[bool, tuple[int, int], bool, date, str, str]:
    who = relative.person
    apart = not relative.holds_responsibility
    return (relative.ended, rank(relative.main.code), apart, who.dob or date.max, who.name, who.id)
