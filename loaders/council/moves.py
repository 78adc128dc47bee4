"""Where everybody lived and when: homes, moves, the homes of former couples, placements and second addresses."""

from collections.abc import Iterable
from datetime import date, timedelta

from loaders.council.dice import Dice
from loaders.council.model import FORMER_COUPLES, Dwelling, Household, Person, Residence
from loaders.council.places import Places
from loaders.council.settings import Rates

_MOST_MOVES = 4
Spells = list[tuple[Dwelling, date, date | None]]


class Moves:
    """Houses the council, household by household."""

    def __init__(self, rates: Rates, dice: Dice, today: date, places: Places, second_address: float) -> None:
        self.rates, self.dice, self.today, self.places = rates, dice, today, places
        self.second_address = second_address
        self.homes: dict[int, Spells] = {}

    def house_all(self, households: Iterable[Household]) -> None:
        """Homes for every household first, then what people share across households."""
        housed = [home for home in households if home.kind != "story"]
        for home in housed:
            self.homes[id(home)] = self._history(home)
            for person in home.members:
                self._live(person, self.homes[id(home)], self._joined(person))
        for home in housed:
            for person in home.members:
                self._elsewhere(person)

    def _joined(self, person: Person) -> date:
        if person.joined:
            return person.joined
        adult = person.age(self.today) >= 18 and not (person.mother and person.mother.household is person.household)
        return person.together_since if adult and person.together_since else person.born

    def _history(self, home: Household) -> Spells:
        """The household's homes, the newest first; the current one may be a hostel or another communal place."""
        formed = self._formed(home)
        mean = self.rates["years_known" if home.case else "years_at_one_address"]
        spells: Spells = []
        end: date | None = None
        for _ in range(_MOST_MOVES):
            years = mean * 2.2 * self.dice.random() * (0.35 + self.dice.random())
            if home.hub and not spells:
                years = min(years, 0.8)
            start = max((end or self.today) - timedelta(days=max(25, int(years * 365))), formed)
            if end and start > end - timedelta(days=20):
                break
            dwelling = home.hub if home.hub and not spells else self.places.home(start)
            if end:
                self.places.vacate(dwelling, end)
            spells.append((dwelling, start, end))
            end = start - timedelta(days=1)
            if start == formed:
                break
        return spells

    def _formed(self, home: Household) -> date:
        adults = [p for p in home.members if p.age(self.today) >= 18]
        started = [p.together_since for p in adults if p.together_since]
        first = min((p.born for p in adults), default=self.today) + timedelta(days=18 * 365 + 90)
        born = [p.born for p in home.members if p.mother in adults or p.father in adults]
        formed = min([*started, *born], default=first) if started or born else first
        return min(max(formed, first), self.today - timedelta(days=14))

    def _live(self, person: Person, spells: Spells, since: date, until: date | None = None, kind: str = "") -> None:
        """The part of these spells from `since` to `until`, as the person's residences."""
        if person.unborn:
            return
        last = person.died or person.left_home
        until = min(day for day in (until, last) if day) if until or last else None
        for dwelling, start, end in spells:
            first, stop = max(start, since), min((d for d in (end, until) if d), default=None)
            if stop is None or stop > first:
                kind_here = kind or ("home" if dwelling.kind in ("home", "care_home") else "temporary")
                person.residences.append(Residence(dwelling, first, stop, kind_here))

    def _elsewhere(self, person: Person) -> None:
        """The home before a placement, a former couple's home, and the other parent's home at weekends."""
        if person.left and person.joined:
            self._live(person, self.homes.get(id(person.left), []), person.born, person.joined - timedelta(days=1))
            for residence in person.residences:
                if residence.start >= person.joined and residence.end is None:
                    residence.kind, residence.hidden = person.placement, person.hidden_placement
        for tie in person.ties:
            if tie.code in FORMER_COUPLES and tie.start and tie.end:
                self._shared_past(person, tie.other, tie.start, tie.end)
        other = _other_parent(person)
        if (
            other
            and person.age(self.today) < 18
            and not person.restricted
            and self.dice.chance(self.second_address * 4)
        ):
            spells = self.homes.get(id(other.household), [])[:1]
            self._live(person, spells, max(person.born, self.today - timedelta(days=900)), None, "other_parent")

    def _shared_past(self, one: Person, other: Person, start: date, end: date) -> None:
        """Former partners lived where the one who kept the children lived then."""
        kept = (
            one if any(child.household is one.household for child in one.children if child in other.children) else other
        )
        gone = other if kept is one else one
        if gone.household and gone.household.kind != "story":
            self._live(gone, self.homes.get(id(kept.household), []), start, end)


def _other_parent(child: Person) -> Person | None:
    """The parent who lives elsewhere, if one does and the other is at home."""
    parents = [parent for parent in (child.mother, child.father) if parent and not parent.died]
    apart = [parent for parent in parents if parent.household is not child.household]
    return apart[0] if len(parents) == 2 and len(apart) == 1 else None
