"""What is true between people, read from the pointers of the model, always as "(a) is the code of (b)".

Codes are those of graph/vocabulary.csv. Every fact is given once, from the elder or lower-numbered person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from loaders.council.model import Person


@dataclass(slots=True)
class Fact:
    """(a) is the `code` of (b). `parental_responsibility` is Y, N or empty; `sources` limits who knows it."""

    a: Person
    code: str
    b: Person
    start: date | None = None
    end: date | None = None
    parental_responsibility: str = ""
    sources: tuple[str, ...] = ()


def siblings(person: Person) -> dict[Person, str]:
    """Every brother and sister with the code that is true of the two."""
    found: dict[Person, str] = {}
    for parent in (person.mother, person.father):
        for other in parent.children if parent else ():
            if other is not person and other not in found:
                found[other] = _sibling_code(person, other)
    return found


def _sibling_code(one: Person, other: Person) -> str:
    if one.adopted or other.adopted:
        return "ADOPTIVE_SIBLING"
    if one.twin is other:
        return "TWIN"
    if other.unborn:
        return "SIBLING_OF_UNBORN"
    return "SIBLING" if one.mother is other.mother and one.father_key == other.father_key else "HALF_SIBLING"


def step_siblings(person: Person) -> list[Person]:
    """Children of a parent's partner who live in the same household and share no parent."""
    found = []
    for parent in (person.mother, person.father):
        partner = parent.partner if parent and parent.household is person.household else None
        for other in partner.children if partner else ():
            if other is not person and other.household is person.household and not _share_parent(person, other):
                found.append(other)
    return found


def _share_parent(one: Person, other: Person) -> bool:
    return (one.mother is not None and one.mother is other.mother) or (
        one.father is not None and one.father is other.father
    )


def facts(person: Person, today: date) -> Iterator[Fact]:
    """Every fact whose canonical first person is this one."""
    for tie in person.ties:
        yield Fact(person, tie.code, tie.other, tie.start, tie.end, tie.parental_responsibility, tie.sources)
    yield from _of_children(person)
    yield from _of_partner(person, today)
    brothers = siblings(person)
    yield from _of_siblings(person, brothers)
    for other in step_siblings(person):
        if person.key < other.key:
            yield Fact(person, "STEP_SIBLING", other)
    for parent in (person.mother, person.father):
        for aunt in siblings(parent) if parent else ():
            for cousin in aunt.children:
                if person.key < cousin.key and cousin not in brothers:
                    yield Fact(person, "COUSIN", cousin)


def _of_siblings(person: Person, brothers: dict[Person, str]) -> Iterator[Fact]:
    for other, code in brothers.items():
        if (code == "SIBLING_OF_UNBORN" and not person.unborn) or (
            not other.unborn and not person.unborn and person.key < other.key
        ):
            yield Fact(person, code, other, None if other.unborn else max(person.born, other.born))
        for nephew in other.children:
            if nephew is not person and not nephew.unborn:
                yield Fact(person, "AUNT_UNCLE", nephew)


def _of_children(person: Person) -> Iterator[Fact]:
    for child in person.children:
        yield Fact(
            person, parent_code(child), child, None if child.unborn else child.born, None, responsibility(person, child)
        )
        for grandchild in child.children:
            if not grandchild.unborn:
                yield Fact(person, "GRANDPARENT", grandchild, grandchild.born)
            for great in (born for born in grandchild.children if not born.unborn):
                yield Fact(person, "GREAT_GRANDPARENT", great, great.born)


def parent_code(child: Person) -> str:
    """What a mother or father is to the child."""
    return "ADOPTIVE_PARENT" if child.adopted else "PARENT_OF_UNBORN" if child.unborn else "PARENT"


def responsibility(parent: Person, child: Person) -> str:
    """Whether the parent holds parental responsibility: mothers do; fathers if married or on the birth register.

    Five of six unmarried fathers registered the birth jointly (ONS births 2015: 84 %), known by the child's number.
    """
    if child.unborn or child.adopted:
        return "" if child.unborn else "Y"
    if child.mother is parent:
        return "Y"
    married = child.mother is not None and parent.partner is child.mother and parent.married
    return "Y" if married or child.key % 100 < 84 else "N"


def _of_partner(person: Person, today: date) -> Iterator[Fact]:
    partner = person.partner
    if partner is None:
        return
    settled = person.married or (
        person.together_since is not None and today - person.together_since > timedelta(days=730)
    )
    if person.key < partner.key:
        code = "PARTNER" if not person.married else "CIVIL_PARTNER" if person.sex == partner.sex else "SPOUSE"
        ends = [died for died in (person.died, partner.died) if died]
        yield Fact(person, code, partner, person.together_since, min(ends, default=None))
    for child in partner.children:
        theirs = child.mother is not person and child.father is not person
        if theirs and child.household is person.household and not child.unborn and person.born < child.born:
            yield Fact(person, "STEP_PARENT" if settled else "PARENTS_PARTNER", child, person.together_since)
