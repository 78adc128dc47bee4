"""The DWP extract: benefits by person, as the department would send them, with addresses. It has no records of people:
a loader may take no name, birth or National Insurance number from it. The numbers begin with QQ, which are never given.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from loaders.council.dice import Dice, Weighted
from loaders.council.model import Dwelling, Household, Person
from loaders.council.partner import Extract, Partner
from loaders.council.population import Council
from loaders.council.records import Record
from loaders.council.tables import Row, flag, iso, uk, write_some
from loaders.council.write_mosaic import one_line

BENEFITS = "nino forename surname dob workless_benefit benefit_type as_of address_line postcode uprn"
HOUSEHOLDS = "fact start end address_line postcode uprn"
_KINDS = Weighted((("UC", 0.62), ("ESA", 0.12), ("PC", 0.1), ("PIP", 0.09), ("CA", 0.04), ("JSA", 0.03)))
_WORKLESS = frozenset({"ESA", "JSA"})


def _holds(_council: Council, _dice: Dice) -> Iterable[Person]:
    """Nobody: the extract tells of places."""
    return ()


def _write(folder: Path, extract: Extract) -> list[Record]:
    chosen = list(_chosen(extract))
    write_some(folder / "dwp_benefit_flag.csv", BENEFITS, list(_benefits(chosen, extract)))
    write_some(folder / "dwp_households.csv", HOUSEHOLDS, list(_facts(chosen, extract)))
    return []


def _chosen(extract: Extract) -> Iterator[tuple[Household, Dwelling]]:
    """A share of the households that have a home today."""
    share = extract.rates["addresses"]
    for home in extract.council.households:
        adult = next((one for one in home.members if one.age(extract.today) >= 18 and not one.died), None)
        lived = next((one for one in reversed(adult.residences) if one.end is None), None) if adult else None
        if lived and extract.dice.chance(share):
            yield home, lived.dwelling


def _benefits(chosen: list[tuple[Household, Dwelling]], extract: Extract) -> Iterator[Row]:
    serial, dice, today = 100_000, extract.dice, extract.today
    for home, place in chosen:
        for person in home.members:
            if person.age(today) < 18 or person.died or not dice.chance(0.7):
                continue
            serial += 1
            kind = dice.draw(_KINDS)
            workless = kind in _WORKLESS or (kind == "UC" and dice.chance(0.5))
            nino = f"QQ{serial % 1_000_000:06d}{dice.pick('ABCD')}"
            yield [
                nino, person.forename, person.surname, uk(person.born), flag(workless), kind, uk(today),
                *_address(place, dice),
            ]  # fmt: skip


def _facts(chosen: list[tuple[Household, Dwelling]], extract: Extract) -> Iterator[Row]:
    dice, today = extract.dice, extract.today
    for home, place in chosen:
        grown = [one for one in home.members if one.age(today) >= 18 and not one.died]
        children = [one for one in home.members if 0 <= one.age(today) < 18]
        if children:
            fact = "Lone parent" if len(grown) == 1 else "Children"
            yield [fact, iso(max(child.born for child in children)), "", *_address(place, dice)]
        if dice.chance(0.5):
            yield ["Housing costs", iso(today.replace(day=1)), "", *_address(place, dice)]


def _address(place: Dwelling, dice: Dice) -> list[str]:
    return [one_line(place), place.postcode, place.uprn if dice.chance(0.7) else ""]


PARTNER = Partner("dwp", 0, _holds, _write)
