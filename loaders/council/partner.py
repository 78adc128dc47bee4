"""What a partner system of the invented council is, and its records: people as it knows them, mistakes and all.

A partner draws from streams of chance of its own, so that one more partner changes no byte of the others' files.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.duplicates import add_duplicates
from loaders.council.links import Link, recorded
from loaders.council.mistakes import Mistakes
from loaders.council.model import Person
from loaders.council.population import Council
from loaders.council.records import Record, Registry, forget_addresses, number_records
from loaders.council.relations import Fact
from loaders.council.settings import Rates


@dataclass(slots=True)
class Extract:
    """All that a partner's writer may read. `registries` are those of every source, its own included."""

    council: Council
    source: str
    registries: Mapping[str, Registry]
    truth: list[Fact]
    dice: Dice

    @property
    def registry(self) -> Registry:
        """The partner's own records."""
        return self.registries[self.source]

    @property
    def records(self) -> list[Record]:
        """The partner's own records, in the order in which they are numbered."""
        return self.registry.records

    @property
    def today(self) -> date:
        """The day of the extract."""
        return self.council.today

    @property
    def rates(self) -> Rates:
        """The partner's own table of the settings."""
        return self.council.settings.sources[self.source]

    def links(self) -> list[Link]:
        """The true relationships this system has recorded: "(left) is the code of (right)", with gaps and mirrors."""
        dice = self.council.dice(f"{self.source}/links")
        return list(recorded(self.council.settings.recorded, dice, self.registry, self.truth))


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner system. `holds` chooses its people (story people are added by the stories themselves).

    `write` writes its files into the folder given and returns the records that only malformed rows hold.
    """

    source: str
    first_number: int
    holds: Callable[[Council, Dice], Iterable[Person]]
    write: Callable[[Path, Extract], Iterable[Record]]


def register(council: Council, partner: Partner) -> Registry:
    """The partner's records, with what it does not know and what it has wrong."""
    source, today = partner.source, council.today
    rates, errors = council.settings.sources[source], council.settings.errors
    told = council.stories.known_to(source)
    chosen = [person for person in partner.holds(council, council.dice(f"{source}/holds")) if in_life(person)]
    for person in (*told, *chosen):
        person.sources.add(source)
    records = number_records(source, council.dice(f"{source}/numbers"), [*told, *chosen], partner.first_number, today)
    ordinary = [record for record in records if in_life(record.person)]
    _identify(records, rates, council.dice(f"{source}/identifiers"), today)
    forget_addresses(errors, council.dice(f"{source}/addresses"), ordinary)
    mistakes = Mistakes(errors, council.dice(f"{source}/mistakes"), council.names, today)
    mistakes.spoil_all(records)
    registry = Registry(source, errors["duplicate_links"])
    for record in records:
        registry.add(record)
    add_duplicates(
        {**errors, f"duplicate_{source}": rates["duplicates"]},
        council.dice(f"{source}/duplicates"),
        today,
        registry,
        mistakes,
    )
    for record in registry.records:
        if source not in RESTRICTING:
            record.restricted = ()
    return registry


RESTRICTING = frozenset({"mosaic", "lcs", "nhs", "ssd"})
"""Systems that hold a restriction of their own; all others do not know who is protected."""


def in_life(person: Person) -> bool:
    """Story people are added by their stories."""
    return not (person.household is not None and person.household.kind == "story")


def _identify(records: Iterable[Record], rates: Rates, dice: Dice, today: date) -> None:
    """The numbers a system happens to hold. A share that is not named is 0. Story people have every number it holds."""
    for record in records:
        person, grown = record.person, "adult" if record.person.age(today) >= 18 else "child"
        sure = not in_life(person)
        shares = {"nhs": f"nhs_{grown}", "upn": "upn", "learner": "learner"}
        held = {name: rates.get(share, 0.0) for name, share in shares.items()}
        kept = {name: dice.chance(share) or (sure and share > 0) for name, share in held.items()}
        record.nhs = person.nhs if kept["nhs"] and not person.unborn else ""
        record.upn = person.upn if kept["upn"] else ""
        record.learner = person.learner if kept["learner"] else ""
        record.former_upn = person.former_upn if record.upn and dice.chance(0.5) else ""
