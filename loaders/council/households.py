"""Households as the census finds them: who lives together, their sex and dates of birth. No names, no addresses.

A person here may still lack a parent, a former partner, a name: `kinship` and `naming` come after.
"""

from collections.abc import Callable
from datetime import date, timedelta

from loaders.council.births import (
    YEAR,
    Builder,
    add_child,
    draw_births,
    either_sex,
    expect,
    mother_born,
    pair_up,
    partner_for,
    twin_up,
)
from loaders.council.dice import Weighted
from loaders.council.model import Household, Person
from loaders.council.settings import CouncilSettings
from loaders.council.stepfamilies import step_children

_LARGEST = 9  # people a household may need at most, those of the past and the unborn included


def fill(builder: Builder) -> list[Household]:
    """Households until the council is full; where one might not fit any more, people live alone."""
    kinds, made = _kinds(builder.settings), []
    while (room := builder.wanted - len(builder.people)) > 0:
        kind = builder.dice.draw(kinds) if room >= _LARGEST else "one_person"
        home = Household(kind, builder.dice.draw(builder.origins))
        _MAKERS[kind](builder, home)
        made.append(home)
    return made


def _kinds(settings: CouncilSettings) -> Weighted[str]:
    rates, shares = settings.households, settings.families
    kinds: dict[str, float] = {name: shares[name] * rates["single_family"] for name in _FAMILIES}
    kinds |= {name: rates[name] for name in ("one_person", "multi_generation", "other")}
    return Weighted(kinds.items())


def _couple(builder: Builder, home: Household, woman_born: date, eldest: date, since: date) -> tuple[Person, Person]:
    woman = builder.person(home, "F", woman_born)
    man = partner_for(builder, home, woman, eldest - timedelta(days=int(16.5 * YEAR)))
    pair_up(builder, woman, man, since)
    return woman, man


def _couple_children(builder: Builder, home: Household, grown: bool = False) -> None:
    dice, shares = builder.dice, builder.settings.families
    births = draw_births(builder, grown)
    home.step = not grown and dice.chance(shares["step"])
    since = births[0] - timedelta(days=dice.whole(300, 2500))
    woman, man = _couple(builder, home, mother_born(builder, births), births[0], since)
    if home.step:
        step_children(builder, home, (woman, man), births)
        return
    brood = [add_child(builder, home, born, woman, man, 0) for born in births]
    twin_up(builder, brood)
    expect(builder, home, woman, man)


def _lone(builder: Builder, home: Household, grown: bool = False) -> None:
    """A lone parent; children of a lone mother may have several fathers."""
    dice, rates = builder.dice, builder.settings
    births = draw_births(builder, grown)
    if not dice.chance(rates.families["lone_is_mother"]):
        father = builder.person(home, "M", mother_born(builder, births) - timedelta(days=700))
        twin_up(builder, [add_child(builder, home, born, None, father, 0) for born in births])
        return
    mother = builder.person(home, "F", mother_born(builder, births, 0.8))
    key = builder.unknown_father()
    brood = []
    for at, born in enumerate(births):
        if at and born != births[at - 1] and dice.chance(rates.children["second_father"]):
            key = builder.unknown_father()
        brood.append(add_child(builder, home, born, mother, None, key))
    twin_up(builder, brood)
    expect(builder, home, mother, None)


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
        gap = timedelta(days=int(dice.bell(2, 4) * YEAR)) * (1 if sex == "F" else -1)
        late = builder.person(home, "M" if sex == "F" else "F", person.born - gap)
        pair_up(builder, person, late, person.born + timedelta(days=int(26 * YEAR)))
        late.died = builder.today - timedelta(days=dice.whole(60, 5000))


def _multi_generation(builder: Builder, home: Household) -> None:
    """Grandparents, their daughter (with a partner or alone) and the children, under one roof."""
    dice = builder.dice
    births = draw_births(builder, False)[:3]
    parent_born = mother_born(builder, births)
    grandmother, grandfather = _couple(
        builder, home, mother_born(builder, [parent_born]), parent_born, parent_born - timedelta(days=900)
    )
    parent = add_child(builder, home, parent_born, grandmother, grandfather, 0)
    parent.sex = "F"
    partner = None
    if dice.chance(0.5):
        partner = partner_for(builder, home, parent, births[0] - timedelta(days=int(16.5 * YEAR)))
        partner.sex = "M"
        pair_up(builder, parent, partner, births[0] - timedelta(days=dice.whole(300, 2000)))
    key = builder.unknown_father()
    twin_up(builder, [add_child(builder, home, born, parent, partner, key) for born in births])


def _other(builder: Builder, home: Household) -> None:
    """Adults who share a home and are no kin."""
    for _ in range(builder.dice.whole(3, 5)):
        builder.person(home, either_sex(builder.dice), builder.born(builder.dice.whole(18, 45)))


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
