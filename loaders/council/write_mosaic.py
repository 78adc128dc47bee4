"""Mosaic's extract. PERSON_ID carries the left label of a type: "Mother : Son" means that person is the mother."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph.vocabulary import inverse
from loaders.council.dice import Dice
from loaders.council.links import Link, words
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Dwelling, Spell, Worker
from loaders.council.records import Record, Registry
from loaders.council.services import CASE
from loaders.council.settings import CouncilSettings
from loaders.council.tables import Row, flag, iso, write_table
from loaders.council.write_mosaic_care import write_mosaic_care

PERSONS = """
    PERSON_ID FULL_NAME TITLE FIRST_NAME MIDDLE_NAMES LAST_NAME KNOWN_AS DATE_OF_BIRTH DOB_ESTIMATED
    DATE_OF_DEATH GENDER NHS_ID UPN_ID FORMER_UPN_ID RESTRICTED CONTEXT_FLAG UNBORN DUPLICATE_OF UPDATED_ON
"""
RELATIONSHIPS = """
    PERSONAL_RELATIONSHIP_ID PERSON_ID OTHER_PERSON_ID PERSONAL_REL_TYPE_ID IS_MOTHER START_DATE END_DATE
    IS_INFORMAL_CARER PARENTAL_RESPONSIBILITY IS_MAIN_CARER LIVES_WITH UPDATED_ON
"""
ADDRESSES = "ADDRESS_ID ADDRESS FLAT_NUMBER BUILDING STREET_NUMBER STREET TOWN POST_CODE UPRN"
ADDRESSES_PEOPLE = (
    "ADDRESS_PEOPLE_ID PERSON_ID ADDRESS_ID ADDRESS_TYPE START_DATE END_DATE MAIN PLACEMENT HIDDEN UPDATED_ON"
)
INVOLVEMENTS = (
    "PROF_RELATIONSHIP_ID PERSON_ID WORKER_ID PROF_REL_TYPE_CODE START_DATE END_DATE END_DATE_REASON UPDATED_ON"
)
_TYPES = {"home": "Home", "placement": "Placement", "other_parent": "Other parent", "temporary": "Temporary"}
_PARENT_WORDS, _CHILD_WORDS = ("PARENT", "PARENT_OF_UNBORN"), ("CHILD", "UNBORN_CHILD")
_SIBLINGS = (
    "SIBLING",
    "HALF_SIBLING",
    "STEP_SIBLING",
    "TWIN",
    "ADOPTIVE_SIBLING",
    "SIBLING_OF_UNBORN",
    "UNBORN_SIBLING",
)


@dataclass(slots=True)
class MosaicExtract:
    """What goes into the extract. `reverse` writes every relationship the wrong way round, for tests of loaders."""

    registry: Registry
    links: list[Link]
    workers: list[Worker]
    llids: dict[int, str]
    settings: CouncilSettings
    dice: Dice
    today: date
    reverse: bool = False


def write_mosaic(folder: Path, extract: MosaicExtract) -> list[Record]:
    """Writes every file; returns the extra records of people that malformed rows made."""
    rate, dice = extract.settings.errors["malformed"], extract.dice
    records = extract.registry.records
    rows = [_person(record, extract.today) for record in records]
    extra = with_bad_rows(dice, rate, rows, (3, 5), 7)
    write_table(folder / "dm_persons.csv", PERSONS, rows)
    write_table(
        folder / "dm_person_references.csv",
        "REFERENCE_ID PERSON_ID REFERENCE_TYPE_CODE REFERENCE",
        _references(extract),
    )
    _write_relationships(folder, extract)
    _write_addresses(folder, extract)
    workers = ([w.key, w.name, w.role, w.team, w.organisation, w.phone, w.email] for w in extract.workers)
    write_table(folder / "dm_workers.csv", "WORKER_ID FULL_NAME ROLE TEAM ORGANISATION TELEPHONE EMAIL", workers)
    spells = list(_involvements(extract))
    with_bad_rows(dice, rate, spells, (), 4, 1)
    write_table(folder / "dm_prof_relationships.csv", INVOLVEMENTS, spells)
    first = list(extract.registry.first.values())
    write_mosaic_care(folder, first, extract.workers, extract.settings.errors, dice)
    return [Record("mosaic", bad, records[at].person, "", "", "", "", "", None, extract.today) for at, bad in extra]


def _person(record: Record, today: date) -> list[object]:
    person = record.person
    born = "" if person.unborn else iso(record.born)
    adult = person.age(today) >= 18
    title = {"M": "Mr", "F": "Mrs" if person.married else "Ms"}.get(record.sex, "") if adult else ""
    full = " ".join(part for part in (record.forename, record.middle, record.surname) if part)
    context = "A" if adult else "C"
    return [
        record.record_id,
        full,
        title,
        record.forename,
        record.middle,
        record.surname,
        record.known_as,
        born,
        flag(record.estimated),
        iso(person.died),
        record.sex,
        record.nhs,
        record.upn,
        record.former_upn,
        flag("RESTRICTED" in record.restricted),
        context,
        flag(person.unborn),
        record.duplicate_of,
        iso(record.updated),
    ]


def _references(extract: MosaicExtract) -> Iterator[Row]:
    number = 800_000
    for record in extract.registry.records:
        found = [("NHS", record.nhs), ("UPN", record.upn), ("FORMER_UPN", record.former_upn)]
        kept = [pair for pair in found if pair[1] and extract.dice.chance(0.5)]
        llid = extract.llids.get(record.person.key, "")
        if llid and not record.duplicate_of and extract.dice.chance(extract.settings.errors["llid_in_mosaic"]):
            kept.append(("LLID", llid))
        for kind, value in [*kept, *record.others]:
            number += 1
            yield [number, record.record_id, kind, value]


def label(link: Link) -> str:
    """The description of the relationship type, as Mosaic words it for the sexes on record."""
    side = {"F": 0, "M": 1}
    left = words()[link.code][side.get(link.left.sex, 2)]
    return f"{left} : {words()[inverse(link.code)][side.get(link.right.sex, 2)]}"


def _category(code: str) -> str:
    if code in _SIBLINGS:
        return "Child's Siblings"
    return (
        "Child's Parents"
        if code in _PARENT_WORDS
        else "Child's Children"
        if code in _CHILD_WORDS
        else "Other Family Relationships"
    )


def _write_relationships(folder: Path, extract: MosaicExtract) -> None:
    labelled = [(label(link), link) for link in extract.links]
    types = {
        text: (at, _category(code))
        for at, (text, code) in enumerate(sorted({(text, k.code) for text, k in labelled}), 1)
    }
    write_table(
        folder / "dm_personal_rel_types.csv",
        "PERSONAL_REL_TYPE_ID DESCRIPTION FAMILY_CATEGORY",
        ([at, text, category] for text, (at, category) in types.items()),
    )
    rows = [
        _relationship(number, link, types[text][0], extract) for number, (text, link) in enumerate(labelled, 600_001)
    ]
    with_bad_rows(extract.dice, extract.settings.errors["malformed"], rows, (), 5, 2)
    write_table(folder / "dm_personal_relationships.csv", RELATIONSHIPS, rows)


def _relationship(number: int, link: Link, kind: int, extract: MosaicExtract) -> list[object]:
    left, right = (link.right, link.left) if extract.reverse else (link.left, link.right)
    one, other = link.left.person, link.right.person
    together = one.household is other.household and one.household is not None and not one.died and not other.died
    mother = link.code in _PARENT_WORDS and link.left.sex == "F"
    carer = link.code in ("SPOUSE", "CHILD") and one.age(extract.today) >= 8 and extract.dice.chance(0.02)
    updated = max(link.left.updated, link.right.updated)
    main = flag(mother and together) if link.code in _PARENT_WORDS else ""
    return [
        number,
        left.record_id,
        right.record_id,
        kind,
        flag(mother),
        iso(link.start),
        iso(link.end),
        flag(carer),
        link.responsibility,
        main,
        flag(together),
        iso(updated),
    ]


def one_line(dwelling: Dwelling) -> str:
    """The address as one line, without its postcode."""
    parts = (dwelling.flat, dwelling.building, f"{dwelling.number} {dwelling.street}", dwelling.town)
    return ", ".join(part for part in parts if part)


def _write_addresses(folder: Path, extract: MosaicExtract) -> None:
    rates, dice = extract.settings.errors, extract.dice
    used: dict[int, Dwelling] = {}
    rows: list[list[object]] = []
    for record in extract.registry.records:
        for home in record.homes:
            used.setdefault(home.dwelling.key, home.dwelling)
            rows.append(
                [
                    700_001 + len(rows),
                    record.record_id,
                    500_000 + home.dwelling.key,
                    _TYPES[home.kind],
                    iso(home.start),
                    iso(home.end),
                    flag(home.end is None and home.kind != "other_parent"),
                    flag(home.kind == "placement"),
                    flag(home.hidden),
                    iso(record.updated),
                ]
            )
    with_bad_rows(dice, rates["malformed"], rows, (), 4, 1)
    write_table(folder / "addresses_people.csv", ADDRESSES_PEOPLE, rows)
    write_table(
        folder / "dm_addresses.csv",
        ADDRESSES,
        _addresses(used.values(), rates["postcode_missing"], rates["uprn_missing"], dice),
    )


def _addresses(dwellings: Iterable[Dwelling], no_postcode: float, no_uprn: float, dice: Dice) -> Iterator[Row]:
    for place in dwellings:
        story = (place.town, place.street) in (
            ("Romiley", "Overdale Road"),
            ("Marple", "Quarry Bank"),
            ("Bredbury", "Tanner Street"),
        )
        postcode = place.postcode if story or not dice.chance(no_postcode) else dice.pick(("XXXX", ""))
        uprn = place.uprn if not dice.chance(no_uprn) else ""
        yield [
            500_000 + place.key,
            one_line(place),
            place.flat.removeprefix("Flat "),
            place.building,
            place.number,
            place.street,
            place.town,
            postcode,
            uprn,
        ]


def _involvements(extract: MosaicExtract) -> Iterator[list[object]]:
    number = 900_000
    for record in extract.registry.first.values():
        for spell in record.person.spells:
            if must_hold(spell) or extract.dice.chance(0.93):
                number += 1
                updated = spell.end or max(spell.start, record.updated)
                yield [
                    number,
                    record.record_id,
                    spell.worker.key,
                    spell.kind,
                    iso(spell.start),
                    iso(spell.end),
                    spell.reason,
                    iso(updated),
                ]


def must_hold(spell: Spell) -> bool:
    """Open cases are in every system that knows the child: they make the caseloads."""
    return spell.kind == CASE and spell.end is None
