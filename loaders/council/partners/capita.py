"""Capita One of an invented council: pupils, the adults their schools ring, and how they do at school."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person
from loaders.council.partner import Extract, Partner
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
    register_marks,
    school_weeks,
    schools_of,
    together,
    with_carers,
)
from loaders.council.tables import flag, stamp, write_some
from loaders.council.write_census import entry_day

PEOPLE = """
    PERSON_ID REFERENCE FORENAME MIDNAME SURNAME KNOWN_BY LEGAL_FORENAME LEGAL_SURNAME DOB GENDER E_ORIGIN POST_CODE
    NI_NUMBER ULN KIN_NAME KIN_PHONE DATE_DECEASED ACTIVE LAST_UPDT ACL CONSENT ALERT_INFO BIRTH_ID UPN FORMER_UPN
"""
DETAILS = "STUD_ID SEN SENSTAGE PRIM_NEED STAT_ISSD STAT_STOP ADOPTEDFROMCARE LAST_UPDT"
ADDRESSES = "ADDRESS_ID PERSON_ID FLAT BUILDING HOUSE_NO STREET TOWN POST_CODE UPRN START_DATE END_DATE"
HISTORY = "HIST_ID STUD_ID BASE_ID START_DATE END_DATE RLEAVE DESTINATION SCHOOL_HISTORY_TYPE GUEST LAST_UPDT"
EXCLUSIONS = """
    EXCL_ID STUD_ID BASE_ID CATEGORY REASON START_DATE END_DATE EXCL_DAYS A_YEAR TERM INCARE_WHEN_EXCLUDED LAST_UPDT
"""
MARKS = "RECORD_ID STUD_ID START_DATE ATT_DATE MORNING_MARK AFTERNOON_MARKS BASE_ID"
RESULTS = "RESULT_ID STUD_ID RESULT_DATE ASSESSMENT SUBJECT RESULT"
BEHAVIOUR = "INCIDENT_ID STUD_ID INCIDENT_DATE CATEGORY BASE_ID"
CONTACTS = "contact_id stud_id contact_person_id relationship parental_responsibility priority lives_with"
NAMES = "NAME_CHANGE_ID PERSON_ID CHANGE_DATE LEGAL_SURNAME LEGAL_FORENAME SURNAME FORENAME MIDNAME"


def _holds(council: Council, dice: Dice) -> list[Person]:
    rates = council.settings.sources["capita"]
    return with_carers(council.people, dice, rates["pupils"], rates["carers"])


def _write(folder: Path, extract: Extract) -> list[Record]:
    """Every file; returns the records that only malformed rows hold."""
    dice, today = extract.dice, extract.today
    malformed = extract.council.settings.errors["malformed"]
    taught = [record for record in extract.registry.first.values() if record.person.school]
    _write_bases(folder, extract.records)
    write_some(folder / "people_name_change.csv", NAMES, _former_names(extract.records))
    write_some(folder / "education_details.csv", DETAILS, (_details(record, extract) for record in taught))
    people = [_person(record, dice) for record in extract.records]
    spoilt = with_bad_rows(dice, malformed, people, (2, 4), 8)
    write_some(folder / "people.csv", PEOPLE, people)
    addresses = list(_addresses(extract))
    with_bad_rows(dice, malformed, addresses, (), 9, 1)
    write_some(folder / "addresses.csv", ADDRESSES, addresses)
    history = [_history(at, record, extract) for at, record in enumerate(taught, start=1)]
    with_bad_rows(dice, malformed, history, (), 3, 1)
    write_some(folder / "stud_hist.csv", HISTORY, history)
    write_some(folder / "exclusions.csv", EXCLUSIONS, _exclusions(taught, dice))
    write_some(folder / "student_attendance.csv", MARKS, _attendance(taught, extract))
    write_some(folder / "attainment.csv", RESULTS, _results(extract.registry.first.values()))
    write_some(folder / "behaviour.csv", BEHAVIOUR, _behaviour(taught))
    contacts = list(_contacts(extract, {record.record_id for record in extract.records if record.person.school}))
    with_bad_rows(dice, malformed, contacts, (), 1, 2)
    write_some(folder / "contacts.csv", CONTACTS, contacts)
    return [Record("capita", bad, extract.records[at].person, "", "", "", "", "", None, today) for at, bad in spoilt]


def _write_bases(folder: Path, records: Iterable[Record]) -> None:
    """The schools, and what the council's own marks mean."""
    schools = schools_of(record.person for record in records)
    rows = ([school.number, school.name, school.phone, school.email, school.contact] for school in schools)
    write_some(folder / "bases.csv", "BASE_ID NAME PHONE EMAIL CONTACT", rows)
    meanings = [["", "F", "Forest school", "Approved Educational Activity", ""]]
    write_some(folder / "attendance_summary.csv", "BASE_ID CODE MEANING STAT_MEANING SCHOOL_MEANING", meanings)


def _former_names(records: Iterable[Record]) -> Iterator[list[object]]:
    number = 0
    for record in records:
        for kind, name in record.others:
            if kind == "FORMER_NAME" and not record.person.adopted:
                number += 1
                forename, _, surname = name.rpartition(" ")
                yield [number, record.record_id, stamp(record.updated), surname, forename, surname, forename, ""]


def _details(record: Record, extract: Extract) -> list[object]:
    person, plan = record.person, plan_of(record.person)
    support = next(happened(person, "SEN support"), None)
    stage, need = "N", ""
    if plan:
        stage, need = "E", code_of("needs", plan.needs[0])
    elif support:
        stage, need = "K", code_of("needs", support.detail)
    issued, stopped = (stamp(plan.start), stamp(plan.end)) if plan else ("", "")
    adopted = "T" if person.adopted else "F"
    helped = "T" if plan or support else "F"
    return [record.record_id, helped, stage, need, issued, stopped, adopted, stamp(extract.today)]


def _person(record: Record, dice: Dice) -> list[object]:
    person = record.person
    here = next((home for home in record.homes if home.end is None), None)
    legal = [record.forename, record.surname] if dice.chance(0.7) else ["", ""]
    alert = "See paper file held by the education welfare officer" if dice.chance(0.01) else ""
    return [
        record.record_id,
        f"CP{int(record.record_id):08d}",
        record.forename,
        record.middle,
        record.surname,
        record.known_as,
        *legal,
        stamp(record.born),
        record.sex,
        "",
        here.dwelling.postcode if here else "",
        "",
        record.learner,
        "",
        "",
        stamp(person.died),
        "F" if person.died else "T",
        stamp(record.updated),
        dice.whole(10, 14),
        flag(dice.chance(0.9)),
        alert,
        "",
        record.upn,
        record.former_upn,
    ]


def _addresses(extract: Extract) -> Iterator[list[object]]:
    dice, rates, number = extract.dice, extract.council.settings.errors, 0
    for record in extract.records:
        for home in record.homes:
            number += 1
            place = home.dwelling
            uprn = "" if dice.chance(rates["uprn_missing"]) else place.uprn
            parts = [place.flat, place.building, place.number, place.street, place.town, place.postcode, uprn]
            yield [number, record.record_id, *parts, stamp(home.start), stamp(home.end)]


def _history(at: int, record: Record, extract: Extract) -> list[object]:
    school = record.person.school
    assert school is not None
    entry = stamp(entry_day(record.person, school, extract.today))
    return [at, record.record_id, school.number, entry, "", "", "", "", "F", stamp(record.updated)]


def _exclusions(records: Iterable[Record], dice: Dice) -> Iterator[list[object]]:
    number = 0
    for record in records:
        school = record.person.school
        for happening in happened(record.person, "suspension", "permanent exclusion"):
            number += 1
            days = half_days(happening) / 2 or ""
            category = "SUSP" if happening.kind == "suspension" else "PERM"
            year = happening.on.year - (happening.on.month < 9)
            term = "AUT" if happening.on.month >= 9 else "SPR" if happening.on.month <= 4 else "SUM"
            told = [record.record_id, school.number if school else "", category, dice.pick(EXCLUSION_REASONS)]
            span = [stamp(happening.on), stamp(happening.until)]
            yield [number, *told, *span, days, year, term, "F", stamp(happening.on)]


def _attendance(records: Iterable[Record], extract: Extract) -> Iterator[list[object]]:
    """A row for each pupil and week: the marks of five mornings and of five afternoons."""
    weeks = [(stamp(monday), stamp(monday + timedelta(days=4))) for monday in school_weeks(extract.today)]
    number = 0
    for record in records:
        school = record.person.school
        marks = register_marks(record.person.attendance, len(weeks) * 5, extract.dice) if weeks else []
        for at, (monday, friday) in enumerate(weeks):
            number += 1
            days = marks[at * 5 : at * 5 + 5]
            morning, afternoon = "".join(day[0] for day in days), "".join(day[1] for day in days)
            yield [number, record.record_id, monday, friday, morning, afternoon, school.number if school else ""]


def _results(records: Iterable[Record]) -> Iterator[list[object]]:
    number = 0
    for record in records:
        for happening in happened(record.person, "attainment"):
            number += 1
            yield [number, record.record_id, stamp(happening.on), *happening.detail.split(", ")]


def _behaviour(records: Iterable[Record]) -> Iterator[list[object]]:
    number = 0
    for record in records:
        for happening in happened(record.person, "behaviour"):
            number += 1
            school = record.person.school
            reason = code_of("exclusion_reasons", happening.detail)
            yield [number, record.record_id, stamp(happening.on), reason, school.number if school else ""]


def _contacts(extract: Extract, pupils: set[str]) -> Iterator[list[object]]:
    """The contact's word is what they are to the pupil; schools ring them in the order in which they were written."""
    ranks: Counter[str] = Counter()
    for at, link in enumerate(contact_links(extract.links(), pupils), start=1):
        pupil = link.right.record_id
        ranks[pupil] += 1
        told = [contact_word(link), link.responsibility, ranks[pupil], flag(together(link))]
        yield [at, pupil, link.left.record_id, *told]


PARTNER = Partner("capita", 700_000, _holds, _write)
