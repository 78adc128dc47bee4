"""Education extracts of an invented council: one truth in all of them, and nothing of a life before an adoption."""

from collections import defaultdict
from datetime import date, timedelta

import pytest

from loaders.council.dice import Dice
from loaders.council.model import Person
from loaders.council.school_rolls import register_marks, school_weeks
from loaders.education import mark_counts, split_marks
from tests.councils import Extract, council, day, extract

PEOPLE = 5_000
LISTS = {
    "school_census": ("school_census/pupilonroll", "pupilonrolltableid", "surname", "upn"),
    "capita": ("capita/people", "PERSON_ID", "SURNAME", "UPN"),
    "cypd": ("cypd/people", "person_id", "surname", "upn"),
    "ebiu": ("ebiu/people", "upn", "surname", "upn"),
    "iyss": ("iyss/nccis_young_person", "young_person_id", "surname", "upn"),
    "mca": ("mca/people", "person_id", "surname", None),
    "estart": ("estart/registrations", "person_id", "surname", None),
}


def who(made: Extract, source: str) -> dict[str, Person]:
    """Person by record id, of one source."""
    people = {person.entity_id: person for person in council(PEOPLE).people}
    return {record: people[entity] for (name, record), entity in made.entities().items() if name == source}


@pytest.mark.parametrize("source", LISTS)
def test_a_source_holds_people_and_nobody_from_before_an_adoption(source: str) -> None:
    made = extract(PEOPLE)
    table, key, surname, upn = LISTS[source]
    people = who(made, source)
    assert len(people) > 50
    assert not any(person.superseded or person.unborn for person in people.values())
    for row in made(table):
        person = people.get(row[key])
        if person is not None and person.before_adoption is not None:
            assert person.before_adoption.surname not in row.values() or row[surname] == person.surname
            assert upn is None or row[upn] != person.before_adoption.upn or not row[upn]


def test_former_names_in_capita_are_of_nobody_who_was_adopted() -> None:
    people = who(extract(PEOPLE), "capita")
    changed = [people[row["PERSON_ID"]] for row in extract(PEOPLE)("capita/people_name_change")]
    assert len(changed) > 10
    assert not any(person.adopted for person in changed)


def test_every_source_tells_the_same_attendance() -> None:
    made, found = extract(PEOPLE), defaultdict[int, dict[str, float]](dict)
    capita = who(made, "capita")
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in made("capita/student_attendance"):
        for mark in split_marks(row["MORNING_MARK"] + row["AFTERNOON_MARKS"]):
            counts[row["STUD_ID"]][mark_counts(mark) == "present"] += 1
    for record, (absent, present) in counts.items():
        found[capita[record].key]["capita"] = 100 * present / (absent + present)
    ebiu, cypd = who(made, "ebiu"), who(made, "cypd")
    for row in made("ebiu/ebiu_pupils"):
        found[ebiu[row["upn"]].key]["ebiu"] = float(row["attendance_pct"])
    for row in made("cypd/attendance"):
        share = 100 * int(row["sessions_attended"]) / int(row["sessions_possible"])
        found[cypd[row["person_id"]].key]["cypd"] = share
    truth = {person.key: person.attendance for person in council(PEOPLE).people}
    assert sum(len(told) == 3 for told in found.values()) > 400
    for key, told in found.items():
        assert all(abs(share - truth[key]) <= 1 for share in told.values()), (truth[key], told)


def test_plans_and_suspensions_are_those_of_the_truth_in_capita_and_cypd() -> None:
    made = extract(PEOPLE)
    for source, plans, pupil, stage, exclusions, start in (
        ("capita", "capita/education_details", "STUD_ID", ("SENSTAGE", "E"), "capita/exclusions", "START_DATE"),
        ("cypd", "cypd/cypd", "person_id", ("register_type", "EHC plan"), "cypd/exclusions", "start"),
    ):
        people = who(made, source)
        taught = {person.key for person in people.values() if person.school}
        planned = {people[row[pupil]].key for row in made(plans) if row[stage[0]] == stage[1]}
        true = {p.key for p in council(PEOPLE).people if any(plan.kind == "EHC" for plan in p.plans)}
        assert planned == true & taught
        told = {(people[row[pupil]].key, day(row[start])) for row in made(exclusions)}
        kinds = ("suspension", "permanent exclusion")
        happened = {(p.key, h.on) for p in council(PEOPLE).people for h in p.happenings if h.kind in kinds}
        assert told == {(key, on) for key, on in happened if key in taught}


def test_a_contact_is_the_adult_and_its_word_is_true_with_few_exceptions() -> None:
    made = extract(PEOPLE)
    people = who(made, "capita")
    rows = [row for row in made("capita/contacts") if row["relationship"] in ("Mother", "Father")]
    pairs = [(people[row["contact_person_id"]], people[row["stud_id"]]) for row in rows if row["stud_id"] in people]
    right = sum(adult in (child.mother, child.father) for adult, child in pairs)
    assert len(pairs) > 500
    assert 0.95 < right / len(pairs) < 1, "contradictions and a row turned round are part of it"


def test_young_people_who_are_neet_in_truth_are_so_in_iyss() -> None:
    made = extract(20_000)
    people = {person.entity_id: person for person in council(20_000).people}
    entities = made.entities()
    told = {entities["iyss", r["young_person_id"]] for r in made("iyss/nccis_activity") if "NEET" in r["activity_code"]}
    known = {entity for (source, _), entity in entities.items() if source == "iyss"}
    true = {entity for entity in known if any(told.kind == "not in education" for told in people[entity].happenings)}
    assert len(true) > 5
    assert told == true


def test_leavers_stand_in_an_autumn_census_under_ids_of_their_own() -> None:
    made = extract(PEOPLE)
    left = made("school_census/pupilnolongeronroll")
    assert 10 < len(left) < 100
    entities = made.entities()
    assert all(("school_census", f"off-{row['pupilnolongeronrolltableid']}") in entities for row in left)
    assert not {row["pupilnolongeronrolltableid"] for row in left} & {
        row["pupilonrolltableid"] for row in made("school_census/pupilonroll")
    }


@pytest.mark.parametrize("today", [date(2026, 9, 2), date(2026, 11, 23), date(2027, 1, 3), date(2027, 8, 20)])
def test_weeks_of_school_are_whole_weeks_outside_holidays(today: date) -> None:
    weeks = school_weeks(today)
    assert len(weeks) == (0 if today.month == 9 else min(12, len(weeks)))
    assert all(monday.weekday() == 0 and monday + timedelta(days=4) <= today for monday in weeks)
    assert not any(monday.month == 8 or (monday.month, monday.day) >= (12, 20) for monday in weeks)


@pytest.mark.parametrize("attendance", [0, 1, 50, 88, 99, 100])
def test_marks_hold_as_many_absences_as_the_percentage_says(attendance: int) -> None:
    marks = "".join(register_marks(attendance, 60, Dice(f"marks {attendance}")))
    present = sum(mark_counts(mark) == "present" for mark in split_marks(marks))
    assert (len(marks), present) == (120, round(120 * attendance / 100))
