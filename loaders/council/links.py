"""What each source has recorded of the true relationships: gaps, mirror rows, contradictions, a reversed row.

A Link is already in words of the vocabulary; turning it into Mosaic's or LCS's way of writing is for their writers.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from graph.vocabulary import inverse
from loaders.council.dice import Dice
from loaders.council.model import Person
from loaders.council.records import Record, Registry
from loaders.council.relations import Fact, facts
from loaders.council.settings import Rates

_CONFUSED = {
    "STEP_PARENT": "PARENT",
    "HALF_SIBLING": "SIBLING",
    "EX_PARTNER": "PARTNER",
    "PARENTS_PARTNER": "STEP_PARENT",
    "SPOUSE": "PARTNER",
    "CONNECTED_CARER": "FOSTER_CARER",
}
_PARENTS = {"PARENT", "PARENT_OF_UNBORN", "ADOPTIVE_PARENT"}
_NEAR = {
    "FOSTER_CARER",
    "PRIVATE_FOSTER_CARER",
    "SPECIAL_GUARDIAN",
    "CONNECTED_CARER",
    "STEP_PARENT",
    "FRIEND",
    "NEIGHBOUR",
    "NO_CONTACT_ORDER",
}
_RATE = {
    "SPOUSE": "partner",
    "PARTNER": "partner",
    "CIVIL_PARTNER": "partner",
    "EX_SPOUSE": "partner",
    "EX_PARTNER": "partner",
    "SIBLING": "sibling",
    "HALF_SIBLING": "sibling",
    "TWIN": "sibling",
    "GRANDPARENT": "grandparent",
    "AUNT_UNCLE": "extended",
    "COUSIN": "extended",
    "GREAT_GRANDPARENT": "extended",
}


@dataclass(slots=True)
class Link:
    """One row to be written: "(left) is the `code` of (right)"."""

    left: Record
    code: str
    right: Record
    start: date | None
    end: date | None
    responsibility: str


@cache
def words() -> dict[str, list[str]]:
    """By code: Mosaic's female, male and neutral word, and the site's LCS code."""
    table: dict[str, list[str]] = tomllib.loads(
        files("loaders.council").joinpath("labels.toml").read_text(encoding="utf-8")
    )
    return table


def word(code: str, sex: str) -> str:
    """What people call somebody of that sex who is the code of another."""
    return words()[code][{"F": 0, "M": 1}.get(sex, 2)]


def both_ways(links: Iterable[Link]) -> dict[tuple[int, int], str]:
    """(person, other) -> what the first is to the second, whichever way round the link was recorded."""
    found: dict[tuple[int, int], str] = {}
    for link in links:
        left, right = link.left.person.key, link.right.person.key
        found.setdefault((left, right), link.code)
        found.setdefault((right, left), inverse(link.code))
    return found


def true_facts(people: Iterable[Person], today: date) -> list[Fact]:
    """Every fact between two people who each have a record somewhere: once, whatever ways lead between them."""
    found: list[Fact] = []
    for person in people:
        if person.sources:
            kept = [fact for fact in facts(person, today) if fact.b.sources]
            found.extend({(fact.code, fact.b.key, fact.start): fact for fact in kept}.values())
    return found


def _rate(code: str) -> str:
    return "parent_child" if code in _PARENTS or code in _NEAR else _RATE.get(code, "other")


def recorded(rates: Rates, dice: Dice, registry: Registry, truth: Iterable[Fact]) -> Iterator[Link]:
    """The links a source has, mirror rows after the row they mirror."""
    for fact in truth:
        left, right = registry.holder(fact.a, dice), registry.holder(fact.b, dice)
        if left is None or right is None or not _knows(registry.source, fact):
            continue
        if fact.a.household is not None and fact.a.household.kind == "story":
            yield Link(
                left, fact.code, right, fact.start, fact.end, fact.parental_responsibility if fact.a.sex == "F" else ""
            )
        elif dice.chance(rates[_rate(fact.code)]):
            link = _as_recorded(rates, dice, fact, left, right)
            yield link
            if dice.chance(rates["mirror"]):
                yield mirrored(link)


def _knows(source: str, fact: Fact) -> bool:
    """Whether the source could hold this fact at all."""
    apart = source in fact.a.unlinked_in or source in fact.b.unlinked_in
    return not apart and (not fact.sources or source in fact.sources)


def _as_recorded(rates: Rates, dice: Dice, fact: Fact, left: Record, right: Record) -> Link:
    code = fact.code
    if code in _CONFUSED and dice.chance(rates["contradicts"]):
        code = _CONFUSED[code]
    held = fact.parental_responsibility if dice.chance(rates["responsibility"]) else ""
    start = fact.start if fact.start and dice.chance(0.85) else None
    if code == "PARENT" and dice.chance(rates["reversed_row"]):
        left, right = right, left
    return Link(left, code, right, start, fact.end, held)


def mirrored(link: Link) -> Link:
    """The same link said from the other side."""
    return Link(link.right, inverse(link.code), link.left, link.start, link.end, "")
