"""Police, probation, MARAC and MAPPA: gated, for few readers, and never saying more than the source says."""

import csv
import shutil
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow.parquet as pq
import pytest

from loaders.check import CheckResult, check
from loaders.context import Context, Row
from loaders.reading import FileRefused
from loaders.source import discover
from loaders.sources.police.mapping import finish, police_contacts, ppn_merlin
from loaders.sources.police.offences import MOST_TOLD
from loaders.sources.probation.nested import read_aliases, read_managers
from tests.test_sources import FULL

GATED = ("police", "probation", "marac", "mappa")
TODAY = date(2026, 6, 1)


@cache
def loaded(source: str) -> CheckResult:
    """The fixture of one source, its gate open."""
    folder = Path(mkdtemp())
    shutil.copytree(FULL / source, folder / "extracts" / source)
    shutil.copy(FULL / "manifest.toml", folder / "extracts")
    result = check(folder / "extracts", folder / "work", gates={source})
    assert not result.problems
    return result


def rows(source: str, table: str) -> list[dict[str, Any]]:
    return [row for path in loaded(source).tables.get(table, []) for row in pq.read_table(path).to_pylist()]


def edges(source: str, code: str) -> set[tuple[str, str]]:
    return {(row["from_record"], row["to_record"]) for row in rows(source, "relationship") if row["code"] == code}


@pytest.mark.parametrize("source", GATED)
def test_nothing_is_read_while_the_gate_is_closed(source: str, tmp_path: Path) -> None:
    extracts = tmp_path / "extracts"
    for name in (source, "school_census"):
        shutil.copytree(FULL / name, extracts / name)
    shutil.copy(FULL / "manifest.toml", extracts)
    result = check(extracts, tmp_path / "work")
    assert not any(path.stem == source for paths in result.tables.values() for path in paths)
    [state] = [state for state in result.sources if state.source == source]
    assert (state.switched_off, state.connected) == (True, False)
    assert any(path.stem == source for paths in loaded(source).tables.values() for path in paths)


def test_each_is_for_the_readers_it_is_meant_for() -> None:
    classes = {name: {str(one) for one in discover()[name].classes} for name in GATED}
    assert classes.pop("police") == {"standard", "sensitive", "shield"}
    assert all(found == {"sensitive", "shield"} for found in classes.values())


@pytest.mark.parametrize("source", GATED)
def test_what_is_never_read_is_nowhere(source: str) -> None:
    """Safe contact, messages of restrictions, tiers, reasons of allocation and notes hold a canary in the fixtures."""
    texts = [path.read_text("utf-8") for path in sorted((FULL / source).glob("*.csv"))]
    assert any("CANARY" in text for text in texts) == (source in ("probation", "marac"))
    for table in loaded(source).tables:
        assert "CANARY" not in str(rows(source, table)), table
    for path in (path for path in loaded(source).quarantine.parent.rglob("*") if path.is_file()):
        assert b"CANARY" not in path.read_bytes(), path


# --- Police ----------------------------------------------------------------------------------------------------------


def told(people: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The events of some lines of police_contacts."""
    context = Context(TODAY, invented=True)
    for line, person in enumerate(people, 2):
        context.file, context.line = "police_contacts.csv", line
        list(police_contacts(Row(person), context))
    return [row for table, row in finish(context) if table == "event"]


def convicted(on: str, kind: str = "Robbery", **more: str) -> dict[str, str]:
    person = {"nominal_id": "1", "forename": "Ana", "surname": "Testford", "dob": "1980-01-01"}
    return {**person, "offence_date": on, "offence_type": kind, "nature": "Convict", **more}


def test_of_offences_the_latest_three_are_told() -> None:
    days = [f"20{year}-01-01" for year in (19, 24, 20, 23, 22)]
    found = told([convicted(on) for on in days])
    assert [row["on"].year for row in found] == [2024, 2023, 2022]
    assert len(found) == MOST_TOLD


def test_an_offence_told_twice_is_one() -> None:
    assert len(told([convicted("2024-01-01"), convicted("2024-01-01")])) == 1


def test_only_the_seven_safeguarding_types_are_told_by_name() -> None:
    with (Path("loaders/sources/police") / "offence_types.csv").open(encoding="utf-8", newline="") as lines:
        kinds = [row["words"] for row in csv.DictReader(lines)]
    assert len(kinds) == 7
    found = told([convicted("2024-01-01", kind="Shoplifting")])
    assert [(row["kind"], row.get("detail")) for row in found] == [("other offences on record", None)]
    assert all(told([convicted("2024-01-01", kind=kind)])[0]["detail"] == f"{kind}, Convict" for kind in kinds)


@pytest.mark.parametrize(("dob", "events"), [("2008-06-01", 1), ("2008-06-02", 0)], ids=["18 today", "18 tomorrow"])
def test_offences_are_told_of_adults_only(dob: str, events: int) -> None:
    assert len(told([convicted("2025-01-01", dob=dob)])) == events
    assert told([convicted("", "", dob="2010-01-01", non_safeguarding_offence="Y")]) == []


@pytest.mark.parametrize(("said", "nature"), [("Convicted", "Convict"), ("suspected", "Suspect")])
def test_a_nature_may_be_written_as_a_verb(said: str, nature: str) -> None:
    assert told([convicted("2024-01-01", nature=said)])[0]["detail"] == f"Robbery, {nature}"


def test_a_nature_that_is_neither_is_not_made_a_conviction() -> None:
    assert told([convicted("2024-01-01", nature="Charged")])[0]["detail"] == "Robbery, nature not recorded"


def test_a_notification_is_graded_and_says_what_the_children_saw() -> None:
    details = {row["row_id"]: row["detail"] for row in rows("police", "event")}
    assert details["P1:9003:child"] == "Domestic abuse, Medium risk, as child, children present, witnessed by children"
    assert details["P2:9007:child"] == "Concern for a child, Medium risk, as child"
    assert details["P2:9006:"] is None


def test_who_harmed_whom_is_told_only_where_the_notification_leaves_no_doubt() -> None:
    """P3 has two suspects, so nobody is said to have harmed the victim; P4 has two victims, so nobody's "father"."""
    alleged = [row for row in rows("police", "relationship") if row["code"] == "ALLEGED_PERPETRATOR"]
    assert {row["row_id"].partition(":")[0] for row in alleged} == {"P1", "P4", "P5"}
    assert edges("police", "EX_PARTNER") == {("9001", "9002")}
    assert edges("police", "PARENT") == {("9002", "9003"), ("9001", "9003")}
    assert all("notification" in row["source_label"] and row["start"] for row in alleged)


def test_words_for_the_victim_that_are_mostly_upside_down_refuse_the_list() -> None:
    """Six children are called the mother of an adult, and one adult the mother of a child."""
    context = Context(TODAY, invented=True)
    context.file = "ppn_merlin.csv"
    for number in range(1, 8):
        context.add_person(f"child{number}", "F", date(2015, 1, number))
        context.add_person(f"adult{number}", "F", date(1985, 1, number))
        mother, other = (f"child{number}", f"adult{number}") if number < 7 else (f"adult{number}", f"child{number}")
        for person, role, word in ((mother, "suspect", "Mother"), (other, "victim", "")):
            said = {"ppn_ref": str(number), "incident_date": "2025-01-01", "subject_person_id": person}
            list(ppn_merlin(Row({**said, "subject_role": role, "relationship_to_victim": word}), context))
    with pytest.raises(FileRefused, match=r"ppn_merlin\.csv are the wrong way round: in 6 of 7 dated parent pairs"):
        list(finish(context))


def test_police_numbers_are_checked() -> None:
    numbers = {row["record_id"]: row["pnc"] for row in rows("police", "person")}
    assert numbers["9001"] == "1900/0000123H"
    assert numbers["9004"] is None
    assert "the check letter is wrong" in loaded("police").dropped.read_text("utf-8")


def test_a_person_of_the_family_context_list_needs_no_other_list() -> None:
    assert {"9010", "9012", "9013"} <= {row["record_id"] for row in rows("police", "person")}
    assert sum(row["record_id"] == "9001" for row in rows("police", "person")) == 1


# --- Probation -------------------------------------------------------------------------------------------------------


def test_an_exclusion_names_its_viewer_in_small_letters_and_its_last_day() -> None:
    found = {(row["record_id"], row["viewer"], row["until"]) for row in rows("probation", "exclusion")}
    assert ("3", "asha.daniels@example.example", None) in found
    assert ("3", "90002", date(2027, 1, 1)) in found
    assert ("11", "leeds.one", None) in found, "a line in the list counts, whatever the flag says"


@pytest.mark.parametrize(
    ("record_id", "restricted"),
    [("2", True), ("3", False), ("4", True), ("6", True), ("7", True), ("9", False), ("10", True), ("12", True)],
    ids=[
        "flag",
        "listed",
        "no list",
        "blank",
        "a line without user",
        "bad birth",
        "only ended ones",
        "exclusion unsaid",
    ],
)
def test_an_exclusion_nobody_can_explain_restricts_for_everybody(record_id: str, restricted: bool) -> None:
    found = {row["record_id"]: row["restricted"] for row in rows("probation", "person")}
    assert found[record_id] is restricted


def test_a_bad_birth_never_loses_an_exclusion() -> None:
    assert [row["dob"] for row in rows("probation", "person") if row["record_id"] == "9"] == [None]
    assert any(row["record_id"] == "9" and row["until"] is None for row in rows("probation", "exclusion"))
    assert "8" not in {row["record_id"] for row in rows("probation", "person")}


def test_a_deleted_person_is_left_out_with_a_note() -> None:
    assert "5" not in {row["record_id"] for row in rows("probation", "person")}
    assert any("deleted in the source" in note.message for note in loaded("probation").notes)


def test_managers_are_practitioners_one_after_the_other() -> None:
    spells = [row for row in rows("probation", "involvement") if row["record_id"] == "1"]
    assert [(row["status"], row["team"]) for row in spells] == [("open", "Oldmere Team"), ("closed", "Bredbury Team")]
    assert {row["name"] for row in rows("probation", "practitioner")} == {"Robin Steward", "Alex Before", "Pat Flat"}


@pytest.mark.parametrize("said", ["[", "[1]", "[{]", '["Pat"]', "[" * 5000])
def test_managers_that_cannot_be_read_lose_no_person(said: str) -> None:
    assert read_managers(said, TODAY) == ([], True)
    assert read_aliases(said) == []


# --- MARAC and MAPPA -------------------------------------------------------------------------------------------------


def test_marac_says_who_is_alleged_to_have_harmed_whom_and_what_orders_there_are() -> None:
    assert edges("marac", "ALLEGED_PERPETRATOR") == {("M2", "M1"), ("M2", "M4"), ("M5", "M4")}
    assert edges("marac", "NO_CONTACT_ORDER") == {("M1", "M2"), ("M2", "M3"), ("M4", "M5")}
    orders = {row["row_id"]: (row["start"], row["end"]) for row in rows("marac", "relationship")}
    assert orders["C1:order:M2"] == (date(2025, 11, 20), date(2027, 11, 20))
    assert any("against whom" in note.message for note in loaded("marac").notes)


def test_a_case_of_two_victims_says_nobody_harmed_anybody() -> None:
    assert not any(row["row_id"].startswith("C3:alleged") for row in rows("marac", "relationship"))
    assert any("more than one victim" in note.message for note in loaded("marac").notes)


def test_a_child_lives_with_whom_the_list_says() -> None:
    lives = {row["row_id"]: row["lives_with"] for row in rows("marac", "relationship")}
    assert (lives["C1:M3:victim"], lives["C1:M3:perpetrator"]) == (True, None)


def test_a_confidential_address_is_hidden_and_a_cell_that_says_neither_hides_too() -> None:
    hidden = {row["record_id"]: row["hidden"] for row in rows("marac", "address")}
    assert hidden == {"M1": False, "M2": False, "M3": False, "M4": True, "M6": True}


def test_mappa_tells_category_and_level_and_puts_aside_what_it_cannot_place() -> None:
    kinds = {row["record_id"]: row["kind"] for row in rows("mappa", "involvement")}
    assert kinds["X100001"].startswith("MAPPA category 1: registered sexual offender, level 2")
    quarantine = loaded("mappa").quarantine.read_text("utf-8")
    assert "no category of MAPPA" in quarantine
    assert "no level of MAPPA" in quarantine


def test_a_review_to_come_is_no_event() -> None:
    assert [row["record_id"] for row in rows("mappa", "event")] == ["X100001"]
