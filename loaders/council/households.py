"""Households as the census finds them: who lives together, their sex and dates of birth. No names, no addresses.

A person here may still lack a parent, a former partner, a name: `kinship` and `naming` come after.
"""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from loaders.council.dice import Dice, Weighted
from loaders.council.model import Household, Person
from loaders.council.settings import CouncilSettings

_YEAR = 365.25


class Builder:
    """Adds households until the number of people is reached, never one more."""

    def __init__(self, settings: CouncilSettings, dice: Dice, today: date, people: list[Person], wanted: int) -> None:
        self.settings, self.dice, self.today, self.wanted = settings, dice, today, wanted
        self.people, self.households = people, list[Household]()
        self._origins = Weighted(settings.origins.items())
        rates, shares = settings.households, settings.families
        kinds: dict[str, float] = {name: shares[name] * rates["single_family"] for name in _FAMILIES}
        kinds |= {name: rates[name] for name in ("one_person", "multi_generation", "other")}
        self._kinds = Weighted(kinds.items())
        self._counts = Weighted(
            (count, settings.children[name]) for count, name in enumerate(("one", "two", "three", "four", "five"), 1)
        )
        self._unknown_fathers = 0

    def fill(self) -> list[Household]:
        """Households until the council is full; a household that would not fit is replaced by one person."""
        while (room := self.wanted - len(self.people)) > 0:
            kind = self.dice.draw(self._kinds) if room >= 9 else "one_person"
            home = Household(kind, self.dice.draw(self._origins))
            _MAKERS[kind](self, home)
            self.households.append(home)
        return self.households

    def person(self, home: Household, sex: str, born: date) -> Person:
        """A new person in the household."""
        origin = home.origin
        if home.members and self.dice.chance(self.settings.families["mixed_origin"]):
            origin = self.dice.draw(self._origins)
        added = Person(len(self.people) + 1, sex, born, origin, home)
        self.people.append(added)
        home.members.append(added)
        return added

    def born(self, age: float) -> date:
        """A date of birth for someone of about that age today."""
        return self.today - timedelta(days=int(age * _YEAR) + self.dice.whole(1, 300))

    def unknown_father(self) -> int:
        """A key for a father who is not one of the council's people (yet)."""
        self._unknown_fathers -= 1
        return self._unknown_fathers


def _sex(dice: Dice) -> str:
    return "F" if dice.chance(0.495) else "M"


def pair_up(builder: Builder, one: Person, two: Person, since: date) -> None:
    """Makes two people a couple from that day; older couples are more often married."""
    age = builder.today.year - max(one.born, two.born).year
    cohabiting = builder.settings.families["cohabiting"] * (1.5 if age < 45 else 0.5)
    one.partner, two.partner = two, one
    one.together_since = two.together_since = since
    one.married = two.married = not builder.dice.chance(cohabiting)


def _partner_for(builder: Builder, home: Household, woman: Person, youngest: date) -> Person:
    """Her partner, by the published age gap; at least sixteen when the eldest child was born."""
    rates, dice = builder.settings.children, builder.dice
    older = dice.bell(rates["father_older"], rates["father_older_spread"])
    born = min(woman.born - timedelta(days=int(older * _YEAR)), youngest)
    sex = "F" if dice.chance(builder.settings.families["same_sex"]) else "M"
    return builder.person(home, sex, born)


def _births(builder: Builder, grown: bool) -> list[date]:
    """Dates of birth of one family's children, eldest first: all dependent, or all grown but living at home."""
    dice, count = builder.dice, builder.dice.draw(builder._counts)
    if grown:
        count = 1 if dice.chance(0.78) else 2
    gaps: list[int] = []
    for _ in range(count - 1):
        twin = dice.chance(builder.settings.children["twins"] * 2.3)  # per gap: there are 2.3 births for every gap
        twin = twin and gaps[-1:] != [0]
        gaps.append(0 if twin else int(max(310, dice.bell(builder.settings.children["spacing_months"] * 30.4, 420))))
    span, limit = sum(gaps), int(17.9 * _YEAR)
    if span > limit - 200 and not grown:
        gaps = [gap * (limit - 200) // span if gap == 0 else max(310, gap * (limit - 200) // span) for gap in gaps]
        span = sum(gaps)
    eldest = dice.whole(span + 1, max(limit, span + 2)) if not grown else int(dice.bell(23, 3) * _YEAR) + span
    if grown:
        eldest = max(eldest, int(18.2 * _YEAR) + span)
    days = [builder.today - timedelta(days=eldest)]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    return days


def _mother_born(builder: Builder, births: list[date], younger: float = 0.0) -> date:
    """A date of birth for the mother of these: 16 or older at the first, 45 or younger at the last if that can be."""
    rates = builder.settings.children
    span = (births[-1] - births[0]).days / _YEAR
    age = builder.dice.bell(rates["first_birth"] - younger, rates["first_birth_spread"])
    return births[0] - timedelta(days=int(max(16.0, min(45.0 - span, age)) * _YEAR))


def add_child(
    builder: Builder, home: Household, born: date, mother: Person | None, father: Person | None, key: int
) -> Person:
    """A child of that mother and father; `key` says which unknown father where there is none."""
    child = builder.person(home, _sex(builder.dice), born)
    child.mother, child.father = mother, father
    child.father_key = father.key if father else key
    origins = [parent.origin for parent in (mother, father) if parent]
    child.origin = builder.dice.pick(origins) if origins else home.origin
    for parent in (mother, father):
        if parent:
            parent.children.append(child)
    return child


def _twin_up(builder: Builder, brood: list[Person]) -> None:
    """Children of one mother born on one day are twins; identical ones share their sex."""
    for one, two in pairwise(brood):
        if one.born == two.born and one.twin is None:
            one.twin, two.twin = two, one
            if builder.dice.chance(builder.settings.children["identical"]):
                one.identical = two.identical = True
                two.sex = one.sex


def _couple(builder: Builder, home: Household, woman_born: date, eldest: date, since: date) -> tuple[Person, Person]:
    woman = builder.person(home, "F", woman_born)
    man = _partner_for(builder, home, woman, eldest - timedelta(days=int(16.5 * _YEAR)))
    pair_up(builder, woman, man, since)
    return woman, man


def _couple_children(builder: Builder, home: Household, grown: bool = False) -> None:
    dice, shares = builder.dice, builder.settings.families
    births = _births(builder, grown)
    home.step = not grown and dice.chance(shares["step"])
    since = births[0] - timedelta(days=dice.whole(300, 2500))
    woman, man = _couple(builder, home, _mother_born(builder, births), births[0], since)
    if home.step:
        _step_children(builder, home, (woman, man), births)
        return
    brood = [add_child(builder, home, born, woman, man, 0) for born in births]
    _twin_up(builder, brood)
    _expect(builder, home, woman, man)


def _step_children(builder: Builder, home: Household, couple: tuple[Person, Person], births: list[date]) -> None:
    """Some children came before the couple: hers, his or both; later ones may be of both parents."""
    dice, shares, (woman, man) = builder.dice, builder.settings.families, couple
    draw = dice.random()
    hers, his = draw < shares["step_hers"], shares["step_hers"] <= draw < shares["step_hers"] + shares["step_his"]
    met = 1 if len(births) == 1 or dice.chance(0.6) else len(births)
    earlier = max(met, 2) if not hers and not his and len(births) > 1 else met
    since = min(
        births[min(earlier, len(births)) - 1] + timedelta(days=dice.whole(350, 1500)),
        builder.today - timedelta(days=60),
    )
    if earlier == len(births) and dice.chance(0.3):
        since = builder.today - timedelta(days=dice.whole(60, 700))
    if earlier < len(births):
        since = min(since, births[earlier] - timedelta(days=200))
    woman.together_since = man.together_since = since
    father = builder.unknown_father()

    def parents(at: int) -> tuple[Person | None, Person | None, int]:
        if at >= earlier:
            return woman, man, 0
        return (None, man, 0) if his or (not hers and at % 2) else (woman, None, father)

    brood: list[Person] = []
    for at, born in enumerate(births):
        twin = at > 0 and born == births[at - 1]
        mother, dad, key = (brood[-1].mother, brood[-1].father, brood[-1].father_key) if twin else parents(at)
        brood.append(add_child(builder, home, born, mother, dad, key))
    _twin_up(builder, brood)


def _expect(builder: Builder, home: Household, woman: Person, man: Person | None) -> None:
    """Now and then a baby is on the way, due within seven months, and at least ten months after the last."""
    age = woman.age(builder.today)
    if not 16 <= age <= 41 or not builder.dice.chance(builder.settings.children["unborn"]):
        return
    due = builder.today + timedelta(days=builder.dice.whole(10, 210))
    if max((child.born for child in woman.children), default=woman.born) < due - timedelta(days=330):
        baby = add_child(builder, home, due, woman, man, builder.unknown_father())
        baby.unborn = True


def _lone(builder: Builder, home: Household, grown: bool = False) -> None:
    """A lone parent; children of a lone mother may have several fathers."""
    dice, rates = builder.dice, builder.settings
    births = _births(builder, grown)
    if not dice.chance(rates.families["lone_is_mother"]):
        father = builder.person(home, "M", _mother_born(builder, births) - timedelta(days=700))
        _twin_up(builder, [add_child(builder, home, born, None, father, 0) for born in births])
        return
    mother = builder.person(home, "F", _mother_born(builder, births, 0.8))
    key = builder.unknown_father()
    brood = []
    for at, born in enumerate(births):
        if at and born != births[at - 1] and dice.chance(rates.children["second_father"]):
            key = builder.unknown_father()
        brood.append(add_child(builder, home, born, mother, None, key))
    _twin_up(builder, brood)
    _expect(builder, home, mother, None)


def _couple_alone(builder: Builder, home: Household) -> None:
    """Two adults without children at home: a third of them young, the others past the years of bringing up children."""
    dice = builder.dice
    age = dice.whole(21, 38) if dice.chance(0.3) else dice.whole(46, 86)
    born = builder.born(age)
    _couple(
        builder,
        home,
        born,
        builder.today - timedelta(days=800),
        builder.today - timedelta(days=dice.whole(200, max(300, (age - 19) * 340))),
    )


def _one_person(builder: Builder, home: Household) -> None:
    """One adult; many of the oldest are widowed, their late partner is one of the council's people too."""
    dice = builder.dice
    age = dice.whole(19, 64) if dice.chance(0.52) else dice.whole(65, 96)
    sex = "F" if dice.chance(0.44 if age < 65 else 0.66) else "M"
    person = builder.person(home, sex, builder.born(age))
    room = builder.wanted - len(builder.people)
    if age >= 70 and room > 0 and dice.chance(builder.settings.households["widowed_of_70"]):
        gap = timedelta(days=int(dice.bell(2, 4) * _YEAR)) * (1 if sex == "F" else -1)
        late = builder.person(home, "M" if sex == "F" else "F", person.born - gap)
        pair_up(builder, person, late, person.born + timedelta(days=int(26 * _YEAR)))
        late.died = builder.today - timedelta(days=dice.whole(60, 5000))


def _multi_generation(builder: Builder, home: Household) -> None:
    """Grandparents, their daughter or son (with a partner or alone) and the children, under one roof."""
    dice = builder.dice
    births = _births(builder, False)[:3]
    mother_born = _mother_born(builder, births)
    grandmother, grandfather = _couple(
        builder, home, _mother_born(builder, [mother_born]), mother_born, mother_born - timedelta(days=900)
    )
    parent = add_child(builder, home, mother_born, grandmother, grandfather, 0)
    parent.sex = "F"
    partner = None
    if dice.chance(0.5):
        partner = _partner_for(builder, home, parent, births[0] - timedelta(days=int(16.5 * _YEAR)))
        partner.sex = "M"
        pair_up(builder, parent, partner, births[0] - timedelta(days=dice.whole(300, 2000)))
    key = builder.unknown_father()
    _twin_up(builder, [add_child(builder, home, born, parent, partner, key) for born in births])


def _other(builder: Builder, home: Household) -> None:
    """Adults who share a home and are no kin."""
    for _ in range(builder.dice.whole(3, 5)):
        builder.person(home, _sex(builder.dice), builder.born(builder.dice.whole(18, 45)))


_FAMILIES = ("couple_children", "couple_adult_children", "couple_alone", "lone_children", "lone_adult_children")
_MAKERS: dict[str, Callable[[Builder, Household], None]] = {
    "one_person": _one_person,
    "multi_generation": _multi_generation,
    "other": _other,
    "couple_alone": _couple_alone,
    "couple_children": _couple_children,
    "couple_adult_children": lambda builder, home: _couple_children(builder, home, True),
    "lone_children": _lone,
    "lone_adult_children": lambda builder, home: _lone(builder, home, True),
}
