"""The extract of LCS, the rest of it: workers, plans, legal statuses, placements, missing episodes, contacts.

HDM writes days as stamps. What LCS hides of a placement stands beside it, as icsplacement has it.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from loaders.council.care_codes import ABUSE_WORDS, abuse, legal_code, need_codes, placements
from loaders.council.dice import Dice
from loaders.council.malformed import with_bad_rows
from loaders.council.model import PlanMade, Worker
from loaders.council.records import Record
from loaders.council.settings import Rates
from loaders.council.tables import Row, flag, stamp, write_table
from loaders.council.write_mosaic_care import families, in_story

WORKERS = "DIM_WORKER_ID STAFF_ID FORENAME SURNAME JOB_TITLE DEPARTMENT_NAME PHONE EMAIL"
PLANS = """
    FACT_CARE_PLAN_ID DIM_PERSON_ID DIM_LOOKUP_PLAN_TYPE_CODE DIM_LOOKUP_PLAN_STATUS_CODE START_DTTM END_DTTM
    DIM_WORKER_ID NEED_CODES UPDATED_DTTM
"""
PROTECTION = """
    FACT_CP_PLAN_ID DIM_PERSON_ID START_DTTM END_DTTM INIT_CATEGORY_DESC CP_CATEGORY_DESC DIM_WORKER_ID
    UPDATED_DTTM
"""
ASSESSMENTS = """
    FACT_SINGLE_ASSESSMENT_ID DIM_PERSON_ID START_DTTM COMPLETED_DTTM COMPLETED_BY_USER_STAFF_ID
    COMPLETED_BY_USER_NAME COMPLETED_BY_USER_EMAIL NEED_CODES UPDATED_DTTM
"""
LEGAL = """
    FACT_LEGAL_STATUS_ID DIM_PERSON_ID DIM_LOOKUP_LGL_STATUS_CODE DIM_LOOKUP_LGL_STATUS_DESC START_DTTM END_DTTM
"""
PLACEMENTS = """
    FACT_CLA_PLACEMENT_ID DIM_PERSON_ID START_DTTM END_DTTM DIM_LOOKUP_PLACEMENT_TYPE_CODE HideInfo HideName
    HideAddress HideRelChild
"""
MISSING = """
    FACT_MISSING_PERSON_ID DIM_PERSON_ID START_DTTM END_DTTM MISSING_STATUS RETURN_INTERVIEW_OFFERED
    RETURN_INTERVIEW_ACCEPTED
"""
CONTACTS = "FACT_CONTACT_ID DIM_PERSON_ID DIM_LOOKUP_FAMILYOFRESIDENCE_ID CONTACT_DTTM"
_TYPES = {"child in need": "FP", "care": "CLA", "pathway": "PATH"}
_STATUSES = {"Missing": "M"}
Held = Sequence[tuple[Record, PlanMade]]


def write_lcs_care(
    folder: Path, records: Sequence[Record], workers: Sequence[Worker], rates: Rates, dice: Dice
) -> None:
    """Writes the eight files. `records` are each person's first."""
    write_table(folder / "DIM_WORKER.csv", WORKERS, _workers(workers))
    held = [
        (record, plan)
        for record in records
        for plan in record.person.plans
        if in_story(record.person) or dice.chance(rates["plan_recorded"])
    ]
    plans = list(_plans([pair for pair in held if pair[1].kind in _TYPES], dice))
    with_bad_rows(dice, rates["malformed"], plans, (), 4, 1)
    write_table(folder / "FACT_CARE_PLANS.csv", PLANS, plans)
    protection = _protection([pair for pair in held if pair[1].kind == "child protection"])
    write_table(folder / "FACT_CP_PLAN.csv", PROTECTION, protection)
    assessed = _assessments([pair for pair in held if pair[1].kind == "assessment"], dice)
    write_table(folder / "FACT_SINGLE_ASSESSMENT.csv", ASSESSMENTS, assessed)
    placed = [pair for pair in held if pair[1].legal_status and pair[1].placement]
    write_table(folder / "FACT_LEGAL_STATUS.csv", LEGAL, _legal(placed))
    write_table(folder / "FACT_CLA_PLACEMENT.csv", PLACEMENTS, _placements(records))
    write_table(folder / "FACT_MISSING_PERSON.csv", MISSING, _missing(records, dice))
    write_table(folder / "FACT_CONTACTS.csv", CONTACTS, _contacts(records, dice))


def _workers(workers: Sequence[Worker]) -> Iterator[Row]:
    """Everybody, and the worker who stands for nobody."""
    yield ["9999999", "unknown", "", "", "", "", "", ""]
    for worker in workers:
        forename, _, surname = worker.name.rpartition(" ")
        department = worker.organisation if worker.team == "School" else worker.team
        yield [
            worker.key, f"S{worker.key}", forename, surname, worker.role, department, worker.phone, worker.email,
        ]  # fmt: skip


def _plans(held: Held, dice: Dice) -> Iterator[list[object]]:
    """The plans, and now and then one that was cancelled (status z)."""
    number = 210_000
    for record, plan in held:
        for status in ("z", "a") if dice.chance(0.02) and not in_story(record.person) else ("a",):
            number += 1
            updated = plan.end or max(plan.start, record.updated)
            yield [
                number, record.record_id, _TYPES[plan.kind], status, stamp(plan.start), stamp(plan.end),
                plan.worker.key, need_codes(plan.needs), stamp(updated),
            ]  # fmt: skip


def _protection(held: Held) -> Iterator[Row]:
    for number, (record, plan) in enumerate(held, 220_001):
        words = ABUSE_WORDS[abuse(record.person)]
        updated = plan.end or max(plan.start, record.updated)
        yield [
            number, record.record_id, stamp(plan.start), stamp(plan.end), words, words, plan.worker.key, stamp(updated),
        ]  # fmt: skip


def _assessments(held: Held, dice: Dice) -> Iterator[Row]:
    """Most name who completed them; the others give the number of their staff alone."""
    for number, (record, plan) in enumerate(held, 230_001):
        worker = plan.worker
        named = (worker.name, worker.email) if dice.chance(0.6) else ("", "")
        updated = plan.end or max(plan.start, record.updated)
        yield [
            number, record.record_id, stamp(plan.start), stamp(plan.end), f"S{worker.key}", *named,
            need_codes(plan.needs), stamp(updated),
        ]  # fmt: skip


def _legal(placed: Held) -> Iterator[Row]:
    for number, (record, plan) in enumerate(placed, 240_001):
        yield [
            number, record.record_id, legal_code(plan), plan.legal_status, stamp(plan.start), stamp(plan.end),
        ]  # fmt: skip


def _placements(records: Sequence[Record]) -> Iterator[Row]:
    homes = ((record, home, code) for record in records for home, code in placements(record.person))
    for number, (record, home, code) in enumerate(homes, 250_001):
        hides = flag(home.hidden)
        yield [number, record.record_id, stamp(home.start), stamp(home.end), code, "N", hides, hides, "N"]


def _missing(records: Sequence[Record], dice: Dice) -> Iterator[Row]:
    number = 260_000
    for record in records:
        for happening in record.person.happenings:
            if happening.kind != "missing episode":
                continue
            number += 1
            offered = dice.chance(0.85)
            accepted = flag(dice.chance(0.7)) if offered else "NA"
            yield [
                number, record.record_id, stamp(happening.on), stamp(happening.until),
                _STATUSES.get(happening.detail, "A"), flag(offered), accepted,
            ]  # fmt: skip


def _contacts(records: Sequence[Record], dice: Dice) -> Iterator[Row]:
    """A contact or two of each known family, one row a person, with the family of residence; a tenth name none."""
    number, family = 270_000, 880_000
    for home, found in families(records):
        if not home.case:
            continue
        family += 1
        for _ in range(dice.whole(1, 2)):
            said: object = family if dice.chance(0.9) else dice.pick((-1, "", "NULL"))
            days = dice.whole(10, 900)
            for record in found:
                number += 1
                yield [number, record.record_id, said, stamp(record.updated - timedelta(days=days))]
