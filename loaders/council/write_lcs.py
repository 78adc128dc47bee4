"""The extract of Liquidlogic LCS. A code says what the RELATED person is to DIM_PERSON_ID: the opposite of Mosaic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from graph.vocabulary import inverse
from loaders.council.dice import Dice
from loaders.council.links import Link, words
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Dwelling, Worker
from loaders.council.records import Record, Registry
from loaders.council.services import service_table
from loaders.council.settings import CouncilSettings
from loaders.council.tables import Row, flag, iso, stamp, write_table
from loaders.council.write_lcs_care import write_lcs_care
from loaders.council.write_mosaic import must_hold

PERSONS = """
    DIM_PERSON_ID FORENAME SURNAME GENDER_MAIN_CODE BIRTH_DTTM DOB_ESTIMATED IS_CLIENT DUPLICATED_DTTM
    MIDDLE_NAMES EXPECTED_DOB DEATH_DTTM NHS_NUMBER UPN FORMER_UPN UPDATED_DTTM
"""
RELATIONS = """
    FACT_PERSON_RELATION_ID DIM_PERSON_ID DIM_RELATED_PERSON_ID DIM_RELATED_PERSON_DOB
    DIM_LOOKUP_RELTN_TYPE_CODE END_DTTM
"""
ISPERSON = """
    PersonID Secure ReasonSecure IsHidden HideAllAddresses IsDuplicate DuplicatedPersonID IsAdopted
    AdoptedLinkedPersonID PrefName AliasInfo NHSNo UPN FormerUPN UnbornDeceased SecureReviewDate InSearch
    PreAdoptionSecure MarkedAsDuplicateDate HazardCount RiskCount AllegationCount
"""
ADDRESSES = """
    DIM_PERSON_ADDRESS_ID DIM_PERSON_ID ADDRESS_TYPE FLAT_NO BUILDING HOUSE_NO STREET TOWN POSTCODE UPRN
    START_DTTM END_DTTM
"""
INVOLVEMENTS = """
    FACT_INVOLVEMENTS_ID DIM_WORKER_ID WORKER_NAME WORKER_ROLE WORKER_PHONE WORKER_EMAIL
    DIM_LOOKUP_INVOLVEMENT_TYPE_CODE DIM_DEPARTMENT_ID DEPARTMENT_NAME DIM_PERSON_ID START_DTTM END_DTTM
    DIM_LOOKUP_CWREASON_CODE END_REASON FACT_REFERRAL_ID IS_ALLOCATED_CW_FLAG UPDATED_DTTM
"""
_TYPES = {"home": "HOME", "placement": "PLACEMENT", "other_parent": "OTHER", "temporary": "TEMP"}
_SHORT = {
    "Road": "Rd",
    "Street": "St",
    "Avenue": "Ave",
    "Close": "Cl",
    "Drive": "Dr",
    "Lane": "La",
    "Crescent": "Cres",
    "Terrace": "Terr",
}


@dataclass(slots=True)
class LcsExtract:
    """What goes into the extract. `reverse` writes every relationship the wrong way round, for tests of loaders."""

    registry: Registry
    links: list[Link]
    workers: list[Worker]
    settings: CouncilSettings
    dice: Dice
    today: date
    reverse: bool = False


def write_lcs(folder: Path, extract: LcsExtract) -> list[Record]:
    """Writes every file; returns the extra records of people that malformed rows made."""
    rate, dice, records = extract.settings.errors["malformed"], extract.dice, extract.registry.records
    rows = [_person(record, extract.today) for record in records]
    extra = with_bad_rows(dice, rate, rows, (1, 2), 4)
    write_table(folder / "DIM_PERSON.csv", PERSONS, rows)
    flags = [_isperson(record, extract.registry) for record in records]
    unflagged = ["N", "", "N", "N", "N", "", "N", *[""] * 7, "", "Y", "N", "", 0, 0, 0]
    flags += [[bad, *unflagged] for _, bad in extra]
    write_table(folder / "isperson.csv", ISPERSON, flags)
    links = [_relation(number, link, extract.reverse) for number, link in enumerate(extract.links, 300_001)]
    with_bad_rows(dice, rate, links, (), 5, 2)
    write_table(folder / "FACT_PERSON_RELATION.csv", RELATIONS, links)
    codes = (
        [forms[3], code, "seen in the public LCS scripts" if forms[3] == "CHI" else "invented"]
        for code, forms in words().items()
    )
    write_table(
        folder / "site_relationship_codes.csv",
        "DIM_LOOKUP_RELTN_TYPE_CODE canonical_code_of_RELATED_person note",
        codes,
    )
    spells = list(_involvements(extract))
    with_bad_rows(dice, rate, spells, (), 10, 9)
    write_table(folder / "FACT_INVOLVEMENTS.csv", INVOLVEMENTS, spells)
    write_table(folder / "DIM_PERSON_ADDRESS.csv", ADDRESSES, _addresses(extract))
    first = list(extract.registry.first.values())
    write_lcs_care(folder, first, extract.workers, extract.settings.errors, dice)
    return [Record("lcs", bad, records[at].person, "", "", "", "", "", None, extract.today) for at, bad in extra]


def _person(record: Record, today: date) -> list[object]:
    person = record.person
    born, expected = (None, record.born) if person.unborn else (record.born, None)
    client = bool(person.case) or person.age(today) < 18
    dropped = record.updated if record.duplicate_of else None
    return [
        record.record_id,
        record.forename,
        record.surname,
        record.sex,
        iso(born),
        flag(record.estimated),
        flag(client),
        iso(dropped),
        record.middle,
        iso(expected),
        iso(person.died),
        record.nhs,
        record.upn,
        record.former_upn,
        iso(record.updated),
    ]


def _isperson(record: Record, registry: Registry) -> list[object]:
    person, flags = record.person, record.restricted
    before = person.before_adoption
    linked = registry.first[before.key].record_id if before and before.key in registry.first else ""
    alias = "; ".join(text for _, text in record.others)
    lost = "M" if person.unborn and person.key % 9 == 0 else ""  # miscarried; Mosaic has not heard of it
    return [
        record.record_id,
        flag("Secure" in flags),
        "Risk of harm" if "Secure" in flags else "",
        flag("IsHidden" in flags),
        flag("HideAllAddresses" in flags),
        flag(bool(record.duplicate_of)),
        record.duplicate_of,
        flag(person.adopted),
        linked,
        record.known_as,
        alias,
        record.nhs,
        record.upn,
        record.former_upn,
        lost,
        iso(_review(record)),
        flag("IsHidden" not in flags),
        "N",
        iso(record.updated) if record.duplicate_of else "",
        person.key % 7 // 6,
        person.key % 5 // 4,
        person.key % 11 // 10,
    ]


def _review(record: Record) -> date | None:
    """The day on which a secure record is to be looked at again: half of them are late."""
    days = 400 + record.person.key % 900
    return record.updated + timedelta(days=days) if "Secure" in record.restricted else None


def _relation(number: int, link: Link, reverse: bool) -> list[object]:
    """(left) is the code of (right): left stands as DIM_PERSON_ID, so the code written is what the right one is."""
    left, right = (link.right, link.left) if reverse else (link.left, link.right)
    code = words()[inverse(link.code)][3]
    return [
        number,
        left.record_id,
        right.record_id,
        "" if right.person.unborn else iso(right.born),
        code,
        stamp(link.end),
    ]


def _involvements(extract: LcsExtract) -> Iterator[list[object]]:
    services = {service["mosaic"]: service for service in service_table()}
    number, dice = 400_000, extract.dice
    for record in extract.registry.first.values():
        for spell in record.person.spells:
            code = services[spell.kind]["lcs"]
            if not code or not (must_hold(spell) or dice.chance(0.8)):
                continue
            number += 1
            worker = spell.worker
            department = 5000 + sum(ord(sign) for sign in worker.team)
            reason = spell.reason.upper().replace(" ", "_")[:12]
            updated = spell.end or max(spell.start, record.updated)
            yield [
                number,
                worker.key,
                worker.name,
                worker.role,
                worker.phone,
                worker.email,
                code,
                department,
                worker.organisation if worker.team == "School" else worker.team,
                record.record_id,
                stamp(spell.start),
                stamp(spell.end),
                reason,
                spell.reason,
                200_000 + record.person.key,
                flag(code == "CW"),
                stamp(updated),
            ]


def _addresses(extract: LcsExtract) -> Iterator[Row]:
    rates, dice, number = extract.settings.errors, extract.dice, 100_000
    for record in extract.registry.records:
        for home in record.homes[-3:]:
            number += 1
            place = home.dwelling
            postcode = (
                place.postcode if not dice.chance(rates["postcode_missing"]) else dice.pick(("XXXX", "nopostcode", ""))
            )
            uprn = place.uprn if not dice.chance(rates["uprn_missing"]) else ""
            yield [
                number,
                record.record_id,
                _TYPES[home.kind],
                place.flat,
                place.building,
                place.number,
                _street(place, dice),
                place.town,
                postcode,
                uprn,
                stamp(home.start),
                stamp(home.end),
            ]


def _street(place: Dwelling, dice: Dice) -> str:
    """The street as typed: a third are shortened (Rd, St)."""
    stem, _, last = place.street.rpartition(" ")
    return f"{stem} {_SHORT[last]}" if last in _SHORT and dice.chance(0.3) else place.street
