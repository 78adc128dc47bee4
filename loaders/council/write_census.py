"""The school census: pupils and their addresses, no parents. One record a registration: two schools, two records."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person, School
from loaders.council.records import Record
from loaders.council.schooling import census_day, school_year
from loaders.council.settings import Rates
from loaders.council.tables import iso, write_table

PUPILS = """
    pupilonrolltableid NativeId upn formerupn surname forename middlenames preferredsurname formersurname dob
    sex entrydate ncyearactual enrolstatus senprovision youngcarer uniquelearnernumber schoolname schoolphone
    schoolemail schoolcontact censusdate
"""
ADDRESSES = """
    addressestableid pupilonrolltableid postcode saon paon street locality town posttown addressline1
    addressline2 addressline3 addressline4 addressline5 uniquepropertyreferencenumber startdate
"""
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def census_day_text(day: date | None) -> str:
    """2012-May-12 00:00:00, as the census export writes days."""
    return f"{day.year:04d}-{_MONTHS[day.month - 1]}-{day.day:02d} 00:00:00" if day else ""


def write_census(folder: Path, records: list[Record], rates: Rates, dice: Dice, today: date) -> list[Record]:
    """Writes both files; returns the extra records that malformed rows made."""
    rows = [_pupil(record, dice, today) for record in records]
    extra = with_bad_rows(dice, rates["malformed"], rows, (4, 5), 9)
    write_table(folder / "pupilonroll.csv", PUPILS, rows)
    addresses = list(_addresses(records, rates, dice))
    with_bad_rows(dice, rates["malformed"], addresses, (), 15, 1)
    write_table(folder / "addresses.csv", ADDRESSES, addresses)
    return [Record("school_census", bad, records[at].person, "", "", "", "", "", None, today) for at, bad in extra]


def _pupil(record: Record, dice: Dice, today: date) -> list[object]:
    person = record.person
    school = person.school
    assert school is not None
    year = max(0, school_year(person, today))
    status = "S" if record.duplicate_of else "C"
    sen = "E" if dice.chance(0.05) else "K" if dice.chance(0.14) else "N"
    carer = dice.pick(("P", "S")) if dice.chance(0.01) else "N"
    former = record.others[0][1].rpartition(" ")[2] if record.others else ""
    native = f"{school.number}{int(record.record_id) % 10_000:04d}"
    return [
        record.record_id,
        native,
        record.upn,
        record.former_upn,
        record.surname,
        record.forename,
        record.middle,
        record.known_as and "",
        former,
        census_day_text(record.born),
        record.sex,
        census_day_text(entry_day(person, school, today)),
        year or "R",
        status,
        sen,
        carer,
        record.learner,
        school.name,
        school.phone,
        school.email,
        school.contact,
        census_day_text(census_day(today)),
    ]


def entry_day(person: Person, school: School, today: date) -> date:
    """The first of September the pupil came to the school: at four, or at eleven."""
    age = 4 if school.phase == "primary" else 11
    year = person.born.year + age + (person.born.month >= 9)
    return min(date(year, 9, 1), today)


def _addresses(records: Iterable[Record], rates: Rates, dice: Dice) -> Iterator[list[object]]:
    """One or two addresses of each pupil: current ones only. A tenth are written as address lines, not in parts."""
    number = 3_000_000
    for record in records:
        for home in [home for home in record.homes if home.end is None]:
            number += 1
            place = home.dwelling
            story = record.person.household is not None and record.person.household.kind == "story"
            postcode = "" if not story and dice.chance(rates["postcode_missing"]) else place.postcode
            uprn = place.uprn if not dice.chance(rates["uprn_missing"]) else ""
            secondary = place.flat or place.building
            start = iso(home.start)
            if story or dice.chance(0.9):
                parts = [secondary, place.number, place.street, "", place.town, place.town, "", "", "", "", ""]
            else:
                first = f"{secondary}, {place.number}" if secondary else place.number
                parts = ["", "", "", "", "", "", f"{first} {place.street}", place.town, "", "", ""]
            yield [number, record.record_id, postcode, *parts, uprn, start]
