"""Incidents the police told of, as they truly were: who was in them, who is alleged to have harmed whom.

Read from people's happenings and pointers alone, without chance, so that the police and MARAC tell one story.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from loaders.council.model import Happening, Person

ABUSE = "Domestic abuse"


@dataclass(slots=True)
class Incident:
    """One incident with everybody it concerns. Without two adults who are or were a couple nobody is suspected."""

    number: int
    on: date
    kind: str
    grading: str
    people: list[Person] = field(default_factory=list)
    victim: Person | None = None
    suspect: Person | None = None

    def role(self, person: Person, today: date) -> str:
        """The person's part: suspect, victim, child or witness."""
        if person is self.suspect:
            return "suspect"
        if person is self.victim:
            return "victim"
        return "child" if person.age(today) < 18 else "witness"


def incidents(people: Iterable[Person], today: date) -> list[Incident]:
    """Every incident by its number."""
    found: dict[int, Incident] = {}
    for person in people:
        for happening in person.happenings:
            if happening.incident:
                _told(found, happening).people.append(person)
    for incident in found.values():
        if incident.kind == ABUSE:
            _accuse(incident, today)
    return [found[number] for number in sorted(found)]


def _told(found: dict[int, Incident], happening: Happening) -> Incident:
    kind, _, grading = happening.detail.rpartition(", ")
    return found.setdefault(happening.incident, Incident(happening.incident, happening.on, kind, grading))


def _accuse(incident: Incident, today: date) -> None:
    """Of a couple, or a couple that was, one: the man of the two, but for every eighth incident."""
    grown = [one for one in incident.people if one.age(today) >= 18]
    pair = next(((a, b) for a in grown for b in grown if a.key < b.key and relation(a, b)), None)
    if pair is None:
        incident.victim = grown[0] if len(grown) == 1 else None
        return
    first, second = sorted(pair, key=lambda one: (one.sex != "M", one.key))
    turned = incident.number % 8 == 0 and first.household is not None and first.household.kind != "story"
    incident.suspect, incident.victim = (second, first) if turned else (first, second)


def relation(one: Person, other: Person) -> str:
    """What the first is to the second: a code of the vocabulary for couples, children and parents; else nothing."""
    if one.partner is other:
        return "SPOUSE" if one.married else "PARTNER"
    if other in one.former:
        return "EX_PARTNER"
    if one.mother is other or one.father is other:
        return "CHILD"
    return "PARENT" if other.mother is one or other.father is one else ""
