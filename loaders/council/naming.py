"""Names for everybody, run down the generations: children are named after parents, wives after husbands.

Every person of a story keeps the name they came with.
"""

from collections.abc import Sequence
from datetime import date

from loaders.council.dice import Dice
from loaders.council.model import Person
from loaders.council.names import Names, gendered
from loaders.council.settings import Rates


def name_everybody(rates: Rates, dice: Dice, names: Names, people: Sequence[Person]) -> None:
    """Gives each person a forename, middle names and surnames; the eldest first."""
    nameless = sorted((person for person in people if not person.surname), key=lambda person: (person.born, person.key))
    for person in nameless:
        person.birth_surname = _born_as(rates, dice, names, person)
        person.surname = person.birth_surname
        _forenames(rates, dice, names, person)
    for person in nameless:
        _married_name(rates, dice, person)


def _born_as(rates: Rates, dice: Dice, names: Names, person: Person) -> str:
    """The surname at birth: the twin's, the father's, the mother's or both joined."""
    if person.twin and person.twin.surname:
        return person.twin.surname
    mother, father = person.mother, person.father
    if mother and father and mother.birth_surname != father.birth_surname and dice.chance(rates["child_double"]):
        return f"{mother.birth_surname.partition('-')[0]}-{father.birth_surname.partition('-')[0]}"
    together = father is not None and mother is not None and father.partner is mother and father.married
    if father and (mother is None or together or dice.chance(rates["child_of_unmarried_takes_fathers"])):
        return gendered(father.birth_surname, person.sex)
    if mother:
        return gendered(mother.birth_surname, person.sex)
    return names.surname(dice, person.origin, person.sex)


def _forenames(rates: Rates, dice: Dice, names: Names, person: Person) -> None:
    """A forename no brother or sister has in any form, middle names, and what they are called."""
    given = {other.forename for parent in (person.mother, person.father) if parent for other in parent.children}
    taken = given.union(*map(names.forms, given))
    father = person.father
    if father and person.sex == "M" and father.forename not in taken and dice.chance(rates["son_named_after_father"]):
        person.forename = father.forename
    for _ in range(8):
        if person.forename:
            break
        forename = names.forename(dice, person.origin, person.sex, person.born)
        person.forename = forename if forename not in taken else ""
    person.forename = person.forename or names.forename(dice, person.origin, person.sex, person.born)
    if dice.chance(rates["middle"]):
        person.middle = names.forename(dice, person.origin, person.sex, person.born)
        if dice.chance(rates["two_middles"]):
            person.middle += " " + names.forename(dice, person.origin, person.sex, person.born)
    nicknames = names.nicknames.get(person.forename)
    if nicknames and dice.chance(rates["known_as"] * 2.5):
        person.known_as = dice.pick(nicknames)


def _married_name(rates: Rates, dice: Dice, person: Person) -> None:
    """Most wives carry their husband's name; some join both; some keep a former husband's name."""
    husband = person.partner if person.married else None
    if husband is None:
        former = [tie.other for tie in person.ties if tie.code in ("EX_SPOUSE", "SPOUSE")]
        husband = former[0] if former and dice.chance(0.4) else None
    if person.sex != "F" or husband is None or husband.sex != "M":
        return
    theirs = gendered(husband.birth_surname, "F")
    draw = dice.random()
    if draw < rates["wife_double"]:
        person.surname = f"{person.birth_surname.partition('-')[0]}-{theirs.partition('-')[0]}"
    elif draw < rates["wife_double"] + rates["wife_takes_name"]:
        person.surname = theirs


def make_namesakes(people: Sequence[Person], today: date, wanted: int) -> None:
    """Strangers of one name and one date of birth, both known to a source: the most dangerous false match."""
    seen: dict[tuple[str, date], Person] = {}
    for person in people:
        free = person.partner is None and not person.children and person.twin is None and not person.adopted
        if (
            not free
            or not person.sources
            or person.superseded
            or person.household is None
            or person.household.kind == "story"
        ):
            continue
        if wanted == 0 or person.age(today) < 1:
            continue
        other = seen.setdefault((person.sex, person.born), person)
        if other is not person and other.mother is not person.mother:
            person.forename, person.surname, person.birth_surname = other.forename, other.surname, other.surname
            person.known_as, wanted = "", wanted - 1
