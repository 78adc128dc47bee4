"""nDelius: some of those convicted, their managers as the interface nests them, and who may not see whom."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.identifiers import telephone
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person
from loaders.council.partner import Extract, Partner, in_life
from loaders.council.partners.police import police_id
from loaders.council.plain_rows import home_line
from loaders.council.population import Council
from loaders.council.records import Record, plain_record
from loaders.council.tables import Row, iso, write_some

OFFENDERS = """
    offenderId crn pncNumber nomsNumber title firstName middleNames surname previousSurname preferredName dateOfBirth
    gender offenderAliases offenderManagers softDeleted currentDisposal partitionArea currentRestriction
    restrictionMessage currentExclusion exclusionMessage currentTier address_line postcode uprn
"""
_TEAMS = ("Oldmere Probation Team", "Marple Probation Team", "Bredbury Probation Team")
_AREA = "Example Probation"
_GENDERS = {"M": "Male", "F": "Female"}
_FIRST_PHONE = 30_000


def supervised(council: Council) -> list[Person]:
    """Adults whom probation has supervised: a share of those convicted, the same whoever asks."""
    dice, share = council.dice("probation/supervised"), council.settings.sources["probation"]["of_offenders"]
    found = []
    for person in council.people:
        convicted = any(one.kind == "offence" and one.detail.endswith("Convict") for one in person.happenings)
        if convicted and in_life(person) and not person.died and dice.chance(share):
            found.append(person)
    return found


def crn(record: Record) -> str:
    """The case reference number of a record of probation."""
    return f"X{int(record.record_id) % 1_000_000:06d}"


def _holds(council: Council, dice: Dice) -> Iterable[Person]:
    return supervised(council)


def _write(folder: Path, extract: Extract) -> list[Record]:
    dice, rate = extract.dice, extract.council.settings.errors["malformed"]
    share = extract.rates["exclusion"]
    excluded = {record.record_id: in_life(record.person) and dice.chance(share) for record in extract.records}
    officers = list(_officers(extract))
    rows = [_offender(record, excluded[record.record_id], dice.pick(officers), extract) for record in extract.records]
    extra = with_bad_rows(dice, rate, rows, (5, 7), 10)
    write_some(folder / "offenders.csv", OFFENDERS, rows)
    write_some(folder / "exclusions.csv", "crn user until", list(_exclusions(extract, excluded)))
    return [plain_record("probation", bad, extract.records[at].person, extract.today) for at, bad in extra]


def _officers(extract: Extract) -> Iterator[dict[str, str]]:
    names, dice = extract.council.names, extract.dice
    for number in range(2 + extract.council.wanted // 10_000):
        sex, origin = dice.pick("FM"), "british"
        forename = names.forename(dice, origin, sex, date(1980, 6, 1))
        surname = names.surname(dice, origin, sex)
        email = f"{forename}.{surname}@probation.example".lower().replace(" ", "-").replace("'", "")
        phone = telephone(_FIRST_PHONE + number)
        yield {"forenames": forename, "surname": surname, "email": email, "phoneNumber": phone}


def _offender(record: Record, excluded: bool, officer: dict[str, str], extract: Extract) -> list[object]:
    dice, person = extract.dice, record.person
    current = not in_life(person) or dice.chance(extract.rates["current"])
    aliases = [dict(zip(("firstName", "surname"), name.rsplit(" ", 1), strict=False)) for _, name in record.others]
    former = person.birth_surname if person.birth_surname != record.surname and dice.chance(0.5) else ""
    return [
        record.record_id, crn(record), police_id(person), "", {"M": "Mr", "F": "Ms"}[person.sex], record.forename,
        json.dumps(record.middle.split()) if record.middle else "", record.surname, former, record.known_as,
        iso(record.born), _GENDERS[person.sex], json.dumps(aliases) if aliases else "",
        json.dumps(_managers(person, officer, current, extract)), _said(bool(record.duplicate_of)), int(current),
        "National Data", "false", "", _said(excluded), "You are excluded from viewing this record" if excluded else "",
        "", *home_line(record, dice, uprn_missing=0.7, postcode_missing=0.03),
    ]  # fmt: skip


def _said(value: bool) -> str:
    return "true" if value else "false"


def _managers(person: Person, officer: dict[str, str], current: bool, extract: Extract) -> list[dict[str, object]]:
    """One manager since a conviction, still there while there is a sentence."""
    convicted = [one.on for one in person.happenings if one.kind == "offence" and one.detail.endswith("Convict")]
    start = max(convicted, default=extract.today - timedelta(days=200))
    end = None if current else min(start + timedelta(days=extract.dice.whole(90, 700)), extract.today)
    return [
        {
            "fromDate": iso(start),
            **({"toDate": iso(end)} if end else {}),
            "staff": {**officer, "unallocated": False},
            "team": {"description": _TEAMS[person.key % len(_TEAMS)], "telephone": officer["phoneNumber"]},
            "probationArea": {"description": _AREA},
            "active": current,
        }
    ]


def _exclusions(extract: Extract, excluded: dict[str, bool]) -> Iterator[Row]:
    """Council workers who may not see somebody: never the two whose caseloads every council shows."""
    workers = extract.council.workforce.case_workers[2:] if extract.council.workforce else []
    for record in extract.records:
        if excluded[record.record_id] and workers and extract.dice.chance(extract.rates["exclusion_listed"]):
            until = extract.today + timedelta(days=extract.dice.whole(30, 700)) if extract.dice.chance(0.4) else None
            yield [crn(record), extract.dice.pick(workers).key, iso(until)]


PARTNER = Partner("probation", 6_000_000, _holds, _write)
