"""Early help as the two systems for it hold it: whole families, episodes of whoever is helped, teams around them.

Reads what truly is (spells, plans); writes nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from loaders.council.model import Household, Person, PlanMade, Spell, Worker
from loaders.council.partner import Extract
from loaders.council.population import Council
from loaders.council.records import Record
from loaders.council.services import CASE, EARLY_HELP

_MOST_IN_TEAM = 4
_IN_TEAMS = ("REL.SCHOOL", "REL.HV", "REL.CAMHS", "REL.HOUSING", "REL.SUBUSE", "REL.YOT", CASE)
"""Services whose workers sit in a team around a family, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A spell of early help with one person, and the plan made in it."""

    number: int
    record: Record
    spell: Spell
    plan: PlanMade | None


def helped(council: Council, chosen: Callable[[Household], bool]) -> list[Person]:
    """The families of everybody early help works with, of the households chosen: who lives there or came from there,
    without children in care elsewhere and without the life before an adoption.
    """
    found: dict[int, Person] = {}
    asked: dict[int, bool] = {}
    for person in council.people:
        home = person.left or person.household
        if home is None or person.superseded or not any(spell.kind == EARLY_HELP for spell in person.spells):
            continue
        if asked.setdefault(id(home), chosen(home)):
            found.setdefault(person.key, person)
            for other in home.members:
                if not (other.superseded or other.joined or other.died):
                    found.setdefault(other.key, other)
    return list(found.values())


def episodes(extract: Extract, first: int) -> Iterator[Episode]:
    """Every episode of the people a system holds, numbered."""
    number = first - 1
    for record in extract.registry.first.values():
        plans = [plan for plan in record.person.plans if plan.kind == "early help"]
        for spell in record.person.spells:
            if spell.kind == EARLY_HELP:
                number += 1
                yield Episode(number, record, spell, next((p for p in plans if p.start == spell.start), None))


def team(one: Episode) -> list[Worker]:
    """Who else sits in the team: the workers of other services that were there at the same time."""
    spell = one.spell
    others = {
        other.kind: other.worker
        for other in one.record.person.spells
        if (other.end is None or other.end > spell.start) and (spell.end is None or other.start < spell.end)
    }
    return [others[kind] for kind in _IN_TEAMS if kind in others][:_MOST_IN_TEAM]


def agency(worker: Worker) -> str:
    """The agency as early help names it: a school by its name, the police as such, all others by their team."""
    return worker.organisation if worker.team == "School" or "Police" in worker.organisation else worker.team
