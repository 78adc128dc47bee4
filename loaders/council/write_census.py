"""The school census: pupils, their addresses and how they do, no parents. One record a registration: two schools, two
records. Leavers stand in tables of their own, with numbers of their own.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person, School
from loaders.council.records import Record
from loaders.council.school_rolls import happened, plan_of, schools_of
from loaders.council.schooling import census_day, school_year
from loaders.council.settings import Rates
from loaders.council.tables import census_stamp, iso, write_some, write_table
from loaders.council.write_census_facts import write_pupil_facts

PUPILS = """
    pupilonrolltableid NativeId upn formerupn surname forename middlenames preferredsurname formersurname dob
    sex entrydate ncyearactual enrolstatus senprovision youngcarer uniquelearnernumber schoolname schoolphone
    schoolemail schoolcontact censusdate schoolcensustableid plaa termlysessionspossible
"""
ADDRESSES = """
    addressestableid pupilonrolltableid postcode saon paon street locality town posttown addressline1
    addressline2 addressline3 addressline4 addressline5 uniquepropertyreferencenumber startdate
"""
LEAVERS = """
    pupilnolongeronrolltableid NativeId schoolcensustableid upn formerupn surname forename middlenames
    uniquelearnernumber formersurname dob entrydate leavingdate sex englishgcsehighestpriorattainment
    mathsgcsehighestpriorattainment
"""
_TERMS = {1: "SPR", 5: "SUM", 10: "AUT"}
_POSSIBLE = {"SPR": 140, "SUM": 118, "AUT": 122}
"""Sessions of the term before each census."""


def write_census(folder: Path, records: list[Record], rates: Rates, dice: Dice, today: date) -> list[Record]:
    """Writes every file; returns the extra records that malformed rows made."""
    on_roll = [record for record in records if record.person.school]
    left = [record for record in records if not record.person.school]
    returns = _write_heads(folder, records, today)
    rows = [_pupil(record, returns, dice, today) for record in on_roll]
    extra = with_bad_rows(dice, rates["malformed"], rows, (4, 5), 9)
    write_table(folder / "pupilonroll.csv", PUPILS, rows)
    addresses = list(_addresses(on_roll, rates, dice))
    with_bad_rows(dice, rates["malformed"], addresses, (), 15, 1)
    write_table(folder / "addresses.csv", ADDRESSES, addresses)
    write_pupil_facts(folder, on_roll, rates, dice, today, possible_sessions(today))
    if left:
        _write_leavers(folder, left, returns, today)
    return [Record("school_census", bad, on_roll[at].person, "", "", "", "", "", None, today) for at, bad in extra]


def _write_heads(folder: Path, records: Iterable[Record], today: date) -> dict[int, int]:
    """The head of each school's return; gives the number of the return by the school's."""
    schools = schools_of(record.person for record in records)
    returns = {school.number: at for at, school in enumerate(schools, start=1)}
    day = census_day(today)
    term = _TERMS[day.month]
    heads = ([at, term, day.year, census_stamp(day), 900_000 + number] for number, at in returns.items())
    write_table(folder / "schoolcensus.csv", "schoolcensustableid term year referencedate urn", heads)
    told = ([at, at, school.name, school.email, school.phone] for at, school in enumerate(schools, start=1))
    write_table(folder / "school.csv", "schooltableid schoolcensustableid schoolname email phoneno", told)
    return returns


def _pupil(record: Record, returns: dict[int, int], dice: Dice, today: date) -> list[object]:
    person = record.person
    school = person.school
    assert school is not None
    year = max(0, school_year(person, today))
    status = "S" if record.duplicate_of else "C"
    supported = next(happened(person, "SEN support"), None)
    sen = "E" if plan_of(person) else "K" if supported else "N"
    carer = next(happened(person, "young carer"), None)
    former = record.others[0][1].rpartition(" ")[2] if record.others and not person.adopted else ""
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
        census_stamp(record.born),
        record.sex,
        census_stamp(entry_day(person, school, today)),
        year or "R",
        status,
        sen,
        "N" if carer is None else "P" if "parent" in carer.detail else "S",
        record.learner,
        school.name,
        school.phone,
        school.email,
        school.contact,
        census_stamp(census_day(today)),
        returns[school.number],
        "A" if person.adopted and dice.chance(0.7) else "",
        possible_sessions(today),
    ]


def possible_sessions(today: date) -> int:
    """Sessions of the term that the latest census counts."""
    return _POSSIBLE[_TERMS[census_day(today).month]]


def _write_leavers(folder: Path, records: Iterable[Record], returns: dict[int, int], today: date) -> None:
    """Pupils who left in the summer, with their results, and where they lived. Their ids here begin with "off-"."""
    rows: list[list[object]] = []
    addresses: list[list[object]] = []
    for record in records:
        number = record.record_id
        record.record_id = f"off-{number}"
        rows.append(_leaver(record, number, returns, today))
        for home in record.homes:
            if home.end is None:
                addresses.append([len(addresses) + 1, number, home.dwelling.postcode, home.dwelling.uprn])
    write_table(folder / "pupilnolongeronroll.csv", LEAVERS, rows)
    header = "addressesoffrolltableid pupilnolongeronrolltableid postcode uniquepropertyreferencenumber"
    write_some(folder / "addressesoffroll.csv", header, addresses)


def _leaver(record: Record, number: str, returns: dict[int, int], today: date) -> list[object]:
    person, school = record.person, record.person.left_school
    assert school is not None
    grades = {parts[1]: parts[2] for parts in (told.detail.split(", ") for told in happened(person, "attainment"))}
    return [
        number,
        f"{school.number}{int(number) % 10_000:04d}",
        returns[school.number],
        record.upn,
        record.former_upn,
        record.surname,
        record.forename,
        record.middle,
        record.learner,
        "",
        census_stamp(record.born),
        census_stamp(entry_day(person, school, today)),
        census_stamp(date(census_day(today).year, 7, 21)),
        record.sex,
        grades.get("English", "NR"),
        grades.get("mathematics", "NR"),
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
