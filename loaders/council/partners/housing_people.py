"""The people's file of the NEC Housing extract, with the mistakes such files are known for.

Births missing, children who moved in before they were born, spells that outlive their tenancy, days still to come,
codes that are no words.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.links import word
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Residence, Worker
from loaders.council.partner import Extract, in_life
from loaders.council.records import Record, plain_record
from loaders.council.tables import flag, named, write_some

PEOPLE = """
    lpar_per_alt_ref lpar_per_surname lpar_per_forename lpar_per_other_name lpar_per_date_of_birth
    lpar_per_frv_fge_code lpar_per_ni_no lpar_phone lpar_tcy_alt_ref lpar_hop_start_date lpar_hop_end_date
    lpar_hop_hrv_rel_code lpar_hop_head_hhold_ind lpar_tcy_ind lpar_tin_main_tenant_ind lpar_tin_start_date
    lpar_tin_end_date lpar_type lpar_org_name lpar_ipp_shortname lpar_ipp_staff_id lpar_ipu_aun_code lpar_modified_date
"""
HOUSING = "REL.HOUSING"
_NO_TENANCY = "~NONE~"
_TRAPS = {"no birth": 0.04, "early": 0.3, "outlives": 0.12, "to come": 0.004, "code": 0.06}
"""Of rows: births missing; of children, moved in with the tenancy; of ended spells, left open; to come; odd codes."""


@dataclass(slots=True)
class Occupant:
    """A record on a tenancy: where and when they lived, whose tenancy it is, and what they are to the main tenant."""

    tenancy: str
    record: Record
    lived: Residence
    home: Residence
    main: Record
    code: str


def write_people(path: Path, extract: Extract, occupants: list[Occupant], officers: list[Worker]) -> list[Record]:
    """Writes the file; returns the records that only malformed rows hold. Whoever is on no tenancy is an applicant."""
    dice = extract.dice
    rows = [_occupant(one, extract) for one in dice.shuffled(occupants)]
    housed = {one.record.record_id for one in occupants}
    waiting = [record for record in extract.records if record.record_id not in housed]
    rows += [_row(record, dice, [_NO_TENANCY, "", "", "", "N", "N", "N", "", ""]) for record in waiting]
    at = {record.record_id: record for record in extract.records}
    extra = with_bad_rows(dice, extract.council.settings.errors["malformed"], rows, (), 10)
    spoilt = [plain_record("housing", bad, at[str(rows[place][0])].person, extract.today) for place, bad in extra]
    rows += [_officer(officer) for officer in officers]
    write_some(path, PEOPLE, rows)
    return spoilt


def _occupant(one: Occupant, extract: Extract) -> list[object]:
    dice, record = extract.dice, one.record
    main, joint = record is one.main, _joint(one)
    start, end = _days(one, dice, extract.today)
    tenant = [named(one.home.start), named(end)] if main or joint else ["", ""]
    household: list[object] = [
        one.tenancy, named(start), named(end), _word(one, dice), flag(main), flag(main or joint), flag(main), *tenant,
    ]  # fmt: skip
    return _row(record, dice, household)


def _joint(one: Occupant) -> bool:
    return one.record.person.partner is one.main.person and one.main.person.key % 3 != 0


def _days(one: Occupant, dice: Dice, today: date) -> tuple[date, date | None]:
    """The days on the household, as somebody typed them in."""
    start, end = one.lived.start, one.lived.end
    if not in_life(one.record.person):
        return start, end
    if one.record.person.born > one.home.start and dice.chance(_TRAPS["early"]):
        start = one.home.start
    if end is not None and end == one.home.end and dice.chance(_TRAPS["outlives"]):
        end = None
    if end is None and one.record is not one.main and dice.chance(_TRAPS["to come"]):
        start = today + timedelta(days=dice.whole(3, 60))
    return start, end


def _word(one: Occupant, dice: Dice) -> str:
    """What the member is to the main tenant: a word, or now and then a code of the site's own."""
    if one.record is one.main:
        return "TENANT"
    if not one.code:
        return ""
    if dice.chance(_TRAPS["code"]):
        return f"R{sum(map(ord, one.code)) % 90 + 10}"
    return word(one.code, one.record.sex).upper()


def _row(record: Record, dice: Dice, household: list[object]) -> list[object]:
    """A row: the person, then the nine cells of the household."""
    told = not in_life(record.person)
    born = record.born if told or not dice.chance(_TRAPS["no birth"]) else None
    nino = f"QQ{int(record.record_id) % 1_000_000:06d}C" if record.person.key % 5 else ""
    return [
        record.record_id, record.surname, record.forename, record.middle, named(born), record.sex, nino, "",
        *household, "HOUP", "", "", "", "", named(record.updated),
    ]  # fmt: skip


def _officer(worker: Worker) -> list[object]:
    """An interested party: in the file, and nobody of a household."""
    forename, _, surname = worker.name.partition(" ")
    short = f"{forename[:1]}{surname}".upper().replace(" ", "").replace("'", "")
    return [
        f"IP{worker.key}", surname, forename, "", "", "", "", worker.phone, _NO_TENANCY, "", "", "", "N", "N", "N", "",
        "", "HOUP", "", short, worker.key, worker.team, "",
    ]  # fmt: skip


__all__ = ["HOUSING", "Occupant", "write_people"]
