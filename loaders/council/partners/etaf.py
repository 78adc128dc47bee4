"""eTAF of an invented council: the families a second early help service works with, in a layout of its own."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from loaders.council.care_codes import need_codes
from loaders.council.dice import Dice
from loaders.council.early_help import Episode, agency, episodes, helped, team
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person, Worker
from loaders.council.partner import Extract, Partner, in_life
from loaders.council.plain_rows import home_line, spoil_days
from loaders.council.population import Council
from loaders.council.records import Record
from loaders.council.tables import Row, uk, write_table

PEOPLE = "person_id llid upn forename middle_names surname dob sex address_line postcode uprn duplicate_of"
EPISODES = """
    family_ref person_id role_in_family episode_start episode_end lead_practitioner lead_agency tac_members
"""
PLANS = "plan_id family_ref person_id start_date end_date needs author_name author_email updated_on"
ASSESSMENTS = "assessment_id family_ref person_id start_date end_date needs author_name author_email updated_on"
_ASSESSED = 28
"""Days an assessment takes."""


def _holds(council: Council, dice: Dice) -> list[Person]:
    """Whole families, of a share of those with early help."""
    share = council.settings.sources["etaf"]["families"]
    return helped(council, lambda home: dice.chance(share))


def _write(folder: Path, extract: Extract) -> list[Record]:
    """Every file; returns the records that only malformed rows hold."""
    errors, dice = extract.council.settings.errors, extract.dice
    people = [_person(record, extract) for record in extract.records]
    spoilt = with_bad_rows(dice, errors["malformed"], people, (3, 5), 6)
    write_table(folder / "people.csv", PEOPLE, people)
    found = list(episodes(extract, 1))
    families = _families(extract.registry.first.values())
    rows = list(_episodes(extract, families, {one.record.person.key: one for one in found}))
    spoil_days(dice, errors["malformed"], rows, 3)
    write_table(folder / "etaf_episodes.csv", EPISODES, rows)
    write_table(folder / "etaf_plans.csv", PLANS, _plans(found, families, dice))
    write_table(folder / "etaf_assessments.csv", ASSESSMENTS, _assessments(found, families, extract))
    return [
        Record("etaf", bad, extract.records[at].person, "", "", "", "", "", None, extract.today) for at, bad in spoilt
    ]


def _person(record: Record, extract: Extract) -> list[object]:
    person, dice = record.person, extract.dice
    known = extract.registries["lcs"].first.get(person.key)
    llid = known.record_id if known and (not in_life(person) or dice.chance(extract.rates["llid"])) else ""
    sex = {"M": "Male", "F": "Female"}.get(record.sex, "Unknown")
    born = None if person.unborn else record.born
    return [
        record.record_id, llid, record.upn, record.forename, record.middle, record.surname, uk(born), sex,
        *home_line(record, dice, 0.9, 0.04), record.duplicate_of,
    ]  # fmt: skip


def _families(records: Iterable[Record]) -> dict[int, str]:
    """Person key -> reference of the family they are of."""
    references: dict[int, str] = {}
    found: dict[int, str] = {}
    for record in records:
        home = id(record.person.left or record.person.household)
        found[record.person.key] = references.setdefault(home, f"F{len(references) + 1:05d}")
    return found


def _episodes(extract: Extract, families: dict[int, str], by_person: dict[int, Episode]) -> Iterator[list[object]]:
    """A row for each of a family: with their own episode, else with the first one of the family."""
    of_family: dict[str, Episode] = {}
    for key, own in by_person.items():
        of_family.setdefault(families[key], own)
    for record in extract.registry.first.values():
        person = record.person
        one = by_person.get(person.key) or of_family.get(families[person.key])
        if one is None or (one.spell.end and one.spell.end <= person.born):
            continue
        grown = person.age(extract.today) >= 18
        role = "child" if not grown else "parent" if person.children else "other"
        start = uk(one.spell.start if person.unborn else max(one.spell.start, person.born))
        lead, others = one.spell.worker, "; ".join(_named(worker) for worker in team(one))
        yield [
            families[person.key], record.record_id, role, start,
            uk(one.spell.end), lead.name, agency(lead), others,
        ]  # fmt: skip


def _named(worker: Worker) -> str:
    return f"{worker.name} ({agency(worker)})"


def _plans(found: list[Episode], families: dict[int, str], dice: Dice) -> Iterator[Row]:
    """A plan of each episode: of the person alone, or now and then of the family as a whole."""
    for number, one in enumerate((one for one in found if one.plan), 1):
        assert one.plan is not None
        plan, person = one.plan, one.record.person
        whose = "" if in_life(person) and dice.chance(0.3) else one.record.record_id
        updated = plan.end or max(plan.start, one.record.updated)
        yield [
            number, families[person.key], whose, uk(plan.start), uk(plan.end), "; ".join(plan.needs),
            plan.worker.name, plan.worker.email, uk(updated),
        ]  # fmt: skip


def _assessments(found: list[Episode], families: dict[int, str], extract: Extract) -> Iterator[Row]:
    for number, one in enumerate(found, 1):
        spell, needs = one.spell, one.plan.needs[:1] if one.plan else ()
        done = min(day for day in (spell.start + timedelta(days=_ASSESSED), spell.end) if day)
        ended = uk(done) if done < extract.today else ""
        yield [
            number, families[one.record.person.key], one.record.record_id, uk(spell.start), ended, need_codes(needs),
            spell.worker.name, spell.worker.email, ended,
        ]  # fmt: skip


PARTNER = Partner("etaf", 7_300_000, _holds, _write)
