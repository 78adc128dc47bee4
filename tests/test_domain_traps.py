"""The traps that public scripts of the Standard Safeguarding Dataset set, each by name: what is wrong, what is done.

They are known from the scripts that councils run (Liquidlogic, Mosaic, Essex, Blackpool). The traps of the case
management systems themselves stand in the tests of those sources.
"""

from datetime import date
from pathlib import Path

import pytest

from loaders.linkage import link
from loaders.source import discover
from tests.ssd_extracts import client, everybody, load, written
from tests.test_linkage import persons, tables

BORN = date(2015, 5, 5)


def test_the_placeholder_identifier_of_every_child_is_no_identifier(tmp_path: Path) -> None:
    """The LCS script writes SSD_PH as every child's former pupil number: trusted, it makes one person of them all."""
    ids = ("1", "2", "3", "4", "5")
    nothing = ("SSD_PH", "", "NULL", "UN4", "1900-01-01")
    loaded = load(
        tmp_path,
        ssd_linked_identifiers=[
            {
                "link_table_id": f"{one}{kind}{value}",
                "link_person_id": one,
                "link_identifier_type": kind,
                "link_identifier_value": value,
            }
            for one in ids
            for kind in ("Former Unique Pupil Number", "Unique Pupil Number", "NHS Number")
            for value in nothing
        ],
        ssd_person=[client(one, pers_upn="SSD_PH", pers_single_unique_id="SSD_PH") for one in ids],
        people_all=everybody(*ids, nhs_number="SSD_PH"),
    )
    for person in loaded.rows("person"):
        assert (person["nhs_number"], person["upn"], person["former_upn"]) == (None, None, None)
    assert "link_identifier_value" not in loaded.dropped()


def test_two_hundred_children_with_the_placeholder_are_two_hundred_people(tmp_path: Path) -> None:
    ids = [str(1000 + n) for n in range(200)]
    days = {one: f"20{10 + n % 10}-{1 + n % 12:02d}-{1 + n % 28:02d}" for n, one in enumerate(ids)}
    loaded = load(
        tmp_path,
        ssd_person=[client(one, days[one], pers_forename=f"Child{one}", pers_upn="SSD_PH") for one in ids],
        people_all=[
            {"person_id": one, "forename": f"Child{one}", "surname": "Testford", "dob": days[one], "restricted": "N"}
            for one in ids
        ],
    )
    linked = link(*tables(loaded.rows("person")))
    assert len(set(persons(linked).values())) == 200


@pytest.mark.parametrize(
    ("dob", "expected", "born", "estimated", "status"),
    [
        ("2015-05-05 00:00:00.000", "", BORN, False, "alive"),
        ("", "2015-05-05", BORN, True, "alive"),
        ("", "2026-08-20", date(2026, 8, 20), False, "unborn"),
        ("", "2026-06-01", date(2026, 6, 1), True, "alive"),
        ("", "", None, None, "alive"),
        ("", "1900-01-01", None, None, "alive"),
        ("2015-05-05", "2015-06-06", BORN, False, "alive"),
    ],
    ids=["known", "estimated", "to come", "due on the day", "blank", "placeholder", "both"],
)
def test_an_expected_date_of_birth_is_an_unborn_child_or_an_estimate_and_is_never_left_out(
    tmp_path: Path, dob: str, expected: str, born: date | None, estimated: bool | None, status: str
) -> None:
    loaded = load(
        tmp_path, ssd_person=[client("1", dob, pers_expected_dob=expected)], people_all=everybody("1", dob_estimated="")
    )
    person = loaded.by_id()["1"]
    assert (person["dob"], person["dob_estimated"], person["status"]) == (born, estimated, status)


def test_the_empty_single_unique_id_is_made_good_by_the_nhs_number_of_people_all(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        ssd_person=[client("1"), client("2", pers_single_unique_id="9992714824")],
        people_all=[*everybody("1", nhs_number="9995000008"), *everybody("2")],
    )
    numbers = {one: row["nhs_number"] for one, row in loaded.by_id().items()}
    assert numbers == {"1": "9995000008", "2": "9992714824"}


def test_a_mother_who_is_a_father_is_a_parent_and_keeps_his_sex(tmp_path: Path) -> None:
    """The Essex script selects "Parent : Child" as well."""
    people = [client("1"), client("2", "1990-01-01", pers_sex="M"), client("3", "1991-01-01", pers_sex="U")]
    mothers = [
        {"moth_table_id": "a", "moth_person_id": "2", "moth_childs_person_id": "1"},
        {"moth_table_id": "b", "moth_person_id": "3", "moth_childs_person_id": "1"},
    ]
    loaded = load(tmp_path, ssd_person=people, people_all=everybody("1", "2", "3"), ssd_mother=mothers)
    assert loaded.edges() == {("2", "PARENT", "1"), ("3", "PARENT", "1")}
    assert {one: row["sex"] for one, row in loaded.by_id().items()} == {"1": "F", "2": "M", "3": "U"}
    assert all(row["source_label"] is None for row in loaded.rows("relationship"))


@pytest.mark.parametrize("child", ["", "NULL", "-1"])
def test_a_mother_row_without_a_child_is_left_out_with_a_note(tmp_path: Path, child: str) -> None:
    """The Blackpool script joins to the left: one row a person, whether they have a child or not."""
    loaded = load(
        tmp_path,
        ssd_person=[client("1"), client("2", "1990-01-01")],
        people_all=everybody("1", "2"),
        ssd_mother=[
            {"moth_table_id": "a", "moth_person_id": "2", "moth_childs_person_id": child},
            {"moth_table_id": "b", "moth_person_id": "2", "moth_childs_person_id": "1"},
        ],
    )
    assert loaded.edges() == {("2", "PARENT", "1")}
    assert "ssd_mother.csv: mothers without a child: nothing to read (1)" in loaded.notes()
    assert "ssd_mother" not in loaded.quarantine()


def test_a_mother_whom_nobody_lists_is_a_person_without_a_name(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        ssd_person=[client("1"), client("2")],
        people_all=everybody("1", "2"),
        ssd_mother=[
            {"moth_table_id": "a", "moth_person_id": "77", "moth_childs_person_id": "1"},
            {"moth_table_id": "b", "moth_person_id": "77", "moth_childs_person_id": "2"},
        ],
    )
    assert loaded.edges() == {("77", "PARENT", "1"), ("77", "PARENT", "2")}
    stub = loaded.by_id()["77"]
    assert (stub["forename"], stub["surname"], stub["dob"]) == (None, None, None)
    assert sum(row["record_id"] == "77" for row in loaded.rows("person")) == 1


def test_a_missing_edge_and_an_old_one_are_not_in_the_dataset_and_the_coverage_says_so() -> None:
    """Only current relationships, of clients of the last six years: readers are told what silence means."""
    coverage = discover()["ssd"].coverage
    assert "six years" in coverage
    assert "current" in coverage


def test_quotes_that_nobody_escaped_in_an_address_lose_no_row(tmp_path: Path) -> None:
    broken = [
        written(FLAT="2", BUILDING='The "Old" Mill', HOUSE="9", STREET="Example Street", TOWN="Testbury"),
        written(HOUSE="5", STREET='"Rose" Row, off, Mill Lane', TOWN="Testbury"),
        '{"FLAT":"","HOUSE":"3","STREET":"Cut Sho',
        "7 Brook Lane, Testbury",
        "{{{",
    ]
    loaded = load(
        tmp_path,
        ssd_person=[client("1")],
        people_all=everybody("1"),
        ssd_address=[
            {"addr_table_id": n, "addr_person_id": "1", "addr_address_json": text} for n, text in enumerate(broken, 1)
        ],
    )
    assert [row["text"] for row in loaded.rows("address")] == [
        'Flat 2, The "Old" Mill, 9 Example Street, Testbury',
        '5 "Rose" Row, off, Mill Lane, Testbury',
        "3 Cut Sho",
        "7 Brook Lane, Testbury",
        "{{{",
    ]
    assert "addresses whose JSON cannot be read: kept as they are written (2)" in loaded.notes()


def test_a_team_is_an_id_and_a_worker_may_be_nobody(tmp_path: Path) -> None:
    involvements = [
        ("a", "W1", "D1"),
        ("b", "", "D1"),
        ("c", "unknown", "D1"),
        ("d", "W9", "D9"),
        ("e", "-1", "-1"),
    ]
    loaded = load(
        tmp_path,
        ssd_department=[{"dept_team_id": "D1", "dept_team_name": "Front door"}],
        ssd_professionals=[
            {"prof_professional_id": "W1", "prof_staff_id": "S1", "prof_professional_name": "Sam Worker"},
            {"prof_professional_id": "W2", "prof_staff_id": "unknown", "prof_professional_name": "Unknown"},
        ],
        ssd_person=[client("1")],
        people_all=everybody("1"),
        ssd_involvements=[
            {
                "invo_involvements_id": row_id,
                "invo_professional_id": worker,
                "invo_professional_team": team,
                "invo_professional_role_id": "CW",
                "invo_person_id": "1",
                "invo_involvement_start_date": "2026-01-01",
            }
            for row_id, worker, team in involvements
        ],
    )
    told = {row["row_id"]: (row["worker_id"], row["team"]) for row in loaded.rows("involvement")}
    assert told == {
        "a": ("W1", "Front door"),
        "b": (None, "Front door"),
        "c": (None, "Front door"),
        "d": ("W9", "D9"),
        "e": (None, None),
    }
    assert [row["worker_id"] for row in loaded.rows("practitioner")] == ["W1"]


@pytest.mark.parametrize("nobody", ["", "NULL", "-1", "0"])
def test_a_family_id_that_is_none_puts_nobody_together(tmp_path: Path, nobody: str) -> None:
    """LCS writes a family per contact, and -1 where there is none: taken for a family, it joins the whole council."""
    loaded = load(
        tmp_path,
        ssd_person=[client("1"), client("2"), client("3")],
        people_all=everybody("1", "2", "3"),
        ssd_family=[
            {"fami_table_id": n, "fami_family_id": group, "fami_person_id": person}
            for n, (group, person) in enumerate(((nobody, "1"), (nobody, "2"), ("F", "2"), ("F", "3"), ("F", "2")), 1)
        ],
    )
    assert loaded.edges() == {("2", "FAMILY_GROUP_MEMBER", "3")}


def test_a_family_of_half_the_council_is_no_family(tmp_path: Path) -> None:
    ids = [str(n) for n in range(100, 140)]
    loaded = load(
        tmp_path,
        ssd_person=[client(one) for one in ids],
        people_all=everybody(*ids),
        ssd_family=[{"fami_table_id": one, "fami_family_id": "F", "fami_person_id": one} for one in ids],
    )
    assert loaded.edges() == set()
    assert "family groups of more than" in loaded.notes()


def test_the_history_of_a_survivor_may_stand_under_a_dropped_id(tmp_path: Path) -> None:
    """SSD leaves duplicates out of ssd_person; people_all has them, so that what hangs on them finds its person."""
    loaded = load(
        tmp_path,
        ssd_person=[client("1")],
        people_all=[*everybody("1"), *everybody("2", duplicate_of="1")],
        ssd_missing=[
            {"miss_table_id": "m", "miss_person_id": "2", "miss_missing_episode_start_date": "2020-01-01"},
        ],
    )
    assert loaded.by_id()["2"]["duplicate_of"] == "1"
    assert [row["record_id"] for row in loaded.rows("event")] == ["2"]
    found = persons(link(*tables(loaded.rows("person"))))
    assert found["ssd", "1"] == found["ssd", "2"]


def test_the_two_records_of_an_adopted_child_stay_two_people(tmp_path: Path) -> None:
    """The dataset's own guidance: two unlinked records. Name, date of birth, address agree, and yet nothing joins."""
    lives = [client(one, "2016-03-03", pers_forename="Ellis", pers_legacy_id="L1") for one in ("1", "2")]
    home = {"address_line": "9 Example Street, Testbury", "postcode": "AA2 2BB"}
    ended = {"clae_cla_episode_id": "e", "clae_person_id": "1", "clae_cla_episode_ceased_reason": "E11"}
    loaded = load(
        tmp_path,
        ssd_person=lives,
        people_all=everybody("1", "2", **home),
        ssd_cla_episodes=[{**ended, "clae_cla_episode_start_date": "2018-01-01"}],
    )
    people = [row | {"address": "9 Example Street, Testbury; AA2 2BB"} for row in loaded.rows("person")]
    assert [row["adopted"] for row in people] == [True, None]
    found = persons(link(*tables(people)))
    assert found["ssd", "1"] != found["ssd", "2"]
    control = persons(link(*tables([row | {"adopted": None} for row in people])))
    assert control["ssd", "1"] == control["ssd", "2"], "nothing but the adoption keeps these two apart"
    assert "pers_legacy_id" not in {column for spec in discover()["ssd"].files for column in spec.columns}
