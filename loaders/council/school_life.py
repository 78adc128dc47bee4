"""How pupils are doing, beyond attendance and exclusions: one truth that every education source tells its part of.

Draws from a stream of its own, so that no other part of the council changes by it.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from loaders.council.dice import Dice
from loaders.council.happenings import LEARNING_NEEDS
from loaders.council.model import Happening, Person, School
from loaders.council.schooling import census_day, school_year
from loaders.council.settings import Rates

BEHAVIOURS = (
    "Persistent or general disruptive behaviour", "Bullying", "Damage", "Theft", "Physical assault against a pupil",
    "Verbal abuse or threatening behaviour against an adult", "Inappropriate use of social media or online technology",
)  # fmt: skip
CARERS = ("Identified by a parent or guardian", "Identified by the school")
GRADES = ("9", "8", "7", "6", "6", "5", "5", "5", "4", "4", "4", "3", "3", "2", "1", "U")
KEY_STAGE = ("Working towards the expected standard", "Expected standard", "Expected standard", "Higher standard")


class SchoolLife:
    """Adds happenings of the kinds SEN support, young carer, behaviour and attainment."""

    def __init__(self, rates: Rates, dice: Dice, today: date) -> None:
        self.rates, self.dice, self.today = rates, dice, today

    def add_all(self, people: Iterable[Person]) -> None:
        """Everybody with a pupil number, in order; story people have what their stories say."""
        for person in people:
            told = person.household is not None and person.household.kind == "story"
            if person.upn and not (told or person.superseded or person.died or person.unborn):
                self._results(person)
                if person.school:
                    self._pupil(person)

    def _pupil(self, person: Person) -> None:
        rates, dice = self.rates, self.dice
        planned = any(plan.kind == "EHC" for plan in person.plans)
        if dice.chance(rates["sen_support"]) and not planned:
            self._add(person, "SEN support", 1500, dice.pick(LEARNING_NEEDS))
        if dice.chance(rates["young_carer"]):
            self._add(person, "young carer", 900, dice.pick(CARERS))
        if person.school and person.school.phase != "primary" and dice.chance(rates["behaviour"]):
            for _ in range(dice.whole(1, 3)):
                self._add(person, "behaviour", 500, dice.pick(BEHAVIOURS))

    def _add(self, person: Person, kind: str, back: int, detail: str) -> None:
        first = max(person.born + timedelta(days=4 * 366), self.today - timedelta(days=back))
        last = self.today - timedelta(days=1)
        on = first + timedelta(days=self.dice.whole(0, max(0, (last - first).days)))
        person.happenings.append(Happening(kind, on, None, detail))

    def _results(self, person: Person) -> None:
        """Key stage 2 at the end of year 6, GCSEs at the end of year 11: assessment, subject and outcome."""
        leaves_primary = date(person.born.year + 11 + (person.born.month >= 9), 7, 8)
        if leaves_primary < self.today:
            outcome = self.dice.pick(KEY_STAGE)
            detail = f"Key stage 2, Reading and mathematics, {outcome}"
            person.happenings.append(Happening("attainment", leaves_primary, None, detail))
        results = date(leaves_primary.year + 5, 8, 20)
        for subject in ("English", "mathematics"):
            grade = self.dice.pick(GRADES)
            if results < self.today:
                person.happenings.append(Happening("attainment", results, None, f"GCSE, {subject}, {grade}"))


_STATE_SCHOOL = 94  # of a hundred, as in `schooling`


def note_leavers(today: date, people: Iterable[Person], schools: list[School]) -> None:
    """The school each pupil left after year 11: an autumn census still lists them. Drawn by number, not by chance."""
    if census_day(today).month != 10:
        return
    for person in people:
        gone = person.died or person.superseded or person.unborn or person.school
        if person.upn and not gone and school_year(person, today) == 12 and person.key % 100 < _STATE_SCHOOL:
            person.left_school = schools[person.key % len(schools)]
            person.sources.add("school_census")
