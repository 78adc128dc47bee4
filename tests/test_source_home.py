"""Benefits that tell of places only, consent, registered births, immigration, careers, and a council's own list."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.classes import VisibilityClass
from loaders.birth import parent_record
from loaders.check import check
from loaders.context import Context, Row, RowRejected
from loaders.source import HERE, FileSpec, discover
from loaders.sources.dwp import mapping as dwp
from tests.one_source import Loaded, load

NAMES = ("nino", "forename", "surname", "dob")
FLAT = {"address_line": "Flat 2, 14 Example Street", "postcode": "AA1 1AA", "uprn": "999000000101"}
PAID = {"workless_benefit": "Y", "benefit_type": "UC", "as_of": "2026-05-01"} | FLAT
ENTRY = {
    "entry_number": "E1",
    "entry_type": "Birth",
    "registered_on": "2020-09-10",
    "child_forename": "Theo",
    "child_surname": "Testford",
    "child_dob": "2020-08-15",
    "child_sex": "M",
    "mother_forename": "Hannah",
    "mother_surname": "Testford",
    "mother_dob": "1985-03-03",
    "father_forename": "Adam",
    "father_surname": "Sample",
    "father_dob": "1984-04-04",
    "address_line": "5 Example Lane, Testbury",
}
CLIENT = {"person_id": "1", "forename": "Maisie", "surname": "Testford", "dob": "2019-03-02", "restricted": "N"}
ADULT = CLIENT | {"person_id": "2", "forename": "Chantelle", "dob": "1993-06-14"}
LINK = {
    "relationship_id": "R1",
    "person_id": "2",
    "related_person_id": "1",
    "relationship_label": "Mother",
    "direction": "FIRST_IS_LABEL_OF_SECOND",
}


# --- DWP -------------------------------------------------------------------------------------------------------------


def test_dwp_is_gated_lists_nobody_and_reads_no_name_birth_or_number() -> None:
    source = discover()["dwp"]
    assert (source.gate, source.people_file, source.identifiers) == ("dwp", "", ())
    for spec in source.files:
        assert set(NAMES) <= set(spec.never_read)
        assert not set(NAMES) & set(spec.columns)


FILES = {spec.name: spec for spec in discover()["dwp"].files}
CELLS = {
    "workless_benefit": st.sampled_from(["Y", "N", "", "?"]),
    "benefit_type": st.sampled_from(["UC", "ESA", "PIP", "", "?"]),
    "fact": st.sampled_from(["Workless", "Children", "?"]),
    "as_of": st.sampled_from(["2026-05-01", "2027-05-01", "", "31/02/2020"]),
    "start": st.sampled_from(["2026-05-01", "2027-05-01", "", "31/02/2020"]),
    "postcode": st.sampled_from(["AA1 1AA", "", "x"]),
    **{column: st.text(max_size=30) for column in (*NAMES, "address_line", "uprn", "end")},
}


@given(file=st.sampled_from(sorted(FILES)), cells=st.fixed_dictionaries(CELLS))
def test_whatever_dwp_sends_no_person_can_come_of_it(file: str, cells: dict[str, str]) -> None:
    """Any row at all, with names and births beside it, yields facts about places or is put aside."""
    context = Context(date(2026, 6, 1), invented=True)
    row = Row({column: cells[column] for column in FILES[file].columns})
    try:
        made = list(getattr(dwp, file)(row, context))
    except RowRejected:
        made = []
    assert {table for table, _ in made} <= {"place_fact"}
    assert not context.people


def test_dwp_tells_an_address_once_and_no_illness(tmp_path: Path) -> None:
    named = PAID | dict.fromkeys(NAMES, "CANARY")
    rows = [named, named, PAID | {"benefit_type": "PIP"}, PAID | {"benefit_type": "ESA", "workless_benefit": "N"}]
    found = load(tmp_path, "dwp", dwp_benefit_flag=rows)
    told = [(row["kind"], row["detail"]) for row in found.table("place_fact")]
    assert told == [("benefit", "Universal Credit"), ("out-of-work benefit", None)]
    assert len({row["row_id"] for row in found.table("place_fact")}) == 2
    assert set(found.result.tables) == {"place_fact"}
    assert b"CANARY" not in found.written()


def test_dwp_is_not_read_while_its_gate_is_closed(tmp_path: Path) -> None:
    load(tmp_path, "dwp", dwp_benefit_flag=[PAID])
    closed = check(tmp_path / "extracts", tmp_path / "closed")
    assert closed.tables == {}
    assert [(state.connected, state.switched_off) for state in closed.sources if state.source == "dwp"] == [
        (False, True)
    ]


# --- Voluntary sector ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("consent", ["N", "", "no", "ask", "0"])
def test_without_consent_neither_the_person_nor_the_help_is_loaded(tmp_path: Path, consent: str) -> None:
    person = {"person_ref": "V1", "forename": "Silent", "surname": "Sample", "consent": "Y"}
    helped = {"person_ref": "V1", "organisation": "Testbury Pantry", "service": "Food bank", "consent": "Y"}
    found = load(
        tmp_path,
        "voluntary",
        people=[person, person | {"person_ref": "V2", "consent": consent}],
        vcs_involvements=[helped, helped | {"consent": consent}],
    )
    assert set(found.people()) == {"V1"}
    assert len(found.table("involvement")) == 1
    assert found.quarantined() == [
        (file, "consent", "no consent to share: the row is not loaded")
        for file in ("people.csv", "vcs_involvements.csv")
    ]


def test_a_charity_of_a_sensitive_kind_is_of_the_sensitive_service(tmp_path: Path) -> None:
    person = {"person_ref": "V1", "surname": "Sample", "consent": "Y"}
    kinds = ("Drugs and alcohol", "Counselling", "Sexual health", "Youth club", "Circus")
    helped = [{"person_ref": "V1", "organisation": "New Leaf", "service": one, "consent": "Y"} for one in kinds]
    found = load(tmp_path, "voluntary", people=[person], vcs_involvements=helped)
    assert [row["service_id"] for row in found.table("involvement")] == [
        "substance_use",
        "camhs",
        "sexual_health",
        "voluntary",
    ]
    assert [row["kind"] for row in found.table("organisation")] == ["voluntary organisation"]


# --- Births ----------------------------------------------------------------------------------------------------------


def births(folder: Path, *rows: dict[str, str]) -> Loaded:
    return load(folder, "ons_births", births=rows)


def test_a_birth_names_child_mother_and_a_registered_father(tmp_path: Path) -> None:
    alone = ENTRY | {"entry_number": "E2", "father_surname": "", "father_forename": "", "father_dob": ""}
    found = births(tmp_path, ENTRY, alone)
    one, father, two = (parent_record(*place) for place in (("E1", "mother"), ("E1", "father"), ("E2", "mother")))
    assert found.kin() == [(one, "PARENT", "E1"), (father, "PARENT", "E1"), (two, "PARENT", "E2")]
    assert not any("E1" in record or "E2" in record for record in (one, father, two)), "it would tell whose parent"
    assert [row["end"] for row in found.table("address")] == [date(2020, 9, 10)] * 4


def test_an_adopted_child_has_the_adoptive_parents_and_nothing_leads_to_those_before(tmp_path: Path) -> None:
    before = {
        column: "CANARY"
        for column in discover()["ons_births"].files[0].never_read
        if column not in ENTRY and column != "cause_of_death"
    }
    assert {"original_entry_number", "birth_mother_surname", "birth_father_surname"} <= set(before)
    found = births(tmp_path, ENTRY | {"entry_type": "Adopted"} | before)
    assert found.people()["E1"]["adopted"]
    assert {code for _, code, _ in found.kin()} == {"ADOPTIVE_PARENT"}
    assert b"CANARY" not in found.written()


def test_a_type_of_entry_nobody_knows_is_put_aside(tmp_path: Path) -> None:
    found = births(tmp_path, ENTRY, ENTRY | {"entry_number": "E2", "entry_type": "Parental order"})
    assert [column for _, column, _ in found.quarantined()] == ["entry_type"]


def test_births_with_parent_and_child_turned_round_are_refused(tmp_path: Path) -> None:
    turned = ENTRY | {"child_dob": "1985-03-03", "mother_dob": "2020-08-15", "father_surname": ""}
    rows = [turned | {"entry_number": f"E{n}"} for n in range(6)]
    assert any("wrong way round" in str(problem) for problem in births(tmp_path, *rows).result.problems)


# --- Home Office and careers -----------------------------------------------------------------------------------------


def test_the_home_office_is_gated_and_kept_to_the_broker() -> None:
    source = discover()["home_office"]
    assert source.gate == "home_office"
    assert source.classes == {VisibilityClass.SENSITIVE, VisibilityClass.SHIELD}


def test_a_dependant_is_the_word_of_the_applicant_and_the_claim_is_never_read(tmp_path: Path) -> None:
    person = {"forename": "Samira", "surname": "Beispiel", "nationality": "CANARY"}
    found = load(
        tmp_path,
        "home_office",
        people=[
            person | {"ho_ref": "H1", "dob": "1 JAN 1991"},
            person | {"ho_ref": "H2", "dob": "4 APR 2018"},
        ],
        dependants=[{"main_ref": "H1", "dependant_ref": "H2", "relationship": "Son"}],
        cases=[{"case_ref": "K1", "ho_ref": "H1", "case_type": "nrpf", "start": "1 MAY 2025", "claim_basis": "CANARY"}],
    )
    assert found.kin() == [("H1", "PARENT", "H2")]
    assert [row["kind"] for row in found.table("involvement")] == ["No recourse to public funds"]
    assert b"CANARY" not in found.written()


def test_why_a_young_person_is_not_available_is_folded_to_one_phrase(tmp_path: Path) -> None:
    client = {"client_id": "C1", "forename": "Owen", "surname": "Mocksmith", "dob": "2009-07-15"}
    codes = ("620", "630", "640", "650")
    seen = [{"client_id": "C1", "activity": code, "start": "2026-01-05"} for code in (*codes, "210", "999")]
    found = load(tmp_path, "connexions", clients=[client], destinations=seen)
    assert {row["detail"] for row in found.table("event")} == {"NEET, not available to the labour market"}
    assert len(found.table("event")) == len(codes)
    assert [column for _, column, _ in found.quarantined()] == ["activity"]


# --- Any council list ------------------------------------------------------------------------------------------------


def council_list(folder: Path, *links: dict[str, str]) -> Loaded:
    return load(folder, "council_csv", people=[CLIENT, ADULT], relationships=links)


@pytest.mark.parametrize(
    ("changed", "kin"),
    [
        ({}, [("2", "PARENT", "1")]),
        ({"direction": "second_is_label_of_first", "relationship_label": "Daughter"}, [("2", "PARENT", "1")]),
        ({"person_id": "1", "related_person_id": "2", "relationship_label": "Daughter"}, [("2", "PARENT", "1")]),
        ({"deleted_at": "2026-01-01 09:00:00"}, []),
        ({"deleted_at": "yesterday"}, []),
        ({"direction": ""}, []),
        ({"direction": "MOTHER_OF"}, []),
    ],
)
def test_each_row_states_its_direction_and_a_deleted_one_is_not_told(
    tmp_path: Path, changed: dict[str, str], kin: list[tuple[str, str, str]]
) -> None:
    other = LINK | {"relationship_id": "R9", "relationship_label": "Friend"}
    found = council_list(tmp_path, LINK | changed, other)
    assert found.kin() == [*kin, ("1", "FRIEND", "2")]
    assert bool(found.quarantined()) == ("direction" in changed and not kin)


def test_flags_beside_a_label_belong_to_the_person_it_is_about(tmp_path: Path) -> None:
    flags = {"parental_responsibility": "Y", "is_main_carer": "Y"}
    daughter = LINK | {"relationship_id": "R2", "relationship_label": "Daughter", "person_id": "1"}
    found = council_list(tmp_path, LINK | flags, daughter | flags | {"related_person_id": "2"})
    assert [row["parental_responsibility"] for row in found.table("relationship")] == ["Y", None]


def test_a_list_turned_round_as_a_whole_is_refused(tmp_path: Path) -> None:
    people = [CLIENT] + [ADULT | {"person_id": str(n)} for n in range(10, 16)]
    links = [LINK | {"relationship_id": f"R{n}", "person_id": "1", "related_person_id": str(n)} for n in range(10, 16)]
    found = load(tmp_path, "council_csv", people=people, relationships=links)
    assert any("wrong way round" in str(problem) for problem in found.result.problems)


@pytest.mark.parametrize(("said", "restricted"), [("N", False), ("Y", True), ("Secure", True), ("", True)])
def test_a_restriction_in_any_words_restricts_and_hides_the_address(
    tmp_path: Path, said: str, restricted: bool
) -> None:
    found = load(tmp_path, "council_csv", people=[CLIENT | FLAT | {"restricted": said}, ADULT])
    assert found.people()["1"]["restricted"] == restricted
    assert [row["hidden"] for row in found.table("address")] == [restricted]


def test_a_contact_known_by_name_alone_becomes_a_person_with_that_name(tmp_path: Path) -> None:
    contact = {"person_id": "1", "relationship": "Grandmother"}
    found = load(
        tmp_path,
        "council_csv",
        people=[CLIENT, ADULT],
        contacts=[
            contact | {"contact_id": "N1", "forename": "Ruth", "surname": "Beispiel", "phone": "CANARY"},
            contact | {"contact_id": "N2", "contact_person_id": "2", "relationship": "Mother"},
            contact | {"contact_id": "N3", "surname": "Kin", "relationship": "", "is_next_of_kin": "Y"},
            contact | {"contact_id": "N4", "relationship": "Friend"},
        ],
    )
    assert found.kin() == [
        ("contact-N1", "GRANDPARENT", "1"),
        ("2", "PARENT", "1"),
        ("contact-N3", "NEXT_OF_KIN", "1"),
    ]
    assert [column for _, column, _ in found.quarantined()] == ["surname"]
    assert b"CANARY" not in found.written()


COLUMN_MAP = """
[people]
file = "Family hub members.csv"
[people.columns]
person_id = "Member No"
forename = "First"
surname = "Last"
dob = "Born"
restricted = "Do not share?"
[people.values.restricted]
"None" = "N"

[relationships]
file = "Links.csv"
[relationships.columns]
relationship_id = "Link"
person_id = "Member"
related_person_id = "Other member"
relationship_label = "Is their"
direction = "Way"
[relationships.values.direction]
"member is" = "FIRST_IS_LABEL_OF_SECOND"
"""


def test_a_councils_own_columns_are_read_through_its_column_map(tmp_path: Path) -> None:
    """The worked example: files and columns under the council's names, its values put in our words."""
    folder = tmp_path / "extracts" / "council_csv"
    folder.mkdir(parents=True)
    shutil.copy(HERE.parents[1] / "fixtures" / "sources" / "manifest.toml", tmp_path / "extracts")
    (folder / "columns.toml").write_text(COLUMN_MAP, encoding="utf-8")
    (folder / "Family hub members.csv").write_text(
        "Member No,First,Last,Born,Do not share?\n"
        "1,Maisie,Testford,02/03/2019,None\n2,Chantelle,Testford,14/06/1993,Y\n"
    )
    (folder / "Links.csv").write_text("Link,Member,Other member,Is their,Way\nL1,2,1,Mum,member is\n")
    found = Loaded(check(tmp_path / "extracts", tmp_path / "work"))
    assert not found.result.problems
    assert found.kin() == [("2", "PARENT", "1")]
    assert {one: row["restricted"] for one, row in found.people().items()} == {"1": False, "2": True}


# --- All of them -----------------------------------------------------------------------------------------------------

MINE = "housing nhs camhs dwp voluntary connexions ons_births home_office council_csv".split()
NEVER = set("lpar_per_ni_no LACA_BALANCE PrimReasonReferralMH nino original_entry_number previous_nhs_number".split())


@pytest.mark.parametrize("name", MINE)
def test_each_says_on_what_law_it_stands_and_whom_it_may_tell(name: str) -> None:
    source = discover()[name]
    assert all(len(said) > 20 for said in (source.legal.purpose, source.legal.gateway, source.legal.onward_sharing))
    assert any(char.isdigit() for char in source.legal.gateway) or "Consent" in source.legal.gateway
    assert source.keep.ended_years is not None, "how long an ended fact is kept"


def test_what_may_never_be_read_is_in_no_list_of_columns() -> None:
    specs: list[FileSpec] = [spec for name in MINE for spec in discover()[name].files]
    assert {column for spec in specs for column in spec.never_read} >= NEVER
    assert not NEVER & {column for spec in specs for column in spec.columns}
