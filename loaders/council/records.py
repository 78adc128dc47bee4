"""A source's own record of a person: what was known when somebody typed it in, before and after mistakes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from loaders.council.dice import Dice
from loaders.council.identifiers import pupil_number
from loaders.council.model import Person, Residence
from loaders.council.settings import Rates


@dataclass(slots=True, eq=False)
class Record:
    """One row of a person table. `born` is a date, a placeholder date, or None where the source has none."""

    source: str
    record_id: str
    person: Person
    forename: str
    middle: str
    surname: str
    known_as: str
    sex: str
    born: date | None
    updated: date
    estimated: bool = False
    nhs: str = ""
    upn: str = ""
    former_upn: str = ""
    learner: str = ""
    others: list[tuple[str, str]] = field(default_factory=list)
    homes: list[Residence] = field(default_factory=list)
    restricted: tuple[str, ...] = ()
    duplicate_of: str = ""


class Registry:
    """All records of one source, each person's first record by key."""

    def __init__(self, source: str, second_share: float) -> None:
        self.source, self.second_share = source, second_share
        self.records: list[Record] = []
        self.first: dict[int, Record] = {}
        self.unmarked: dict[int, Record] = {}

    def add(self, record: Record) -> Record:
        """Adds a record; the first of a person is the one that rows of other files point to."""
        self.records.append(record)
        first = self.first.setdefault(record.person.key, record)
        if first is not record and not record.duplicate_of:
            self.unmarked[record.person.key] = record
        return record

    def holder(self, person: Person, dice: Dice) -> Record | None:
        """The record a row about the person points to: the first, or now and then a second that nobody has noticed."""
        second = self.unmarked.get(person.key)
        return second if second and dice.chance(self.second_share) else self.first.get(person.key)


def plain_record(source: str, record_id: str, person: Person, updated: date) -> Record:
    """The person as they are, in that source."""
    forename = person.forename or ("Baby" if person.unborn else "")
    record = Record(
        source,
        record_id,
        person,
        forename,
        person.middle,
        person.surname,
        person.known_as,
        person.sex,
        person.born,
        updated,
        homes=list(person.residences),
        restricted=person.restricted,
    )
    if person.unborn:
        record.forename, record.middle, record.known_as = "Baby", "", ""
        record.sex = "U"
    return record


def number_records(source: str, dice: Dice, people: Sequence[Person], first: int, today: date) -> list[Record]:
    """A plain record for everyone in that source, numbered in shuffled order with small gaps."""
    number, records = first, []
    for person in dice.shuffled([person for person in people if source in person.sources]):
        number += 1 + int(dice.random() * 1.6)
        updated = today - timedelta(days=int(dice.random() ** 2 * 1400))
        records.append(plain_record(source, str(number), person, updated))
    return records


def give_identifiers(rates: Rates, dice: Dice, today: date, shared: str, records: Iterable[Record]) -> None:
    """The identifiers a source happens to hold, by its rates for children and adults.

    `shared` is a number typed for many people who have nothing to do with each other.
    """
    for record in records:
        person, source = record.person, record.source
        grown = "adult" if person.age(today) >= 18 else "child"
        if not person.unborn and dice.chance(rates[f"nhs_{source}_{grown}"]):
            record.nhs = person.nhs if not dice.chance(rates["id_shared"]) else shared
        if person.upn and dice.chance(rates[f"upn_{source}"]):
            record.upn = person.upn
            record.former_upn = person.former_upn if dice.chance(0.5) else ""
            if source == "lcs" and dice.chance(rates["id_placeholder"]):
                record.former_upn = "SSD_PH"
            if dice.chance(rates["upn_temporary"]):
                record.upn = pupil_number(
                    int(person.upn[4:8]), int(person.upn[8:10]), int(person.upn[10:]), temporary=True
                )


def forget_addresses(rates: Rates, dice: Dice, records: Iterable[Record]) -> None:
    """Stale and missing addresses: the newest move never reached the source, or no address was ever written down."""
    for record in records:
        if len(record.homes) > 1 and dice.chance(rates["stale_address"]):
            newest = max(record.homes, key=lambda home: (home.start, home.dwelling.key))
            kept = [home for home in record.homes if home is not newest]
            last = max(kept, key=lambda home: (home.start, home.dwelling.key))
            record.homes = [Residence(h.dwelling, h.start, None, h.kind, h.hidden) if h is last else h for h in kept]
        elif dice.chance(rates["address_missing"]):
            record.homes = []
