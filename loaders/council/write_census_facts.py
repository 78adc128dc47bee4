"""The tables of the school census that stand beside the pupils: needs, sessions by mark, suspensions and exclusions."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.malformed import with_bad_rows
from loaders.council.records import Record
from loaders.council.school_rolls import EXCLUSION_REASONS, code_of, half_days, happened, plan_of
from loaders.council.schooling import census_day
from loaders.council.settings import Rates
from loaders.council.tables import census_stamp, write_some

NEEDS = "senneedstableid pupilonrolltableid sentyperank sentype"
SESSIONS = "termlysessiondetailsonrolltableid pupilonrolltableid sessions attendancereason"
EXCLUSIONS = "termlyexclusionsonrolltableid pupilonrolltableid startdate sessions category reason1"
TWO_TERMS = timedelta(days=240)


def write_pupil_facts(
    folder: Path, records: list[Record], rates: Rates, dice: Dice, today: date, possible: int
) -> None:
    """Writes the three tables of pupils on roll. `possible` is how many sessions the census counts."""
    write_some(folder / "senneeds.csv", NEEDS, _needs(records))
    sessions = list(_sessions(records, dice, possible))
    write_some(folder / "termlysessiondetailsonroll.csv", SESSIONS, sessions)
    exclusions = list(_exclusions(records, dice, census_day(today)))
    with_bad_rows(dice, rates["malformed"], exclusions, (), 2, 1)
    write_some(folder / "termlyexclusionsonroll.csv", EXCLUSIONS, exclusions)


def _needs(records: Iterable[Record]) -> Iterator[list[object]]:
    number = 0
    for record in records:
        plan, support = plan_of(record.person), next(happened(record.person, "SEN support"), None)
        needs = plan.needs if plan else (support.detail,) if support else ()
        for rank, need in enumerate(needs, start=1):
            number += 1
            yield [number, record.record_id, rank, code_of("needs", need)]


def _sessions(records: Iterable[Record], dice: Dice, possible: int) -> Iterator[list[object]]:
    """One row for each mark a pupil has: present in the morning and afternoon, ill, away without leave."""
    number = 0
    for record in records:
        missed = possible - round(possible * record.person.attendance / 100)
        without_leave = min(missed, dice.whole(0, 4)) if missed > 6 else 0
        half = (possible - missed) // 2
        marks = (("/", possible - missed - half), ("\\", half), ("I", missed - without_leave), ("O", without_leave))
        for mark, sessions in marks:
            if sessions:
                number += 1
                yield [number, record.record_id, sessions, mark]


def _exclusions(records: Iterable[Record], dice: Dice, day: date) -> Iterator[list[object]]:
    """Suspensions and exclusions of the two terms before the census, once where somebody is at two schools."""
    number = 0
    for record in records:
        if record.duplicate_of:
            continue
        for happening in happened(record.person, "suspension", "permanent exclusion"):
            if day - TWO_TERMS < happening.on < day:
                number += 1
                lasting = half_days(happening) or ""
                category = "SUSP" if happening.kind == "suspension" else "PERM"
                began = census_stamp(happening.on)
                yield [number, record.record_id, began, lasting, category, dice.pick(EXCLUSION_REASONS)]
