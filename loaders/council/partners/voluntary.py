"""The voluntary sector's lists: families who are helped, most of whom agreed to its being told."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person
from loaders.council.partner import Extract, Partner, in_life
from loaders.council.plain_rows import home_line
from loaders.council.population import Council
from loaders.council.records import Record, plain_record
from loaders.council.tables import Row, flag, uk, write_some

PEOPLE = "person_ref forename surname dob sex address_line postcode uprn consent"
INVOLVEMENTS = "person_ref organisation service start end contact consent"
_CHARITIES = (
    ("Oldmere Family Friends", "Family support"), ("Romiley Home Visitors", "Home visiting"),
    ("Marple Youth Trust", "Youth club"), ("Bredbury Young Carers", "Young carers"), ("Oldmere Pantry", "Food bank"),
    ("Romiley Advice", "Debt advice"), ("Haven Support", "Domestic abuse"), ("New Leaf", "Drugs and alcohol"),
    ("Marple Talking Rooms", "Counselling"),
)  # fmt: skip
_WORKERS = ("Wilma Marsh", "Greta Holt", "Joan Pickford", "Amir Shah", "Peter Lomas", "Ruth Dale")


def _holds(council: Council, dice: Dice) -> Iterable[Person]:
    """Some households with children, everybody in them who is born and alive."""
    share = council.settings.sources["voluntary"]["families"]
    for home in council.households:
        if any(0 <= one.age(council.today) < 18 for one in home.members) and dice.chance(share):
            yield from (one for one in home.members if not (one.unborn or one.died or one.superseded))


def _write(folder: Path, extract: Extract) -> list[Record]:
    dice = extract.dice
    agreed = {record.record_id: not in_life(record.person) or dice.chance(0.9) for record in extract.records}
    rows = [_person(record, agreed[record.record_id], dice) for record in extract.records]
    extra = with_bad_rows(dice, extract.council.settings.errors["malformed"], rows, (), 3)
    write_some(folder / "people.csv", PEOPLE, rows)
    write_some(folder / "vcs_involvements.csv", INVOLVEMENTS, list(_help(extract, agreed)))
    return [plain_record("voluntary", bad, extract.records[at].person, extract.today) for at, bad in extra]


def _person(record: Record, agreed: bool, dice: Dice) -> list[object]:
    where = home_line(record, dice, uprn_missing=1.0)
    return [
        record.record_id, record.forename, record.surname, uk(record.born), record.sex, *where, flag(agreed),
    ]  # fmt: skip


def _help(extract: Extract, agreed: dict[str, bool]) -> Iterator[Row]:
    dice, today = extract.dice, extract.today
    for record in extract.registry.first.values():
        for _ in range(dice.whole(1, 2)):
            charity, service = dice.pick(_CHARITIES[:5] if record.person.age(today) < 12 else _CHARITIES)
            days = min(dice.whole(20, 900), (today - record.person.born).days)
            start = today - timedelta(days=days)
            end = start + timedelta(days=dice.whole(10, 400)) if dice.chance(0.5) else None
            worker = dice.pick(_WORKERS) if dice.chance(0.7) else ""
            consent = agreed[record.record_id] and (not in_life(record.person) or dice.chance(0.97))
            ended = uk(end) if end and end <= today else ""
            yield [record.record_id, charity, service, uk(start), ended, worker, flag(consent)]


PARTNER = Partner("voluntary", 3_000_000, _holds, _write)
