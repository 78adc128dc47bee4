"""Practitioners and the spells of service they have with people known to a case management system.

Says what happened, not how a source writes it. Caseloads of workers 90001 and 90002 are filled first.
"""

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from loaders.council.dice import Dice
from loaders.council.identifiers import Registers
from loaders.council.model import Household, Person, School, Spell, Worker
from loaders.council.names import Names
from loaders.council.settings import Rates

FIRST_WORKER = 90001
_FULL = 17  # children after which the first two caseloads take no further family: 25 at most with the last one
CASE, EARLY_HELP, SCHOOL, HEALTH_VISITOR, ADULT_CARE = "REL.ALLWORK", "REL.EARLYHELP", "REL.SCHOOL", "REL.HV", "REL.ASC"


def service_table() -> list[dict[str, Any]]:
    """The services as `services.toml` has them."""
    text = files("loaders.council").joinpath("services.toml").read_text(encoding="utf-8")
    services: list[dict[str, Any]] = tomllib.loads(text)["services"]
    return services


class Workforce:
    """Practitioners, made as they are needed; social workers are numbered from 90001."""

    def __init__(self, dice: Dice, names: Names, registers: Registers, people: int) -> None:
        self._dice, self._names, self._registers = dice, names, registers
        self.services = {service["mosaic"]: service for service in service_table()}
        self.workers: list[Worker] = []
        self.case_workers = [self._asha(), self._ben()]
        self._pools: dict[str, list[Worker]] = {}
        self._school_leads: dict[int, Worker] = {}
        for kind in self.services:
            if kind not in (CASE, SCHOOL):
                self._pools[kind] = [self._make(kind) for _ in range(max(1, people // 5000))]

    def _asha(self) -> Worker:
        return self._keep(
            "Asha Daniels", "Social worker", "Romiley Child in Need Team", "Example Council", "01632 960101"
        )

    def _ben(self) -> Worker:
        return self._keep("Ben Okafor", "Social worker", "Marple Child in Need Team", "Example Council", "01632 960102")

    def _keep(self, name: str, role: str, team: str, organisation: str, phone: str, email: str = "") -> Worker:
        key = str(FIRST_WORKER + len(self.workers))
        address = name.lower().replace(" ", ".").replace("'", "")
        namesake = any(worker.name == name for worker in self.workers)
        domain = (organisation.lower().replace("example ", "").replace(" ", "-") or "school") + ".example"
        email = email or f"{address}{key[-3:] if namesake else ''}@{domain}"
        self.workers.append(Worker(key, name, role, team, organisation, phone, email))
        return self.workers[-1]

    def _name(self) -> str:
        origin = "british" if self._dice.chance(0.75) else self._dice.pick(self._names.origins)
        sex = "F" if self._dice.chance(0.74) else "M"
        born = date(1962 + self._dice.whole(0, 36), 6, 1)
        return f"{self._names.forename(self._dice, origin, sex, born)} {self._names.surname(self._dice, origin, sex)}"

    def _make(self, kind: str) -> Worker:
        service = self.services[kind]
        team = self._dice.pick(service["teams"])
        return self._keep(self._name(), service["role"], team, service["organisation"], self._registers.phone())

    def case_worker(self, place: int) -> Worker:
        """The social worker at that place of the list of caseloads."""
        while len(self.case_workers) <= place:
            self.case_workers.append(self._make(CASE))
        return self.case_workers[place]

    def any(self, kind: str) -> Worker:
        """Some practitioner of that service."""
        return self._dice.pick(self.case_workers if kind == CASE else self._pools[kind])

    def lead(self, school: School) -> Worker:
        """The designated safeguarding lead of a school."""
        if school.number not in self._school_leads:
            domain = school.email.partition("@")[2]
            made = self._keep(
                self._name(), "Designated safeguarding lead", "School", school.name, school.phone, f"dsl@{domain}"
            )
            self._school_leads[school.number] = made
        return self._school_leads[school.number]


def share_out(families: Iterable[Household], today: date, per_worker: float, already: int) -> None:
    """Gives each open family a place in the list of caseloads; the first worker has `already` children."""
    loads = [already, 0]
    place = 2
    for home in families:
        if home.case != "open":
            continue
        count = sum(person.age(today) < 18 for person in home.members)  # at most seven
        first = min((0, 1), key=lambda at: loads[at])
        if loads[first] < _FULL:
            loads[first] += count
            home.caseload = first
            continue
        while len(loads) > place and loads[place] >= per_worker:
            place += 1
        if len(loads) == place:
            loads.append(0)
        loads[place] += count
        home.caseload = place


class Spells:
    """Draws the spells of each person from their age and case."""

    def __init__(self, rates: Rates, dice: Dice, today: date, workforce: Workforce) -> None:
        self.rates, self.dice, self.today, self.workforce = rates, dice, today, workforce

    def add_all(self, people: Iterable[Person]) -> None:
        """Every spell of everyone in a case management system."""
        for person in people:
            if person.household and person.household.kind == "story":
                continue
            age = person.age(self.today)
            if person.case:
                self._case(person)
            if person.school and self.dice.chance(0.8):
                entry = self._day(
                    max(person.born + timedelta(days=4 * 366), self.today - timedelta(days=1500)), self.today
                )
                person.spells.append(Spell(SCHOOL, self.workforce.lead(person.school), entry))
            for kind, chance, low, high in self._wants(person, age):
                if low <= age <= high and self.dice.chance(chance):
                    self._spell(person, kind, low, high)

    def _wants(self, person: Person, age: int) -> Iterator[tuple[str, float, int, int]]:
        rates = self.rates
        if not person.unborn:
            yield "REL.GP", rates["gp"], 0, 120
        yield HEALTH_VISITOR, rates["health_visitor_under_5"] * (1.0 if age < 5 else 0.5), 0, 9
        yield "REL.CAMHS", rates["camhs_8_to_17"], 8, 19
        yield "REL.SUBUSE", rates["substance_14_plus"], 14, 70
        yield "REL.SEXHLTH", rates["sexual_health_14_to_30"], 14, 30
        yield "REL.YOT", rates["youth_justice_12_to_17"], 12, 19
        yield EARLY_HELP, rates["early_help_child"], 0, 17
        yield ADULT_CARE, rates["adult_care_75_plus"], 75, 120
        yield "REL.POLICE", rates["police_adult"], 18, 60
        yield "REL.HOUSING", rates["housing_adult"], 18, 70

    def _day(self, low: date, high: date) -> date:
        return low + timedelta(days=self.dice.whole(0, max(0, (high - low).days)))

    def _reason(self, kind: str) -> str:
        reasons: list[str] = self.workforce.services[kind]["reasons"]
        return self.dice.pick(reasons)

    def _case(self, person: Person) -> None:
        """The allocated worker now, and workers before: cases change hands and are opened again."""
        home = person.left or person.household
        opened = max(person.born, self.today - timedelta(days=self.dice.whole(20, 1500)))
        if person.unborn:
            opened = self.today - timedelta(days=self.dice.whole(5, 60))
        if person.case == "open" and home and home.caseload >= 0:
            person.spells.append(Spell(CASE, self.workforce.case_worker(home.caseload), opened))
            if person.joined or self.dice.chance(0.12):
                person.spells.append(Spell("REL.IRO", self.workforce.any("REL.IRO"), opened))
        earlier = 1 if person.case != "open" else 1 if self.dice.chance(0.45) else 0
        if self.dice.chance(0.226):  # re-referral within twelve months, DfE CIN 2025
            earlier += 1
        until = opened if person.case == "open" else self.today - timedelta(days=self.dice.whole(20, 2200))
        for _ in range(earlier):
            start = until - timedelta(days=self.dice.whole(30, 500))
            if start <= person.born or person.unborn:
                break
            person.spells.append(Spell(CASE, self.workforce.any(CASE), start, until, self._reason(CASE)))
            until = start - timedelta(days=self.dice.whole(20, 400))

    def _spell(self, person: Person, kind: str, low: int, high: int) -> None:
        """One spell inside the ages of the service; a third are open, and none outlives the age or the person."""
        first = person.born if low == 0 else person.born + timedelta(days=low * 365 + low // 4 + 1)
        last = person.born + timedelta(days=(5 if kind == HEALTH_VISITOR else high + 1) * 365)
        limit = min(day for day in (last, person.died, self.today) if day)
        start = self._day(min(limit, max(first, limit - timedelta(days=2500))), limit)
        end: date | None = None
        if limit < self.today or self.dice.chance(0.6):
            end = self._day(start, limit)
        person.spells.append(Spell(kind, self.workforce.any(kind), start, end, self._reason(kind) if end else ""))
