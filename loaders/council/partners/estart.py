"""eStart of an invented council: young families registered with a children's centre, and its session registers."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Happening, Person
from loaders.council.partner import Extract, Partner
from loaders.council.partners.mca import TYPES
from loaders.council.plain_rows import home_line
from loaders.council.population import Council
from loaders.council.records import Record
from loaders.council.school_rolls import happened
from loaders.council.tables import uk, write_some

REGISTRATIONS = """
    person_id family_id role forename surname known_as dob sex address_line postcode uprn registered_on left_on centre
    last_attended
"""
REGISTERS = "register_id person_id centre session_type attended_on"
_CENTRES = ("Bredbury Children's Centre", "Marple Children's Centre", "Oldmere Children's Centre")


def _here(person: Person) -> Iterator[Happening]:
    return (told for told in happened(person, "session attended") if told.detail not in TYPES)


def _young(person: Person, today: date) -> bool:
    return 0 <= person.age(today) < 5 and not (person.unborn or person.died or person.superseded)


def _holds(council: Council, dice: Dice) -> list[Person]:
    """A share of the children under five, everybody of them who came to a session, and the parents they live with."""
    share, today = council.settings.sources["estart"]["under_5"], council.today
    found: dict[int, Person] = {}
    for person in council.people:
        if _young(person, today) and (dice.chance(share) or any(_here(person))):
            found.setdefault(person.key, person)
            for parent in (person.mother, person.father):
                if parent and not parent.died and parent.household is person.household:
                    found.setdefault(parent.key, parent)
    return list(found.values())


def _write(folder: Path, extract: Extract) -> list[Record]:
    """Both files; returns the records that only malformed rows hold."""
    dice, errors, today = extract.dice, extract.council.settings.errors, extract.today
    families = _families(extract)
    rows = [_registration(record, families, extract) for record in extract.records]
    spoilt = with_bad_rows(dice, errors["malformed"], rows, (3, 4), 6)
    write_some(folder / "registrations.csv", REGISTRATIONS, rows)
    registers = list(_registers(extract))
    with_bad_rows(dice, errors["malformed"], registers, (), 4, 1)
    write_some(folder / "registers.csv", REGISTERS, registers)
    return [Record("estart", bad, extract.records[at].person, "", "", "", "", "", None, today) for at, bad in spoilt]


def _families(extract: Extract) -> dict[int, str]:
    """A family number for each person: that of the child's mother, else father, else the child's own."""
    numbers: dict[int, str] = {}
    for record in extract.records:
        person = record.person
        if _young(person, extract.today):
            head = person.mother or person.father or person
            number = f"F{head.key:07d}"
            numbers[person.key] = number
            for parent in (person.mother, person.father):
                if parent and parent.household is person.household:
                    numbers.setdefault(parent.key, number)
    return numbers


def _centre(person: Person) -> str:
    """The centre nearest to the household, the same for all of it."""
    home = person.residences[-1].dwelling.key if person.residences else person.key
    return _CENTRES[home % len(_CENTRES)]


def _registration(record: Record, families: dict[int, str], extract: Extract) -> list[object]:
    person, today = record.person, extract.today
    child = _young(person, today)
    earliest = person.born + timedelta(days=14) if child else today - timedelta(days=4 * 365)
    visits = [told.on for told in _here(person)]
    first = min([earliest + timedelta(days=extract.dice.whole(0, 120)), today, *visits])
    return [
        record.record_id,
        families.get(person.key, ""),
        "Child" if child else "Parent",
        record.forename,
        record.surname,
        record.known_as,
        uk(record.born),
        record.sex,
        *home_line(record, extract.dice, extract.council.settings.errors["uprn_missing"], 0.05),
        uk(first),
        "",
        _centre(person),
        uk(max(visits, default=None)),
    ]


def _registers(extract: Extract) -> Iterator[list[object]]:
    number = 0
    for record in extract.records:
        for told in _here(record.person) if not record.duplicate_of else ():
            number += 1
            yield [number, record.record_id, _centre(record.person), told.detail, uk(told.on)]


PARTNER = Partner("estart", 60_000, _holds, _write)
