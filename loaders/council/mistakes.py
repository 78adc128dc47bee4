"""The mistakes people make when they type other people in, at the rates of the settings' [errors] table.

Changes records only, never the truth. Each mistake is drawn on its own, so a record may carry two.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from loaders.council.dice import Dice
from loaders.council.model import Person
from loaders.council.names import Names
from loaders.council.records import Record
from loaders.council.settings import Rates

_NEAR = {
    "a": "s",
    "e": "r",
    "i": "o",
    "o": "p",
    "u": "y",
    "s": "a",
    "r": "t",
    "t": "r",
    "n": "m",
    "m": "n",
    "l": "k",
    "c": "v",
}
_PLACEHOLDER_IDS = ("9999999999", "0000000000", "SSD_PH", "UN1")
PLACEHOLDER_BIRTHS = (date(1900, 1, 1), date(1900, 1, 1), date(1970, 1, 1))


class Mistakes:
    """Spoils records of one source."""

    def __init__(self, rates: Rates, dice: Dice, names: Names, today: date) -> None:
        self.rates, self.dice, self.names, self.today = rates, dice, names, today

    def spoil_all(self, records: Iterable[Record]) -> None:
        """Every record, in order. Records of the stories are never spoilt."""
        for record in records:
            if record.person.household is None or record.person.household.kind != "story":
                self.spoil(record)

    def spoil(self, record: Record, times: float = 1.0) -> None:
        """Names, date of birth and identifiers; `times` multiplies the rates (second records are worse kept)."""
        if not record.person.unborn:
            self._forename(record, times)
            if record.source != "school_census" and record.person.age(self.today) < 1 and self._chance("baby", times):
                record.forename, record.known_as = "Baby", ""
            self._birth(record, times)
        self._surname(record, times)
        if self.dice.chance(self.rates["swapped_names"] * times):
            record.forename, record.surname = record.surname, record.forename
        for kind in ("nhs", "upn"):
            setattr(record, kind, self._identifier(record, kind, getattr(record, kind)))

    def _chance(self, name: str, times: float) -> bool:
        return self.dice.random() < self.rates[name] * times

    def _forename(self, record: Record, times: float) -> None:
        short = self.names.nicknames.get(record.forename)
        if short and self._chance("nickname", times * 2.5):
            record.forename = record.known_as or self.dice.pick(short)
            record.known_as = ""
        record.forename = self._respelt(record.forename, times, "forename_typo")
        if record.middle and self.dice.chance(0.35):
            record.middle = ""

    def _surname(self, record: Record, times: float) -> None:
        person = record.person
        changed = person.birth_surname and person.birth_surname != person.surname
        if changed and self._chance("former_surname", times):
            record.surname = person.birth_surname
        elif changed and self.dice.chance(0.3):
            record.others.append(("FORMER_NAME", f"{person.forename} {person.birth_surname}"))
        if "-" in record.surname and self._chance("double_halved", times):
            record.surname = self.dice.pick(record.surname.split("-"))
        record.surname = self._respelt(record.surname, times, "surname_typo")
        if self._chance("capitals", times):
            record.surname = record.surname.upper()

    def _respelt(self, name: str, times: float, typo: str) -> str:
        others = self.names.spellings.get(name)
        if others and self._chance("spelling", times):
            return self.dice.pick(others)
        return self.mistype(name) if self._chance(typo, times) else name

    def mistype(self, name: str) -> str:
        """One slip of the fingers after the first letter: two letters swapped, one dropped, doubled or wrong."""
        if len(name) < 4:
            return name
        at = self.dice.whole(1, len(name) - 2)
        slip = self.dice.whole(0, 3)
        if slip == 0:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        if slip == 1:
            return name[:at] + name[at + 1 :]
        return name[:at] + (name[at] * 2 if slip == 2 else _NEAR.get(name[at], "e")) + name[at + 1 :]

    def _birth(self, record: Record, times: float) -> None:
        """At most one mistake in a date of birth."""
        born, adult = record.person.born, record.person.age(self.today) >= 18
        if self._chance("birth_missing_adult" if adult else "birth_missing_child", times):
            record.born = None
        elif self._chance("placeholder_birth", times):
            record.born = self.dice.pick(PLACEHOLDER_BIRTHS)
        elif self._chance("first_january", times):
            record.born, record.estimated = date(born.year, 1, 1), True
        elif born.day <= 12 and born.day != born.month and self._chance("day_month_swapped", times * 2.5):
            record.born = self._past(date(born.year, born.day, born.month), born)
        elif self._chance("year_typo", times):
            record.born = self._past(self._other_year(born), born)

    def _other_year(self, born: date) -> date:
        year = born.year + self.dice.pick((-10, -1, 1, 10))
        return date(year, born.month, min(born.day, 28))

    def _past(self, day: date, born: date) -> date:
        return day if day <= self.today else born - timedelta(days=1)

    def _identifier(self, record: Record, kind: str, value: str) -> str:
        """A wrong digit, a relative's number, a placeholder, or the number as it is."""
        if not value:
            return value
        draw = self.dice.random()
        if draw < self.rates["id_typo"]:
            at = self.dice.whole(3, len(value) - 1)
            return value[:at] + str((int(value[at]) + 1) % 10 if value[at].isdigit() else 7) + value[at + 1 :]
        draw -= self.rates["id_typo"]
        if draw < self.rates["id_borrowed"]:
            return self._borrowed(record.person, kind) or value
        draw -= self.rates["id_borrowed"]
        return self.dice.pick(_PLACEHOLDER_IDS) if draw < self.rates["id_placeholder"] else value

    def _borrowed(self, person: Person, kind: str) -> str:
        """The number of a brother or sister, else of the mother."""
        near = [
            other
            for parent in (person.mother, person.father)
            if parent
            for other in parent.children
            if other is not person
        ]
        near += [person.mother] if person.mother else []
        numbers = [number for other in near if (number := getattr(other, kind))]
        return self.dice.pick(numbers) if numbers else ""
