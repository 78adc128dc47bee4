"""The CAMHS extract: young people with a spell there, and their referrals with the reasons a loader must not read."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person, Spell
from loaders.council.partner import Extract, Partner
from loaders.council.population import Council
from loaders.council.records import Record, plain_record
from loaders.council.tables import Row, iso, write_some
from loaders.council.write_mosaic import one_line

PATIENTS = "LocalPatientId NHSNumber PersonBirthDate GivenName FamilyName Gender Address Postcode PersDeathDate"
REFERRALS = """
    ServiceRequestID LocalPatientId ReferralRequestReceivedDate SourceOfReferralMH PrimReasonReferralMH
    ClinRespPriorityType ServTeamTypeRefToMH ReferClosureDate ReferClosReason ReferRejectionDate ReferRejectReason
    ServDischDate OrgIDProv
"""
_TEAMS = ("A06", "A18", "A18", "C04", "C05", "C06", "D06", "F01", "C10")


def _spells(person: Person) -> list[Spell]:
    return [spell for spell in person.spells if spell.kind == "REL.CAMHS"]


def _holds(council: Council, dice: Dice) -> Iterable[Person]:
    """Those with a spell, less the few of whom only another system knows."""
    return [person for person in council.people if not person.superseded and _spells(person) and dice.chance(0.95)]


def _write(folder: Path, extract: Extract) -> list[Record]:
    rows = [_patient(record) for record in extract.records]
    extra = with_bad_rows(extract.dice, extract.council.settings.errors["malformed"], rows, (), 2)
    write_some(folder / "patients.csv", PATIENTS, rows)
    write_some(folder / "referrals.csv", REFERRALS, list(_referrals(extract)))
    return [plain_record("camhs", bad, extract.records[at].person, extract.today) for at, bad in extra]


def _patient(record: Record) -> list[object]:
    home = next((home for home in reversed(record.homes) if home.end is None), None)
    where = [one_line(home.dwelling), home.dwelling.postcode] if home else ["", ""]
    gender = {"M": "1", "F": "2"}.get(record.sex, "X")
    person = record.person
    return [
        record.record_id, record.nhs, iso(record.born), record.forename, record.surname, gender, *where,
        iso(person.died),
    ]  # fmt: skip


def _referrals(extract: Extract) -> Iterator[Row]:
    number, dice = 7_000_000, extract.dice
    for record in extract.registry.first.values():
        for spell in _spells(record.person):
            number += 1
            asked = max(record.person.born, spell.start - timedelta(days=dice.whole(5, 60)))
            team, reason, priority = dice.pick(_TEAMS), f"{dice.whole(1, 28):02d}", dice.pick("123")
            source, why = dice.pick(("A1", "D1", "E1", "I1")), "02" if spell.end else ""
            yield [
                number, record.record_id, iso(asked), source, reason, priority, team, iso(spell.end), why, "", "",
                iso(spell.end), "RZZ99",
            ]  # fmt: skip
            if dice.chance(0.06):
                rejected = asked + timedelta(days=3)
                number += 1
                yield [
                    number, record.record_id, iso(asked), source, reason, priority, "A18", "", "", iso(rejected), "01",
                    "", "RZZ99",
                ]  # fmt: skip


PARTNER = Partner("camhs", 2_000_000, _holds, _write)
