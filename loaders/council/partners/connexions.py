"""The careers and youth support service's extract: some young people, their advisers, and what they do."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person
from loaders.council.partner import Extract, Partner
from loaders.council.plain_rows import home_line
from loaders.council.population import Council
from loaders.council.records import Record, plain_record
from loaders.council.tables import Row, iso, write_some

CLIENTS = "client_id forename surname dob sex upn uln address_line postcode uprn"
ADVISERS = """
    intervention_id client_id kind start end end_reason adviser adviser_team adviser_phone adviser_email
"""
DESTINATIONS = "client_id activity start end"
_ADVISERS = tuple(
    (name, team, f"01632 9607{at:02d}", f"{name.lower().replace(' ', '.')}@careers.example")
    for at, (name, team) in enumerate(
        (("Petra Holt", "Youth Support North"), ("Sam Ingham", "Youth Support South"), ("Dev Patel", "Careers Team"))
    )
)


def _holds(council: Council, dice: Dice) -> Iterable[Person]:
    """A share of those from 13 to 18."""
    share = council.settings.sources["connexions"]["aged_13_to_18"]
    for person in council.people:
        if 13 <= person.age(council.today) <= 18 and not (person.died or person.superseded) and dice.chance(share):
            yield person


def _write(folder: Path, extract: Extract) -> list[Record]:
    rows = [_client(record, extract.dice) for record in extract.records]
    extra = with_bad_rows(extract.dice, extract.council.settings.errors["malformed"], rows, (), 3)
    write_some(folder / "clients.csv", CLIENTS, rows)
    write_some(folder / "advisers.csv", ADVISERS, list(_advisers(extract)))
    write_some(folder / "destinations.csv", DESTINATIONS, list(_destinations(extract)))
    return [plain_record("connexions", bad, extract.records[at].person, extract.today) for at, bad in extra]


def _client(record: Record, dice: Dice) -> list[object]:
    return [
        record.record_id, record.forename, record.surname, iso(record.born), record.sex, record.upn, record.learner,
        *home_line(record, dice, uprn_missing=0.6),
    ]  # fmt: skip


def _advisers(extract: Extract) -> Iterator[Row]:
    number, dice, today = 40_000, extract.dice, extract.today
    for record in extract.registry.first.values():
        number += 1
        adviser = dice.pick(_ADVISERS)
        start = today - timedelta(days=dice.whole(10, 500))
        end = start + timedelta(days=dice.whole(5, 300)) if dice.chance(0.5) else None
        closed = end is not None and end <= today
        kind = "PA" if record.person.case else dice.pick(("CAREERS", "CAREERS", "YOUTH"))
        why = "Needs met" if closed else ""
        yield [number, record.record_id, kind, iso(start), iso(end) if closed else "", why, *adviser]


def _destinations(extract: Extract) -> Iterator[Row]:
    """What the truth says of who is not in education; school or college for the others of 16 and more."""
    for record in extract.registry.first.values():
        out = [one for one in record.person.happenings if one.kind == "not in education"]
        for happening in out:
            yield [record.record_id, "610", iso(happening.on), iso(happening.until)]
        if not out and record.person.age(extract.today) >= 16:
            activity = "210" if record.person.school else extract.dice.pick(("220", "230", "310"))
            began = extract.today.replace(day=1) - timedelta(days=extract.dice.whole(30, 90))
            yield [record.record_id, activity, iso(began), ""]


PARTNER = Partner("connexions", 4_000_000, _holds, _write)
