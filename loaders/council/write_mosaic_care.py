"""Mosaic's extract, the rest of it: teams and roles, groups, plans, child protection, legal statuses and placements."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from loaders.council.care_codes import abuse, legal_code, need_codes, placements
from loaders.council.dice import Dice
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Household, Person, PlanMade, Worker
from loaders.council.records import Record
from loaders.council.settings import Rates
from loaders.council.tables import Row, flag, iso, write_table

PLANS = "PLAN_ID PERSON_ID PLAN_TYPE_CODE START_DATE END_DATE NEED_CODES WORKER_ID UPDATED_ON"
REGISTRATIONS = """
    REGISTRATION_ID PERSON_ID IS_CHILD_PROTECTION_PLAN IS_TEMPORARY_CHILD_PROTECTION START_DATE END_DATE CATEGORY
    WORKER_ID UPDATED_ON
"""
LEGAL = "LEGAL_STATUS_ID PERSON_ID LEGAL_STATUS START_DATE END_DATE"
PLACEMENTS = "PLACEMENT_ID PERSON_ID PLACEMENT_TYPE START_DATE END_DATE HIDDEN"
ROLES = "WORKER_ROLE_ID WORKER_ID ROLE_CODE ORGANISATION_ID START_DATE END_DATE"
SUBJECTS = "SUBGROUP_SUBJECT_ID SUBGROUP_ID SUBJECT_TYPE_CODE SUBJECT_COMPOUND_ID START_DATE END_DATE"
_TYPES = {
    "assessment": "ASSESSMENT",
    "child in need": "CIN",
    "care": "CARE",
    "pathway": "PATHWAY",
    "early help": "EARLYHELP",
    "adult care": "ADULTCARE",
}
_FIRST_TEAM, _LIST_SIZE = 7001, 40
_LISTS = ("Holiday activities {}", "Letters {}", "Panel {}")


def in_story(person: Person) -> bool:
    """Story people are written as told."""
    return person.household is not None and person.household.kind == "story"


def write_mosaic_care(
    folder: Path, records: Sequence[Record], workers: Sequence[Worker], rates: Rates, dice: Dice
) -> None:
    """Writes the eight files. `records` are each person's first."""
    _write_teams(folder, workers)
    _write_groups(folder, records, rates, dice)
    held = [
        (record, plan)
        for record in records
        for plan in record.person.plans
        if in_story(record.person) or dice.chance(rates["plan_recorded"])
    ]
    plans = [row for number, pair in enumerate(held, 1_200_001) if (row := _plan(number, *pair))]
    with_bad_rows(dice, rates["malformed"], plans, (), 3, 1)
    write_table(folder / "dm_plans.csv", PLANS, plans)
    protected = [pair for pair in held if pair[1].kind == "child protection"]
    registered = [_registration(number, *pair) for number, pair in enumerate(protected, 1_300_001)]
    write_table(folder / "dm_registrations.csv", REGISTRATIONS, registered)
    ordered = [pair for pair in held if pair[1].legal_status and pair[1].placement]
    legal = (
        [number, record.record_id, legal_code(plan), iso(plan.start), iso(plan.end)]
        for number, (record, plan) in enumerate(ordered, 1_400_001)
    )
    write_table(folder / "dm_legal_statuses.csv", LEGAL, legal)
    homes = ((record, home, code) for record in records for home, code in placements(record.person))
    where = (
        [number, record.record_id, code, iso(home.start), iso(home.end), flag(home.hidden)]
        for number, (record, home, code) in enumerate(homes, 1_500_001)
    )
    write_table(folder / "dm_placements.csv", PLACEMENTS, where)


def _plan(number: int, record: Record, plan: PlanMade) -> list[object] | None:
    """A row of dm_plans; none where another system makes such plans."""
    code = _TYPES.get(plan.kind)
    if code is None:
        return None
    updated = plan.end or max(plan.start, record.updated)
    codes = need_codes(plan.needs)
    return [
        number, record.record_id, code, iso(plan.start), iso(plan.end), codes, plan.worker.key, iso(updated),
    ]  # fmt: skip


def _registration(number: int, record: Record, plan: PlanMade) -> list[object]:
    updated = plan.end or max(plan.start, record.updated)
    return [
        number, record.record_id, "Y", "N", iso(plan.start), iso(plan.end), abuse(record.person), plan.worker.key,
        iso(updated),
    ]  # fmt: skip


def _write_teams(folder: Path, workers: Sequence[Worker]) -> None:
    teams = {team: _FIRST_TEAM + at for at, team in enumerate(dict.fromkeys(worker.team for worker in workers))}
    write_table(folder / "dm_organisations.csv", "ORGANISATION_ID NAME", ([key, team] for team, key in teams.items()))
    roles = (
        [worker_role, worker.key, worker.role, teams[worker.team], "", ""]
        for worker_role, worker in enumerate(workers, 620_001)
    )
    write_table(folder / "dm_worker_roles.csv", ROLES, roles)


def families(records: Iterable[Record]) -> list[tuple[Household, list[Record]]]:
    """Records by the household each person truly belongs to: children in care by the one they came from."""
    homes: dict[Household, list[Record]] = {}
    for record in records:
        home = record.person.left or record.person.household
        if home is not None and home.kind != "story":
            homes.setdefault(home, []).append(record)
    return list(homes.items())


def _write_groups(folder: Path, records: Sequence[Record], rates: Rates, dice: Dice) -> None:
    """Family groups of some known families; a few named as duplicates or not to be used, and lists of people."""
    groups: list[Row] = []
    members: list[Row] = []

    def add(name: str, group_id: object, found: Sequence[Record]) -> None:
        number = 60_001 + len(groups)
        groups.append([number, number if group_id is None else group_id, name])
        for record in found:
            members.append([610_001 + len(members), number, "PER", record.record_id, "", ""])

    for home, found in families(records):
        if home.case and len(found) > 1 and dice.chance(rates["grouped"]):
            surname = found[0].surname or "Unnamed"
            add(f"{surname} family", None if dice.chance(0.97) else dice.pick(("", -1)), found)
            if dice.chance(rates["group_duplicate"]):
                add(dice.pick((f"DUPLICATE {surname}", f"{surname} - do not use")), None, found)
    for at in range(len(records) // 5_000):
        add(dice.pick(_LISTS).format(at + 1), None, [dice.pick(records) for _ in range(_LIST_SIZE)])
    write_table(folder / "dm_subgroups.csv", "SUBGROUP_ID GROUP_ID GROUP_NAME", groups)
    write_table(folder / "dm_subgroup_subjects.csv", SUBJECTS, members)
