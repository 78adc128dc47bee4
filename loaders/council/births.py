"""People in the making: who is born when, and to whom, in the proportions of the settings. No names, no addresses."""

from datetime import date, timedelta
from itertools import pairwise

from loaders.council.dice import Dice, Weighted
from loaders.council.model import Household, Person
from loaders.council.settings import CouncilSettings

YEAR = 365.25


class Builder:
    """Makes people, numbered from one; `wanted` is how many the council may have."""

    def __init__(self, settings: CouncilSettings, dice: Dice, today: date, people: list[Person], wanted: int) -> None:
        self.settings, self.dice, self.today, self.wanted = settings, dice, today, wanted
        self.people, self.origins = people, Weighted(settings.origins.items())
        self.counts = Weighted(
            (count, settings.children[name]) for count, name in enumerate(("one", "two", "three", "four", "five"), 1)
        )
        self._unknown_fathers = 0

    def person(self, home: Household, sex: str, born: date) -> Person:
        """A new person in the household."""
        origin = home.origin
        if home.members and self.dice.chance(self.settings.families["mixed_origin"]):
            origin = self.dice.draw(self.origins)
        added = Person(len(self.people) + 1, sex, born, origin, home)
        self.people.append(added)
        home.members.append(added)
        return added

    def born(self, age: float) -> date:
        """A date of birth for someone of about that age today."""
        return self.today - timedelta(days=int(age * YEAR) + self.dice.whole(1, 300))

    def unknown_father(self) -> int:
        """A key for a father who is not one of the council's people (yet)."""
        self._unknown_fathers -= 1
        return self._unknown_fathers


def either_sex(dice: Dice) -> str:
    """F or M, as adults are in England and Wales."""
    return "F" if dice.chance(0.495) else "M"


def pair_up(builder: Builder, one: Person, two: Person, since: date) -> None:
    """Makes two people a couple from that day; older couples are more often married."""
    age = builder.today.year - max(one.born, two.born).year
    cohabiting = builder.settings.families["cohabiting"] * (1.5 if age < 45 else 0.5)
    one.partner, two.partner = two, one
    one.together_since = two.together_since = since
    one.married = two.married = not builder.dice.chance(cohabiting)


def partner_for(builder: Builder, home: Household, woman: Person, youngest: date) -> Person:
    """Her partner, by the published age gap; at least sixteen when the eldest child was born."""
    rates, dice = builder.settings.children, builder.dice
    older = dice.bell(rates["father_older"], rates["father_older_spread"])
    born = min(woman.born - timedelta(days=int(older * YEAR)), youngest)
    sex = "F" if dice.chance(builder.settings.families["same_sex"]) else "M"
    return builder.person(home, sex, born)


def draw_births(builder: Builder, grown: bool) -> list[date]:
    """Dates of birth of one family's children, eldest first: all dependent, or all grown but living at home."""
    dice, count = builder.dice, builder.dice.draw(builder.counts)
    if grown:
        count = 1 if dice.chance(0.78) else 2
    gaps: list[int] = []
    for _ in range(count - 1):
        twin = dice.chance(builder.settings.children["twins"] * 2.3)  # per gap: there are 2.3 births for every gap
        twin = twin and gaps[-1:] != [0]
        gaps.append(0 if twin else int(max(310, dice.bell(builder.settings.children["spacing_months"] * 30.4, 420))))
    span, limit = sum(gaps), int(17.9 * YEAR)
    if span > limit - 200 and not grown:
        gaps = [gap * (limit - 200) // span if gap == 0 else max(310, gap * (limit - 200) // span) for gap in gaps]
        span = sum(gaps)
    eldest = dice.whole(span + 1, max(limit, span + 2)) if not grown else int(dice.bell(23, 3) * YEAR) + span
    if grown:
        eldest = max(eldest, int(18.2 * YEAR) + span)
    days = [builder.today - timedelta(days=eldest)]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    return days


def mother_born(builder: Builder, births: list[date], younger: float = 0.0) -> date:
    """A date of birth for the mother of these: 16 or older at the first, 45 or younger at the last if that can be."""
    rates = builder.settings.children
    span = (births[-1] - births[0]).days / YEAR
    age = builder.dice.bell(rates["first_birth"] - younger, rates["first_birth_spread"])
    return births[0] - timedelta(days=int(max(16.0, min(45.0 - span, age)) * YEAR))


def add_child(
    builder: Builder, home: Household, born: date, mother: Person | None, father: Person | None, key: int
) -> Person:
    """A child of that mother and father; `key` says which unknown father where there is none."""
    child = builder.person(home, either_sex(builder.dice), born)
    child.mother, child.father = mother, father
    child.father_key = father.key if father else key
    origins = [parent.origin for parent in (mother, father) if parent]
    child.origin = builder.dice.pick(origins) if origins else home.origin
    for parent in (mother, father):
        if parent:
            parent.children.append(child)
    return child


def twin_up(builder: Builder, brood: list[Person]) -> None:
    """Children of one mother born on one day are twins; identical ones share their sex."""
    for one, two in pairwise(brood):
        if one.born == two.born and one.twin is None:
            one.twin, two.twin = two, one
            if builder.dice.chance(builder.settings.children["identical"]):
                one.identical = two.identical = True
                two.sex = one.sex


def expect(builder: Builder, home: Household, woman: Person, man: Person | None) -> None:
    """Now and then a baby is on the way, due within seven months, and at least ten months after the last."""
    age = woman.age(builder.today)
    if not 16 <= age <= 41 or not builder.dice.chance(builder.settings.children["unborn"]):
        return
    due = builder.today + timedelta(days=builder.dice.whole(10, 210))
    if max((child.born for child in woman.children), default=woman.born) < due - timedelta(days=330):
        baby = add_child(builder, home, due, woman, man, builder.unknown_father())
        baby.unborn = True
