"""The NHS extract: demographics of all children and some adults, their contacts, and who is involved for health.

The demographics service is the register of NHS numbers: one it holds is right. A child who was adopted has a number of
the new life; the record of the life before is closed and in no extract.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.links import word
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person, Residence
from loaders.council.partner import Extract, Partner
from loaders.council.population import Council
from loaders.council.records import Record, plain_record
from loaders.council.relations import parent_code
from loaders.council.services import HEALTH_VISITOR, service_table
from loaders.council.tables import Row, iso, write_some
from loaders.council.write_mosaic import one_line

PATIENTS = """
    patient_id nhs_number given_name other_given_names family_name preferred_name previous_names date_of_birth
    birth_order date_of_death death_notification_status gender main_address main_postcode main_uprn main_from
    temporary_address temporary_postcode temporary_from gp_practice_code gp_practice_name gp_registered_on s_flag
    updated_on
"""
CONTACTS = """
    related_person_id nhs_number relationship related_nhs_number related_given_name related_family_name start end
"""
INVOLVEMENT = "nhs_number service practice_or_team start end contact"
_KNOWN_TO_PDS = frozenset({"PARENT", "ADOPTIVE_PARENT", "SPECIAL_GUARDIAN", "SPOUSE", "PARTNER", "CIVIL_PARTNER"})
_SERVICES = {HEALTH_VISITOR: "Health visitor", "REL.GP": "GP"}
_GP = "REL.GP"


def _holds(council: Council, dice: Dice) -> Iterable[Person]:
    """Everybody under 18 and a share of the adults; nobody unborn, and no life before an adoption."""
    share = council.settings.sources["nhs"]["adults"]
    for person in council.people:
        if person.unborn or person.superseded:
            continue
        if person.age(council.today) < 18 or dice.chance(share):
            yield person


def _write(folder: Path, extract: Extract) -> list[Record]:
    for record in extract.records:
        record.nhs = record.person.nhs if record.nhs else ""
    practices = _Practices(extract.dice)
    rows = [_patient(record, practices, extract.dice) for record in extract.records]
    extra = with_bad_rows(extract.dice, extract.council.settings.errors["malformed"], rows, (), 7)
    write_some(folder / "pds_demographics.csv", PATIENTS, rows)
    stubs: dict[str, Record] = {}
    write_some(folder / "related_persons.csv", CONTACTS, list(_contacts(extract, stubs)))
    write_some(folder / "health_involvement.csv", INVOLVEMENT, list(_involvement(extract)))
    bad = [plain_record("nhs", new_id, extract.records[at].person, extract.today) for at, new_id in extra]
    return bad + list(stubs.values())


class _Practices:
    """A practice for every household: the one a member's spell names, else one drawn."""

    def __init__(self, dice: Dice) -> None:
        names: list[str] = next(service["teams"] for service in service_table() if service["mosaic"] == _GP)
        self._dice, self._names = dice, names
        self._given: dict[int, str] = {}

    def of(self, person: Person) -> tuple[str, str]:
        """(code, name). Codes begin with ZZ, which no practice has."""
        spell = next((one for one in person.spells if one.kind == _GP and one.end is None), None)
        key = id(person.household)
        name = spell.worker.team if spell else self._given.get(key) or self._dice.pick(self._names)
        self._given.setdefault(key, name)
        return f"ZZ{self._names.index(name) + 1:04d}", name


def _patient(record: Record, practices: _Practices, dice: Dice) -> list[object]:
    person = record.person
    restricted = bool(record.restricted) and dice.chance(0.6)
    code, practice = practices.of(person)
    main, temporary = _current(record.homes, ("home", "placement")), _current(record.homes, ("temporary",))
    order = ("1" if person.key < person.twin.key else "2") if person.twin else ""
    since = max(person.born, main.start) if main else None
    return [
        record.record_id,
        record.nhs,
        record.forename,
        record.middle,
        record.surname,
        record.known_as,
        "; ".join(name for _, name in record.others),
        iso(record.born),
        order,
        iso(person.died),
        "2" if person.died else "",
        {"M": "1", "F": "2"}.get(record.sex, "0"),
        *(["", "", "", ""] if restricted else _place(main, with_uprn=dice.chance(0.9))),
        *(
            ["", "", ""]
            if restricted
            else [*_place(temporary, with_uprn=False)[:2], iso(temporary.start if temporary else None)]
        ),
        "" if restricted else code,
        "" if restricted else practice,
        "" if restricted else iso(since),
        "R" if restricted else "U",
        iso(record.updated),
    ]


def _current(homes: list[Residence], kinds: tuple[str, ...]) -> Residence | None:
    return next((home for home in reversed(homes) if home.end is None and home.kind in kinds), None)


def _place(home: Residence | None, *, with_uprn: bool) -> list[str]:
    if home is None:
        return ["", "", "", ""]
    place = home.dwelling
    return [one_line(place), place.postcode, place.uprn if with_uprn else "", iso(home.start)]


def _contacts(extract: Extract, stubs: dict[str, Record]) -> Iterator[Row]:
    """Parents and partners as contacts: recorded links first, then mothers whom the extract does not list."""
    number, dice = 500_000, extract.dice
    for link in extract.links():
        left, right = link.left, link.right
        if link.code in _KNOWN_TO_PDS and left.nhs and right.nhs and dice.chance(0.6):
            number += 1
            said = word(link.code, left.sex)
            yield [number, right.nhs, said, left.nhs, "", "", iso(link.start), iso(link.end)]
    for record in extract.registry.first.values():
        mother = record.person.mother
        if mother is None or mother.key in extract.registry.first or not record.nhs or not dice.chance(0.5):
            continue
        if record.person.age(extract.today) >= 18 or "nhs" in record.person.unlinked_in:
            continue
        number += 1
        known = mother.nhs if dice.chance(0.9) else ""
        stub_id = f"nhs-{known}" if known else f"contact-{number}"
        stubs.setdefault(stub_id, plain_record("nhs", stub_id, mother, extract.today))
        said = word(parent_code(record.person), "F")
        yield [number, record.nhs, said, known, mother.forename, mother.surname, "", ""]


def _involvement(extract: Extract) -> Iterator[Row]:
    dice, today = extract.dice, extract.today
    for record in extract.registry.first.values():
        person = record.person
        for spell in person.spells:
            if spell.kind in _SERVICES and record.nhs and dice.chance(0.9):
                name = spell.worker.name if dice.chance(0.8) else spell.worker.phone
                yield [record.nhs, _SERVICES[spell.kind], spell.worker.team, iso(spell.start), iso(spell.end), name]
        if person.school and person.case == "open" and record.nhs and dice.chance(0.3):
            began = max(person.born, today.replace(month=9, day=1, year=today.year - 1))
            yield [record.nhs, "School nurse", "School Nursing Service", iso(began), "", ""]
        if record.nhs and any(child.unborn for child in person.children if child.mother is person):
            yield [record.nhs, "Midwifery", "Community Midwives", "", "", "midwives@maternity.example"]


PARTNER = Partner("nhs", 1_000_000, _holds, _write)
