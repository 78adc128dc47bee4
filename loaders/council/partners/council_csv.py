"""A list that a council keeps of some families, in the neutral layout: a family hub's, with contacts by name."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from graph.vocabulary import inverse
from loaders.council.dice import Dice
from loaders.council.links import Link, word
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person
from loaders.council.partner import Extract, Partner
from loaders.council.plain_rows import home_line
from loaders.council.population import Council
from loaders.council.records import Record, plain_record
from loaders.council.tables import Row, flag, iso, write_some

PEOPLE = """
    person_id forename middle_names surname known_as alias_names dob dob_estimated sex address_line postcode uprn
    is_client date_of_death adopted restricted duplicate_of updated_on
"""
RELATIONSHIPS = """
    relationship_id person_id related_person_id relationship_code relationship_label direction start_date end_date
    parental_responsibility is_main_carer is_informal_carer is_restricted recorded_at deleted_at
"""
INVOLVEMENTS = """
    involvement_id person_id service start_date end_date end_reason team organisation worker_id worker_name worker_role
    worker_phone worker_email lead_professional updated_on
"""
CONTACTS = """
    contact_id person_id contact_person_id forename surname relationship is_emergency_contact is_next_of_kin
"""
_RESTRICTED_LINKS = frozenset({"NO_CONTACT_ORDER"})


def _holds(council: Council, dice: Dice) -> Iterable[Person]:
    """Some households with a child under ten, everybody in them who is born; nobody of a life before an adoption."""
    share = council.settings.sources["council_csv"]["families"]
    for home in council.households:
        if any(0 <= one.age(council.today) < 10 for one in home.members) and dice.chance(share):
            yield from (one for one in home.members if not (one.unborn or one.superseded))


def _write(folder: Path, extract: Extract) -> list[Record]:
    rate = extract.council.settings.errors["malformed"]
    rows = [_person(record, extract) for record in extract.records]
    extra = with_bad_rows(extract.dice, rate, rows, (), 6)
    write_some(folder / "people.csv", PEOPLE, rows)
    links = list(_relationships(extract))
    with_bad_rows(extract.dice, rate, links, (), 6, 1)
    write_some(folder / "relationships.csv", RELATIONSHIPS, links)
    write_some(folder / "involvements.csv", INVOLVEMENTS, list(_involvements(extract)))
    stubs: list[Record] = []
    write_some(folder / "contacts.csv", CONTACTS, list(_contacts(extract, stubs)))
    return stubs + [plain_record("council_csv", bad, extract.records[at].person, extract.today) for at, bad in extra]


def _person(record: Record, extract: Extract) -> list[object]:
    person = record.person
    where = home_line(record, extract.dice, uprn_missing=0.5)
    child = person.age(extract.today) < 18
    return [
        record.record_id, record.forename, record.middle, record.surname, record.known_as,
        "; ".join(name for _, name in record.others), iso(record.born), flag(record.estimated), record.sex, *where,
        flag(child), iso(person.died), flag(person.adopted), "N", record.duplicate_of, iso(record.updated),
    ]  # fmt: skip


def _relationships(extract: Extract) -> Iterator[list[object]]:
    """Half of the rows say what the first person is, half what the second is; a few are deleted."""
    dice = extract.dice
    for number, link in enumerate(extract.links(), 70_001):
        first, second = link.left, link.right
        forwards = dice.chance(0.5)
        if not forwards:
            first, second = second, first
        recorded = max(first.updated, second.updated)
        deleted = iso(recorded + timedelta(days=1)) if dice.chance(0.01) else ""
        label, code = _label(link), f"REL{sum(map(ord, link.code)) % 97:02d}"
        yield [
            number, first.record_id, second.record_id, code, label,
            "FIRST_IS_LABEL_OF_SECOND" if forwards else "SECOND_IS_LABEL_OF_FIRST", iso(link.start), iso(link.end),
            link.responsibility, "", "", flag(link.code in _RESTRICTED_LINKS), iso(recorded), deleted,
        ]  # fmt: skip


def _label(link: Link) -> str:
    """The word for the left person; a label for both ends where the word alone would say less."""
    said = word(link.code, link.left.sex)
    if link.code in ("PARENT_OF_UNBORN", "UNBORN_CHILD"):
        return f"{said} : {word(inverse(link.code), '')}"
    return said or link.code.replace("_", " ").capitalize()


def _involvements(extract: Extract) -> Iterator[Row]:
    number, dice, today = 80_000, extract.dice, extract.today
    for record in extract.registry.first.values():
        if record.person.age(today) >= 10:
            continue
        number += 1
        start = max(record.person.born, today - timedelta(days=dice.whole(20, 900)))
        end = start + timedelta(days=dice.whole(30, 400)) if dice.chance(0.4) else None
        closed = end is not None and end <= today
        worker = dice.pick((("W1", "Hetty Crane"), ("W2", "Idris Vale")))
        yield [
            number, record.record_id, "Family hub", iso(start), iso(end) if closed else "", "Ended" if closed else "",
            "Oldmere Family Hub", "", *worker, "Family hub worker", "01632 960811",
            f"{worker[1].lower().replace(' ', '.')}@hub.example", "N", iso(record.updated),
        ]  # fmt: skip


def _contacts(extract: Extract, stubs: list[Record]) -> Iterator[Row]:
    """A grandmother for some children: by her record where the list has one, else by name alone."""
    number = 90_000
    for record in extract.registry.first.values():
        mother = record.person.mother
        gran = mother.mother if mother else None
        if gran is None or gran.died or record.person.age(extract.today) >= 10 or not extract.dice.chance(0.4):
            continue
        number += 1
        listed = extract.registry.first.get(gran.key)
        names = ["", ""] if listed else [gran.forename, gran.surname]
        if not listed:
            stubs.append(plain_record("council_csv", f"contact-{number}", gran, extract.today))
        yield [number, record.record_id, listed.record_id if listed else "", *names, "Grandmother", "Y", "N"]


PARTNER = Partner("council_csv", 9_000_000, _holds, _write)
