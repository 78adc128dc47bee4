"""The Home Office's extract: a few families with an immigration case, one applicant and who depends on them."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.links import both_ways, word
from loaders.council.model import Person
from loaders.council.partner import Extract, Partner
from loaders.council.plain_rows import home_line
from loaders.council.population import Council
from loaders.council.records import Record
from loaders.council.tables import Row, flag, named, write_some

PEOPLE = "ho_ref forename surname dob sex dob_estimated address_line postcode uprn"
DEPENDANTS = "main_ref dependant_ref relationship"
CASES = "case_ref ho_ref case_type start end team contact"
_TYPES = ("S95", "S95", "NRPF", "LTR", "ASYLUM", "RESETTLEMENT")
_TEAMS = ("Asylum Support North", "No Recourse Team", "Resettlement Team")
_WORKERS = ("Casey Marlow", "Ola Brandt", "")
_BORN_HERE = ("british", "irish")


def _holds(council: Council, dice: Dice) -> Iterable[Person]:
    """Households of people from abroad: the rate is of all households, and at least one in a council of any size."""
    share = council.settings.sources["home_office"]["families"]
    homes = [home for home in council.households if home.members and home.members[0].origin not in _BORN_HERE]
    likely = share * len(council.households) / max(1, len(homes))
    chosen = [home for home in homes if dice.chance(likely)] or homes[:1]
    for home in chosen:
        yield from (one for one in home.members if not (one.unborn or one.died or one.superseded or one.adopted))


def _write(folder: Path, extract: Extract) -> list[Record]:
    kin = both_ways(extract.links())
    households: dict[int, list[Record]] = {}
    for record in extract.registry.first.values():
        households.setdefault(id(record.person.household), []).append(record)
    write_some(folder / "people.csv", PEOPLE, [_person(record, extract.dice) for record in extract.records])
    write_some(folder / "dependants.csv", DEPENDANTS, list(_dependants(households, kin)))
    write_some(folder / "cases.csv", CASES, list(_cases(households, extract)))
    return []


def _person(record: Record, dice: Dice) -> Row:
    where = home_line(record, dice, uprn_missing=0.2)
    estimated = bool(record.born and (record.born.month, record.born.day) == (1, 1))
    return [
        record.record_id, record.forename, record.surname, named(record.born, " "), record.sex, flag(estimated), *where,
    ]  # fmt: skip


def _applicant(records: list[Record]) -> Record:
    """The eldest."""
    return min(records, key=lambda record: (record.person.born, record.person.key))


def _dependants(households: dict[int, list[Record]], kin: dict[tuple[int, int], str]) -> Iterator[Row]:
    for records in households.values():
        main = _applicant(records)
        for record in records:
            if record is not main:
                code = kin.get((record.person.key, main.person.key))
                yield [main.record_id, record.record_id, word(code, record.sex) if code else ""]


def _cases(households: dict[int, list[Record]], extract: Extract) -> Iterator[Row]:
    number, dice, today = 90_000, extract.dice, extract.today
    for records in households.values():
        number += 1
        start = today - timedelta(days=dice.whole(30, 1200))
        end = start + timedelta(days=dice.whole(60, 700)) if dice.chance(0.4) else None
        closed = named(end, " ") if end and end <= today else ""
        main = _applicant(records)
        yield [
            number, main.record_id, dice.pick(_TYPES), named(start, " "), closed, dice.pick(_TEAMS),
            dice.pick(_WORKERS),
        ]  # fmt: skip


PARTNER = Partner("home_office", 8_000_000, _holds, _write)
