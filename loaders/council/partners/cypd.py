"""CYPD of an invented council: pupils with their carers, registers, and how they do at school."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person, PlanMade
from loaders.council.partner import Extract, Partner
from loaders.council.plain_rows import home_line
from loaders.council.population import Council
from loaders.council.records import Record
from loaders.council.school_rolls import (
    EXCLUSION_REASONS,
    code_of,
    contact_links,
    contact_word,
    half_days,
    happened,
    plan_of,
    together,
    with_carers,
)
from loaders.council.schooling import census_day, school_year
from loaders.council.tables import flag, uk, write_some
from loaders.council.write_census import entry_day, possible_sessions

PEOPLE = """
    person_id upn former_upn uln forename middle_names surname known_as dob sex date_of_death pupil adopted address_line
    postcode uprn school school_from school_contact school_phone school_email updated_on
"""
REGISTERS = "register_id person_id register_type start end needs key_worker key_worker_phone key_worker_email"
ATTENDANCE = "person_id school_year term sessions_possible sessions_attended as_of"
EXCLUSIONS = "exclusion_id person_id category start end half_days reason"
RESULTS = "result_id person_id result_date assessment subject result"
BEHAVIOUR = "incident_id person_id incident_date category"
CARERS = "carer_id person_id carer_person_id relationship parental_responsibility priority lives_with"
_TERMS = {10: "Summer term", 1: "Autumn term", 5: "Spring term"}


def _holds(council: Council, dice: Dice) -> list[Person]:
    rates = council.settings.sources["cypd"]
    return with_carers(council.people, dice, rates["pupils"], rates["carers"])


def _write(folder: Path, extract: Extract) -> list[Record]:
    """Every file; returns the records that only malformed rows hold."""
    dice, today = extract.dice, extract.today
    malformed = extract.council.settings.errors["malformed"]
    taught = [record for record in extract.registry.first.values() if record.person.school]
    people = [_person(record, extract) for record in extract.records]
    spoilt = with_bad_rows(dice, malformed, people, (4, 6), 8)
    write_some(folder / "people.csv", PEOPLE, people)
    registers = [[at, *row] for at, row in enumerate(_registers(taught), start=1)]
    with_bad_rows(dice, malformed, registers, (), 3, 1)
    write_some(folder / "cypd.csv", REGISTERS, registers)
    write_some(folder / "attendance.csv", ATTENDANCE, _attendance(taught, extract))
    write_some(folder / "exclusions.csv", EXCLUSIONS, _exclusions(taught, dice))
    write_some(folder / "attainment.csv", RESULTS, _results(taught))
    write_some(folder / "behaviour.csv", BEHAVIOUR, _behaviour(taught))
    carers = list(_carers(extract, {record.record_id for record in extract.records if record.person.school}))
    with_bad_rows(dice, malformed, carers, (), 1, 2)
    write_some(folder / "carers.csv", CARERS, carers)
    return [Record("cypd", bad, extract.records[at].person, "", "", "", "", "", None, today) for at, bad in spoilt]


def _person(record: Record, extract: Extract) -> list[object]:
    person, school = record.person, record.person.school
    taught: list[object] = ["", "", "", "", ""]
    if school:
        taught = [school.name, uk(entry_day(person, school, extract.today)), school.contact, school.phone, school.email]
    return [
        record.record_id,
        record.upn,
        record.former_upn,
        record.learner,
        record.forename,
        record.middle,
        record.surname,
        record.known_as,
        uk(record.born),
        "Female" if record.sex == "F" else "Male" if record.sex == "M" else "",
        uk(person.died),
        flag(school is not None),
        flag(person.adopted),
        *home_line(record, extract.dice, extract.council.settings.errors["uprn_missing"]),
        *taught,
        uk(record.updated),
    ]


def _registers(records: Iterable[Record]) -> Iterator[list[object]]:
    """Plans, the schools' own support, and young carers."""
    for record in records:
        plan, support = plan_of(record.person), next(happened(record.person, "SEN support"), None)
        if plan:
            yield [record.record_id, "EHC plan", uk(plan.start), uk(plan.end), _needs(plan), *_worker(plan)]
        elif support:
            need = code_of("needs", support.detail)
            yield [record.record_id, "SEN support", uk(support.on), "", need, "", "", ""]
        for told in happened(record.person, "young carer"):
            yield [record.record_id, "Young carer", uk(told.on), "", "", "", "", ""]


def _needs(plan: PlanMade) -> str:
    return ";".join(code_of("needs", need) for need in plan.needs)


def _worker(plan: PlanMade) -> list[str]:
    return [plan.worker.name, plan.worker.phone, plan.worker.email]


def _attendance(records: Iterable[Record], extract: Extract) -> Iterator[list[object]]:
    """The term that the latest census counts."""
    day, possible = census_day(extract.today), possible_sessions(extract.today)
    first = day.year - 1 if day.month in (1, 5, 10) else day.year
    year, term = f"{first}/{(first + 1) % 100:02d}", _TERMS[day.month]
    for record in records:
        if school_year(record.person, day) >= 0:
            attended = round(possible * record.person.attendance / 100)
            yield [record.record_id, year, term, possible, attended, uk(day)]


def _exclusions(records: Iterable[Record], dice: Dice) -> Iterator[list[object]]:
    number = 0
    for record in records:
        for happening in happened(record.person, "suspension", "permanent exclusion"):
            number += 1
            category = "SUSP" if happening.kind == "suspension" else "PERM"
            span = [uk(happening.on), uk(happening.until), half_days(happening) or ""]
            yield [number, record.record_id, category, *span, dice.pick(EXCLUSION_REASONS)]


def _results(records: Iterable[Record]) -> Iterator[list[object]]:
    number = 0
    for record in records:
        for happening in happened(record.person, "attainment"):
            number += 1
            yield [number, record.record_id, uk(happening.on), *happening.detail.split(", ")]


def _behaviour(records: Iterable[Record]) -> Iterator[list[object]]:
    number = 0
    for record in records:
        for happening in happened(record.person, "behaviour"):
            number += 1
            yield [number, record.record_id, uk(happening.on), happening.detail]


def _carers(extract: Extract, pupils: set[str]) -> Iterator[list[object]]:
    ranks: Counter[str] = Counter()
    for at, link in enumerate(contact_links(extract.links(), pupils), start=1):
        pupil = link.right.record_id
        ranks[pupil] += 1
        told = [contact_word(link), link.responsibility, ranks[pupil], flag(together(link))]
        yield [at, pupil, link.left.record_id, *told]


PARTNER = Partner("cypd", 750_000, _holds, _write)
