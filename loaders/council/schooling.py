"""Which children are pupils, at which school, under which pupil number. State schools of the council only."""

from collections.abc import Iterable
from datetime import date, timedelta

from loaders.council.dice import Dice
from loaders.council.identifiers import Registers
from loaders.council.model import Person, School

_STATE_SCHOOL = 0.94  # the rest: independent schools, home education, schools of other councils


def school_year(person: Person, today: date) -> int:
    """National curriculum year by the age on 31 August before the school year began: 0 is reception."""
    began = date(today.year if today.month >= 9 else today.year - 1, 8, 31)
    return person.age(began) - 4


def enrol(
    dice: Dice, registers: Registers, today: date, people: Iterable[Person], schools: dict[str, list[School]]
) -> None:
    """Gives every pupil a school and a permanent number; some came from elsewhere and have a former number."""
    for person in people:
        year = school_year(person, today)
        if person.unborn or person.died or person.superseded or not 0 <= year <= 13:
            continue
        first = dice.pick(schools["primary"])
        given = person.born.year + 4 + (person.born.month > 8)
        person.upn = person.upn or registers.pupil(first.number, min(given, today.year))
        if dice.chance(0.035):
            person.former_upn = registers.pupil(dice.pick(schools["primary"]).number, min(given, today.year))
        if year >= 9:
            person.learner = registers.learner()
        if year <= 11 and (dice.chance(_STATE_SCHOOL) or "school_census" in person.sources):
            person.school = first if year <= 6 else dice.pick(schools["secondary"])


def census_day(today: date) -> date:
    """The latest day of the termly census: third Thursday of January or May, first Thursday of October."""
    days = [
        _thursday(year, month, nth) for year in (today.year - 1, today.year) for month, nth in ((1, 3), (5, 3), (10, 1))
    ]
    return max(day for day in days if day <= today)


def _thursday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 7 * (nth - 1))
