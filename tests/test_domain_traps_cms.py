"""The traps of the case management systems, Mosaic and LCS, each by name: what is wrong, and what is done."""

from datetime import date
from pathlib import Path

import pytest

from tests.care_extracts import lcs, load_lcs, load_mosaic, mosaic, unflagged

ADULT = "1985-01-01"
BASE = ("8001", "PARENT", "8002")
"""The mother and child that every extract here has."""


def relation(number: int, person: str, related: str, code: str = "CHI", **more: object) -> dict[str, object]:
    ids = {"FACT_PERSON_RELATION_ID": number, "DIM_PERSON_ID": person, "DIM_RELATED_PERSON_ID": related}
    return {**ids, "DIM_LOOKUP_RELTN_TYPE_CODE": code, **more}


def link(number: int, person: str, other: str, kind: str, **more: object) -> dict[str, object]:
    ids = {"PERSONAL_RELATIONSHIP_ID": number, "PERSON_ID": person, "OTHER_PERSON_ID": other}
    return {**ids, "PERSONAL_REL_TYPE_ID": kind, **more}


def spell(number: int, person: str, worker: str, code: str = "CW") -> dict[str, object]:
    ids = {"FACT_INVOLVEMENTS_ID": number, "DIM_PERSON_ID": person, "DIM_WORKER_ID": worker}
    return {**ids, "DIM_LOOKUP_INVOLVEMENT_TYPE_CODE": code, "START_DTTM": "2025-01-01"}


def test_minus_one_is_nobody_in_every_key_of_lcs(tmp_path: Path) -> None:
    loaded = load_lcs(
        tmp_path,
        DIM_PERSON=[lcs("1", ADULT), lcs("2"), lcs("-1")],
        FACT_PERSON_RELATION=[relation(1, "1", "2"), relation(2, "-1", "2"), relation(3, "1", "-1")],
        FACT_INVOLVEMENTS=[spell(1, "2", "-1"), spell(2, "-1", "7")],
    )
    assert set(loaded.by_id()) == {"1", "2", "8001", "8002"}
    assert loaded.edges() == {("1", "PARENT", "2"), BASE}
    assert [row["worker_id"] for row in loaded.rows("involvement")] == [None]
    assert loaded.rows("practitioner") == []


def test_postcodes_that_are_none(tmp_path: Path) -> None:
    codes = ("XXXX", "nopostcode", "", "aa11aa")
    home = {"DIM_PERSON_ID": "8001", "HOUSE_NO": "4", "STREET": "Example Street", "TOWN": "Testbury"}
    rows = [{**home, "DIM_PERSON_ADDRESS_ID": at, "POSTCODE": code} for at, code in enumerate(codes, 1)]
    loaded = load_lcs(tmp_path, DIM_PERSON_ADDRESS=rows)
    assert [row["postcode"] for row in loaded.rows("address")] == [None, None, None, "AA1 1AA"]
    assert "POSTCODE" not in loaded.dropped()


@pytest.mark.parametrize("ids", [("177", "9"), ("9", "177")])
def test_types_of_relationship_differ_by_site_so_that_only_the_label_counts(
    tmp_path: Path, ids: tuple[str, str]
) -> None:
    mother, friend = ids
    kinds = {mother: "Mother : Son", friend: "Friend : Friend"}
    loaded = load_mosaic(
        tmp_path,
        dm_persons=[mosaic("1", ADULT), mosaic("2")],
        dm_personal_rel_types=[{"PERSONAL_REL_TYPE_ID": key, "DESCRIPTION": words} for key, words in kinds.items()],
        dm_personal_relationships=[link(1, "1", "2", mother), link(2, "2", "1", friend)],
    )
    assert loaded.edges() == {("1", "PARENT", "2"), ("1", "FRIEND", "2"), BASE}


def test_a_code_of_lcs_that_the_site_does_not_explain_is_unknown_and_not_guessed(tmp_path: Path) -> None:
    loaded = load_lcs(
        tmp_path, DIM_PERSON=[lcs("1", ADULT), lcs("2")], FACT_PERSON_RELATION=[relation(1, "1", "2", "MUM")]
    )
    assert loaded.edges() == {("1", "UNKNOWN", "2"), BASE}
    assert {row["source_code"] for row in loaded.rows("relationship")} == {"MUM", "CHI"}


def test_a_relationship_that_ended_stays_with_its_end(tmp_path: Path) -> None:
    """Public scripts keep current rows alone; a former step-father is a fact of its own."""
    loaded = load_lcs(
        tmp_path,
        DIM_PERSON=[lcs("1", ADULT), lcs("2")],
        FACT_PERSON_RELATION=[relation(1, "1", "2", END_DTTM="2020-01-01 00:00:00")],
    )
    ends = {row["from_record"]: row["end"] for row in loaded.rows("relationship")}
    assert ends == {"1": date(2020, 1, 1), "8001": None}


GROUPS = (("1", "Testford family"), ("2", "ZZ Duplicate group"), ("3", "DO NOT USE"), ("4", "Second family"))


def test_groups_that_are_no_family_are_left_out(tmp_path: Path) -> None:
    people = ("1", "2", "3")
    loaded = load_mosaic(
        tmp_path,
        dm_persons=[mosaic(one) for one in people],
        dm_subgroups=[{"SUBGROUP_ID": key, "GROUP_NAME": name} for key, name in GROUPS],
        dm_subgroup_subjects=[
            {"SUBGROUP_ID": group, "SUBJECT_COMPOUND_ID": one, "SUBJECT_TYPE_CODE": "PER"}
            for group, members in (("1", "12"), ("2", "13"), ("3", "23"))
            for one in members
        ],
    )
    assert loaded.edges() == {("1", "FAMILY_GROUP_MEMBER", "2"), BASE}
    assert "groups named 'Duplicate' or 'Do not use': left out (2)" in loaded.notes()


@pytest.mark.parametrize("nothing", ["-1", "", "NULL", "null"])
def test_a_family_of_residence_that_is_none_makes_no_family(tmp_path: Path, nothing: str) -> None:
    rows = [("1", nothing), ("2", nothing), ("1", "500"), ("3", "500"), ("1", "600"), ("3", "600")]
    contacts = [
        {"FACT_CONTACT_ID": at, "DIM_PERSON_ID": one, "DIM_LOOKUP_FAMILYOFRESIDENCE_ID": family}
        for at, (one, family) in enumerate(rows, 1)
    ]
    loaded = load_lcs(tmp_path, DIM_PERSON=[lcs("1"), lcs("2"), lcs("3")], FACT_CONTACTS=contacts)
    assert loaded.edges() == {("1", "FAMILY_GROUP_MEMBER", "3"), BASE}
    assert len(loaded.rows("relationship")) == 2, "one pair is told once, however many contacts say so"


def test_a_family_id_is_never_kinship_and_a_list_of_people_is_no_family(tmp_path: Path) -> None:
    ids = [str(number) for number in range(1, 40)]
    contacts = [{"FACT_CONTACT_ID": one, "DIM_PERSON_ID": one, "DIM_LOOKUP_FAMILYOFRESIDENCE_ID": "500"} for one in ids]
    loaded = load_lcs(tmp_path, DIM_PERSON=[lcs(one) for one in ids], FACT_CONTACTS=contacts)
    assert loaded.edges() == {BASE}
    assert "family groups of more than 15 people: left out, they are no family (1)" in loaded.notes()


def test_a_duplicate_of_mosaic_is_told_of_the_person_and_never_a_link(tmp_path: Path) -> None:
    kinds = {"1": "DUPLICATE", "2": "Original : Duplicate", "3": "Possible duplicate"}
    loaded = load_mosaic(
        tmp_path,
        dm_persons=[mosaic(one, ADULT) for one in "123456"],
        dm_personal_rel_types=[{"PERSONAL_REL_TYPE_ID": key, "DESCRIPTION": words} for key, words in kinds.items()],
        dm_personal_relationships=[
            link(1, "2", "1", "1"),
            link(2, "1", "3", "2"),
            link(3, "4", "1", "3"),
            link(4, "5", "1", "1", START_DATE="2019-01-01", END_DATE="2020-01-01"),
            link(5, "6", "999", "1"),
            link(6, "6", "6", "1"),
        ],
    )
    assert loaded.edges() == {BASE}
    said = {key: row["duplicate_of"] for key, row in loaded.by_id().items() if row["duplicate_of"]}
    assert said == {"2": "1", "3": "1"}
    assert loaded.quarantine().count("OTHER_PERSON_ID") == 2


def test_the_survivor_keeps_what_hangs_on_the_dropped_record_of_lcs(tmp_path: Path) -> None:
    """LCS drops duplicates by a date; their history hangs on the dropped id, which is therefore kept and pointed at."""
    loaded = load_lcs(
        tmp_path,
        isperson=[
            *unflagged("1"),
            *unflagged("2", IsDuplicate="Y", DuplicatedPersonID="1"),
            *unflagged("3", MarkedAsDuplicateDate="2024-01-01", DuplicatedPersonID="1"),
            *unflagged("4", IsDuplicate="Y", DuplicatedPersonID="-1"),
            *unflagged("5", IsDuplicate="Y", DuplicatedPersonID="5"),
            *unflagged("6", IsDuplicate="N", DuplicatedPersonID="1"),
        ],
        DIM_PERSON=[lcs(one, DUPLICATED_DTTM="2024-01-01" if one != "1" else "") for one in "123456"],
        FACT_INVOLVEMENTS=[spell(1, "2", "7", "KAGP")],
    )
    assert {key: row["duplicate_of"] for key, row in loaded.by_id().items() if row["duplicate_of"]} == {
        "2": "1",
        "3": "1",
    }
    assert [row["record_id"] for row in loaded.rows("involvement")] == ["2"]
    assert "without the record that stays: kept as they are (3)" in loaded.notes()


def test_an_involvement_stands_without_a_worker_or_with_one_whom_nobody_lists(tmp_path: Path) -> None:
    staff = {"9": "unknown", "10": "S10"}
    loaded = load_lcs(
        tmp_path,
        DIM_PERSON=[lcs("1")],
        DIM_WORKER=[
            {
                "DIM_WORKER_ID": key,
                "STAFF_ID": said,
                "FORENAME": "Alex",
                "SURNAME": "Author",
                "JOB_TITLE": "Social worker",
            }
            for key, said in staff.items()
        ],
        FACT_INVOLVEMENTS=[spell(at, "1", worker) for at, worker in enumerate(("-1", "9", "10", "11", "NULL"), 1)],
    )
    assert [row["worker_id"] for row in loaded.rows("involvement")] == [None, None, "10", "11", None]
    assert {row["worker_id"]: row["name"] for row in loaded.rows("practitioner")} == {"10": "Alex Author", "11": None}


def test_the_worker_of_mosaic_may_be_missing_or_unlisted(tmp_path: Path) -> None:
    ids = {"PERSON_ID": "8001", "PROF_REL_TYPE_CODE": "REL.ALLWORK", "START_DATE": "2025-01-01"}
    rows = [{**ids, "PROF_RELATIONSHIP_ID": at, "WORKER_ID": one} for at, one in enumerate(("", "NULL", "99"), 1)]
    loaded = load_mosaic(tmp_path, dm_prof_relationships=rows)
    assert [row["worker_id"] for row in loaded.rows("involvement")] == [None, None, "99"]


@pytest.mark.parametrize("placeholder", ["SSD_PH", "UN1", "NULL", "9999999999", "0"])
def test_a_placeholder_is_no_number(tmp_path: Path, placeholder: str) -> None:
    flags = [*unflagged("1", NHSNo=placeholder, UPN=placeholder, FormerUPN=placeholder)]
    person = lcs("1", NHS_NUMBER=placeholder, UPN=placeholder, FORMER_UPN=placeholder)
    by_lcs = load_lcs(tmp_path / "lcs", isperson=flags, DIM_PERSON=[person]).by_id()["1"]
    numbers = {"NHS_ID": placeholder, "UPN_ID": placeholder, "FORMER_UPN_ID": placeholder}
    by_mosaic = load_mosaic(tmp_path / "mosaic", dm_persons=[mosaic("1", **numbers)]).by_id()["1"]
    for found in (by_lcs, by_mosaic):
        assert (found["nhs_number"], found["upn"], found["former_upn"]) == (None, None, None)


@pytest.mark.parametrize(
    ("born", "expected", "said", "dob", "estimated", "status"),
    [
        ("2015-05-05", "", "N", date(2015, 5, 5), None, "alive"),
        ("2015-01-01", "", "Y", date(2015, 1, 1), True, "alive"),
        ("", "2015-07-01", "Y", date(2015, 7, 1), True, "alive"),
        ("", "2026-09-01", "Y", date(2026, 9, 1), None, "unborn"),
        ("1900-01-01", "2026-09-01", "", date(2026, 9, 1), None, "unborn"),
        ("2026-09-01", "", "Y", date(2026, 9, 1), None, "unborn"),
        ("", "", "", None, None, "alive"),
    ],
)
def test_estimated_and_expected_births_of_lcs(  # noqa: PLR0917 - one row of a table
    tmp_path: Path, born: str, expected: str, said: str, dob: date | None, estimated: bool | None, status: str
) -> None:
    person = lcs("1", born, EXPECTED_DOB=expected, DOB_ESTIMATED=said)
    found = load_lcs(tmp_path, DIM_PERSON=[person]).by_id()["1"]
    assert (found["dob"], found["dob_estimated"] or None, found["status"]) == (dob, estimated, status)


@pytest.mark.parametrize(
    ("born", "forename", "more", "dob", "status"),
    [
        ("2026-09-01", "Unborn", {}, date(2026, 9, 1), "unborn"),
        ("2026-09-01", "Unborn baby", {"DOB_ESTIMATED": "N"}, date(2026, 9, 1), "unborn"),
        ("2026-09-01", "Ana", {"DOB_ESTIMATED": "Y"}, date(2026, 9, 1), "unborn"),
        ("", "UNBORN", {}, None, "unborn"),
        ("2015-05-05", "Unborn", {}, date(2015, 5, 5), "alive"),
        ("2026-09-01", "Ana", {}, None, None),
        ("2028-09-01", "Unborn", {}, None, None),
    ],
)
@pytest.mark.parametrize("source", ["lcs", "mosaic"])
def test_a_child_expected_is_told_by_their_name_or_an_estimated_birth(  # noqa: PLR0917 - one row of a table
    tmp_path: Path, source: str, born: str, forename: str, more: dict[str, str], dob: date | None, status: str | None
) -> None:
    """Neither system is known to hold a day expected apart from the date of birth."""
    if source == "lcs":
        loaded = load_lcs(tmp_path, DIM_PERSON=[lcs("1", born, FORENAME=forename, **more)])
    else:
        loaded = load_mosaic(tmp_path, dm_persons=[mosaic("1", born, FIRST_NAME=forename, **more)])
    found = loaded.by_id().get("1")
    assert (found and found["dob"], found and found["status"]) == (dob, status)
    assert (status is None) == ("not marked as unborn" in loaded.quarantine() or "ten months" in loaded.quarantine())


@pytest.mark.parametrize(
    ("code", "described", "edge"),
    [
        ("CHI", "", ("1", "PARENT", "2")),
        ("ZAU", "Aunt", ("2", "AUNT_UNCLE", "1")),
        ("GRANDMOTHER", "", ("2", "GRANDPARENT", "1")),
        ("Son", "", ("1", "UNKNOWN", "2")),
        ("FC", "", ("1", "UNKNOWN", "2")),
        ("ZZZZ", "Zookeeper", ("1", "UNKNOWN", "2")),
    ],
)
def test_a_code_that_the_site_does_not_explain_is_read_by_its_description_or_as_a_word(
    tmp_path: Path, code: str, described: str, edge: tuple[str, str, str]
) -> None:
    """It says what the related person is, as every code of LCS."""
    row = relation(1, "1", "2", code, DIM_LOOKUP_RELTN_TYPE_DESC=described)
    loaded = load_lcs(tmp_path, DIM_PERSON=[lcs("1", ""), lcs("2", "")], FACT_PERSON_RELATION=[row])
    assert loaded.edges() - {BASE} == {edge}


@pytest.mark.parametrize(
    ("column", "said", "kept"),
    [
        ("REFERENCE_TYPE_CODE", "NHS", {"nhs_number": "9990000018"}),
        ("REFERENCE_TYPE", "NHS Number", {"nhs_number": "9990000018"}),
        ("REFERENCE_TYPE", "Former Unique Pupil Number", {}),
        ("REFERENCE_TYPE", "Case Number", {}),
    ],
)
def test_mosaic_says_what_a_reference_is_in_either_column_by_code_or_in_words(
    tmp_path: Path, column: str, said: str, kept: dict[str, str]
) -> None:
    reference = {"PERSON_ID": "1", column: said, "REFERENCE": "9990000018"}
    loaded = load_mosaic(tmp_path, dm_persons=[mosaic("1")], dm_person_references=[reference])
    found = loaded.by_id()["1"]
    assert {name: found[name] for name in ("nhs_number", "upn", "former_upn") if found[name]} == kept


def test_whoever_is_allocated_in_words_is_allocated(tmp_path: Path) -> None:
    spells = [
        {"PROF_RELATIONSHIP_ID": at, "PERSON_ID": "1", "WORKER_ID": "7", "PROF_REL_TYPE_CODE": said}
        for at, said in enumerate(("REL.ALLWORK", "Allocated Worker", "Co-worker"), 1)
    ]
    loaded = load_mosaic(tmp_path, dm_persons=[mosaic("1")], dm_prof_relationships=spells)
    assert [row["allocated"] for row in loaded.rows("involvement")] == [True, True, False]


def test_lcs_may_describe_an_involvement_its_team_and_an_address_in_columns_of_the_public_scripts(
    tmp_path: Path,
) -> None:
    described = {"DIM_LOOKUP_INVOLVEMENT_TYPE_DESC": "Health Visiting", "FACT_WORKER_HISTORY_DEPARTMENT_DESC": "North"}
    home = {"DIM_PERSON_ID": "1", "ADDSS_TYPE_CODE": "Placement address", "ROOM_NO": "3", "LOCALITY": "Old Town"}
    where = {"HOUSE_NO": "14", "STREET": "Example Street", "TOWN": "Testbury", "POSTCODE": "AA1 1AA"}
    loaded = load_lcs(
        tmp_path,
        DIM_PERSON=[lcs("1")],
        FACT_INVOLVEMENTS=[spell(1, "1", "7", "Z9") | described, spell(2, "1", "7", "Z9")],
        DIM_PERSON_ADDRESS=[home | where],
    )
    assert [(row["service_id"], row["team"]) for row in loaded.rows("involvement")] == [("health_visiting", "North")]
    assert "no service is known for this type" in loaded.quarantine()
    (address,) = loaded.rows("address")
    assert (address["type"], address["text"]) == ("placement", "Room 3, 14 Example Street, Old Town, Testbury")
