"""LAS of an invented council: adults with adult social care and those who care for them, with their plans."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from loaders.council.care_codes import need_codes
from loaders.council.dice import Dice
from loaders.council.links import Link, word
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person
from loaders.council.partner import Extract, Partner, in_life
from loaders.council.plain_rows import home_line, spoil_days
from loaders.council.population import Council
from loaders.council.records import Record
from loaders.council.services import ADULT_CARE
from loaders.council.tables import flag, iso, write_table

PEOPLE = """
    person_id llid nhs_number forename middle_names surname known_as alias_names dob dob_estimated sex date_of_death
    address_line postcode uprn is_client duplicate_of updated_on
"""
INVOLVEMENTS = """
    person_id service_name involvement_start involvement_end end_reason worker_id worker_name worker_role worker_team
    worker_phone worker_email last_contact_date
"""
PLANS = (
    "plan_id person_id plan_type start_date end_date primary_support_reason needs author_name author_email updated_on"
)
RELATIONSHIPS = """
    relationship_id person_id related_person_id relationship_code relationship_label direction start_date end_date
    is_main_carer is_informal_carer recorded_at
"""
_FORWARDS, _BACKWARDS = "FIRST_IS_LABEL_OF_SECOND", "SECOND_IS_LABEL_OF_FIRST"
_COUPLES = ("SPOUSE", "CIVIL_PARTNER", "PARTNER")
_MENTAL_HEALTH = "Community Mental Health Team"


def _cared_for(person: Person) -> bool:
    return any(spell.kind == ADULT_CARE for spell in person.spells)


def _holds(council: Council, dice: Dice) -> Iterator[Person]:
    """Everybody with adult social care, and of those who share their home some who care for them."""
    share, today = council.settings.sources["las"]["carers"], council.today
    for person in council.people:
        if not _cared_for(person) or person.superseded:
            continue
        yield person
        home = person.household.members if person.household else ()
        for other in home:
            near = other is person.partner or other in person.children
            if near and not other.died and other.age(today) >= 12 and not _cared_for(other) and dice.chance(share):
                yield other


def _write(folder: Path, extract: Extract) -> list[Record]:
    """Every file; returns the records that only malformed rows hold."""
    errors, dice = extract.council.settings.errors, extract.dice
    people = [_person(record, extract) for record in extract.records]
    spoilt = with_bad_rows(dice, errors["malformed"], people, (3, 5), 8)
    write_table(folder / "people.csv", PEOPLE, people)
    involvements = [row for record in extract.registry.first.values() for row in _involvements(record, extract)]
    spoil_days(dice, errors["malformed"], involvements, 2)
    write_table(folder / "adults_involvements.csv", INVOLVEMENTS, involvements)
    plans = list(_plans(extract))
    with_bad_rows(dice, errors["malformed"], plans, (), 3, 1)
    write_table(folder / "care_plans.csv", PLANS, plans)
    links = [_relationship(number, link, dice) for number, link in enumerate(extract.links(), 880_001)]
    with_bad_rows(dice, errors["malformed"], links, (), 6, 2)
    write_table(folder / "relationships.csv", RELATIONSHIPS, links)
    return [
        Record("las", bad, extract.records[at].person, "", "", "", "", "", None, extract.today) for at, bad in spoilt
    ]


def _person(record: Record, extract: Extract) -> list[object]:
    person, dice = record.person, extract.dice
    known = extract.registries["lcs"].first.get(person.key)
    llid = known.record_id if known and (not in_life(person) or dice.chance(extract.rates["llid"])) else ""
    alias = "; ".join(text for _, text in record.others)
    return [
        record.record_id, llid, record.nhs, record.forename, record.middle, record.surname, record.known_as, alias,
        iso(record.born), flag(record.estimated), record.sex, iso(person.died), *home_line(record, dice, 0.4, 0.02),
        flag(_cared_for(person)), record.duplicate_of, iso(record.updated),
    ]  # fmt: skip


def _involvements(record: Record, extract: Extract) -> Iterator[list[object]]:
    """The spells of adult social care by the team they are with; one in fifteen also has a mental health team."""
    person, dice = record.person, extract.dice
    for spell in person.spells:
        if spell.kind != ADULT_CARE:
            continue
        worker, seen = spell.worker, spell.end or extract.today - timedelta(days=dice.whole(1, 120))
        service = _service(person, extract)
        dates = [iso(spell.start), iso(spell.end), spell.reason]
        who = [worker.key, worker.name, worker.role, worker.team, worker.phone, worker.email]
        yield [record.record_id, service, *dates, *who, iso(max(seen, spell.start))]
        if in_life(person) and dice.chance(0.07):
            yield [
                record.record_id, "Mental health", iso(spell.start), "", "", "", "", "", _MENTAL_HEALTH, "", "",
                iso(record.updated),
            ]  # fmt: skip


def _service(person: Person, extract: Extract) -> str:
    needs = {need for plan in person.plans if plan.kind == "adult care" for need in plan.needs}
    if "Learning disability support" in needs:
        return "Learning disability"
    if person.age(extract.today) >= 65:
        return "Older people"
    return "Locality team"


def _plans(extract: Extract) -> Iterator[list[object]]:
    """Care and support plans with their reasons; carers have a plan of their own now and then."""
    number, dice, today = 870_000, extract.dice, extract.today
    for record in extract.registry.first.values():
        for plan in (plan for plan in record.person.plans if plan.kind == "adult care"):
            number += 1
            reason, *others = need_codes(plan.needs).split(";")
            worker, updated = plan.worker, plan.end or max(plan.start, record.updated)
            yield [
                number, record.record_id, "Care and support plan", iso(plan.start), iso(plan.end), reason,
                ";".join(others), worker.name, worker.email, iso(updated),
            ]  # fmt: skip
        if in_life(record.person) and not _cared_for(record.person) and dice.chance(0.4):
            number += 1
            since = iso(today - timedelta(days=dice.whole(30, 900)))
            yield [number, record.record_id, "Carer's support plan", since, "", "PSR7", "", "", "", since]


def _relationship(number: int, link: Link, dice: Dice) -> list[object]:
    """A link as the row states it, either way round. Whoever has a record for caring alone is marked as carer."""
    left, right, forwards = link.left, link.right, dice.chance(0.7)
    first, second = (left, right) if forwards else (right, left)
    cares = not _cared_for(left.person) and _cared_for(right.person) and link.code in (*_COUPLES, "CHILD")
    label, direction = word(link.code, left.sex), _FORWARDS if forwards else _BACKWARDS
    return [
        number, first.record_id, second.record_id, link.code, label, direction, iso(link.start), iso(link.end),
        flag(cares), flag(cares), iso(max(left.updated, right.updated)),
    ]  # fmt: skip


PARTNER = Partner("las", 6_600_000, _holds, _write)
