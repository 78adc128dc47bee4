"""EBIU of an invented council: figures of this school year for every pupil, who has a pupil number and nothing else."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.model import Person
from loaders.council.partner import Extract, Partner
from loaders.council.plain_rows import home_line, spoil_days
from loaders.council.population import Council
from loaders.council.records import Record
from loaders.council.school_rolls import happened, pupils, schools_of
from loaders.council.tables import flag, iso, write_some

PEOPLE = """
    upn forename middle_names surname alias_names former_upn dob sex address_line postcode uprn young_carer attainment
    adopted as_of
"""
FIGURES = "upn school_urn attendance_pct persistent_absence exclusions_fixed exclusions_perm behaviour_incidents as_of"


def _holds(council: Council, dice: Dice) -> list[Person]:
    share = council.settings.sources["ebiu"]["pupils"]
    return [person for person in pupils(council.people) if person.upn and dice.chance(share)]


def _write(folder: Path, extract: Extract) -> Iterable[Record]:
    """Every file. The unit takes pupil numbers from the census, so they are right, and they are its ids."""
    for record in extract.records:
        record.upn = record.record_id = record.person.upn
    errors, dice, today = extract.council.settings.errors, extract.dice, extract.today
    schools = schools_of(record.person for record in extract.records)
    rows = ([900_000 + school.number, school.name, school.phone, school.email] for school in schools)
    write_some(folder / "schools.csv", "school_urn school_name phone email", rows)
    people = [_person(record, dice, errors["uprn_missing"], today) for record in extract.records]
    write_some(folder / "people.csv", PEOPLE, people)
    figures = list(_figures(extract.records, today))
    spoil_days(dice, errors["malformed"], figures, 7)
    write_some(folder / "ebiu_pupils.csv", FIGURES, figures)
    return []


def _person(record: Record, dice: Dice, uprn_missing: float, today: date) -> list[object]:
    person = record.person
    former = [name for kind, name in record.others if kind == "FORMER_NAME"] if not person.adopted else []
    latest = max(happened(person, "attainment"), key=lambda told: told.on, default=None)
    return [
        record.record_id,
        record.forename,
        record.middle,
        record.surname,
        "; ".join(former),
        record.former_upn,
        iso(record.born),
        record.sex,
        *home_line(record, dice, uprn_missing),
        flag(next(happened(person, "young carer"), None) is not None),
        latest.detail if latest else "",
        flag(person.adopted),
        iso(today),
    ]


def _figures(records: Iterable[Record], today: date) -> Iterator[list[object]]:
    """This school year so far."""
    began = date(today.year - (today.month < 9), 9, 1)
    for record in records:
        person, school = record.person, record.person.school
        counts = [
            sum(told.on >= began for told in happened(person, kind))
            for kind in ("suspension", "permanent exclusion", "behaviour")
        ]
        number = 900_000 + school.number if school else ""
        yield [record.record_id, number, person.attendance, flag(person.attendance <= 90), *counts, iso(today)]


PARTNER = Partner("ebiu", 900_000, _holds, _write)
