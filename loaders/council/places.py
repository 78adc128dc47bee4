"""Towns, streets, dwellings and schools of an invented council. No postcode here exists: see `places.toml`."""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Any

from loaders.council.dice import Dice, Weighted
from loaders.council.identifiers import Registers, property_reference
from loaders.council.model import Dwelling, School

_UNIT = "ABDEFGHJLNPQRSTUWXYZ"  # the letters a second half of a postcode may end in
_HOMES_PER_UNIT = 16
_RESERVED = {("Romiley", "Overdale Road"), ("Marple", "Quarry Bank"), ("Bredbury", "Tanner Street")}


@dataclass(slots=True)
class _Street:
    """A street being filled: the next house number and what is needed for its postcodes."""

    name: str
    number: int = 0
    postcode: str = ""


@dataclass(slots=True)
class _Town:
    name: str
    outward: str
    sectors: list[int]
    streets: list[_Street] = field(default_factory=list)
    units: int = 0
    free: list[Dwelling] = field(default_factory=list)


class Places:
    """Gives out dwellings: a new one, or one that stands free. Remembers every dwelling given."""

    def __init__(self, seed: str, people: int, relet: float) -> None:
        table = tomllib.loads(files("loaders.council").joinpath("places.toml").read_text(encoding="utf-8"))
        self._dice = Dice(f"{seed}/places")
        self._relet = relet
        self._towns = Weighted(
            (_Town(town["name"], town["outward"], town["sectors"]), float(town["weight"])) for town in table["towns"]
        )
        self._name_streets(table["streets"], people)
        self.dwellings: list[Dwelling] = []
        self.hubs = {kind: self._hubs(kind, text.split(","), people) for kind, text in table["hubs"].items()}

    def _name_streets(self, table: dict[str, Any], people: int) -> None:
        """Enough streets for about forty homes each; two towns may share a street name, one town never does."""
        lasts = Weighted(zip(table["last"].split(), table["weights"], strict=True))
        firsts = table["first"].split()
        for town in self._towns.things:
            taken = {name for place, name in _RESERVED if place == town.name}
            wanted = min(3 + people // 500, len(firsts) * 6)
            while len(town.streets) < wanted:
                name = f"{self._dice.pick(firsts)} {self._dice.draw(lasts)}"
                if name not in taken:
                    taken.add(name)
                    town.streets.append(_Street(name))

    def _postcode(self, town: _Town) -> str:
        """The next unit of the town's postcodes. After 400 units a sector runs over into the next free sector."""
        at, town.units = town.units, town.units + 1
        sector = town.sectors[at // 400 % len(town.sectors)]
        return f"{town.outward} {sector}{_UNIT[at * 7 % 20]}{_UNIT[at // 20 * 3 % 20]}"

    def add(
        self, number: str, street: str, town: str, postcode: str, kind: str = "home", building: str = ""
    ) -> Dwelling:
        """Registers one dwelling as given."""
        key = len(self.dwellings) + 1
        dwelling = Dwelling(key, number, street, town, postcode, property_reference(key), "", building, kind)
        self.dwellings.append(dwelling)
        return dwelling

    def _build(self, town: _Town) -> Dwelling:
        street = self._dice.pick(town.streets)
        if street.number % _HOMES_PER_UNIT == 0:
            street.postcode = self._postcode(town)
        street.number += 1
        dwelling = self.add(str(street.number), street.name, town.name, street.postcode)
        if self._dice.chance(0.11):
            dwelling.flat = f"Flat {self._dice.whole(1, 12)}"
        return dwelling

    def _hubs(self, kind: str, names: list[str], people: int) -> list[Dwelling]:
        """Communal places of one kind: one for every 4,000 people, at least one."""
        given = []
        for name in names[: max(1, min(len(names), people // 4000))]:
            dwelling = self._build(self._dice.draw(self._towns))
            dwelling.kind, dwelling.building, dwelling.flat = kind, name, ""
            given.append(dwelling)
        return given

    def home(self, start: date) -> Dwelling:
        """A home that nobody else has from that day on."""
        town = self._dice.draw(self._towns)
        if town.free and self._dice.chance(self._relet):
            at = self._dice.whole(0, len(town.free) - 1)
            found = town.free[at]
            if found.free_from and found.free_from <= start:
                town.free[at] = town.free[-1]
                town.free.pop()
                return found
        return self._build(town)

    def vacate(self, dwelling: Dwelling, day: date) -> None:
        """The home stands free from that day."""
        dwelling.free_from = day
        for town in self._towns.things:
            if town.name == dwelling.town and dwelling.kind == "home":
                town.free.append(dwelling)
                break


def schools(people: int, registers: Registers) -> dict[str, list[School]]:
    """Primary and secondary schools, one primary for every 1,500 people; further ones take a number to their name."""
    table = tomllib.loads(files("loaders.council").joinpath("places.toml").read_text(encoding="utf-8"))["schools"]
    found: dict[str, list[School]] = {}
    for phase, per, suffix, first in (("primary", 1500, " Primary School", 2001), ("secondary", 7000, "", 4001)):
        stems = table[phase].split(",")
        found[phase] = []
        for at in range(max(1, people // per)):
            again = f" {at // len(stems) + 1}" if at >= len(stems) else ""
            name = stems[at % len(stems)] + suffix + again
            domain = name.lower().replace("'", "").replace(" ", "-")
            email = f"office@{domain}.example"
            found[phase].append(School(first + at, name, phase, registers.phone(), email, "School office"))
    return found
