"""The lists of the police: people, offences as Family Context has them, notifications, missing episodes. UK days."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.identifiers import police_number
from loaders.council.links import word
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Happening, Person, Worker
from loaders.council.partner import Extract, Partner, in_life
from loaders.council.partners.incidents import Incident, incidents, relation
from loaders.council.plain_rows import home_line, spoil_days
from loaders.council.population import Council
from loaders.council.records import Record, plain_record
from loaders.council.tables import flag, uk, write_some

PEOPLE = "nominal_id pnc_id forename middle_names surname alias_names dob dob_estimated sex address_line postcode uprn"
CONTACTS = """
    nominal_id forename surname dob police_area safeguarding_offence offence_date offence_type nature
    non_safeguarding_offence contact_name contact_role contact_number
"""
NOTIFICATIONS = """
    ppn_ref incident_date subject_person_id subject_role relationship_to_victim risk_grading children_present
    children_witnessed incident_type
"""
MISSING = """
    miss_table_id miss_person_id miss_missing_episode_start_date miss_missing_episode_type
    miss_missing_episode_end_date miss_missing_rhi_offered miss_missing_rhi_accepted
"""
SPELL = "REL.POLICE"
_KINDS = frozenset({"police notification", "offence", "missing episode"})
_AREAS = ("Oldmere and Romiley", "Marple", "Bredbury")
_OTHERS = ("Theft", "Criminal damage", "Drug possession", "Drink driving")


def police_id(person: Person) -> str:
    """The number on the national computer of whoever has been suspected or convicted, the same in every system."""
    return police_number(person.key) if any(one.kind == "offence" for one in person.happenings) else ""


def _holds(council: Council, dice: Dice) -> Iterable[Person]:
    for person in council.people:
        known = any(one.kind in _KINDS for one in person.happenings)
        if known or any(spell.kind == SPELL for spell in person.spells):
            yield person


def _write(folder: Path, extract: Extract) -> list[Record]:
    dice, rate = extract.dice, extract.council.settings.errors["malformed"]
    rows = [_person(record, extract) for record in extract.records]
    extra = with_bad_rows(dice, rate, rows, (2, 4), 6)
    write_some(folder / "people.csv", PEOPLE, rows)
    write_some(folder / "police_contacts.csv", CONTACTS, list(_contacts(extract)))
    told = list(_notifications(extract))
    spoil_days(dice, rate, told, 1)
    write_some(folder / "ppn_merlin.csv", NOTIFICATIONS, told)
    gone = list(_missing(extract))
    with_bad_rows(dice, rate, gone, (), 2, 1)
    write_some(folder / "missing_episodes.csv", MISSING, gone)
    return [plain_record("police", bad, extract.records[at].person, extract.today) for at, bad in extra]


def _person(record: Record, extract: Extract) -> list[object]:
    number, dice = police_id(record.person), extract.dice
    written = not in_life(record.person) or dice.chance(extract.rates["pnc_written"])
    shown = number if written else dice.pick(("", "UNKNOWN"))
    aliases = "; ".join(name for _, name in record.others)
    return [
        record.record_id, shown, record.forename, record.middle, record.surname, aliases, uk(record.born),
        flag(record.estimated), record.sex, *home_line(record, dice, uprn_missing=0.8, postcode_missing=0.04),
    ]  # fmt: skip


def _contacts(extract: Extract) -> Iterator[list[object]]:
    """A row for each offence, at most three; one without an offence for whoever has none of a safeguarding type."""
    for record in extract.registry.first.values():
        person, dice = record.person, extract.dice
        spell = next((one for one in person.spells if one.kind == SPELL), None)
        offences = [one for one in person.happenings if one.kind == "offence"]
        if spell is None and not offences:
            continue
        area = dice.pick(_AREAS)
        others = in_life(person) and dice.chance(extract.rates["other_offences"])
        latest = sorted(offences, key=lambda one: one.on, reverse=True)[:3]
        worker = spell.worker if spell else None
        rows: list[Happening | None] = [*latest] or [None]
        for offence in rows:
            yield _contact(record, area, offence, others, worker, dice)


def _contact(
    record: Record, area: str, offence: Happening | None, others: bool, worker: Worker | None, dice: Dice
) -> list[object]:
    kind, _, nature = offence.detail.rpartition(", ") if offence else ("", "", "")
    if offence is None and others:
        kind = dice.pick(_OTHERS)
    found = [flag(offence is not None), uk(offence.on) if offence else "", kind, nature, flag(others)]
    who = [worker.name, worker.role, worker.phone] if worker else ["", "", ""]
    return [record.record_id, record.forename, record.surname, uk(record.born), area, *found, *who]


def _notifications(extract: Extract) -> Iterator[list[object]]:
    """Each incident, a row for everybody in it whom the police have on record."""
    dice, today = extract.dice, extract.today
    for incident in incidents(extract.council.people, today):
        children = any(one.age(today) < 18 for one in incident.people)
        witnessed = children and dice.chance(extract.rates["witnessed"])
        for person in incident.people:
            record = extract.registry.holder(person, dice)
            if record is not None:
                related = _relationship(incident, person, extract)
                yield [
                    f"PPN{incident.number:07d}", uk(incident.on), record.record_id, incident.role(person, today),
                    related, incident.grading, flag(children), flag(witnessed), incident.kind,
                ]  # fmt: skip


def _relationship(incident: Incident, person: Person, extract: Extract) -> str:
    code = relation(person, incident.victim) if incident.victim and incident.victim is not person else ""
    return (
        word(code, person.sex)
        if code and (not in_life(person) or extract.dice.chance(extract.rates["related"]))
        else ""
    )


def _missing(extract: Extract) -> Iterator[list[object]]:
    number, dice = 60_000, extract.dice
    for record in extract.registry.first.values():
        for one in record.person.happenings:
            if one.kind == "missing episode":
                number += 1
                kind = "Missing" if one.detail == "Missing" else "Absent"
                offered = dice.chance(0.85)
                accepted = flag(dice.chance(0.7)) if offered else "NA"
                yield [number, record.record_id, uk(one.on), kind, uk(one.until), flag(offered), accepted]


PARTNER = Partner("police", 9_000_000, _holds, _write)
