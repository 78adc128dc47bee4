"""MCA of an invented council: registers of the universal sessions that are not run by children's centres."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Happening, Person
from loaders.council.partner import Extract, Partner
from loaders.council.plain_rows import home_line
from loaders.council.population import Council
from loaders.council.records import Record
from loaders.council.school_rolls import happened
from loaders.council.tables import uk, write_some

PEOPLE = "person_id forename surname known_as dob sex address_line postcode uprn updated_on"
SESSIONS = "session_id person_id site session_name session_type attended_on attended"
TYPES = ("Stay and play", "Rhyme time", "Story time")
"""What MCA registers; the others are on the registers of children's centres."""

_SITES = ("Marple Family Hub", "Bredbury Library", "Romiley Family Hub")
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def here(person: Person) -> Iterator[Happening]:
    """The sessions of a person that this system registers."""
    return (told for told in happened(person, "session attended") if told.detail in TYPES)


def _holds(council: Council, dice: Dice) -> list[Person]:
    """Children who came, and often the adult who brought them."""
    found: dict[int, Person] = {}
    for person in council.people:
        if not person.superseded and any(here(person)):
            found.setdefault(person.key, person)
            parent = person.mother or person.father
            if parent and not parent.died and dice.chance(council.settings.sources["mca"]["parents"]):
                found.setdefault(parent.key, parent)
    return list(found.values())


def _write(folder: Path, extract: Extract) -> list[Record]:
    """Both files; returns the records that only malformed rows hold."""
    dice, errors, today = extract.dice, extract.council.settings.errors, extract.today
    people = [_person(record, dice, errors["uprn_missing"]) for record in extract.records]
    spoilt = with_bad_rows(dice, errors["malformed"], people, (1, 2), 4)
    write_some(folder / "people.csv", PEOPLE, people)
    sessions = list(_sessions(extract))
    with_bad_rows(dice, errors["malformed"], sessions, (), 5, 1)
    write_some(folder / "sessions.csv", SESSIONS, sessions)
    return [Record("mca", bad, extract.records[at].person, "", "", "", "", "", None, today) for at, bad in spoilt]


def _person(record: Record, dice: Dice, uprn_missing: float) -> list[object]:
    named = [record.record_id, record.forename, record.surname, record.known_as, uk(record.born), record.sex]
    return [*named, *home_line(record, dice, uprn_missing, 0.05), uk(record.updated)]


def _sessions(extract: Extract) -> Iterator[list[object]]:
    number, dice = 0, extract.dice
    for record in extract.records:
        if record.duplicate_of:
            continue
        site = dice.pick(_SITES)
        for told in here(record.person):
            number += 1
            name = f"{told.detail} ({_DAYS[told.on.weekday()]})"
            yield [number, record.record_id, site, name, told.detail, uk(told.on), "Y"]
            missed = told.on + timedelta(days=7)
            if dice.chance(0.06) and missed < extract.today:
                number += 1
                yield [number, record.record_id, site, name, told.detail, uk(missed), "N"]


PARTNER = Partner("mca", 20_000, _holds, _write)
