"""What plans were made for people, and what happened to them: one truth that every source tells its part of.

Draws from people, their spells and their schools. Nothing here knows how a source writes it.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from loaders.council.dice import Dice, Weighted
from loaders.council.model import Happening, Household, Person, PlanMade, Spell
from loaders.council.services import ADULT_CARE, CASE, EARLY_HELP, Workforce
from loaders.council.settings import Rates

CHILD_NEEDS = (
    "Abuse or neglect", "Child's disability or illness", "Parental disability or illness", "Family in acute stress",
    "Family dysfunction", "Socially unacceptable behaviour", "Low income", "Absent parenting",
)  # fmt: skip
"""The primary needs of the children in need census (N1 to N8)."""

FAMILY_NEEDS = (
    "Getting a good education", "Good early years development", "Improved mental and physical health",
    "Promoting recovery from substance use", "Improved family relationships", "Safe from abuse and exploitation",
    "Crime prevention and tackling crime", "Safe from domestic abuse", "Secure housing", "Financial stability",
)  # fmt: skip
"""The ten outcomes of the Supporting Families programme."""

LEARNING_NEEDS = (
    "Speech, language and communication needs", "Autistic spectrum disorder", "Moderate learning difficulty",
    "Social, emotional and mental health", "Specific learning difficulty", "Severe learning difficulty",
    "Hearing impairment", "Physical disability",
)  # fmt: skip
YOUTH_NEEDS = (
    "Education, training and employment", "Substance misuse", "Family relationships", "Safety and wellbeing",
    "Living arrangements", "Lifestyle and peers",
)  # fmt: skip
CARE_NEEDS = ("Personal care", "Mobility", "Memory and cognition", "Carer support", "Learning disability support")
LEGAL_STATUSES = ("Interim care order", "Full care order", "Voluntary agreement, section 20", "Placement order")
GRADINGS = (("Low", 0.5), ("Medium", 0.34), ("High", 0.16))
INCIDENTS = (("Domestic abuse", 0.55), ("Concern for a child", 0.3), ("Anti-social behaviour", 0.15))
OFFENCES = (
    ("Violence without injury", 0.36), ("Violence with injury", 0.28), ("Robbery", 0.08),
    ("Possession of weapons", 0.12), ("Other sexual offences", 0.1), ("Rape", 0.05), ("Homicide", 0.01),
)  # fmt: skip
"""The seven safeguarding offence types of the Family Context common data model."""

SESSIONS = ("Stay and play", "Baby massage", "Rhyme time", "Messy play", "Healthy start drop-in", "Story time")


class Happenings:
    """Adds plans, orders and dated happenings to people."""

    def __init__(self, rates: Rates, dice: Dice, today: date, workforce: Workforce) -> None:
        self.rates, self.dice, self.today, self.workforce = rates, dice, today, workforce
        self._incident = 0

    def add_all(self, people: Iterable[Person], households: Iterable[Household]) -> None:
        """Everything, person by person, then what concerns whole households."""
        for person in people:
            if not (person.household and person.household.kind == "story"):
                self._person(person)
        for home in households:
            if home.case and home.kind != "story" and self.dice.chance(self.rates["police_household"]):
                self._incidents(home)

    def _person(self, person: Person) -> None:
        for spell in person.spells:
            self._plans(person, spell)
        age, rates = person.age(self.today), self.rates
        if person.school and not person.unborn:
            self._school(person)
        elif 16 <= age <= 18 and self.dice.chance(rates["neet_16_to_18"]):
            self._add(person, "not in education", 400, detail="NEET, available to the labour market")
        if person.case and age >= 11 and self.dice.chance(rates["missing_11_plus"]):
            self._missing(person)
        if any(spell.kind == "REL.POLICE" for spell in person.spells):
            self._offences(person)
        if 0 <= age < 5 and not person.unborn and self.dice.chance(rates["sessions_under_5"]):
            for _ in range(self.dice.whole(1, 6)):
                self._add(person, "session attended", 700, detail=self.dice.pick(SESSIONS))

    def _day(self, person: Person, back: int) -> date:
        first = max(person.born + timedelta(days=1), self.today - timedelta(days=back))
        last = min(day for day in (person.died, self.today - timedelta(days=1)) if day)
        return first + timedelta(days=self.dice.whole(0, max(0, (last - first).days)))

    def _add(self, person: Person, kind: str, back: int, detail: str = "", lasting: int = 0, incident: int = 0) -> None:
        if person.died and person.died <= person.born + timedelta(days=2):
            return
        on = self._day(person, back)
        until = min(on + timedelta(days=self.dice.whole(0, lasting)), self.today) if lasting else None
        person.happenings.append(Happening(kind, on, until, detail, incident))

    def _needs(self, needs: tuple[str, ...], most: int) -> tuple[str, ...]:
        return tuple(self.dice.shuffled(needs)[: self.dice.whole(1, most)])

    def _plans(self, person: Person, spell: Spell) -> None:
        """The plans a spell of service brings with it."""
        made = person.plans
        if spell.kind == CASE and person.age(self.today) < 26:
            self._case_plans(person, spell)
        elif spell.kind == EARLY_HELP:
            made.append(self._plan("early help", spell, self._needs(FAMILY_NEEDS, 4)))
        elif spell.kind == "REL.YOT":
            made.append(self._plan("youth justice", spell, self._needs(YOUTH_NEEDS, 3)))
            if self.dice.chance(self.rates["court_order"]):
                order = self.dice.pick(("Referral order", "Youth rehabilitation order", "Detention and training order"))
                made.append(self._plan("court order", spell, (), order))
        elif spell.kind == ADULT_CARE:
            made.append(self._plan("adult care", spell, self._needs(CARE_NEEDS, 2)))

    def _plan(self, kind: str, spell: Spell, needs: tuple[str, ...], legal: str = "", placement: str = "") -> PlanMade:
        return PlanMade(kind, spell.worker, spell.start, spell.end, needs, legal, placement)

    def _case_plans(self, person: Person, spell: Spell) -> None:
        assessed = min(spell.start + timedelta(days=self.dice.whole(10, 45)), self.today)
        needs = self._needs(CHILD_NEEDS, 2)
        ended = spell.end or (assessed if assessed < self.today else None)
        person.plans.append(PlanMade("assessment", spell.worker, spell.start, min_day(assessed, ended), needs))
        if (spell.end and spell.end <= assessed) or assessed >= self.today or person.unborn:
            return
        placed = person.joined and person.placement == "placement" and spell.end is None
        if placed:
            where = "Foster placement" if not person.hidden_placement else "Foster placement, address withheld"
            kind = "pathway" if person.age(self.today) >= 16 else "care"
            plan = self._plan(kind, spell, needs, self.dice.pick(LEGAL_STATUSES), where)
        else:
            protect = self.dice.chance(self.rates["child_protection"])
            plan = self._plan("child protection" if protect else "child in need", spell, needs)
        plan.start = assessed
        person.plans.append(plan)

    def _school(self, person: Person) -> None:
        """Attendance, exclusions, and a plan for one in twenty."""
        rates, dice = self.rates, self.dice
        mean = rates["attendance_known"] if person.case else rates["attendance"]
        person.attendance = max(20, min(100, round(dice.bell(mean, 4.5))))
        assert person.school is not None
        if dice.chance(rates["ehc_plan"]):
            start = self._day(person, 1500)
            lead = self.workforce.lead(person.school)
            person.plans.append(PlanMade("EHC", lead, start, None, self._needs(LEARNING_NEEDS, 2)))
        if person.school.phase != "primary" and dice.chance(rates["suspended"]):
            for _ in range(dice.whole(1, 3)):
                self._add(person, "suspension", 500, f"{dice.whole(1, 10)} half days", 5)
        elif person.school.phase != "primary" and dice.chance(rates["excluded"]):
            self._add(person, "permanent exclusion", 900)

    def _missing(self, person: Person) -> None:
        for _ in range(self.dice.whole(1, 4)):
            kind = self.dice.pick(("Missing", "Missing", "Away from placement without authorisation"))
            self._add(person, "missing episode", 700, kind, 3)

    def _offences(self, person: Person) -> None:
        types = Weighted(OFFENCES)
        for _ in range(self.dice.whole(0, 5)):
            role = self.dice.pick(("Convict", "Suspect"))
            self._add(person, "offence", 2800, f"{self.dice.draw(types)}, {role}")

    def _incidents(self, home: Household) -> None:
        """Police notifications about a household: each is one incident with everybody in it."""
        members = [person for person in home.members if not person.died and not person.unborn]
        youngest = max((person.born for person in members), default=self.today)
        for _ in range(self.dice.whole(1, 3)):
            self._incident += 1
            kind, grading = self.dice.draw(Weighted(INCIDENTS)), self.dice.draw(Weighted(GRADINGS))
            days = max(1, min(900, (self.today - youngest).days - 1))
            on = self.today - timedelta(days=self.dice.whole(1, days))
            for person in members:
                person.happenings.append(
                    Happening("police notification", on, None, f"{kind}, {grading}", self._incident)
                )


def min_day(one: date, other: date | None) -> date | None:
    """The earlier day where there are two; none while the second has not come."""
    return None if other is None else min(one, other)
