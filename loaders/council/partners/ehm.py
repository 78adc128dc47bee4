"""EHM of an invented council: families with early help, their episodes, plans, assessments, contacts and teams."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from loaders.council.care_codes import need_codes
from loaders.council.dice import Dice
from loaders.council.early_help import Episode, agency, episodes, helped, team
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person
from loaders.council.partner import Extract, Partner, in_life
from loaders.council.plain_rows import home_line
from loaders.council.population import Council
from loaders.council.records import Record
from loaders.council.tables import Row, flag, iso, stamp, write_table

PEOPLE = """
    person_id llid upn nhs_number forename middle_names surname known_as alias_names dob dob_estimated unborn sex
    date_of_death address_line postcode uprn is_client duplicate_of updated_on
"""
WORKERS = "worker_id worker_name worker_role worker_team agency worker_phone worker_email"
CONTACTS = """
    ECAFContactID PersonID EpisodeID ContactGroupID StartDate ContactType PersonMakingContact RelToChild EpisodeNeeds
    PrimNeed
"""
EPISODES = """
    earl_episode_id earl_person_id earl_episode_start_date earl_episode_end_date earl_episode_reason
    earl_episode_end_reason earl_episode_organisation earl_episode_worker_id
"""
TEAM = "member_id person_id worker_id start_date end_date lead_professional"
PLANS = "plan_id person_id episode_id start_date end_date needs author_name author_email updated_on"
ASSESSMENTS = "assessment_id person_id episode_id start_date end_date needs author_name author_email updated_on"
_ASSESSED = 21
"""Days an early help assessment takes."""


def _holds(council: Council, dice: Dice) -> list[Person]:
    """Whole families of everybody whom early help works or worked with."""
    return helped(council, lambda home: True)


def _write(folder: Path, extract: Extract) -> list[Record]:
    """Every file; returns the records that only malformed rows hold."""
    errors, dice = extract.council.settings.errors, extract.dice
    people = [_person(record, extract) for record in extract.records]
    spoilt = with_bad_rows(dice, errors["malformed"], people, (4, 6), 9)
    write_table(folder / "people.csv", PEOPLE, people)
    found = list(episodes(extract, 700_001))
    workers = {worker.key: worker for one in found for worker in (one.spell.worker, *team(one))}
    write_table(
        folder / "workers.csv",
        WORKERS,
        ([w.key, w.name, w.role, w.team, agency(w), w.phone, w.email] for w in workers.values()),
    )
    write_table(folder / "ecafcontact.csv", CONTACTS, _contacts(extract, found))
    rows = [_episode(one) for one in found]
    with_bad_rows(dice, errors["malformed"], rows, (), 2, 1)
    write_table(folder / "early_help_episodes.csv", EPISODES, rows)
    write_table(folder / "team_around_family.csv", TEAM, _team(found))
    write_table(folder / "plans.csv", PLANS, _plans(found, dice))
    write_table(folder / "assessments.csv", ASSESSMENTS, _assessments(found, extract.today))
    return [
        Record("ehm", bad, extract.records[at].person, "", "", "", "", "", None, extract.today) for at, bad in spoilt
    ]


def _person(record: Record, extract: Extract) -> list[object]:
    person, dice = record.person, extract.dice
    before = extract.registries["lcs"].first.get(person.key)
    llid = before.record_id if before and (not in_life(person) or dice.chance(extract.rates["llid"])) else ""
    alias = "; ".join(text for _, text in record.others) if not person.adopted else ""
    client = person.age(extract.today) < 18
    return [
        record.record_id, llid, record.upn, record.nhs, record.forename, record.middle, record.surname, record.known_as,
        alias, iso(record.born), flag(record.estimated), flag(person.unborn), record.sex, iso(person.died),
        *home_line(record, dice, 0.5, 0.03), flag(client), record.duplicate_of, iso(record.updated),
    ]  # fmt: skip


def _contacts(extract: Extract, found: list[Episode]) -> Iterator[Row]:
    """One contact group a family, a row for each of them; the needs stand with whoever is helped."""
    dice, number = extract.dice, 910_000
    by_person = {one.record.person.key: one for one in found}
    families: dict[int, list[Record]] = {}
    for record in extract.registry.first.values():
        if in_life(record.person):
            families.setdefault(id(record.person.left or record.person.household), []).append(record)
    for group, members in enumerate(families.values(), 930_001):
        opened = min((by_person[m.person.key].spell.start for m in members if m.person.key in by_person), default=None)
        said: object = group if dice.chance(0.95) else dice.pick((-1, ""))
        maker, relation = dice.pick((("Class teacher", "Professional"), ("Anonymous", "Neighbour"), ("", "")))
        for record in members:
            number += 1
            one = by_person.get(record.person.key)
            codes = need_codes(one.plan.needs if one and one.plan else ()).split(";")
            yield [
                number, record.record_id, one.number if one else "", said, stamp(opened), "Request for support", maker,
                relation, ";".join(codes[1:]), codes[0],
            ]  # fmt: skip


def _episode(one: Episode) -> list[object]:
    spell = one.spell
    reason = one.plan.needs[0] if one.plan and one.plan.needs else ""
    return [
        one.number, one.record.record_id, stamp(spell.start), stamp(spell.end), reason, spell.reason,
        agency(spell.worker), spell.worker.key,
    ]  # fmt: skip


def _team(found: list[Episode]) -> Iterator[Row]:
    number = 940_000
    for one in found:
        start, end = iso(one.spell.start), iso(one.spell.end)
        for worker in (one.spell.worker, *team(one)):
            number += 1
            lead = flag(worker is one.spell.worker)
            yield [number, one.record.record_id, worker.key, start, end, lead]


def _plans(found: list[Episode], dice: Dice) -> Iterator[Row]:
    """A plan of nearly every episode, written by its lead; a fifth give no address for letters to the author."""
    for number, one in enumerate((one for one in found if one.plan), 950_001):
        assert one.plan is not None
        worker, updated = one.plan.worker, one.plan.end or max(one.plan.start, one.record.updated)
        email = worker.email if dice.chance(0.8) or not in_life(one.record.person) else ""
        yield [
            number, one.record.record_id, one.number, iso(one.plan.start), iso(one.plan.end),
            need_codes(one.plan.needs), worker.name, email, iso(updated),
        ]  # fmt: skip


def _assessments(found: list[Episode], today: date) -> Iterator[Row]:
    """One for every episode, by its lead; those of the last days are not complete."""
    for number, one in enumerate(found, 960_001):
        spell, needs = one.spell, one.plan.needs[:1] if one.plan else ()
        done = min(day for day in (spell.start + timedelta(days=_ASSESSED), spell.end) if day)
        ended = done if done < today else None
        yield [
            number, one.record.record_id, one.number, iso(spell.start), iso(ended), need_codes(needs),
            spell.worker.name, spell.worker.email, iso(ended),
        ]  # fmt: skip


PARTNER = Partner("ehm", 7_100_000, _holds, _write)
