"""Education and youth sources: what attendance says, what is never read, whose relationship a word states, and what a
source may not be made to say.
"""

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from loaders.check import check
from loaders.education import attendance_tone, codes, mark_counts, school_year, split_marks
from loaders.source import discover
from tests.one_source import Loaded, load
from tests.test_sources import FULL, rows

EDUCATION = ("school_census", "capita", "cypd", "ebiu", "iyss", "mca", "estart")


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The fixtures of all these sources."""
    folder = tmp_path_factory.mktemp("education")
    for source in EDUCATION:
        shutil.copytree(FULL / source, folder / "extracts" / source)
    shutil.copy(FULL / "manifest.toml", folder / "extracts")
    return Loaded(check(folder / "extracts", folder / "work"))


# --- What attendance says --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "tone"),
    [(0, "concern"), (89.9, "concern"), (90, "concern"), (90.1, "neutral"), (96.9, "neutral"), (97, "protective")],
)
def test_missing_a_tenth_or_more_is_a_concern(percent: float, tone: str) -> None:
    """The Department's persistent absence: 10 percent or more of the possible sessions missed."""
    assert attendance_tone(percent) == tone


def test_every_mark_counts_one_way_and_marks_are_told_apart() -> None:
    assert split_marks("/\\ C1U#") == ["/", "\\", "C1", "U", "#"]
    assert [mark_counts(mark) for mark in split_marks("/\\LBC1U#Q")] == ["present"] * 4 + ["absent"] * 2 + [
        "not_counted"
    ] * 2
    assert mark_counts("?") is None


@pytest.mark.parametrize(
    ("day", "year"), [("2026-08-31", "2025/26"), ("2026-09-01", "2026/27"), ("1999-12-31", "1999/00")]
)
def test_a_school_year_begins_in_september(day: str, year: str) -> None:
    assert school_year(date.fromisoformat(day)) == year


PUPIL = {"pupilonrolltableid": "1", "forename": "Maisie", "surname": "Testford", "dob": "2015-03-02", "sex": "F"}


def census(folder: Path, sessions: dict[str, int], **pupil: str) -> str:
    """The attendance told of a pupil with so many sessions of each mark."""
    details = [
        {"pupilonrolltableid": "1", "sessions": str(number), "attendancereason": mark}
        for mark, number in sessions.items()
    ]
    found = load(folder, "school_census", pupilonroll=[PUPIL | pupil], termlysessiondetailsonroll=details)
    return ", ".join(row["detail"] for row in found.table("event") if row["kind"] == "attendance")


def test_a_census_that_sends_absences_only_says_the_same_as_one_that_sends_every_mark(tmp_path: Path) -> None:
    absences = census(tmp_path / "a", {"I": 9, "U": 4}, termlysessionspossible="130")
    every = census(tmp_path / "b", {"/": 60, "\\": 57, "I": 9, "U": 4, "X": 6}, termlysessionspossible="130")
    unknown = census(tmp_path / "c", {"/": 60, "\\": 57, "I": 9, "U": 4})
    assert absences == every == unknown == "90 percent of 130 sessions, last term"


@pytest.mark.parametrize(
    ("day", "period"),
    [
        ("2026-01-15", "autumn term 2025/26"),
        ("2026-05-21", "spring term 2025/26"),
        ("2025-10-02", "summer term 2024/25"),
    ],
)
def test_a_census_counts_the_term_before_it(tmp_path: Path, day: str, period: str) -> None:
    assert census(tmp_path, {"/": 10}, censusdate=day).endswith(period)


def test_attendance_is_one_event_for_a_pupil_and_year_however_many_rows_there_are(fixtures: Loaded) -> None:
    told = [row for row in fixtures.table("event") if row["kind"] == "attendance"]
    keys = [(row["source"], row["record_id"], row["detail"].partition(", ")[2]) for row in told]
    assert len(keys) == len(set(keys)) > 15
    assert all(row["source_row"].rpartition(":")[2].isdigit() for row in told)
    weeks = [row["detail"] for row in told if row["record_id"] == "501"]
    assert weeks == ["100 percent of 20 sessions, school year 2025/26"], "two rows of marks, one event"


# --- What is never read ----------------------------------------------------------------------------------------------


def test_free_text_risk_ratings_and_the_life_before_an_adoption_are_left_nowhere(fixtures: Loaded) -> None:
    """A canary stands in each: alerts, next of kin, memos, medical notes, ethnicity, risk, names before an adoption."""
    sent = "".join(path.read_text("utf-8") for source in EDUCATION for path in sorted((FULL / source).glob("*.csv")))
    canaries = (
        "CANARY alert", "Granny CANARY", "CANARY-MEMO", "CANARY-MEDICAL", "CANARY-ETHNIC", "CANARY-HIGH",
        "CANARYBEFORE", "CANARY-BEFORE", "CANARY Before",
    )  # fmt: skip
    assert all(canary in sent for canary in canaries)
    assert b"CANARY" not in fixtures.written()


def test_what_may_never_be_read_is_declared_and_no_column_asks_for_it() -> None:
    known = discover()
    never = {name: {column for spec in known[name].files for column in spec.never_read} for name in EDUCATION}
    asked = {name: {column for spec in known[name].files for column in spec.columns} for name in EDUCATION}
    assert never["capita"] >= {"ALERT_INFO", "BIRTH_ID", "NI_NUMBER", "KIN_NAME", "EXCL_MEMO", "MEDICAL"}
    assert never["iyss"] >= {"risk_of_serious_harm", "YP27 Ethnic code", "offence"}
    assert not any(never[name] & asked[name] for name in EDUCATION)


def test_notes_typed_into_a_coded_field_are_not_loaded(fixtures: Loaded) -> None:
    for words in (b"tries hard", b"hit him", b"very upset", b"never go to college", b"behind the station"):
        assert words not in fixtures.written()


def test_an_adopted_pupil_keeps_the_number_of_today_and_loses_the_former_one(fixtures: Loaded) -> None:
    adopted = [row for row in fixtures.table("person") if row["adopted"]]
    assert {row["source"] for row in adopted} == {"school_census", "capita", "cypd", "ebiu"}
    assert all(row["upn"] and row["former_upn"] is None and not row["other_names"] for row in adopted)


def test_a_flag_of_adoption_counts_though_the_rest_of_its_row_cannot_be_read(fixtures: Loaded) -> None:
    assert ("education_details.csv", "SENSTAGE") in {(file, column) for file, column, _ in fixtures.quarantined()}
    assert next(row for row in fixtures.table("person") if row["record_id"] == "505")["adopted"]


# --- Capita: who is who ----------------------------------------------------------------------------------------------

PEOPLE: list[dict[str, str]] = [
    {"PERSON_ID": str(number), "FORENAME": "A", "SURNAME": "B", "DOB": dob, "GENDER": "F"}
    for number, dob in enumerate(["2012-05-05"] * 6 + ["1985-05-05"] * 6)
    if number
]


def contact(pupil: int, other: int, word: str, **more: str) -> dict[str, str]:
    return {"stud_id": str(pupil), "contact_person_id": str(other), "relationship": word, **more}


def capita(folder: Path, *contacts: Mapping[str, str], **files: list[dict[str, str]]) -> Loaded:
    return load(folder, "capita", people=PEOPLE, contacts=contacts, **files)


def test_the_word_is_what_the_contact_is_to_the_pupil(tmp_path: Path) -> None:
    found = capita(tmp_path, contact(1, 7, "Mother"), contact(2, 8, "Gran"), contact(7, 3, "Daughter"))
    assert found.kin() == [("7", "PARENT", "1"), ("8", "GRANDPARENT", "2"), ("7", "PARENT", "3")]


def test_contacts_the_wrong_way_round_refuse_the_file(tmp_path: Path) -> None:
    turned = capita(
        tmp_path, *(contact(adult, child, "Mother") for child, adult in zip(range(1, 6), range(7, 12), strict=True))
    )
    assert [problem.file for problem in turned.result.problems] == ["contacts.csv"]
    assert "wrong way round" in str(turned.result.problems[0])


def test_one_contact_the_wrong_way_round_is_put_aside_alone(tmp_path: Path) -> None:
    found = capita(tmp_path, *(contact(child, child + 5, "Father") for child in range(2, 6)), contact(6, 1, "Mother"))
    assert not found.result.problems
    assert [(file, column) for file, column, _ in found.quarantined()] == [("contacts.csv", "stud_id")]


def test_a_flag_of_parental_responsibility_belongs_to_the_contact_alone(tmp_path: Path) -> None:
    found = capita(
        tmp_path,
        contact(1, 7, "Mother", parental_responsibility="Y", priority="1", lives_with="N"),
        contact(7, 2, "Daughter", parental_responsibility="N", lives_with="Y"),
    )
    upright, mirrored = found.table("relationship")
    assert (upright["parental_responsibility"], upright["lives_with"]) == ("Y", False)
    assert (mirrored["parental_responsibility"], mirrored["lives_with"]) == (None, True)
    assert upright["is_main_carer"] is None, "the order in which a school rings says nothing about care"
    assert upright["source_label"] == "Mother, contact 1"


def test_brothers_and_sisters_are_never_inferred_from_a_shared_contact(tmp_path: Path) -> None:
    shared = [contact(child, 7, "Mother", parental_responsibility="Y", lives_with="Y") for child in (1, 2, 3)]
    assert {code for _, code, _ in capita(tmp_path, *shared).kin()} == {"PARENT"}


def test_a_professional_is_no_relation_and_an_unknown_word_is_kept_as_supplied(tmp_path: Path) -> None:
    found = capita(tmp_path, contact(1, 7, "Social worker"), contact(1, 8, "Dog walker"))
    (row,) = found.table("relationship")
    assert (row["code"], row["source_code"]) == ("UNKNOWN", "Dog walker")


@pytest.mark.parametrize(("value", "restricted"), [("Y", True), ("N", False), ("", True), ("12", True)])
def test_an_acl_restricts_only_where_the_council_says_what_it_means(
    tmp_path: Path, value: str, restricted: bool
) -> None:
    person = PEOPLE[0] | {"ACL": "12"}
    assert not load(tmp_path / "acl", "capita", people=[person]).people()["1"]["restricted"]
    said = [person | {"RESTRICTED": value}, PEOPLE[1] | {"RESTRICTED": "N"}]
    found = load(tmp_path / "said", "capita", people=said).people()["1"]
    assert found["restricted"] is restricted


def test_a_council_maps_the_values_of_acl_in_its_column_map(tmp_path: Path) -> None:
    folder = tmp_path / "extracts" / "capita"
    folder.mkdir(parents=True)
    (tmp_path / "extracts" / "manifest.toml").write_text("as_at = 2026-06-01\ninvented = true\n")
    (folder / "people.csv").write_text("PERSON_ID,FORENAME,SURNAME,DOB,GENDER,ACL\n1,A,B,,F,15\n2,C,D,,F,12\n")
    (folder / "columns.toml").write_text(
        '[people.columns]\nRESTRICTED = "ACL"\n[people.values.RESTRICTED]\n15 = "Y"\n12 = "N"\n'
    )
    found = Loaded(check(tmp_path / "extracts", tmp_path / "work"))
    assert not found.result.problems
    assert {number: row["restricted"] for number, row in found.people().items()} == {"1": True, "2": False}


def test_a_row_met_twice_restricts_nobody_where_the_source_says_nothing_of_restrictions(tmp_path: Path) -> None:
    found = load(tmp_path, "capita", people=[PEOPLE[0], PEOPLE[0]])
    assert [row["restricted"] for row in found.table("person")] == [False]


# --- The other sources -----------------------------------------------------------------------------------------------


def test_a_risk_of_neet_indicator_is_shown_as_supplied_and_never_weighed(fixtures: Loaded) -> None:
    told = [row for row in fixtures.table("event") if row["kind"] == "risk of NEET indicator"]
    assert {(row["detail"], row["tone"]) for row in told} == {
        ("High, as supplied", "neutral"),
        ("Amber, as supplied", "neutral"),
    }


def test_an_activity_ends_where_the_next_begins_whatever_the_order_of_rows(tmp_path: Path) -> None:
    young = {"young_person_id": "1", "forename": "A", "surname": "B", "dob": "2009-01-01"}
    spells = [("NEET active", "2026-03-01"), ("education", "2025-09-01")]
    said = [{"young_person_id": "1", "activity_code": code, "activity_start": start} for code, start in spells]
    found = load(tmp_path, "iyss", nccis_young_person=[young], nccis_activity=said)
    told = [(row["kind"], row["on"], row["until"]) for row in found.table("event")]
    assert told == [
        ("in education, employment or training", date(2025, 9, 1), date(2026, 2, 28)),
        ("not in education", date(2026, 3, 1), None),
    ]


def test_only_what_a_court_ordered_is_a_court_order(fixtures: Loaded) -> None:
    plans = [row for row in fixtures.table("plan") if row["source"] == "iyss"]
    orders = [row["legal_status"] for row in plans if row["kind"] == "court order"]
    assert orders == ["Youth rehabilitation order", "Referral order"]
    assert len([row for row in plans if row["kind"] == "youth justice"]) == 4
    assert [row["yot_number"] for row in fixtures.table("person") if row["yot_number"]] == ["YOT0042", "YOT0043"]


def test_a_register_nobody_explains_is_never_taken_for_the_nearest_one(fixtures: Loaded) -> None:
    told = [row["kind"] for table in ("involvement", "plan", "event") for row in fixtures.table(table)]
    assert "Gifted and talented" not in told
    assert ("cypd.csv", "register_type") in {(file, column) for file, column, _ in fixtures.quarantined()}


def test_the_figures_of_ebiu_are_enough_by_themselves(tmp_path: Path) -> None:
    figures = {"upn": "X000200010101", "attendance_pct": "88", "as_of": "2026-05-31"}
    found = load(tmp_path, "ebiu", ebiu_pupils=[figures, figures | {"upn": "X00180001701A"}])
    assert {record: row["upn"] for record, row in found.people().items()} == {"X000200010101": "X000200010101"}
    assert [(file, column) for file, column, _ in found.quarantined()] == [("ebiu_pupils.csv", "upn")]


def test_a_family_number_says_nothing_of_who_is_whose_parent(fixtures: Loaded) -> None:
    codes_told = {row["code"] for row in rows(fixtures.result, "relationship", "estart")}
    assert codes_told == {"FAMILY_GROUP_MEMBER"}


def test_a_last_visit_is_told_only_where_no_register_tells_it(fixtures: Loaded) -> None:
    visits = [(row["record_id"], row["on"], row["detail"]) for row in rows(fixtures.result, "event", "estart")]
    assert ("2", date(2026, 5, 20), "Messy play, Bredbury Children's Centre") in visits
    assert [record for record, _, detail in visits if detail.startswith("Last visit")] == ["1"]


def test_a_session_missed_is_neither_a_concern_nor_attended(fixtures: Loaded) -> None:
    told = {(row["kind"], row["tone"]) for row in rows(fixtures.result, "event", "mca")}
    assert told == {("session attended", "protective"), ("session missed", "neutral")}


# --- The lists of codes ----------------------------------------------------------------------------------------------


def test_every_code_list_is_in_capitals_and_says_something() -> None:
    for table in ("needs", "provisions", "exclusion_categories", "exclusion_reasons"):
        assert all(code == code.upper() and meaning for code, meaning in codes(table).items()), table


@pytest.mark.parametrize("source", EDUCATION)
def test_pupils_are_kept_to_25_and_what_ended_not_for_ever(source: str) -> None:
    keep = discover()[source].keep
    assert keep.ended_years in (5, 7)
    assert keep.age_to == (None if source in ("mca", "estart") else 25)
