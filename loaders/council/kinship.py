"""Kinship between households: absent parents are found among the council's people, adults get mothers and fathers.

Works on dates of birth and origins alone; names come later, so that they can run down the generations.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from loaders.council.dice import Dice
from loaders.council.model import Household, Person, Tie
from loaders.council.settings import CouncilSettings

_TRIES = 6
_MAX_CHILDREN = 6
_Pool = dict[tuple[str, int], list[Person]]


def link_households(settings: CouncilSettings, dice: Dice, today: date, households: Iterable[Household]) -> None:
    """Links what belongs together across households; at most six tries for each link, then it stays open."""
    people = [person for home in households for person in home.members if person.age(today) >= 17]
    men, women = _pool(people, "M"), _pool(people, "F")
    _Absent(settings, dice, today, men, women).find_all(households)
    mothers = _pool([person for person in people if person.age(today) >= 34], "F")
    for person in people:
        if person.mother is None and person.father is None and dice.chance(settings.kinship["mother_in_council"]):
            _find_mother(dice, person, mothers)


def _pool(people: Iterable[Person], sex: str) -> _Pool:
    pool: _Pool = defaultdict(list)
    for person in people:
        if person.sex == sex:
            pool[person.origin, person.born.year].append(person)
    return pool


def _candidate(
    dice: Dice, pool: _Pool, origin: str, year: Callable[[], int], fits: Callable[[Person], bool]
) -> Person | None:
    for _ in range(_TRIES):
        found = pool.get((origin, year()))
        if found and fits(one := dice.pick(found)):
            return one
    return None


class _Absent:
    """Finds the parent who does not live with the child: mostly alone, some in a family of their own."""

    def __init__(self, settings: CouncilSettings, dice: Dice, today: date, men: _Pool, women: _Pool) -> None:
        self.rates, self.dice, self.today = settings.kinship, dice, today
        self.men, self.women = men, women

    def find_all(self, households: Iterable[Household]) -> None:
        groups: dict[tuple[int, int], list[Person]] = defaultdict(list)
        for home in households:
            for child in home.members:
                if (child.mother is None) != (child.father is None):
                    parent = child.mother or child.father
                    groups[parent.key if parent else 0, child.father_key].append(child)
        for brood in groups.values():
            if self.dice.chance(self.rates["absent_parent_in_council"]):
                self._find(brood)

    def _find(self, brood: list[Person]) -> None:
        here = brood[0].mother or brood[0].father
        assert here is not None
        first, last = min(child.born for child in brood), max(child.born for child in brood)
        wants_man = brood[0].father is None
        shift = -2 if wants_man else 2

        def fits(person: Person) -> bool:
            apart = person.household is not here.household and person not in here.former
            since = person.together_since
            alone = person.partner is None or (since is not None and since > last and self.dice.chance(0.8))
            old_enough = (first - person.born).days > 16 * 366
            able = wants_man or ((first - person.born).days < 45 * 365 and _spaced(person, brood))
            return (
                apart and alone and old_enough and able and person.died is None and len(person.children) < _MAX_CHILDREN
            )

        year = lambda: here.born.year + int(self.dice.bell(shift, 4.5))  # noqa: E731
        found = _candidate(self.dice, self.men if wants_man else self.women, here.origin, year, fits)
        if found:
            self._join(here, found, brood)

    def _join(self, here: Person, found: Person, brood: list[Person]) -> None:
        for child in brood:
            if child.father is None:
                child.father, child.father_key = found, found.key
            else:
                child.mother = found
            found.children.append(child)
        first, last = min(child.born for child in brood), max(child.born for child in brood)
        start = first - timedelta(days=self.dice.whole(250, 1800))
        limit = min(self.today - timedelta(days=40), *(p.together_since or self.today for p in (here, found)))
        end = min(last + timedelta(days=self.dice.whole(30, 2600)), limit)
        of_age = max(here.born, found.born) + timedelta(days=15 * 366)
        a, b = sorted((here, found), key=lambda person: person.key)
        a.ties.append(Tie(self._code(here, found), b, max(start, of_age), end))
        here.former.append(found)
        found.former.append(here)
        since = (self.today - max(child.born for child in found.children)).days
        if found.partner is None and since > 60 and self.dice.chance(self.rates["absent_parent_died"]):
            found.died = self.today - timedelta(days=self.dice.whole(30, since))

    def _code(self, here: Person, found: Person) -> str:
        """What they are to each other now. An ended SPOUSE is a marriage with the couple separated."""
        draw = self.dice.random()
        if draw < self.rates["separated"] and here.partner is None and found.partner is None:
            return "CIVIL_PARTNER" if here.sex == found.sex else "SPOUSE"
        return "EX_SPOUSE" if draw < self.rates["separated"] + self.rates["divorced"] else "EX_PARTNER"


def _spaced(mother: Person, births: Iterable[Person]) -> bool:
    """Whether these births leave at least ten months to her other children."""
    return all(abs((child.born - other.born).days) > 300 for child in mother.children for other in births)


def _find_mother(dice: Dice, person: Person, mothers: _Pool) -> None:
    """A mother, and with her the father she lives with or lived with, if the ages allow."""

    def fits(woman: Person) -> bool:
        age = (person.born - woman.born).days / 365.25
        kin = [other.mother for other in (person.partner, *person.former) if other]
        apart = woman.household is not person.household and woman is not person.partner and woman not in person.former
        alone = len(woman.children) < _MAX_CHILDREN and _spaced(woman, (person,))
        return 16 <= age <= 44 and apart and woman not in kin and alone and woman not in person.children

    woman = _candidate(dice, mothers, person.origin, lambda: person.born.year - int(dice.bell(28.5, 5.4)), fits)
    if woman is None:
        return
    person.mother = woman
    woman.children.append(person)
    man = woman.partner
    if man and _could_be_father(person, woman, man) and dice.chance(0.9):
        person.father, person.father_key = man, man.key
        man.children.append(person)
        started = person.born - timedelta(days=dice.whole(200, 1500))
        if man.together_since and man.together_since > started:
            man.together_since = woman.together_since = started


def _could_be_father(person: Person, woman: Person, man: Person) -> bool:
    """Old enough, not the father of a partner too, and with the mother long enough: neither was with somebody else."""
    step = woman.household is not None and woman.household.step
    only = not woman.former and not man.former and not step
    of_partner = any(other.father is man for other in (person.partner, *person.former) if other)
    return man.sex == "M" and (person.born - man.born).days > 16 * 366 and only and not of_partner
