"""IYSS of an invented council: what young people of 16 and more do, and those the youth justice service works with."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.identifiers import telephone
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person, PlanMade, Worker
from loaders.council.partner import Extract, Partner
from loaders.council.plain_rows import home_line, spoil_days
from loaders.council.population import Council
from loaders.council.records import Record
from loaders.council.school_rolls import happened
from loaders.council.tables import flag, uk, write_some

YOUNG_PEOPLE = (
    *"young_person_id upn uln yot_number forename surname known_as alias_names dob gender".split(),
    "YP12 LA code at year 11", "YP13 Transferred to LA code", "YP18 Address", "YP19 Address postcode", "uprn",
    "YP27 Ethnic code", "roni", "roni_as_of",
)  # fmt: skip
ACTIVITIES = """
    young_person_id activity_code activity_start currency_lapsed last_contact_date lead_worker lead_worker_phone
    lead_worker_email
"""
INTERVENTIONS = """
    intervention_id person_id yot_number disposal intervention_start intervention_end needs team case_manager
    case_manager_phone case_manager_email risk_of_serious_harm
"""
_BUSY = ("education", "education", "education", "education", "training", "employment", "employment", "self-employed")
_OUT_OF_COURT = ("Youth caution", "Youth conditional caution", "Community resolution", "Prevention")
_RISKS = ("Low", "Medium", "High")
_INDICATORS = ("Low", "Low", "Low", "Medium", "Medium", "High")
_FIRST_PHONE = 39_000
_ADVISERS = 4_000
"""People for every careers adviser."""


def _holds(council: Council, dice: Dice) -> list[Person]:
    """Whom the return counts, younger ones at risk, and everybody with a youth justice plan."""
    rates, today = council.settings.sources["iyss"], council.today
    shares = {
        **dict.fromkeys((16, 17, 18), rates["aged_16_to_18"]),
        **dict.fromkeys((13, 14, 15), rates["aged_13_to_15"]),
    }
    found = []
    for person in council.people:
        share = shares.get(person.age(today), 0.0)
        justice = any(plan.kind in ("youth justice", "court order") for plan in person.plans) and person.age(today) < 26
        if (justice or dice.chance(share)) and not (person.superseded or person.died or person.unborn):
            found.append(person)
    return found


def _write(folder: Path, extract: Extract) -> list[Record]:
    """Every file; returns the records that only malformed rows hold."""
    dice, errors, today = extract.dice, extract.council.settings.errors, extract.today
    people = [_person(record, extract) for record in extract.records]
    spoilt = with_bad_rows(dice, errors["malformed"], people, (4, 5), 8)
    write_some(folder / "nccis_young_person.csv", YOUNG_PEOPLE, people)
    activities = list(_activities(extract))
    spoil_days(dice, errors["malformed"], activities, 2)
    write_some(folder / "nccis_activity.csv", ACTIVITIES, activities)
    interventions = list(_interventions(extract.records, dice))
    with_bad_rows(dice, errors["malformed"], interventions, (), 4, 1)
    write_some(folder / "yj_interventions.csv", INTERVENTIONS, interventions)
    return [Record("iyss", bad, extract.records[at].person, "", "", "", "", "", None, today) for at, bad in spoilt]


def _yot_number(person: Person) -> str:
    justice = any(plan.kind == "youth justice" for plan in person.plans)
    return f"YOT{person.key:07d}" if justice else ""


def _person(record: Record, extract: Extract) -> list[object]:
    person, dice = record.person, extract.dice
    grown = person.age(extract.today) >= 16
    former = [name for kind, name in record.others if kind == "FORMER_NAME"] if not person.adopted else []
    indicator = dice.pick(_INDICATORS) if dice.chance(0.4) else ""
    line, postcode, uprn = home_line(record, dice, extract.council.settings.errors["uprn_missing"])
    return [
        record.record_id,
        record.upn,
        record.learner,
        _yot_number(person),
        record.forename,
        record.surname,
        record.known_as,
        "; ".join(former),
        uk(record.born),
        record.sex,
        "000" if grown else "",
        "",
        line,
        postcode,
        uprn,
        "",
        indicator,
        uk(extract.today - timedelta(days=90)) if indicator else "",
    ]


def _activities(extract: Extract) -> Iterator[list[object]]:
    """What each of 16 and more does now: nothing for those who are NEET in truth, and who keeps in touch."""
    dice, today = extract.dice, extract.today
    advisers = _advisers(extract)
    for record in extract.records:
        person = record.person
        if person.age(today) < 16 or record.duplicate_of:
            continue
        neet = next(happened(person, "not in education"), None)
        left = max(record.person.born + timedelta(days=16 * 365 + 200), today - timedelta(days=300))
        if neet:
            active = "NEET inactive" if "not available" in neet.detail else "NEET active"
            yield _activity(record, "education", min(left, neet.on - timedelta(days=60)), None, dice, today)
            yield _activity(record, active, neet.on, dice.pick(advisers), dice, today)
        else:
            yield _activity(record, dice.pick(_BUSY), min(left, today), None, dice, today)


def _advisers(extract: Extract) -> list[Worker]:
    """The careers advisers, one for every so many people."""
    dice, names = extract.council.dice("iyss/advisers"), extract.council.names
    found = []
    for at in range(max(1, extract.council.wanted // _ADVISERS)):
        sex, born = dice.pick("FM"), date(1970 + dice.whole(0, 28), 6, 1)
        name = f"{names.forename(dice, 'british', sex, born)} {names.surname(dice, 'british', sex)}"
        email = f"{name.lower().replace(' ', '.').replace(chr(39), '')}@youth-support.example"
        phone = telephone(_FIRST_PHONE + at)
        found.append(Worker(f"A{at + 1}", name, "Careers adviser", "Youth support", "Example Council", phone, email))
    return found


def _activity(record: Record, code: str, start: date, adviser: Worker | None, dice: Dice, today: date) -> list[object]:
    lapsed = dice.chance(0.06)
    contact = today - timedelta(days=dice.whole(100, 260) if lapsed else dice.whole(0, 90))
    who = [adviser.name, adviser.phone, adviser.email] if adviser else ["", "", ""]
    return [record.record_id, code, uk(start), flag(lapsed), uk(max(contact, start)), *who]


def _interventions(records: Iterable[Record], dice: Dice) -> Iterator[list[object]]:
    """Each youth justice plan, with the court's order where there is one. Its rating of risk is never read."""
    number = 0
    for record in records:
        plans = [plan for plan in record.person.plans if plan.kind == "youth justice"]
        for plan in plans if not record.duplicate_of else ():
            number += 1
            order = _order(record.person, plan)
            disposal = order.legal_status if order else dice.pick(_OUT_OF_COURT)
            needs = "; ".join(plan.needs)
            worker = [plan.worker.team, plan.worker.name, plan.worker.phone, plan.worker.email]
            span = [uk(plan.start), uk(plan.end), needs]
            told = [record.record_id, _yot_number(record.person), disposal]
            yield [number, *told, *span, *worker, dice.pick(_RISKS)]


def _order(person: Person, plan: PlanMade) -> PlanMade | None:
    return next((order for order in person.plans if order.kind == "court order" and order.start == plan.start), None)


PARTNER = Partner("iyss", 800_000, _holds, _write)
