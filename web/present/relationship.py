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
from web.present.words import FORMER, SAME_AS, SAYS_LITTLE, rank, seen_from, word


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
    unrecorded: str
    """What to say where no source says anything of parental responsibility."""

    @property
    def holds_responsibility(self) -> bool:
        """Whether any source says that this person holds it."""
        return any(item.holds and item.of_member for item in self.responsibilities)

    @property
    def responsibility_lines(self) -> list[tuple[str, list[Provenance]]]:
        """What is said of parental responsibility, each wording once, with where each source says it."""
        lines: dict[str, dict[str, Provenance]] = {}
        for item in self.responsibilities:
            lines.setdefault(item.words, {}).setdefault(item.provenance.source, item.provenance)
        return [(words, list(said.values())) for words, said in lines.items()]

    @property
    def link_lines(self) -> list[tuple[str, list[Provenance]]]:
        """What is said of the links, each wording once, with the sources that say it."""
        lines: dict[str, list[Provenance]] = {}
        for link in self.links:
            said = f"{link.word}, {link.dates}" if self.several_words else link.dates
            lines.setdefault(", ".join((said[:1].upper() + said[1:], *link.notes)), []).append(link.provenance)
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
        telling = [link for link in current or self.links if link.code not in SAYS_LITTLE]
        said = {SAME_AS.get(link.code, link.code): link.word for link in reversed(telling or current or self.links)}
        words = listed(_phrased(list(said.values())[::-1]))
        return words if current or said.keys() <= FORMER else f"{words} (ended)"

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
    said_not = _unrecorded(member, centre)
    return Relative(member, tuple(links), held, tuple(_disagreements(links, held, disputed)), disputed, said_not)


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
    if text(row, "code") in (None, "UNKNOWN", "OTHER") and (label := text(row, "source_label")):
        yield f"recorded as “{label}”"
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
    of_member, source = row.get("forwards") is not False, provenance(row, sources)
    if code(text(row, "code") or "UNKNOWN").symmetric:
        words = f"{'Recorded' if said == 'Y' else 'Recorded as none'}, but not which of the two it concerns"
        return Responsibility(words, None, of_member, source)
    holder, child = (member, centre) if of_member else (centre, member)
    over = _over(holder, child)
    words = _held(said == "Y", of_member, centre, member, over)
    end = day(row, "end")
    if not over and end is not None and has_ended(end, on):
        words += f" (link ended {day_words(end)})"
    return Responsibility(words, None if over else said == "Y", of_member, source)


def _over(holder: Person, child: Person) -> str:
    """Why nobody can hold what was recorded, else nothing: it begins at birth and ends at 18 or with either's death."""
    if child.grown_up:
        return f"it ended when {child.name} turned 18"
    if child.status == "unborn":
        return "it begins at birth"
    gone = next((one for one in (holder, child) if not one.alive), None)
    return f"{gone.name} {gone.status_words}" if gone is not None and gone.status == "deceased" else ""


def _held(held: bool, of_member: bool, centre: Person, member: Person, over: str) -> str:
    if over:
        how = "holding" if held else "not holding"
        why = f": {over}" if held else ""
        if of_member:
            return f"Recorded as {how} it{why}"
        return f"{centre.name} is recorded as {how} it for {member.him}{why}"
    if of_member:
        return "Holds parental responsibility" if held else "Does not hold parental responsibility"
    return f"{centre.name} {'holds' if held else 'does not hold'} it for {member.him}"


def _unrecorded(member: Person, centre: Person) -> str:
    """Nothing recorded means something only where one of the two may be a born child."""
    if member.grown_up and centre.grown_up:
        return "Does not apply: both are 18 or over"
    return "Begins at birth" if "unborn" in (member.status, centre.status) else "Not recorded"


def _disagreements(links: Sequence[Link], held: Sequence[Responsibility], kinship: bool) -> Iterable[str]:
    names = listed(sorted(unique(link.provenance.title for link in links)))
    if kinship:
        yield f"Sources disagree about the relationship: {names} say different things"
    elif _end_disputed(links):
        yield f"Sources disagree about whether the link has ended: {names}"
    if {item.holds for item in held} >= {True, False}:
        yield f"Sources disagree about parental responsibility: {listed(unique(i.provenance.title for i in held))}"


def _kinship_disputed(links: Sequence[Link]) -> bool:
    """Two sources that say what kin the two are, and have no statement in common."""
    by_source: dict[str, set[str]] = {}
    for link in (one for one in links if one.code not in SAYS_LITTLE):
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
